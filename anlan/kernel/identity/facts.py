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
