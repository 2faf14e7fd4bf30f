"""Where the demo city's histories are played: in memory, with the deadlines' sweep running between the acts."""

from __future__ import annotations

import abc
import datetime as dt
import functools
import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.bulk import reserve_ids
from anlan.kernel.codes import services as codes
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import ESCALATE_EVERY, _subject, advance_deadline
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import check_file
from anlan.kernel.identity.actors import holders_of, permissions_of
from anlan.kernel.identity.models import Grant
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.notify.models import Message
from anlan.kernel.notify.services import tell
from anlan.kernel.regions import selectors as regions
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._entry import number_series
from anlan.modules.registry import public as registry
from anlan.runtime.demo.histories import CurtainFalls
from anlan.runtime.demo.memory import Memory, Rows
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.world import World

COMPANIONS = (Extension, Instruction, Listing, Transfer)
NUMBERED = (Hazard, *COMPANIONS, Deadline, StepTaken)
TRACKED = (Hazard, *COMPANIONS)
SWEEPER = Actor.system("deadlines.sweep")
CHUNK = 2_000
INBOX = dt.timedelta(days=7)


class SweepingStage(abc.ABC):
    """A stage on which reminders and escalations happen between the acts, each at its own moment."""

    ends: dt.datetime

    @abc.abstractmethod
    def waiting(self, until: dt.datetime) -> list[Deadline]:
        """The open items whose time comes before ``until``."""

    @abc.abstractmethod
    def advance(self, deadline: Deadline) -> bool:
        """What the sweep does with one item; True when that left a trace in the journal."""

    @abc.abstractmethod
    def look_again(self, deadline: Deadline, at: dt.datetime) -> None:
        """Nothing more can happen to the item before ``at``."""

    def sweep(self, until: dt.datetime) -> None:
        """Remind and escalate what comes due before ``until`` (or the city's day), in order of time."""
        until = min(until, self.ends)
        while waiting := self.waiting(until):
            first = min(waiting, key=lambda d: (d.next_action_at, d.pk))
            moment = first.next_action_at
            if moment is None:
                return
            with clock.moved_to(moment):
                spoke = self.advance(first)
            if first.escalations and not spoke:  # raised to the top: the sweep only looks again
                steps = (until - moment) // ESCALATE_EVERY + 1
                self.look_again(first, moment + steps * ESCALATE_EVERY)


class MemoryStage(SweepingStage):
    """Plays histories without the database; ``memory`` then holds every row they left."""

    def __init__(self, world: World, sites: dict[int, Any], holders: dict[str, list[tuple[Any, str]]]) -> None:
        self.world, self.sites, self.holders = world, sites, holders
        self.ends = clock.end_of(world.as_of) if world.as_of < clock.today() else clock.now()
        self.uuids = world.dice("files")
        tables: dict[Any, Callable[[], Any]] = {model: _numbers(model) for model in NUMBERED}
        tables[StoredFile] = lambda: uuid.UUID(int=self.uuids.getrandbits(128), version=4)
        self.memory = Memory(tables, TRACKED)
        self.given: dict[str, int] = defaultdict(int)
        self.messages: list[Message] = []
        self._known: dict[tuple[str, str, str], Rows] = {}

    def do(self, at: dt.datetime, actor: Actor, act: Any, **given: Any) -> Any:
        """One act, after the sweep has done what fell due before it."""
        self.sweep(at)
        if at >= self.ends:
            raise CurtainFalls
        with clock.moved_to(at):
            return self.memory.act(act, actor, **given)

    def photo(self, purpose: str, number: int) -> Any:
        """A picture of the stock."""
        return picture(purpose, number)

    def waiting(self, until: dt.datetime) -> list[Deadline]:
        """The open items whose time comes before ``until``."""
        shelf = self.memory.shelves[Deadline]
        return [d for d in shelf if d.state == DeadlineState.OPEN and d.next_action_at and d.next_action_at < until]

    def advance(self, deadline: Deadline) -> bool:
        """What the sweep does with one item; True when that left a trace in the journal."""
        said = len(self.memory.entries)
        self.memory.act(advance_deadline, SWEEPER, deadline=deadline)
        return len(self.memory.entries) > said

    def look_again(self, deadline: Deadline, at: dt.datetime) -> None:
        """Nothing more can happen to the item before ``at``."""
        deadline.next_action_at = at

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The kernel in memory, with what it asks of other tables answered from here."""
        swaps = (
            (codes.next_numbers, self._next_numbers),
            (tell, self._tell),
            (_subject, self._subject),
            (holders_of, self._holders_of),
            (codes.parameter, functools.cache(lambda code, path="", on=None: codes.DECLARED[code].default)),
            (regions.region_at, functools.cache(regions.region_at)),
            (regions.parent, functools.cache(regions.parent)),
            (regions.full_name, functools.cache(regions.full_name)),
            (number_series, _series(number_series)),
            (registry.site_view, lambda actor, pk: self.sites[pk]),
            (registry.site_views, lambda ids: {pk: self.sites[pk] for pk in ids}),
            (check_file, _checked_once(check_file)),
        )
        office = desks.Desk.office
        desks.Desk.office = staticmethod(functools.cache(office))  # type: ignore[method-assign]
        try:
            with self.memory.at_work(*swaps):
                yield
        finally:
            desks.Desk.office = staticmethod(office)  # type: ignore[method-assign]

    def _tell(
        self, users: Any, text: str, *, subject: Any = None, urgent: bool = False, quiet_for: Any = None, **params: Any
    ) -> list[Message]:
        """The inboxes hold what was told in the city's last week."""
        if clock.now() < self.ends - INBOX:
            return []
        written = [
            Message(
                user=user,
                at=clock.now(),
                text=text,
                params={k: str(v) for k, v in params.items()},
                urgent=urgent,
                subject_type=subject._meta.label_lower,
                subject_id=str(subject.pk),
            )
            for user in users
        ]
        self.messages += written
        return written

    def _next_numbers(self, series: str, count: int = 1) -> range:
        self.given[series] += count
        return range(self.given[series] - count + 1, self.given[series] + 1)

    def _subject(self, deadline: Deadline) -> Any:
        for model in TRACKED:
            if model._meta.label_lower == deadline.subject_type:
                return next((r for r in self.memory.shelves[model] if str(r.pk) == deadline.subject_id), None)
        return None

    def _holders_of(self, permission: str, *, path: str = "", holder: str = "", sector: str = "") -> Rows:
        if holder:
            return Rows(
                u for u, role in self.holders.get(holder, ()) if permission in settings.ANLAN_ROLES[role].permissions
            )
        return self._office_holders(permission, path, sector)

    @functools.cached_property
    def _offices(self) -> list[tuple[str, str, frozenset[str], Any]]:
        """Every authority over a region: path, line, permissions, user; in the order of the users."""
        rows = (
            Grant.objects.filter(holder="", user__is_active=True).select_related("region", "user").order_by("user_id")
        )
        return [(g.region.path, g.sector, permissions_of(g.role), g.user) for g in rows if g.region]

    def _office_holders(self, permission: str, path: str, sector: str) -> Rows:
        key = (permission, path, sector)
        if key not in self._known:
            self._known[key] = Rows(
                user
                for place, line, permissions, user in self._offices
                if place == path and line in ("", sector) and permission in permissions
            )
        return self._known[key]


def _numbers(model: Any) -> Callable[[], Any]:
    """Primary keys, reserved a chunk at a time."""
    ids = itertools.chain.from_iterable(reserve_ids(model, CHUNK) for _ in itertools.count())
    return lambda: next(ids)


def _series(real: Any) -> Any:
    """The series of a place and year; the codes of the tree do not change while the city is built."""
    yearly = functools.cache(lambda path, year: real(path, dt.date(year, 7, 1)))
    return lambda path, day: yearly(path, day.year)


def _checked_once(real: Any) -> Any:
    """A stock picture is checked once, not each time it is handed in."""
    known: dict[tuple[int, str], Any] = {}

    def check(name: str, content: bytes, *, field: str, allowed: Any = ()) -> Any:
        key = (id(content), name)
        if key not in known:
            known[key] = real(name, content, field=field, allowed=allowed)
        return known[key]

    return check
