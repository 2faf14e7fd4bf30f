"""What happens to an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class InstallationRegistered(Fact):
    """A unit of production or storage was registered."""

    sentence: ClassVar[str] = gettext_noop("Registered: %(name)s")
    icon: ClassVar[str] = "flame"
    changes_record: ClassVar[bool] = False
    name: str


@dataclass(frozen=True, kw_only=True)
class InstallationChanged(Fact):
    """Its holdings, surroundings or responsible people changed."""

    sentence: ClassVar[str] = gettext_noop("%(what)s: %(value)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ProvisionStated(Fact):
    """The unit said of something required at this level whether it has it."""

    sentence: ClassVar[str] = gettext_noop("%(what)s (%(article)s): %(answer)s. %(note)s")
    icon: ClassVar[str] = "heart-rate-monitor"
    translated: ClassVar[tuple[str, ...]] = ("answer",)
    article: str
    what: str
    answer: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ProvisionLacking(Event):
    """The unit said that something required at this level is lacking."""

    sentence: ClassVar[str] = gettext_noop("%(what)s (%(article)s) is lacking. %(note)s")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    site_id: int
    provision_id: int
    article: str
    what: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ProvisionFollowed(Fact):
    """The hazard of what was lacking was opened, closed, reopened, withdrawn or merged."""

    sentence: ClassVar[str] = gettext_noop("Hazard %(number)s: %(what)s is %(answer)s")
    icon: ClassVar[str] = "link"
    translated: ClassVar[tuple[str, ...]] = ("answer",)
    number: str
    what: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class DutyPerformed(Fact):
    """One of the responsible three did what he answers for."""

    sentence: ClassVar[str] = gettext_noop("%(duty)s %(name)s, %(on)s: %(what)s")
    icon: ClassVar[str] = "user-check"
    translated: ClassVar[tuple[str, ...]] = ("duty",)
    changes_record: ClassVar[bool] = False
    duty: str
    name: str
    on: str
    what: str


@dataclass(frozen=True, kw_only=True)
class InstallationGraded(Event):
    """It was identified and graded; ``level`` 0 where it is no major hazard."""

    sentence: ClassVar[str] = gettext_noop("Graded: S %(s)s, R %(r)s, %(result)s")
    icon: ClassVar[str] = "scale"
    translated: ClassVar[tuple[str, ...]] = ("result",)
    site_id: int
    level: int
    s: str
    r: str
    result: str


@dataclass(frozen=True, kw_only=True)
class FilingMoved(Fact):
    """A step of its filing."""

    sentence: ClassVar[str] = gettext_noop("%(what)s. %(note)s")
    icon: ClassVar[str] = "file-check"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class InstallationFiled(Event):
    """It stands on file."""

    sentence: ClassVar[str] = gettext_noop("On file under %(number)s, level %(level)s")
    icon: ClassVar[str] = "file-certificate"
    colour: ClassVar[str] = "green"
    site_id: int
    number: str
    level: int


@dataclass(frozen=True, kw_only=True)
class InstallationCancelled(Event):
    """It was taken off the file."""

    sentence: ClassVar[str] = gettext_noop("Taken off the file: %(reason)s")
    icon: ClassVar[str] = "file-off"
    site_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class BasisExceeded(Event):
    """More is there than the holdings declare."""

    sentence: ClassVar[str] = gettext_noop("%(substance)s: %(held)s t are there, %(declared)s t are declared")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    substance: str
    held: str
    declared: str


@dataclass(frozen=True, kw_only=True)
class BasisKept(Fact):
    """No more is there than the holdings declare."""

    sentence: ClassVar[str] = gettext_noop("What is there is within the declared basis again")
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"


@dataclass(frozen=True, kw_only=True)
class InstallationCarried(Fact):
    """It followed its site."""

    sentence: ClassVar[str] = gettext_noop("Goes with its site %(site)s: %(why)s")
    icon: ClassVar[str] = "building"
    site: str
    why: str
