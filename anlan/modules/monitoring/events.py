"""What happens to gateways and tags. Readings are never events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class GatewayRegistered(Fact):
    """A gateway got its first credential."""

    sentence: ClassVar[str] = gettext_noop("Gateway %(code)s registered, credential issued")
    icon: ClassVar[str] = "server"
    changes_record: ClassVar[bool] = False
    code: str


@dataclass(frozen=True, kw_only=True)
class GatewayChanged(Fact):
    """What is known of a gateway changed."""

    sentence: ClassVar[str] = gettext_noop("%(what)s: %(value)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CredentialIssued(Event):
    """A gateway got another credential; the one before is worth nothing any more."""

    sentence: ClassVar[str] = gettext_noop("New credential issued; the earlier one is no longer accepted")
    icon: ClassVar[str] = "key"
    gateway_id: int


@dataclass(frozen=True, kw_only=True)
class CredentialRevoked(Event):
    """A gateway's credential was revoked and its connection ended."""

    sentence: ClassVar[str] = gettext_noop("Credential revoked: %(reason)s")
    icon: ClassVar[str] = "unlink"
    colour: ClassVar[str] = "orange"
    gateway_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class TagRegistered(Fact):
    """A tag was put on file."""

    sentence: ClassVar[str] = gettext_noop("Tag registered: %(name)s, %(label)s")
    icon: ClassVar[str] = "activity"
    changes_record: ClassVar[bool] = False
    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class TagChanged(Fact):
    """What is known of a tag changed."""

    sentence: ClassVar[str] = gettext_noop("%(what)s: %(value)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    value: str


@dataclass(frozen=True, kw_only=True)
class TagsEntered(Fact):
    """Several tags of a gateway were put on file or put right in one go."""

    sentence: ClassVar[str] = gettext_noop("Tags entered: %(fresh)s new, %(changed)s put right")
    icon: ClassVar[str] = "list-check"
    fresh: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class TagRetired(Fact):
    """Readings of a tag are taken in no longer."""

    sentence: ClassVar[str] = gettext_noop("Taken out of use: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TagResumed(Fact):
    """Readings of a tag are taken in again."""

    sentence: ClassVar[str] = gettext_noop("In use again")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"


@dataclass(frozen=True, kw_only=True)
class ReadingsTaken(Fact):
    """Somebody took the readings of a tag over a time away as a file."""

    sentence: ClassVar[str] = gettext_noop("Readings taken away: %(rows)s, from %(since)s to %(until)s")
    icon: ClassVar[str] = "download"
    changes_record: ClassVar[bool] = False
    rows: int
    since: str
    until: str


@dataclass(frozen=True, kw_only=True)
class MonitoringCarried(Fact):
    """It followed its site."""

    sentence: ClassVar[str] = gettext_noop("Goes with its site %(site)s: %(why)s")
    icon: ClassVar[str] = "building"
    site: str
    why: str
