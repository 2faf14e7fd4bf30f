"""What happens to risk points, plans and registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class PointRegistered(Fact):
    """A risk point was entered."""

    sentence: ClassVar[str] = gettext_noop("Risk point %(number)s registered: %(name)s")
    icon: ClassVar[str] = "map-pin"
    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FactorEntered(Fact):
    """A hazard factor was entered on the assessment on the table, scored with its working."""

    sentence: ClassVar[str] = gettext_noop("Hazard factor entered: %(part)s, %(factor)s. %(inherent)s → %(residual)s")
    icon: ClassVar[str] = "plus"
    translated: ClassVar[tuple[str, ...]] = ("inherent", "residual")
    part: str
    factor: str
    inherent: str
    residual: str


@dataclass(frozen=True, kw_only=True)
class FactorChanged(Fact):
    """A hazard factor on the table was scored anew."""

    sentence: ClassVar[str] = gettext_noop("Hazard factor changed: %(part)s, %(factor)s. %(inherent)s → %(residual)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("inherent", "residual")
    part: str
    factor: str
    inherent: str
    residual: str


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(Fact):
    """A hazard factor was taken off the assessment on the table."""

    sentence: ClassVar[str] = gettext_noop("Hazard factor removed: %(part)s, %(factor)s")
    icon: ClassVar[str] = "minus"
    part: str
    factor: str


@dataclass(frozen=True, kw_only=True)
class PointAssessed(Fact):
    """An assessment was settled: from here on it is never edited."""

    sentence: ClassVar[str] = gettext_noop(
        "Revision %(revision)s settled: inherent %(inherent)s, residual %(residual)s"
    )
    icon: ClassVar[str] = "scale"
    translated: ClassVar[tuple[str, ...]] = ("inherent", "residual")
    revision: int
    inherent: str
    residual: str


@dataclass(frozen=True, kw_only=True)
class AssessmentReturned(Fact):
    """Whoever approves sent an assessment back."""

    sentence: ClassVar[str] = gettext_noop("Revision %(revision)s returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    revision: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class AssessmentInForce(Event):
    """An assessment came into force and supersedes the one before."""

    sentence: ClassVar[str] = gettext_noop("Revision %(revision)s in force: %(level)s")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    revision: int
    level: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class ReviewBegun(Fact):
    """The next revision lies on the table, a copy of the one in force."""

    sentence: ClassVar[str] = gettext_noop("Review begun, revision %(revision)s: %(reason)s")
    icon: ClassVar[str] = "refresh"
    revision: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PointClosed(Event):
    """A risk point was struck off; its notice card is withdrawn."""

    sentence: ClassVar[str] = gettext_noop("Struck off the risk register: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "grey"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PointReinstated(Fact):
    """A risk point struck off is in the register again, to be assessed anew."""

    sentence: ClassVar[str] = gettext_noop("Taken back into the risk register: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    reason: str


@dataclass(frozen=True, kw_only=True)
class LevelRaised(Event):
    """Hazards came back: the point is shown one level graver until it is assessed again."""

    sentence: ClassVar[str] = gettext_noop("Raised to %(level)s: %(hazards)s hazards within %(days)s days")
    icon: ClassVar[str] = "trending-up"
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    level: str
    shown: str
    hazards: int
    days: int


@dataclass(frozen=True, kw_only=True)
class MeasuresChecked(Fact):
    """Measures were looked at and found effective."""

    sentence: ClassVar[str] = gettext_noop("Measures checked, effective: %(count)s")
    icon: ClassVar[str] = "checklist"
    changes_record: ClassVar[bool] = False
    count: int


@dataclass(frozen=True, kw_only=True)
class MeasureFailed(Event):
    """A measure was found failed; the hazard it opened (or met) is named."""

    sentence: ClassVar[str] = gettext_noop("Measure failed: %(measure)s. Hazard %(number)s")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    changes_record: ClassVar[bool] = False
    measure: str
    number: str


@dataclass(frozen=True, kw_only=True)
class MeasureRestored(Fact):
    """The hazard of a failed measure was closed: the measure counts as effective again."""

    sentence: ClassVar[str] = gettext_noop("Measure effective again: %(measure)s. Hazard %(number)s is settled")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    changes_record: ClassVar[bool] = False
    measure: str
    number: str


@dataclass(frozen=True, kw_only=True)
class HazardTied(Fact):
    """A hazard was said to lie on the point."""

    sentence: ClassVar[str] = gettext_noop("Hazard %(number)s lies on this risk point: %(title)s")
    icon: ClassVar[str] = "link"
    changes_record: ClassVar[bool] = False
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class TieDropped(Fact):
    """A hazard counts no longer for the point: it was none, or the same as another."""

    sentence: ClassVar[str] = gettext_noop("Hazard %(number)s no longer counts: %(reason)s")
    icon: ClassVar[str] = "link"
    changes_record: ClassVar[bool] = False
    translated: ClassVar[tuple[str, ...]] = ("reason",)
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CardIssued(Fact):
    """A notice card was issued; an earlier one opens no longer."""

    sentence: ClassVar[str] = gettext_noop("Notice card issued")
    icon: ClassVar[str] = "id"


@dataclass(frozen=True, kw_only=True)
class CardWithdrawn(Fact):
    """The notice card was withdrawn."""

    sentence: ClassVar[str] = gettext_noop("Notice card withdrawn: %(reason)s")
    icon: ClassVar[str] = "id"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanAdded(Fact):
    """A floor plan was added."""

    sentence: ClassVar[str] = gettext_noop("Floor plan added: %(name)s")
    icon: ClassVar[str] = "map-2"
    changes_record: ClassVar[bool] = False
    name: str


@dataclass(frozen=True, kw_only=True)
class PlanRemoved(Fact):
    """A floor plan was taken away with its zones."""

    sentence: ClassVar[str] = gettext_noop("Floor plan removed: %(reason)s")
    icon: ClassVar[str] = "map-2"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ZoneDrawn(Fact):
    """A zone was drawn, or drawn anew."""

    sentence: ClassVar[str] = gettext_noop("Zone drawn for %(point)s, %(corners)s corners")
    icon: ClassVar[str] = "pencil"
    point: str
    corners: int


@dataclass(frozen=True, kw_only=True)
class ZoneErased(Fact):
    """A zone was taken off the plan."""

    sentence: ClassVar[str] = gettext_noop("Zone erased: %(point)s")
    icon: ClassVar[str] = "minus"
    point: str


@dataclass(frozen=True, kw_only=True)
class AreaAssessed(Event):
    """A place's own assessment was entered."""

    sentence: ClassVar[str] = gettext_noop("Area assessed: %(subject)s, %(level)s")
    icon: ClassVar[str] = "map-2"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    changes_record: ClassVar[bool] = False
    subject: str
    level: str


@dataclass(frozen=True, kw_only=True)
class RisksCarried(Fact):
    """The risks of a site followed it to another place, line or holder."""

    sentence: ClassVar[str] = gettext_noop("Moved with its site to %(site)s: %(why)s")
    icon: ClassVar[str] = "transfer"
    site: str
    why: str
