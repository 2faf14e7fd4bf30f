"""What happened to hazards, as typed facts. Those marked ``Event`` are announced to the flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop

_ = gettext_noop


@dataclass(frozen=True, kw_only=True)
class HazardRegistered(Event):
    """A hazard was reported by the unit or registered by those who found it."""

    sentence: ClassVar[str] = _("Registered as %(number)s: %(title)s (%(source)s)")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("source",)
    number: str
    title: str
    source: str
    by_unit: bool = False
    repeat_of: str = ""


@dataclass(frozen=True, kw_only=True)
class HazardsImported(Event):
    """A ledger was taken in: one fact and one event for all its rows."""

    sentence: ClassVar[str] = _("%(count)s hazards taken in from %(name)s, %(first)s to %(last)s")
    icon: ClassVar[str] = "table-import"
    count: int
    name: str
    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class HazardCorrected(Fact):
    """The description of a hazard was corrected; ``what`` lists msgids, ``changes`` maps a field's msgid label to
    [before, after]; the label of a choice stands there as ``word(msgid)``."""

    sentence: ClassVar[str] = _("Changed %(what)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: list[str]
    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class FilesAdded(Fact):
    """Files were added to the record."""

    sentence: ClassVar[str] = _("%(count)s files added: %(purpose)s")
    icon: ClassVar[str] = "camera"
    translated: ClassVar[tuple[str, ...]] = ("purpose",)
    count: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class ReportReturned(Event):
    """The report went back for details."""

    sentence: ClassVar[str] = _("Report returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportResubmitted(Fact):
    """The completed report was handed in again."""

    sentence: ClassVar[str] = _("Report handed in again")
    icon: ClassVar[str] = "send"


@dataclass(frozen=True, kw_only=True)
class HazardAssessed(Event):
    """A grade was decided by a person; for a major hazard with the clause and edition it rests on."""

    sentence: ClassVar[str] = _("Assessed: %(grade_label)s. %(clause)s %(judgement)s")
    icon: ClassVar[str] = "scale"
    colour: ClassVar[str] = "blue"
    translated: ClassVar[tuple[str, ...]] = ("grade_label",)
    grade: str
    grade_label: str
    clause: str = ""
    judgement: str = ""
    due: str = ""
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class HazardRegraded(Event):
    """The grade was changed, for a reason."""

    sentence: ClassVar[str] = _("Grade changed to: %(grade_label)s. %(clause)s Reason: %(reason)s")
    icon: ClassVar[str] = "scale"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("grade_label",)
    grade: str
    grade_label: str
    reason: str
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class MajorReported(Event):
    """A major hazard was reported to one of the two who must hear of it (双报告)."""

    sentence: ClassVar[str] = _("Reported to the %(receiver_label)s on %(on)s")
    icon: ClassVar[str] = "speakerphone"
    translated: ClassVar[tuple[str, ...]] = ("receiver_label",)
    receiver: str
    receiver_label: str
    on: str


@dataclass(frozen=True, kw_only=True)
class PlanSubmitted(Event):
    """The treatment plan with the five settled items was handed in."""

    sentence: ClassVar[str] = _("Treatment plan handed in, to be finished by %(due)s, money needed %(money)s yuan")
    icon: ClassVar[str] = "clipboard-text"
    due: str
    money: str = "0"


@dataclass(frozen=True, kw_only=True)
class PlanApproved(Event):
    """The plan was approved; its day is the time limit."""

    sentence: ClassVar[str] = _("Treatment plan approved, time limit %(due)s. %(opinion)s")
    icon: ClassVar[str] = "clipboard-check"
    colour: ClassVar[str] = "green"
    due: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanReturned(Event):
    """The plan was returned."""

    sentence: ClassVar[str] = _("Treatment plan returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class RectificationOrdered(Event):
    """Rectification by a day was ordered in writing (责令限期整改)."""

    sentence: ClassVar[str] = _("Order %(number)s: to be rectified by %(due)s")
    icon: ClassVar[str] = "gavel"
    colour: ClassVar[str] = "orange"
    number: str
    due: str


@dataclass(frozen=True, kw_only=True)
class RectificationSubmitted(Event):
    """The unit says that it is done."""

    sentence: ClassVar[str] = _("Rectification handed in: %(measures)s (spent %(money)s yuan)")
    icon: ClassVar[str] = "tools"
    colour: ClassVar[str] = "blue"
    measures: str
    money: str
    on_behalf: bool = False


@dataclass(frozen=True, kw_only=True)
class RectificationAccepted(Event):
    """Somebody else has seen that it is done."""

    sentence: ClassVar[str] = _("Rectification accepted: %(opinion)s")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    opinion: str
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class RectificationReturned(Event):
    """It is not done."""

    sentence: ClassVar[str] = _("Rectification returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AcceptanceReturned(Event):
    """The acceptance was not followed; the hazard goes back to rectification."""

    sentence: ClassVar[str] = _("Acceptance returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvaluationRecorded(Fact):
    """The evaluation after treatment was recorded."""

    sentence: ClassVar[str] = _("Evaluated on %(on)s by %(by)s")
    icon: ClassVar[str] = "report"
    on: str
    by: str


@dataclass(frozen=True, kw_only=True)
class HazardClosed(Event):
    """Struck off the ledger (销账)."""

    sentence: ClassVar[str] = _("Closed. %(opinion)s")
    icon: ClassVar[str] = "lock"
    colour: ClassVar[str] = "green"
    grade: str
    opinion: str = ""
    own: bool = False
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class HazardRechecked(Fact):
    """Looked at again after closing: still in order."""

    sentence: ClassVar[str] = _("Looked at again, still in order: %(opinion)s")
    icon: ClassVar[str] = "eye-check"
    colour: ClassVar[str] = "green"
    opinion: str


@dataclass(frozen=True, kw_only=True)
class HazardReopened(Event):
    """It came back."""

    sentence: ClassVar[str] = _("Reopened: %(reason)s")
    icon: ClassVar[str] = "rotate"
    colour: ClassVar[str] = "red"
    reason: str
    times: int


@dataclass(frozen=True, kw_only=True)
class WithdrawalProposed(Event):
    """Somebody holds that it is no hazard."""

    sentence: ClassVar[str] = _("Withdrawal as no hazard proposed: %(reason)s")
    icon: ClassVar[str] = "help"
    reason: str


@dataclass(frozen=True, kw_only=True)
class HazardWithdrawn(Event):
    """A second person agreed that it is no hazard."""

    sentence: ClassVar[str] = _("Withdrawn as no hazard. %(opinion)s")
    icon: ClassVar[str] = "circle-x"
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawalRefused(Event):
    """It is a hazard."""

    sentence: ClassVar[str] = _("Withdrawal refused: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class HazardMerged(Event):
    """Two records of one hazard became one."""

    sentence: ClassVar[str] = _("Merged into %(into)s: %(reason)s")
    icon: ClassVar[str] = "git-merge"
    into: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TwinTakenIn(Fact):
    """The other record's part of a merger."""

    sentence: ClassVar[str] = _("%(number)s was merged into this record")
    icon: ClassVar[str] = "git-merge"
    number: str


@dataclass(frozen=True, kw_only=True)
class HazardCarried(Fact):
    """The record followed its site to another place in the registry."""

    sentence: ClassVar[str] = _("Now filed under %(site)s: %(why)s")
    icon: ClassVar[str] = "building"
    site: str
    why: str


@dataclass(frozen=True, kw_only=True)
class TransferOffered(Event):
    """Offered to another desk."""

    sentence: ClassVar[str] = _("Offered to %(to)s: %(reason)s")
    icon: ClassVar[str] = "arrows-exchange"
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferAccepted(Event):
    """The receiver is the owner now."""

    sentence: ClassVar[str] = _("Taken over by %(to)s. %(answer)s")
    icon: ClassVar[str] = "arrows-exchange"
    colour: ClassVar[str] = "green"
    to: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class TransferRefused(Event):
    """The receiver refused; the owner stays."""

    sentence: ClassVar[str] = _("%(to)s refused to take it over: %(answer)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    to: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class TransferRecalled(Fact):
    """The offer was taken back."""

    sentence: ClassVar[str] = _("Offer to %(to)s recalled")
    icon: ClassVar[str] = "arrow-back-up"
    to: str


@dataclass(frozen=True, kw_only=True)
class HazardListed(Event):
    """Listed for supervision (挂牌督办)."""

    sentence: ClassVar[str] = _(
        "%(level_label)s, No. %(number)s, by %(due)s; responsible leader %(leader)s: %(reason)s"
    )
    icon: ClassVar[str] = "flag"
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("level_label",)
    level: str
    level_label: str
    number: str
    due: str
    leader: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ListingRequested(Event):
    """A level below asks the level above to list (提级)."""

    sentence: ClassVar[str] = _("Asked to be taken up: %(level_label)s. %(reason)s")
    icon: ClassVar[str] = "flag-exclamation"
    translated: ClassVar[tuple[str, ...]] = ("level_label",)
    level: str
    level_label: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ListingDeclined(Event):
    """The level above declined."""

    sentence: ClassVar[str] = _("Listing declined: %(answer)s")
    icon: ClassVar[str] = "arrow-back-up"
    answer: str


@dataclass(frozen=True, kw_only=True)
class DelistingRequested(Event):
    """Removal from the list was asked for."""

    sentence: ClassVar[str] = _("Removal from the supervision list requested: %(evaluation)s")
    icon: ClassVar[str] = "flag"
    evaluation: str


@dataclass(frozen=True, kw_only=True)
class HazardDelisted(Event):
    """Removed from the supervision list."""

    sentence: ClassVar[str] = _("Removed from supervision list No. %(number)s: %(answer)s")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    number: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ListingKept(Event):
    """Removal was refused."""

    sentence: ClassVar[str] = _("Stays on supervision list No. %(number)s: %(answer)s")
    icon: ClassVar[str] = "flag"
    colour: ClassVar[str] = "orange"
    number: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ListingSuperseded(Fact):
    """A higher level took the listing over."""

    sentence: ClassVar[str] = _("Supervision list No. %(number)s was taken over by No. %(by)s")
    icon: ClassVar[str] = "flag-exclamation"
    number: str
    by: str


@dataclass(frozen=True, kw_only=True)
class InstructionGiven(Event):
    """A leader wrote an instruction (批示)."""

    sentence: ClassVar[str] = _("Instruction to %(to)s, answer by %(due)s: %(text)s")
    icon: ClassVar[str] = "writing-sign"
    colour: ClassVar[str] = "red"
    to: str
    due: str
    text: str


@dataclass(frozen=True, kw_only=True)
class InstructionAnswered(Event):
    """The office answered."""

    sentence: ClassVar[str] = _("Instruction answered: %(answer)s")
    icon: ClassVar[str] = "message-circle"
    colour: ClassVar[str] = "green"
    answer: str


@dataclass(frozen=True, kw_only=True)
class InstructionReturned(Event):
    """The answer did not satisfy."""

    sentence: ClassVar[str] = _("Answer to the instruction returned: %(reason)s")
    icon: ClassVar[str] = "arrow-back-up"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class InstructionRecalled(Fact):
    """The instruction was taken back."""

    sentence: ClassVar[str] = _("Instruction recalled")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Event):
    """More time was asked for (延期)."""

    sentence: ClassVar[str] = _("More time asked for, until %(due)s: %(reason)s")
    icon: ClassVar[str] = "calendar-time"
    due: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExtensionGranted(Event):
    """More time was granted; ``times`` counts."""

    sentence: ClassVar[str] = _("More time granted until %(due)s (time %(times)s): %(answer)s")
    icon: ClassVar[str] = "calendar-event"
    due: str
    times: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class ExtensionRefused(Event):
    """More time was refused; ``lapsed`` when the matter had settled itself."""

    sentence: ClassVar[str] = _("More time refused: %(answer)s")
    icon: ClassVar[str] = "calendar-due"
    colour: ClassVar[str] = "orange"
    answer: str
