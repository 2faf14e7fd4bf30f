"""What happens to invitations and to the people of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class RoundStarted(Fact):
    """An officer invited units in one go."""

    sentence: ClassVar[str] = gettext_noop("%(invited)s units invited, %(refused)s refused")
    icon: ClassVar[str] = "mail"
    changes_record: ClassVar[bool] = False
    invited: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class UnitInvited(Fact):
    """A unit was invited to claim its file."""

    sentence: ClassVar[str] = gettext_noop("%(unit)s invited, until %(until)s")
    icon: ClassVar[str] = "mail"
    changes_record: ClassVar[bool] = False
    unit: str
    until: str


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(Fact):
    """A new code took the place of the old one, which opens nothing any more."""

    sentence: ClassVar[str] = gettext_noop("Invitation renewed with a new code, until %(until)s")
    icon: ClassVar[str] = "refresh"
    changes_record: ClassVar[bool] = False
    until: str


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Fact):
    """An invitation was taken back."""

    sentence: ClassVar[str] = gettext_noop("Invitation revoked: %(reason)s")
    icon: ClassVar[str] = "mail"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvitationCarried(Fact):
    """The unit moved, or became one with another: its invitation followed."""

    sentence: ClassVar[str] = gettext_noop("The invitation followed its unit “%(unit)s”: %(why)s")
    icon: ClassVar[str] = "transfer"
    unit: str
    why: str


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Fact):
    """Somebody asked for the invitation to be sent as a short message."""

    sentence: ClassVar[str] = gettext_noop("To be sent as a short message")
    icon: ClassVar[str] = "message"
    changes_record: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class RoundSent(Fact):
    """Somebody asked for a round to be sent as short messages."""

    sentence: ClassVar[str] = gettext_noop("%(queued)s short messages asked for, %(left)s units left out")
    icon: ClassVar[str] = "message"
    changes_record: ClassVar[bool] = False
    queued: int
    left: int


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """The gateway took the short message."""

    sentence: ClassVar[str] = gettext_noop("Short message sent")
    icon: ClassVar[str] = "message"
    changes_record: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """The short message was not sent."""

    sentence: ClassVar[str] = gettext_noop("Short message not sent: %(why)s")
    icon: ClassVar[str] = "message"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("why",)
    changes_record: ClassVar[bool] = False
    why: str


@dataclass(frozen=True, kw_only=True)
class UnitClaimed(Event):
    """A unit's principal set up his account by the code."""

    sentence: ClassVar[str] = gettext_noop("%(unit)s claimed its file: %(by)s (%(username)s)")
    icon: ClassVar[str] = "user-check"
    colour: ClassVar[str] = "green"
    unit: str
    holder: str
    by: str
    username: str


@dataclass(frozen=True, kw_only=True)
class SafetyManagerNamed(Event):
    """A unit named its safety manager; whoever was it before is none any more, his open work went over."""

    sentence: ClassVar[str] = gettext_noop("%(name)s is safety manager of %(unit)s; before: %(before)s")
    icon: ClassVar[str] = "user-shield"
    changes_record: ClassVar[bool] = False
    unit: str
    holder: str
    name: str
    before: str = "—"


@dataclass(frozen=True, kw_only=True)
class UnitAccountOpened(Fact):
    """A unit got an account for a workshop or a worker."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s opened for %(unit)s as “%(role)s”")
    icon: ClassVar[str] = "user-plus"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    changes_record: ClassVar[bool] = False
    unit: str
    username: str
    role: str
