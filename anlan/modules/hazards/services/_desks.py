"""Whose desk a thing is on, and the deadlines on it. Every function here runs inside the body of an act.

A unit's things are due for its people, an office's for the people of exactly that office: the town (or park), where
there is none the county, then the city. Plans are approved one level up, at the county or the city.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.deadlines.facts import DeadlineMoved, DeadlineSet
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, NotAllowed, RuleBroken, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.identity.models import User
from anlan.kernel.journal.facts import Fact
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.regions.selectors import full_name
from anlan.kernel.workflow import take
from anlan.modules.hazards.choices import Grade
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.selectors import HANDLING
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.workflow import DUES, OWN, DueRule
from anlan.rules.steps import Step

APPROVING = (RegionKind.COUNTY, RegionKind.CITY)


REGRADINGS = frozenset({"regrade_major", "regrade_general"})
OWN_MATTERS = frozenset({"assess", "review", "close"})
"""What a unit settles itself for a general hazard of its own finding, when its principal has an account."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An office (path and sector line) or a unit (holder), and the duty that marks its people."""

    path: str = ""
    sector: str = ""
    holder: str = ""
    duty: str = ""

    @staticmethod
    def office(path: str, kinds: tuple[str, ...] = HANDLING) -> str:
        """The path of the office that answers for a place: the nearest region upward of these kinds, else itself."""
        steps = [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]
        found = (
            Region.objects.filter(path__in=steps, kind__in=kinds)
            .order_by("-path")
            .values_list("path", flat=True)
            .first()
        )
        return found or path

    @classmethod
    def of(cls, hazard: Hazard, rule: DueRule, office_path: str = "") -> Desk:
        """The desk a due rule names, for this hazard."""
        if rule.kind in OWN_MATTERS and cls.settles_itself(hazard):
            return cls(holder=hazard.holder, duty=OWN)
        if rule.desk == "reporter" and not hazard.by_unit:
            return cls(hazard.owner_path, hazard.owner_sector, duty="hazards.find")
        if rule.desk in ("unit", "reporter"):
            return cls(holder=hazard.holder, duty=rule.duty)
        if rule.desk == "receiver":
            return cls(hazard.offered_path, hazard.offered_sector, duty=rule.duty)
        if rule.desk == "approver":
            return cls(cls.office(hazard.owner_path, APPROVING), hazard.owner_sector, duty=rule.duty)
        if rule.desk == "lister":
            return cls(office_path, hazard.owner_sector, duty=rule.duty)
        return cls(hazard.owner_path, hazard.owner_sector, duty=rule.duty)

    @staticmethod
    def settles_itself(hazard: Hazard) -> bool:
        """Whether somebody of the unit other than the rectifier may settle its own general hazard."""
        if not hazard.own_general or (hazard.proposed_grade == Grade.MAJOR and not hazard.grade):
            return False
        others = [f"user:{u.pk}" for u in holders_of(OWN, holder=hazard.holder)]
        return any(key != hazard.rectified_by for key in others)

    def people(self) -> QuerySet[User]:
        """The users on this desk."""
        return holders_of(self.duty, path=self.path, holder=self.holder, sector=self.sector)


def start_due(
    work: Work,
    hazard: Hazard,
    kind: str,
    finding: terms.Due | None = None,
    *,
    office_path: str = "",
    subject: Any = None,
) -> terms.Due:
    """Start (or move) a deadline of the hazard, or of a companion given as ``subject``; answers what it rests on."""
    rule = DUES[kind]
    found = finding or terms.due_of(kind, hazard)
    desk = Desk.of(hazard, rule, office_path)
    deadlines.start(
        work, subject or hazard, kind=kind, label=rule.label, due=found.value, duty=desk.duty,
        basis=terms.basis_of(found),
        trace=terms.trace_of(found), provisional=bool(found.inputs.get("provisional")),
        raw=found.inputs.get("raw"), desk_path=desk.path, desk_sector=desk.sector, desk_holder=desk.holder,
        title=str(hazard),
    )  # fmt: skip
    return found


def set_limit(work: Work, hazard: Hazard, finding: terms.Due) -> None:
    """Set the time limit of the rectification and its deadline."""
    hazard.rectify_due, hazard.rectify_basis = finding.value, terms.basis_of(finding)
    start_due(work, hazard, "rectify", finding)


def advance(
    work: Work,
    hazard: Hazard,
    code: str,
    *,
    note: str = "",
    given: dict[str, Any] | None = None,
    finding: terms.Due | None = None,
    fields: dict[str, Any] | None = None,
    defer: bool = False,
) -> Step:
    """Take a step of the hazard: on whose desk, separation of duties, evidence; then fields, deadlines, save.

    ``fields`` are stored when the step was taken; ``finding`` replaces the computed due day of the deadline the step
    starts. ``defer`` leaves the step's own deadline to the caller, who then calls ``settle``.
    """
    step = hazard.process.step(code)
    check_desk(work, hazard, step)
    take(work, hazard, code, note=note, given={**(fields or {}), **(given or {})})
    for name, value in (fields or {}).items():
        setattr(hazard, name, value)
    if step.ends == ("*",):
        deadlines.cancel(work, hazard)
    elif step.ends and code in REGRADINGS:
        deadlines.cancel(work, hazard, *step.ends)  # nobody answered them: they no longer apply
    elif step.ends:
        deadlines.meet(work, hazard, *step.ends)
    if step.deadline and not defer:
        if step.deadline == "rectify":
            set_limit(work, hazard, finding or terms.rectification(hazard))
        else:
            start_due(work, hazard, step.deadline, finding)
    if not defer:
        settle(work, hazard)
    return step


def check_desk(work: Work, hazard: Hazard, step: Step) -> None:
    """Refuse a step that does not apply to this record, or that is on somebody else's desk."""
    if hazard.state in step.source and not hazard.applies(step):
        raise RuleBroken(
            gettext_noop("“%(step)s” is only for a general hazard that the unit found itself."),
            step.clause,
            step=step.label,
        )
    if not hazard.on_desk_of(work.actor, step.who) and work.actor.may_any(step.who, hazard):
        raise NotAllowed(
            gettext_noop("This hazard is on the desk of %(desk)s. Ask for a transfer if it should be on yours."),
            desk=full_name(hazard.owner_path),
        )


def settle(work: Work, hazard: Hazard) -> None:
    """Copy the earliest open deadline onto the hazard and save it."""
    copy_due(work, hazard)
    hazard.save()


def copy_due(work: Work, hazard: Hazard) -> None:
    """Set ``due_at`` and ``due_kind`` from the open deadlines; a record at rest carries none."""
    nearest = next(iter(deadlines.open_on(hazard)), None) if hazard.is_open else None
    hazard.due_at, hazard.due_kind = (nearest.due_at, nearest.kind) if nearest else (None, "")


def follow_recount(work: Work, deadline: Deadline, subject: Any) -> None:
    """A hazard's own copies follow a time limit that was counted anew with a year's holiday notice."""
    if isinstance(subject, Hazard):
        if deadline.kind == "rectify":
            subject.rectify_due = clock.day_of(deadline.due_at)
        copy_due(work, subject)
        subject.save(update_fields=["rectify_due", "due_at", "due_kind"])


def tell_desk(work: Work, hazard: Hazard, kind: str, text: str, /, *, office_path: str = "", **params: Any) -> None:
    """Put a message into the inboxes of the people on the desk a due rule names."""
    tell(
        Desk.of(hazard, DUES[kind], office_path).people(),
        text,
        subject=hazard,
        number=hazard.number,
        title=hazard.title,
        **params,
    )


def not_past(work: Work, column: str, day: dt.date | None) -> None:
    """Refuse a day that is over."""
    if day is not None and day < clock.day_of(work.now):
        raise BadInput(column, gettext_noop("The day %(day)s is over. Choose today or a later day."), day=day)


def not_future(work: Work, column: str, day: dt.date | None) -> None:
    """Refuse a day that has not come."""
    if day is not None and day > clock.day_of(work.now):
        raise BadInput(column, gettext_noop("The day %(day)s has not come yet. Correct it."), day=day)


def need_text(work: Work, column: str, text: str, least: int = 2) -> str:
    """A reason or opinion in words; ``BadInput`` when there is none."""
    said = text.strip()
    if len(said) < least:
        raise BadInput(column, gettext_noop("Write at least %(least)s characters."), least=least)
    return said


def note(work: Work, fact: Fact, on: Any) -> None:
    """Record what happened ahead of the deadlines it started, so that the timeline reads in order."""
    place = next((i for i, told in enumerate(work.facts) if isinstance(told[0], DeadlineSet | DeadlineMoved)), None)
    work.record(fact, on=on)
    if place is not None:
        work.facts.insert(place, work.facts.pop())
