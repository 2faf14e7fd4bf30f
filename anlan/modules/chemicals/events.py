"""What happens in the ledger of chemicals. Quantities are kilograms, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class SubstanceAdded(Fact):
    """A unit's own substance was entered in the catalogue."""

    sentence: ClassVar[str] = gettext_noop("Entered in the catalogue: %(name)s")
    icon: ClassVar[str] = "flask"
    changes_record: ClassVar[bool] = False
    name: str


@dataclass(frozen=True, kw_only=True)
class SubstanceMarked(Event):
    """A substance was marked, or a mark was taken away."""

    sentence: ClassVar[str] = gettext_noop("%(mark)s: %(answer)s, by %(basis)s")
    icon: ClassVar[str] = "flag"
    translated: ClassVar[tuple[str, ...]] = ("mark", "answer")
    code: str
    mark: str
    answer: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class PlaceAdded(Fact):
    """A place of keeping was entered."""

    sentence: ClassVar[str] = gettext_noop("Place of keeping entered: %(name)s")
    icon: ClassVar[str] = "building-warehouse"
    changes_record: ClassVar[bool] = False
    name: str


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Fact):
    """Name, kind or limit of a place changed."""

    sentence: ClassVar[str] = gettext_noop("Changed: %(before)s became %(after)s")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class PlaceClosed(Fact):
    """A place keeps nothing any more."""

    sentence: ClassVar[str] = gettext_noop("No longer in use: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class LimitSet(Event):
    """The most a place is built to hold of a substance was declared."""

    sentence: ClassVar[str] = gettext_noop("%(substance)s: at most %(kg)s kg (%(basis)s)")
    icon: ClassVar[str] = "ruler-measure"
    substance: str
    kg: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class MovementRecorded(Event):
    """Something came in or went out; ``kg`` is signed."""

    sentence: ClassVar[str] = gettext_noop("%(what)s: %(kg)s kg on %(on)s. %(note)s")
    icon: ClassVar[str] = "arrows-exchange"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    site_id: int
    substance_code: str
    what: str
    kg: str
    on: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MovementCorrected(Fact):
    """A movement was put right by another one."""

    sentence: ClassVar[str] = gettext_noop("Put right: %(before)s kg became %(after)s kg. %(reason)s")
    icon: ClassVar[str] = "pencil"
    colour: ClassVar[str] = "orange"
    changes_record: ClassVar[bool] = False
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockCounted(Event):
    """A stocktaking: what is there, what the ledger said."""

    sentence: ClassVar[str] = gettext_noop("Stocktaking on %(on)s: %(counted)s kg there, %(book)s kg in the ledger")
    icon: ClassVar[str] = "scale"
    site_id: int
    substance_code: str
    on: str
    counted: str
    book: str


@dataclass(frozen=True, kw_only=True)
class ConsignmentSent(Event):
    """Something was sent away."""

    sentence: ClassVar[str] = gettext_noop("%(kg)s kg of %(substance)s sent to %(to)s")
    icon: ClassVar[str] = "truck"
    changes_record: ClassVar[bool] = False
    substance: str
    kg: str
    to: str


@dataclass(frozen=True, kw_only=True)
class ConsignmentReceived(Event):
    """A consignment arrived."""

    sentence: ClassVar[str] = gettext_noop("Received: %(received)s kg of %(sent)s kg sent")
    icon: ClassVar[str] = "truck-delivery"
    colour: ClassVar[str] = "green"
    sent: str
    received: str


@dataclass(frozen=True, kw_only=True)
class ConsignmentRecalled(Fact):
    """A consignment was called back before it arrived."""

    sentence: ClassVar[str] = gettext_noop("Called back: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConsignmentCorrected(Fact):
    """What one side says it sent or received was put right."""

    sentence: ClassVar[str] = gettext_noop("Put right: %(before)s kg became %(after)s kg. %(reason)s")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransportNamed(Fact):
    """The transport permit or filing of a precursor of drugs was named after it was sent, or another one."""

    sentence: ClassVar[str] = gettext_noop("Transport permit or filing named afterwards: %(number)s. %(reason)s")
    icon: ClassVar[str] = "file-certificate"
    colour: ClassVar[str] = "orange"
    before: str
    number: str
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LedgerQuestioned(Event):
    """Something in the ledger does not add up."""

    sentence: ClassVar[str] = gettext_noop("Found: %(what)s, %(kg)s kg")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    changes_record: ClassVar[bool] = False
    translated: ClassVar[tuple[str, ...]] = ("what",)
    kind: str
    what: str
    kg: str


@dataclass(frozen=True, kw_only=True)
class LedgerExplained(Fact):
    """A unit explained a finding."""

    sentence: ClassVar[str] = gettext_noop("Explained: %(explanation)s")
    icon: ClassVar[str] = "message"
    explanation: str


@dataclass(frozen=True, kw_only=True)
class ExplanationJudged(Fact):
    """An officer accepted an explanation, or sent it back."""

    sentence: ClassVar[str] = gettext_noop("%(what)s. %(opinion)s")
    icon: ClassVar[str] = "gavel"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class LedgerPutRight(Event):
    """The cause of a finding is gone."""

    sentence: ClassVar[str] = gettext_noop("Put right by later movements")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    kind: str


@dataclass(frozen=True, kw_only=True)
class PoliceReportOwed(Fact):
    """A sale or purchase has to be reported to the police."""

    sentence: ClassVar[str] = gettext_noop("To be reported to the police by %(due)s")
    icon: ClassVar[str] = "shield"
    changes_record: ClassVar[bool] = False
    due: str


@dataclass(frozen=True, kw_only=True)
class FilingNoted(Fact):
    """The production or trade of a precursor of drugs was filed."""

    sentence: ClassVar[str] = gettext_noop("Filed with the work safety department on %(on)s under %(number)s")
    icon: ClassVar[str] = "file-certificate"
    number: str
    on: str


@dataclass(frozen=True, kw_only=True)
class PoliceReported(Event):
    """A sale or purchase was reported to the police."""

    sentence: ClassVar[str] = gettext_noop("Reported to the police on %(on)s, receipt %(receipt)s")
    icon: ClassVar[str] = "shield-check"
    colour: ClassVar[str] = "green"
    on: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class PoliceReportDropped(Fact):
    """The sale or purchase never took place."""

    sentence: ClassVar[str] = gettext_noop("Nothing is left to report: the movement was put right to none")
    icon: ClassVar[str] = "circle-x"


@dataclass(frozen=True, kw_only=True)
class LedgerCarried(Fact):
    """A place of keeping followed its site."""

    sentence: ClassVar[str] = gettext_noop("Goes with its site %(site)s: %(why)s")
    icon: ClassVar[str] = "building"
    site: str
    why: str
