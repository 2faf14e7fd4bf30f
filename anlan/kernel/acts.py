"""The skeleton of every act: one function, one transaction, one journal.

``@act(may=…, on=Model)`` wraps a body that only changes. Around it the skeleton

* opens the transaction and takes the idempotency key (a repeated key answers with the first outcome);
* locks the record within the actor's scope (``NotFound``) and compares ``version`` (``Stale``);
* checks the permission on that record (``NotAllowed``);
* afterwards raises the version and writes the facts to the journal and the events to the outbox.

A body that records nothing has changed nothing: no version is raised and nothing is written, so that a double
click is harmless.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
import pghistory
from django.db import models, transaction

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound, SignInNeeded, Stale, gettext_noop
from anlan.kernel.journal.facts import Event, Fact
from anlan.kernel.scope import Scoped

F = TypeVar("F", bound=Callable[..., Any])
ACTS: dict[str, Act] = {}


class Versioned(models.Model):
    """A record two people may open at once: every act that changes it raises ``version``."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


@dataclass
class Work:
    """What a body works with: who acts, when, and where to record what happened."""

    actor: Actor
    act: str
    facts: list[tuple[Fact, models.Model]] = field(default_factory=list)
    caused_by: Any = None

    def record(self, fact: Fact, on: models.Model) -> None:
        """Note that something happened to a record; an ``Event`` is also announced to the flows."""
        self.facts.append((fact, on))

    @property
    def now(self) -> Any:
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


def act(
    *, may: str | tuple[str, ...], on: type[Any] | None = None, anonymous: bool = False
) -> Callable[[F], F]:
    """Declare an act.

    ``may``: the permission (or permissions, any of which suffices). ``on``: the model of the record acted upon;
    the body's second parameter is that record, and callers pass it (or its primary key) by that name. Without
    ``on`` the act creates, and the body checks scope where the new record will lie with ``work.actor.need``.
    ``anonymous``: nobody need be signed in and no permission is checked (sign-in, tip-offs).

    The wrapped function is called with keywords only: ``actor``, the target, ``version`` (compared when given),
    ``key`` (idempotency key, up to 80 characters), and the body's own.
    """
    permissions = (may,) if isinstance(may, str) else may

    def declare(body: F) -> F:
        parameters = list(inspect.signature(body).parameters)
        target = parameters[1] if on is not None else None
        name = f"{_module_of(body.__module__)}.{body.__name__}"

        @functools.wraps(body)
        def run(*, actor: Actor, version: int | None = None, key: str | None = None, **given: Any) -> Any:
            if not actor.signed_in and not anonymous:
                raise SignInNeeded
            with transaction.atomic(), pghistory.context(act=name, actor=actor.key):
                work = Work(actor=actor, act=name)
                digest = _digest(name, version, given)
                if key:
                    earlier = _take_key(actor, key, name, digest)
                    if earlier is not None:
                        return earlier.outcome()
                if target is not None and on is not None:
                    row = _locked(on, given[target], actor)
                    given[target] = row
                    if version is not None and row.version != version:
                        raise Stale
                    where = row if isinstance(row, Scoped) else None
                    if not actor.may_any(permissions, where):
                        actor.need(permissions[0], where)
                elif not anonymous and not actor.may_any(permissions):
                    actor.need(permissions[0])
                outcome = body(work, **given)
                _settle(work)
                if outcome is None and target is not None:
                    outcome = given[target]
                if key:
                    _keep_outcome(actor, key, outcome)
                return outcome

        run.act = ACTS[name] = Act(name, may, on, target, run)  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return declare


def _module_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[2] if len(parts) > 2 else parts[-1]


def _locked(model: type[Any], wanted: Any, actor: Actor) -> Any:
    pk = wanted.pk if isinstance(wanted, models.Model) else wanted
    manager = model._default_manager
    rows = manager.visible_to(actor) if hasattr(manager, "visible_to") else manager.all()
    try:
        return rows.select_for_update(of=("self",)).get(pk=pk)
    except (model.DoesNotExist, ValueError) as why:
        raise NotFound from why


def _settle(work: Work) -> None:
    """Raise the versions of what changed, then write journal and outbox, in the act's own transaction."""
    from anlan.kernel.events.bus import publish  # the bus imports acts for its own flows
    from anlan.kernel.journal.record import write

    changed: dict[tuple[type, Any], models.Model] = {}
    for _, row in work.facts:
        changed.setdefault((type(row), row.pk), row)
    for row in changed.values():
        if isinstance(row, Versioned) and not getattr(row, "_created_in_act", False):
            row.version += 1
            type(row)._base_manager.filter(pk=row.pk).update(version=row.version)
    if work.facts:
        entries = write(work)
        publish([(entry, fact) for entry, (fact, _) in zip(entries, work.facts, strict=True) if isinstance(fact, Event)])


def created(row: models.Model) -> models.Model:
    """Save a new record inside an act; its version stays at 1."""
    row.save(force_insert=True)
    row._created_in_act = True  # type: ignore[attr-defined]
    return row


def _digest(name: str, version: int | None, given: dict[str, Any]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, models.Model):
            return value.pk
        return str(value)

    packed = orjson.dumps(
        [name, version, {k: given[k] for k in sorted(given)}], default=plain, option=orjson.OPT_NON_STR_KEYS
    )
    return hashlib.sha256(packed).hexdigest()


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

    if isinstance(outcome, models.Model):
        ActKey.objects.filter(actor_key=actor.key, key=key).update(
            subject_type=outcome._meta.label_lower, subject_id=str(outcome.pk)
        )
