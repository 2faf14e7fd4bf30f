"""The skeleton of every act: one function, one transaction, one journal.

``@act(may=…, on=Model)`` wraps a body that only changes. Around it the skeleton

* opens the transaction and takes the idempotency key (a repeated key answers with the first outcome; of two
  requests at once with one key the second waits for the first);
* locks the record within the actor's scope (``NotFound``) and compares ``version`` (``Stale``);
* checks the permission on that record (``NotAllowed``);
* afterwards raises the version, once however many facts were recorded and acts nested, lets the deadlines and
  files of a record follow it to another jurisdiction, and writes the facts to the journal and the events to the
  outbox.

A body that records nothing has changed nothing: no version is raised and nothing is written, so that a double
click is harmless.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import pghistory
from django.core.exceptions import ValidationError
from django.db import OperationalError, models, transaction

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import AlreadyDone, BadInput, Busy, NotFound, SignInNeeded, Stale, gettext_noop
from anlan.kernel.journal.facts import Event, Fact
from anlan.kernel.outcomes import digest_of, pack, unpack, unstorable
from anlan.kernel.scope import Scoped, follow_subject, scope_of

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
F = TypeVar("F", bound=Callable[..., Any])
Row = tuple[type[models.Model], Any]

ACTS: dict[str, Act] = {}
INSIDE: set[str] = set()
AT_BEGIN: list[Callable[[], None]] = []
"""What is looked at when an act begins, inside its transaction: other parts of the kernel add a function."""


class _Unchanged:
    """The default of a parameter that, left out, leaves the record as it is."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Any = _Unchanged()
"""Default of what an act changes only when it is named: None and "" empty a field, leaving it out does not."""
LOCK_LOST = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available


class Versioned(models.Model):
    """A record two people may open at once: every act that changes it raises ``version``."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Recorded(NamedTuple):
    """A fact, the record it is about, and the region it is filed under when the record has none of its own."""

    fact: Fact
    on: models.Model
    path: str | None


@dataclass
class Work:
    """What a body works with: who acts, when, and where to record what happened."""

    actor: Actor
    act: str
    facts: list[Recorded] = field(default_factory=list)

    def record(self, fact: Fact, on: models.Model, path: str | None = None) -> None:
        """Note that something happened to a record; an ``Event`` is also announced to the flows.

        ``path`` files the fact under a region when the record carries no scope of its own (accounts, grants).
        """
        self.facts.append(Recorded(fact, on, path))

    @property
    def now(self) -> dt.datetime:
        """The present moment (``clock.now``)."""
        return clock.now()


@dataclass(frozen=True)
class Act:
    """The declaration of an act, kept for house tests and the documentation."""

    name: str
    may: str | tuple[str, ...]
    on: type[models.Model] | None
    target: str | None
    function: Callable[..., Any]
    anonymous: bool = False
    secret: bool = False


@dataclass
class _Marks:
    """What the acts under way did to rows: which they created, and to which version they raised which."""

    created: set[Row] = field(default_factory=set)
    raised: dict[Row, int] = field(default_factory=dict)


_under_way: ContextVar[_Marks | None] = ContextVar("acts_under_way", default=None)


def act(
    *, may: str | tuple[str, ...], on: type[models.Model] | None = None, anonymous: bool = False, secret: bool = False
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[..., R]]:
    """Declare an act.

    ``may``: the permission (or permissions, any of which suffices). ``on``: the model of the record acted upon;
    the body's second parameter is that record, and callers pass it (or its primary key) by that name. Without
    ``on`` the act creates, and the body checks scope where the new record will lie with ``work.actor.need``; the
    same goes for ``on`` a table without scope. ``anonymous``: nobody need be signed in and no permission is checked
    (sign-in, tip-offs). ``secret``: the outcome is shown once and kept nowhere, so a repeated key is refused.

    The wrapped function is called with keywords only: ``actor``, the target, ``version`` (compared when given),
    ``key`` (idempotency key, up to 80 characters), and the body's own. It returns what the body returns, or the
    record when that is None.
    """
    permissions = (may,) if isinstance(may, str) else may

    def declare(body: Callable[Concatenate[Work, P], R]) -> Callable[..., R]:
        parameters = list(inspect.signature(body).parameters)
        target = parameters[1] if on is not None else None
        name = f"{_module_of(body.__module__)}.{body.__name__}"
        known = ACTS.get(name)
        if known is not None and known.function.__module__ != body.__module__:
            raise ValueError(f"act {name} is declared in {known.function.__module__} and in {body.__module__}")

        @functools.wraps(body)
        def run(*, actor: Actor, version: int | None = None, key: str | None = None, **given: Any) -> Any:
            if not actor.signed_in and not anonymous:
                raise SignInNeeded
            if target is not None and target not in given:
                raise TypeError(f"{name} needs {target}=")
            for column, value in {**given, "key": key}.items():
                if unstorable(value):
                    raise BadInput(
                        column, gettext_noop("This text has characters that cannot be stored. Type it again.")
                    )
            with _transaction(name, actor):
                work = Work(actor=actor, act=name)
                row: Any = None
                if key:
                    earlier = _take_key(actor, key, name, digest_of(name, version, given, target))
                    if earlier is not None:
                        if secret:
                            raise AlreadyDone
                        return unpack(earlier.answer)
                if target is not None and on is not None:
                    row = given[target] = _locked(on, given[target], actor)
                    # A table without versions (accounts, authorities) has none to compare.
                    if version is not None and isinstance(row, Versioned) and row.version != version:
                        raise Stale
                where = row if isinstance(row, Scoped) else None
                if not anonymous and not actor.may_any(permissions, where):
                    actor.need(permissions[0], where)
                before = scope_of(row) if where is not None else None
                outcome: Any = body(work, **given)  # type: ignore[call-arg]  # by keyword, as documented
                if before is not None and scope_of(row) != before:
                    follow_subject(row)
                _settle(work, row)
                if outcome is None and target is not None:
                    outcome = row
                if key and not secret:
                    _keep_outcome(actor, key, outcome)
                return outcome

        run.act = ACTS[name] = Act(name, may, on, target, run, anonymous, secret)  # type: ignore[attr-defined]
        return run

    return declare


def inside_act(function: F) -> F:
    """Mark a public function of ``services`` that is no act itself but is called inside the body of one."""
    INSIDE.add(f"{function.__module__}.{function.__qualname__}")
    return function


def created(row: M) -> M:
    """Save a new record inside an act; its version stays at 1."""
    row.save(force_insert=True)
    marks = _under_way.get()
    if marks is not None:
        marks.created.add((type(row), row.pk))
    return row


def _module_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[2] if len(parts) > 2 else parts[-1]


@contextmanager
def _transaction(name: str, actor: Actor) -> Iterator[None]:
    """The act's transaction (a savepoint inside another act), its place in row history, its marks on rows.

    The history names the outermost act: that is what somebody did. A nested act that is refused takes its marks
    with it.
    """
    outer = _under_way.get()
    marks = _Marks() if outer is None else _Marks(set(outer.created), dict(outer.raised))
    context = pghistory.context(act=name, actor=actor.key, cause=actor.cause) if outer is None else nullcontext()
    token = _under_way.set(marks)
    try:
        with transaction.atomic(), context:
            for look in AT_BEGIN if outer is None else ():
                look()
            yield
    except OperationalError as why:
        if getattr(why.__cause__, "sqlstate", None) in LOCK_LOST:
            raise Busy from why
        raise
    finally:
        _under_way.reset(token)
    if outer is not None:
        outer.created |= marks.created
        outer.raised.update(marks.raised)


def _locked(model: type[Any], wanted: Any, actor: Actor) -> Any:
    pk = wanted.pk if isinstance(wanted, models.Model) else wanted
    manager = model._default_manager
    rows = manager.visible_to(actor) if issubclass(model, Scoped) else manager.all()
    try:
        return rows.select_for_update(of=("self",)).get(pk=pk)
    except (model.DoesNotExist, ValueError, TypeError, ValidationError) as why:
        raise NotFound from why


def _settle(work: Work, locked: models.Model | None) -> None:
    """Raise the versions of what changed, then write journal and outbox, in the act's own transaction."""
    from anlan.kernel.events.bus import publish  # the bus imports acts for its own flows
    from anlan.kernel.journal.record import write
    from anlan.kernel.notify.live import records_changed

    changed: dict[Row, models.Model] = {}
    for fact, row, _ in work.facts:
        if fact.changes_record:
            changed.setdefault((type(row), row.pk), row)
    for row in changed.values():
        if isinstance(row, Versioned):
            _raise_version(row, in_hand=row is locked)
    records_changed(list(changed.values()), work.actor.user_id)
    if work.facts:
        entries = write(work)
        publish(
            [
                (entry, recorded.fact)
                for entry, recorded in zip(entries, work.facts, strict=True)
                if isinstance(recorded.fact, Event)
            ]
        )


def _raise_version(row: Versioned, *, in_hand: bool) -> None:
    marks = _under_way.get() or _Marks()
    mark: Row = (type(row), row.pk)
    if mark in marks.created:
        return
    stored = type(row)._base_manager.filter(pk=row.pk)
    if mark in marks.raised or in_hand:
        row.version = marks.raised.get(mark, row.version + 1)
        stored.update(version=row.version)
    else:  # not locked by this act: count on whatever stands there now
        stored.update(version=models.F("version") + 1)
        row.version = stored.values_list("version", flat=True).first() or row.version
    marks.raised[mark] = row.version


def _take_key(actor: Actor, key: str, name: str, digest: str) -> Any:
    from anlan.kernel.journal.models import ActKey

    if len(key) > 80:
        raise BadInput("key", gettext_noop("The idempotency key may have at most 80 characters."))
    fresh, was_new = ActKey.objects.get_or_create(
        actor_key=actor.key, key=key, defaults={"act": name, "digest": digest, "at": clock.now()}
    )
    if was_new:
        return None
    if (fresh.act, fresh.digest) != (name, digest):
        raise BadInput("key", gettext_noop("This idempotency key was used for something else. Send a new one."))
    return fresh


def _keep_outcome(actor: Actor, key: str, outcome: Any) -> None:
    from anlan.kernel.journal.models import ActKey

    ActKey.objects.filter(actor_key=actor.key, key=key).update(answer=pack(outcome))
