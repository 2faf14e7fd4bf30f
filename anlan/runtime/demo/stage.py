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
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from anlan.kernel import clock, law
from anlan.kernel.actor import Actor
from anlan.kernel.bulk import reserve_ids
from anlan.kernel.codes import services as codes
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import ALSO_TOLD, ESCALATE_EVERY, _subject, advance_deadline
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.pictures import cleaned, size_of
from anlan.kernel.files.services import _digest, _put, check_file
from anlan.kernel.identity.actors import holders_of, permissions_of
from anlan.kernel.identity.models import Grant
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.notify.models import Message
from anlan.kernel.notify.services import tell
from anlan.kernel.regions import selectors as regions
from anlan.kernel.regions.models import Region
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._entry import number_series
from anlan.modules.registry import public as registry
from anlan.rules.figures import NONE
from anlan.runtime.demo.histories import PICTURES, CurtainFalls
from anlan.runtime.demo.memory import Memory, Rows
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.world import World

COMPANIONS = (Extension, Instruction, Listing, Transfer)
COUNTED = (*COMPANIONS, Deadline, StepTaken)
TRACKED = (Hazard, *COMPANIONS)
SWEEPER = Actor.system("deadlines.sweep")
INBOX = dt.timedelta(days=7)


@dataclass
class Known:
    """What the database is asked before the histories begin: while they are played it is not asked at all.

    ``sites`` by key as other modules see them, ``holders`` the people of each unit, ``offices`` every authority over a
    region in the order of the users (path, line, permissions, user), ``first_ids`` free primary keys.
    """

    world: World
    sites: dict[int, Any]
    holders: dict[str, list[tuple[Any, str]]]
    ends: dt.datetime
    regions: Rows
    offices: list[tuple[str, str, frozenset[str], Any]]
    first_ids: dict[Any, int]

    @classmethod
    def of(cls, world: World, sites: list[Any], holders: dict[str, list[tuple[Any, str]]]) -> Known:
        """Ask."""
        posts = Grant.objects.filter(holder="", user__is_active=True).select_related("region", "user")
        for stock in ("before", "after"):
            for number in range(PICTURES):
                picture(stock, number)
        for paper in ("plan", "evaluation"):
            picture(paper, 0)
        return cls(
            world=world,
            sites={s.id: s for s in sites},
            holders=holders,
            ends=world.ends,
            regions=Rows(Region.objects.order_by("path")),
            offices=[
                (g.region.path, g.sector, permissions_of(g.role), g.user) for g in posts.order_by("user_id") if g.region
            ],
            first_ids={model: next(reserve_ids(model, 1)) for model in (Hazard, *COUNTED)},
        )


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

    hazard_id: int
    """The primary key of the hazard whose history is played."""

    def __init__(self, known: Known, part: int, parts: int) -> None:
        self.sites, self.holders, self.ends = known.sites, known.holders, known.ends
        self.known = known
        self.uuids = known.world.dice(f"files:{part}")
        self.keys = {model: itertools.count(known.first_ids[model] + part, parts) for model in COUNTED}
        tables: dict[Any, Callable[[], Any]] = {
            model: functools.partial(next, keys) for model, keys in self.keys.items()
        }
        tables |= {
            Hazard: lambda: self.hazard_id,
            StoredFile: lambda: uuid.UUID(int=self.uuids.getrandbits(128), version=4),
        }
        self.memory = Memory(tables, TRACKED)
        self.given: dict[str, int] = defaultdict(int)
        self.messages: list[Message] = []
        self._office: dict[tuple[str, str, str], Rows] = {}

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
        """The kernel in memory, with what it asks of other tables answered from here.

        Nobody is ``ALSO_TOLD``: rosters are planned after the histories, for the days that follow.
        """
        swaps = (
            (codes.next_numbers, self._next_numbers),
            (tell, self._tell),
            (_subject, self._subject),
            (holders_of, self._holders_of),
            (codes.parameter, functools.cache(lambda code, path="", on=None: codes.DECLARED[code].default)),
            (law.local_figures, lambda path: NONE),
            (regions.region_at, functools.cache(regions.region_at)),
            (regions.parent, functools.cache(regions.parent)),
            (regions.full_name, functools.cache(regions.full_name)),
            (number_series, _series(number_series)),
            (registry.site_view, lambda actor, pk: self.sites[pk]),
            (registry.site_views, lambda ids: {pk: self.sites[pk] for pk in ids}),
            (check_file, _checked_once(check_file)),
            (_digest, functools.cache(_digest)),
            (_put, functools.cache(_put)),
            (cleaned, functools.cache(cleaned)),
            (size_of, functools.cache(size_of)),
        )
        office, also = desks.Desk.office, ALSO_TOLD[:]
        ALSO_TOLD.clear()
        desks.Desk.office = staticmethod(functools.cache(office))  # type: ignore[method-assign]
        try:
            with self.memory.at_work(*swaps, read={Region: self.known.regions}), connection.execute_wrapper(_silent):
                yield
        finally:
            desks.Desk.office = staticmethod(office)  # type: ignore[method-assign]
            ALSO_TOLD.extend(also)

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

    def _office_holders(self, permission: str, path: str, sector: str) -> Rows:
        key = (permission, path, sector)
        if key not in self._office:
            self._office[key] = Rows(
                user
                for place, line, permissions, user in self.known.offices
                if place == path and line in ("", sector) and permission in permissions
            )
        return self._office[key]


def _silent(execute: Any, query: str, *_: Any) -> Any:
    """No history may ask the database: a part is played by a process that must not touch its connection."""
    raise RuntimeError(f"the database was asked while a history was played in memory: {query}")


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
