"""What happens in the registry. No fact names a person: a post is named, the person is looked up where allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class UnitRegistered(Event):
    """A unit was entered."""

    sentence: ClassVar[str] = gettext_noop("Unit %(name)s registered under %(number)s")
    icon: ClassVar[str] = "building"
    colour: ClassVar[str] = "green"
    name: str
    number: str


@dataclass(frozen=True, kw_only=True)
class SiteFound(Fact):
    """A site without a licence was found on the ground and put on file."""

    sentence: ClassVar[str] = gettext_noop("Found on the ground without a licence, put on file under %(number)s")
    icon: ClassVar[str] = "map-pin"
    colour: ClassVar[str] = "orange"
    number: str


@dataclass(frozen=True, kw_only=True)
class SiteAdded(Event):
    """A unit got a site."""

    sentence: ClassVar[str] = gettext_noop("Site %(name)s added")
    icon: ClassVar[str] = "map-pin"
    colour: ClassVar[str] = "green"
    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class UnitsTakenIn(Event):
    """A ledger was taken in: so many new units, new sites of known units and updated ones."""

    sentence: ClassVar[str] = gettext_noop(
        "Ledger %(file)s taken in: %(units)s units, %(sites)s sites, %(updated)s updated, %(refused)s rows refused"
    )
    icon: ClassVar[str] = "file-import"
    colour: ClassVar[str] = "green"
    batch: str
    file: str
    units: int = 0
    sites: int = 0
    updated: int = 0
    refused: int = 0


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(Event):
    """A unit bears another name; the earlier one stays on file."""

    sentence: ClassVar[str] = gettext_noop("Renamed from %(before)s to %(after)s")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class SiteRenamed(Event):
    """A site bears another name."""

    sentence: ClassVar[str] = gettext_noop("Renamed from %(before)s to %(after)s")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class NumberUpgraded(Event):
    """A provisional number gave way to a unified social credit code."""

    sentence: ClassVar[str] = gettext_noop("Unified social credit code %(uscc)s takes the place of %(before)s")
    icon: ClassVar[str] = "id-badge-2"
    colour: ClassVar[str] = "green"
    before: str
    uscc: str


@dataclass(frozen=True, kw_only=True)
class SiteMoved(Event):
    """A site lies in another region; rows that copied its path follow."""

    sentence: ClassVar[str] = gettext_noop("Moved from %(before)s to %(after)s: %(reason)s")
    icon: ClassVar[str] = "map-pin"
    colour: ClassVar[str] = "orange"
    before: str
    after: str
    old_path: str
    new_path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SectorChanged(Event):
    """Another line answers for the site; rows that copied its sector follow."""

    sentence: ClassVar[str] = gettext_noop("Line changed from %(before_label)s to %(after_label)s")
    icon: ClassVar[str] = "switch-horizontal"
    translated: ClassVar[tuple[str, ...]] = ("before_label", "after_label")
    before: str
    after: str
    before_label: str
    after_label: str


@dataclass(frozen=True, kw_only=True)
class SiteSuspended(Event):
    """A site stopped work for a time."""

    sentence: ClassVar[str] = gettext_noop("Suspended since %(since)s: %(reason)s")
    icon: ClassVar[str] = "player-pause"
    colour: ClassVar[str] = "orange"
    since: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SiteClosed(Event):
    """A site closed for good."""

    sentence: ClassVar[str] = gettext_noop("Closed since %(since)s: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    since: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SiteReopened(Event):
    """A site works again."""

    sentence: ClassVar[str] = gettext_noop("Working again since %(since)s: %(reason)s")
    icon: ClassVar[str] = "player-play"
    colour: ClassVar[str] = "green"
    since: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LandlordLinked(Event):
    """A site is let by another one."""

    sentence: ClassVar[str] = gettext_noop("Landlord: %(landlord)s (before: %(before)s)")
    icon: ClassVar[str] = "building"
    landlord: str = "—"
    before: str = "—"


@dataclass(frozen=True, kw_only=True)
class UnitsMerged(Event):
    """Two records of one unit became one. Other modules re-point what referred to the old one."""

    sentence: ClassVar[str] = gettext_noop("%(old_name)s (%(old_number)s) merged into this record: %(reason)s")
    icon: ClassVar[str] = "arrows-join"
    colour: ClassVar[str] = "purple"
    old_id: int
    new_id: int
    old_holder: str
    new_holder: str
    old_name: str
    old_number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SitesMerged(Event):
    """Two records of one site became one. Other modules re-point what referred to the old one."""

    sentence: ClassVar[str] = gettext_noop("Site %(old_name)s merged into this record: %(reason)s")
    icon: ClassVar[str] = "arrows-join"
    colour: ClassVar[str] = "purple"
    old_id: int
    new_id: int
    old_holder: str
    new_holder: str
    old_path: str
    new_path: str
    old_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MergedAway(Fact):
    """This record was found to be a second one; the first one goes on."""

    sentence: ClassVar[str] = gettext_noop("Merged into %(into)s: %(reason)s")
    icon: ClassVar[str] = "arrows-join"
    colour: ClassVar[str] = "purple"
    into: str
    into_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Fact):
    """A person was entered with a post."""

    sentence: ClassVar[str] = gettext_noop("%(post)s entered")
    icon: ClassVar[str] = "user-plus"
    translated: ClassVar[tuple[str, ...]] = ("post",)
    person: int
    post: str


@dataclass(frozen=True, kw_only=True)
class PostGiven(Event):
    """A person took a post."""

    sentence: ClassVar[str] = gettext_noop("Post %(post)s from %(since)s")
    icon: ClassVar[str] = "user-check"
    translated: ClassVar[tuple[str, ...]] = ("post",)
    person: int
    post: str
    kind: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PostEnded(Event):
    """A person left a post."""

    sentence: ClassVar[str] = gettext_noop("Post %(post)s ended on %(until)s")
    icon: ClassVar[str] = "user-minus"
    translated: ClassVar[tuple[str, ...]] = ("post",)
    person: int
    post: str
    kind: str
    until: str


@dataclass(frozen=True, kw_only=True)
class SealedFieldsChanged(Fact):
    """Personal data were replaced; which fields, never what they held."""

    sentence: ClassVar[str] = gettext_noop("Personal data replaced: %(fields)s")
    icon: ClassVar[str] = "lock"
    translated: ClassVar[tuple[str, ...]] = ("fields",)
    person: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class CertificateAdded(Event):
    """A certificate was entered, or renewed."""

    sentence: ClassVar[str] = gettext_noop("%(kind)s entered, valid to %(valid_to)s")
    icon: ClassVar[str] = "certificate"
    translated: ClassVar[tuple[str, ...]] = ("kind",)
    person: int
    certificate: int
    kind: str
    valid_to: str = "—"


@dataclass(frozen=True, kw_only=True)
class CertificateWithdrawn(Fact):
    """A certificate no longer counts."""

    sentence: ClassVar[str] = gettext_noop("%(kind)s no longer counts: %(reason)s")
    icon: ClassVar[str] = "certificate"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("kind",)
    person: int
    certificate: int
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonUnmasked(Fact):
    """Somebody read sealed personal data, and said why."""

    changes_record: ClassVar[bool] = False

    sentence: ClassVar[str] = gettext_noop("Personal data read (%(fields)s): %(reason)s")
    icon: ClassVar[str] = "eye"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("fields",)
    person: int
    fields: list[str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's data were lawfully erased: the key is destroyed."""

    sentence: ClassVar[str] = gettext_noop("Personal data erased: %(reason)s")
    icon: ClassVar[str] = "user-off"
    colour: ClassVar[str] = "red"
    person: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FoundDifferent(Fact):
    """Two records that look alike were found to be different things."""

    sentence: ClassVar[str] = gettext_noop("%(other)s looks alike and is another unit: %(reason)s")
    icon: ClassVar[str] = "arrows-exchange"
    other: str
    reason: str
