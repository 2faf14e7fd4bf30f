"""What happens to a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class LedgerUploaded(Fact):
    """A ledger was uploaded."""

    sentence: ClassVar[str] = gettext_noop("Ledger %(file)s uploaded")
    icon: ClassVar[str] = "upload"
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class LedgerRead(Fact):
    """A ledger was read and compared with what is on file."""

    sentence: ClassVar[str] = gettext_noop("Read: %(accepted)s rows can be taken in, %(rejected)s refused")
    icon: ClassVar[str] = "checklist"
    accepted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class LedgerRefused(Fact):
    """The file could not be read as a ledger."""

    sentence: ClassVar[str] = gettext_noop("The file was refused")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "red"
    code: str


@dataclass(frozen=True, kw_only=True)
class LedgerConfirmed(Fact):
    """What the preview showed was confirmed."""

    sentence: ClassVar[str] = gettext_noop("Confirmed: %(accepted)s rows to take in")
    icon: ClassVar[str] = "check"
    accepted: int


@dataclass(frozen=True, kw_only=True)
class LedgerDiscarded(Fact):
    """A ledger was put away without taking anything in."""

    sentence: ClassVar[str] = gettext_noop("Discarded, nothing taken in")
    icon: ClassVar[str] = "circle-x"


@dataclass(frozen=True, kw_only=True)
class LedgerFailed(Fact):
    """Taking a ledger in failed as a whole."""

    sentence: ClassVar[str] = gettext_noop("Taking in failed, nothing was stored: %(why)s")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    why: str


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Fact):
    """Between preview and taking in, others changed what the rows meet."""

    sentence: ClassVar[str] = gettext_noop("The register changed since the preview; it has to be confirmed again")
    icon: ClassVar[str] = "refresh"
    colour: ClassVar[str] = "orange"
