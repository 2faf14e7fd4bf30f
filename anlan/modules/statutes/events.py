"""What happens in the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class CitationsEntered(Fact):
    """The citations of this release were entered in the library."""

    sentence: ClassVar[str] = gettext_noop(
        "Citations of this release entered: %(editions)s editions, %(articles)s articles, %(lists)s check lists"
    )
    icon: ClassVar[str] = "book"
    changes_record: ClassVar[bool] = False
    editions: int
    articles: int
    lists: int


@dataclass(frozen=True, kw_only=True)
class TextLoaded(Event):
    """The official text of an edition was loaded."""

    sentence: ClassVar[str] = gettext_noop("Text loaded from %(source)s: %(articles)s articles, SHA-256 %(digest)s")
    icon: ClassVar[str] = "book"
    colour: ClassVar[str] = "green"
    title: str
    source: str
    articles: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class EditionReplaced(Event):
    """A later edition replaced this one."""

    sentence: ClassVar[str] = gettext_noop("Replaced by the edition %(by)s")
    icon: ClassVar[str] = "arrows-exchange"
    colour: ClassVar[str] = "orange"
    title: str
    by: str


@dataclass(frozen=True, kw_only=True)
class EditionCorrected(Fact):
    """Number or days of force of an edition were corrected."""

    sentence: ClassVar[str] = gettext_noop("Corrected: %(before)s became %(after)s. %(reason)s")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CheckListIssued(Event):
    """A version of a check list was issued."""

    sentence: ClassVar[str] = gettext_noop("Check list %(title)s issued, version %(version)s: %(items)s items")
    icon: ClassVar[str] = "checks"
    title: str
    version: int
    items: int


@dataclass(frozen=True, kw_only=True)
class CheckListDrafted(Fact):
    """A version of a check list was begun."""

    sentence: ClassVar[str] = gettext_noop("Version %(version)s of the check list %(title)s begun")
    icon: ClassVar[str] = "pencil"
    title: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ItemAdded(Fact):
    """An item was added to a draft."""

    sentence: ClassVar[str] = gettext_noop("Item %(position)s added: %(clause)s")
    icon: ClassVar[str] = "plus"
    position: int
    clause: str


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Fact):
    """An item of a draft was changed."""

    sentence: ClassVar[str] = gettext_noop("Item %(position)s changed: %(before)s became %(after)s")
    icon: ClassVar[str] = "pencil"
    position: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ItemMoved(Fact):
    """An item of a draft was put elsewhere."""

    sentence: ClassVar[str] = gettext_noop("Item %(before)s moved to place %(after)s")
    icon: ClassVar[str] = "arrows-exchange"
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class ItemRemoved(Fact):
    """An item was taken out of a draft."""

    sentence: ClassVar[str] = gettext_noop("Item %(position)s taken out: %(clause)s, %(asked)s")
    icon: ClassVar[str] = "minus"
    position: int
    clause: str
    asked: str


@dataclass(frozen=True, kw_only=True)
class DraftDropped(Fact):
    """A draft was dropped; what is in force stays."""

    sentence: ClassVar[str] = gettext_noop("Draft of version %(version)s dropped: %(items)s items")
    icon: ClassVar[str] = "circle-x"
    changes_record: ClassVar[bool] = False
    version: int
    items: int


@dataclass(frozen=True, kw_only=True)
class CheckListReplaced(Fact):
    """The next version of a check list was issued."""

    sentence: ClassVar[str] = gettext_noop("Replaced by version %(version)s")
    icon: ClassVar[str] = "arrows-exchange"
    version: int


@dataclass(frozen=True, kw_only=True)
class CheckListWithdrawn(Event):
    """A check list is used no longer."""

    sentence: ClassVar[str] = gettext_noop("Check list withdrawn: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    title: str
    reason: str
