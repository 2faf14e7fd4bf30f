"""Filters of the lists of invitations."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.identity.models import Grant
from anlan.modules.registry.public import UNIT, UnitKind, sectors
from anlan.modules.welcome import selectors
from anlan.modules.welcome.models import Invitation, MessageState, Round
from anlan.modules.welcome.tables import role_name
from anlan.modules.welcome.workflow import INVITATION, INVITE
from anlan.ui import filters


class Words(filters.Search):
    """The search box over a unit's name, numbers and pinyin, by the index of character pairs."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__([], placeholder=_("Name, code or pinyin"))
        self.prefix = prefix

    def matching(self, qs: Any, value: Any) -> Any:
        """Every word must occur."""
        words = str(value).replace("\x00", "").split()[:6]
        return qs.filter(reduce(and_, (Q(**{f"{self.prefix}search_text__has": w.lower()}) for w in words), Q()))


class UninvitedFilters(filters.FilterSet):
    """Of units without an account."""

    q = Words()
    region = filters.Region("region_path", permission=INVITE)
    sector = filters.Sector("sector", sectors, permission=INVITE)
    kind = filters.Choice("kind", UnitKind.choices, _("Kind"))
    fresh = filters.Flag(_("Not invited yet"), Q(invited_until=None))
    invited = filters.Flag(_("Invited already"), Q(invited_until__isnull=False))

    class Meta:
        model = apps.get_model(UNIT)
        fields: tuple[str, ...] = ()


class InvitationFilters(filters.FilterSet):
    """Of invitations."""

    q = Words("unit__")
    state = filters.State(INVITATION)
    region = filters.Region("region_path", permission="welcome.view")
    run_out = filters.Flag(_("Time is over"), selectors.run_out)
    message = filters.Choice("message", [c for c in MessageState.choices if c[0]], _("Short message"))
    issued = filters.Days(_("Invited on"), "issued_at")
    claimed = filters.Days(_("Claimed on"), "claimed_at")

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()


class RoundFilters(filters.FilterSet):
    """Of rounds."""

    q = filters.Search(["by_name"], placeholder=_("Invited by"))
    region = filters.Region("region_path", permission="welcome.view")

    class Meta:
        model = Round
        fields: tuple[str, ...] = ()


class PeopleFilters(filters.FilterSet):
    """Of the people of units."""

    q = filters.Search(["user__name", "user__username", "user__title"])
    role = filters.Choice(
        "role", lambda actor: [(code, role_name(code)) for code in selectors.unit_roles()], _("Role")
    )
    never = filters.Flag(_("Never signed in"), Q(user__last_login=None))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

