"""What happens in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class WorkspaceOpened(Fact):
    """The duties of a unit are followed from now on."""

    sentence: ClassVar[str] = gettext_noop("Its duties are followed since %(since)s")
    icon: ClassVar[str] = "list-check"
    changes_record: ClassVar[bool] = False
    since: str


@dataclass(frozen=True, kw_only=True)
class DutiesJudged(Fact):
    """Its duties stand otherwise than before."""

    sentence: ClassVar[str] = gettext_noop(
        "Duties: %(met)s met, %(at_risk)s to be answered, %(missed)s missed, %(no_data)s without data"
    )
    icon: ClassVar[str] = "scale"
    met: int
    at_risk: int
    missed: int
    no_data: int


@dataclass(frozen=True, kw_only=True)
class EvidenceHandedIn(Fact):
    """Evidence was handed in."""

    sentence: ClassVar[str] = gettext_noop("%(kind)s of %(told_on)s answers %(duties)s duties")
    icon: ClassVar[str] = "file-check"
    colour: ClassVar[str] = "green"
    kind: str
    told_on: str
    duties: int


@dataclass(frozen=True, kw_only=True)
class EvidenceEnded(Fact):
    """Evidence counts no longer."""

    sentence: ClassVar[str] = gettext_noop("%(what)s, %(kind)s of %(told_on)s: %(reason)s")
    icon: ClassVar[str] = "file-off"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    kind: str
    told_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceAnswersMore(Fact):
    """Duties that bind the unit since it was handed in are answered by it too."""

    sentence: ClassVar[str] = gettext_noop("It answers %(duties)s duties more that bind the unit since")
    icon: ClassVar[str] = "checks"
    duties: int


@dataclass(frozen=True, kw_only=True)
class CheckPlanned(Fact):
    """A self-check is to be filled in."""

    sentence: ClassVar[str] = gettext_noop("Self-check planned: %(title)s, by %(due)s")
    icon: ClassVar[str] = "calendar"
    title: str
    due: str


@dataclass(frozen=True, kw_only=True)
class ItemChecked(Fact):
    """One item was filled in."""

    sentence: ClassVar[str] = gettext_noop("Item %(position)s: %(outcome)s")
    icon: ClassVar[str] = "check"
    translated: ClassVar[tuple[str, ...]] = ("outcome",)
    position: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class FaultFound(Fact):
    """An item was not in order: a hazard was opened."""

    sentence: ClassVar[str] = gettext_noop("Item %(position)s is not in order: hazard %(number)s was opened")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    position: int
    number: str


@dataclass(frozen=True, kw_only=True)
class CheckFinished(Fact):
    """A self-check is finished."""

    sentence: ClassVar[str] = gettext_noop("Self-check finished: %(items)s items, %(faults)s not in order")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    items: int
    faults: int


@dataclass(frozen=True, kw_only=True)
class CheckDropped(Fact):
    """A schedule ended."""

    sentence: ClassVar[str] = gettext_noop("Schedule dropped: %(reason)s")
    icon: ClassVar[str] = "file-off"
    reason: str


@dataclass(frozen=True, kw_only=True)
class WorkspaceCarried(Fact):
    """It followed its unit."""

    sentence: ClassVar[str] = gettext_noop("Goes with its unit %(unit)s: %(why)s")
    icon: ClassVar[str] = "building"
    unit: str
    why: str
