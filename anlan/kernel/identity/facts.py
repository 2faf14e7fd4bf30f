"""What the journal says of accounts, posts, authorities and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class UserAdded(Fact):
    """An account was opened."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s opened")
    icon: ClassVar[str] = "user-plus"
    username: str


@dataclass(frozen=True, kw_only=True)
class UserClosed(Fact):
    """An account was closed; its sessions and tokens end with it."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s closed: %(reason)s")
    icon: ClassVar[str] = "user-off"
    username: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class UserReopened(Fact):
    """A closed account was opened again, without any authority."""

    sentence: ClassVar[str] = gettext_noop("Account %(username)s opened again: %(reason)s")
    icon: ClassVar[str] = "user-check"
    username: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Fact):
    """An administrator set a one-time password."""

    sentence: ClassVar[str] = gettext_noop("One-time password issued for %(username)s")
    icon: ClassVar[str] = "key"
    username: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Fact):
    """An administrator took a lost second factor away."""

    sentence: ClassVar[str] = gettext_noop("Second factor of %(username)s removed: %(reason)s")
    icon: ClassVar[str] = "shield-off"
    username: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PostAdded(Fact):
    """A post was set up in an office."""

    sentence: ClassVar[str] = gettext_noop("Post %(post)s set up")
    icon: ClassVar[str] = "briefcase"
    post: str


@dataclass(frozen=True, kw_only=True)
class PostClosed(Fact):
    """A post was closed."""

    sentence: ClassVar[str] = gettext_noop("Post %(post)s closed: %(reason)s")
    icon: ClassVar[str] = "briefcase"
    post: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GrantGiven(Fact):
    """An authority was given."""

    sentence: ClassVar[str] = gettext_noop("Authority “%(role)s” given in %(place)s from %(valid_from)s: %(reason)s")
    icon: ClassVar[str] = "shield-check"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    role: str
    place: str
    valid_from: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class GrantLent(Fact):
    """Somebody was seconded: an authority by dates, on a document."""

    sentence: ClassVar[str] = gettext_noop(
        "Seconded to %(place)s as “%(role)s” from %(valid_from)s to %(valid_to)s (%(basis)s): %(reason)s"
    )
    icon: ClassVar[str] = "shield-check"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    role: str
    place: str
    valid_from: str
    valid_to: str
    basis: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class GrantDelegated(Fact):
    """Somebody delegated what he holds himself: by dates, on a document."""

    sentence: ClassVar[str] = gettext_noop(
        "%(by)s delegated “%(role)s” in %(place)s from %(valid_from)s to %(valid_to)s (%(basis)s): %(reason)s"
    )
    icon: ClassVar[str] = "shield-check"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    by: str
    role: str
    place: str
    valid_from: str
    valid_to: str
    basis: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HandedOver(Fact):
    """Somebody who leaves handed his open work over to a successor; his authorities end on a day."""

    sentence: ClassVar[str] = gettext_noop(
        "Work handed over to %(to)s, %(items)s items by name; authorities end on %(last_day)s: %(reason)s"
    )
    icon: ClassVar[str] = "transfer"
    to: str
    items: int
    last_day: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WorkTaken(Fact):
    """A due item that was named for one person is named for another."""

    sentence: ClassVar[str] = gettext_noop("“%(label)s” goes from %(before)s to %(to)s: %(reason)s")
    icon: ClassVar[str] = "transfer"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    changes_record: ClassVar[bool] = False
    label: str
    before: str
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NamedAnew(Fact):
    """Somebody who was named in an open record handed his work over: his successor is named in his place."""

    sentence: ClassVar[str] = gettext_noop("%(label)s: %(to)s in place of %(before)s. %(reason)s")
    icon: ClassVar[str] = "transfer"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    before: str
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecoveryIssued(Fact):
    """Somebody was handed a code by which he sets a new password."""

    sentence: ClassVar[str] = gettext_noop("Recovery code issued for %(username)s, valid until %(until)s")
    icon: ClassVar[str] = "key"
    username: str
    until: str


@dataclass(frozen=True, kw_only=True)
class PasswordRecovered(Fact):
    """A recovery code was used: a new password was set, every session ended."""

    sentence: ClassVar[str] = gettext_noop("%(username)s set a new password by the code that %(by)s issued")
    icon: ClassVar[str] = "lock-open"
    username: str
    by: str


@dataclass(frozen=True, kw_only=True)
class GrantEnded(Fact):
    """An authority was ended."""

    sentence: ClassVar[str] = gettext_noop("Authority “%(role)s” ended on %(valid_to)s: %(reason)s")
    icon: ClassVar[str] = "shield-off"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    role: str
    valid_to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Fact):
    """Somebody took an authority he does not hold, for an emergency and for hours."""

    sentence: ClassVar[str] = gettext_noop(
        "Emergency authority “%(role)s” taken in %(place)s until %(until)s: %(reason)s"
    )
    icon: ClassVar[str] = "alert-octagon"
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("role",)
    role: str
    place: str
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Fact):
    """An API token was issued; ``scopes`` are the names of what it may do."""

    sentence: ClassVar[str] = gettext_noop("API token “%(name)s” issued with %(scopes)s")
    icon: ClassVar[str] = "plug"
    translated: ClassVar[tuple[str, ...]] = ("scopes",)
    name: str
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Fact):
    """An API token was revoked."""

    sentence: ClassVar[str] = gettext_noop("API token “%(name)s” revoked")
    icon: ClassVar[str] = "unlink"
    name: str
