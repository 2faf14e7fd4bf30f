"""Filters of the office."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes.models import Parameter
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import Grant, GrantKind, Post, User
from anlan.kernel.journal.models import Entry
from anlan.kernel.regions.models import Region, RegionChange, RegionKind
from anlan.kernel.scope import within
from anlan.modules.office import choices, selectors
from anlan.ui import filters


class Served(filters.Region):
    """A region: accounts kept there or serving there, and below."""

    def matching(self, qs: Any, value: Any) -> Any:
        serving = valid_grants().filter(within("region__path", value)).values("user")
        return qs.filter(within("region_path", value) | Q(pk__in=serving))


class UserFilters(filters.FilterSet):
    """Of accounts."""

    q = filters.Search(["name", "username", "title"])
    region = Served("region_path", permission="office.view")
    role = filters.Choice(
        "role", lambda actor: choices.roles(), _("Role today"),
        narrow=lambda rows, role: rows.filter(pk__in=valid_grants().filter(role=role).values("user")),
    )  # fmt: skip
    closed = filters.Flag(_("Closed accounts"), Q(is_active=False))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()


class GrantFilters(filters.FilterSet):
    """Of authorities."""

    q = filters.Search(["user__name", "user__username", "reason"])
    when = filters.Choice(
        "when", choices.Validity.choices, _("Validity"),
        narrow=lambda rows, when: rows.filter(selectors.validity(when)),
    )  # fmt: skip
    region = filters.Region("region__path", permission="office.view")
    role = filters.Choice("role", lambda actor: choices.roles(), _("Role"))
    kind = filters.Choice("kind", GrantKind.choices, _("Kind"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()


class PostFilters(filters.FilterSet):
    """Of posts."""

    q = filters.Search(["office", "title"])
    region = filters.Region("region__path", permission="office.view")
    role = filters.Choice("role", lambda actor: choices.roles(for_unit=False), _("Role"))
    vacant = filters.Flag(_("Nobody holds it"), Q(holders=0, closed=False))

    class Meta:
        model = Post
        fields: tuple[str, ...] = ()


class RegionFilters(filters.FilterSet):
    """Of regions."""

    q = filters.Search(["name", "short_name", "pinyin", "code"])
    region = filters.Region("path", permission="office.rules", label=_("Within"))
    kind = filters.Choice("kind", RegionKind.choices, _("Kind"), several=True)
    gone = filters.Flag(_("Merged ones"), Q(valid_to__isnull=False))

    class Meta:
        model = Region
        fields: tuple[str, ...] = ()


class ChangeFilters(filters.FilterSet):
    """Of changes of regions."""

    q = filters.Search(["region__name", "old_name", "basis"])
    kind = filters.Choice("kind", RegionChange._meta.get_field("kind").flatchoices, _("Kind"))
    running = filters.Flag(_("Not finished yet"), Q(finished_at=None))
    on = filters.Days(_("From"))

    class Meta:
        model = RegionChange
        fields: tuple[str, ...] = ()


class RuleFilters(filters.FilterSet):
    """Of local rules."""

    q = filters.Search(["basis"])
    code = filters.Choice("code", lambda actor: choices.parameters(), _("Rule"))
    region = filters.Region("region_path", permission="office.rules")

    class Meta:
        model = Parameter
        fields: tuple[str, ...] = ()


class EntryFilters(filters.FilterSet):
    """Of the journal."""

    q = filters.Search(["actor_name", "act", "subject_id"], placeholder=_("Person, act or number"))
    area = filters.Choice(
        "area", lambda actor: choices.areas(), _("Area"),
        narrow=lambda rows, area: rows.filter(fact_type__startswith=f"{area}."),
    )  # fmt: skip
    region = filters.Region("region_path", permission="journal.view")
    at = filters.Days(_("Happened at"))
    system = filters.Flag(_("By the platform itself"), Q(actor_key="system"))

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()


class EventFilters(filters.FilterSet):
    """Of events."""

    q = filters.Search(["event_type", "subject_id"])
    area = filters.Choice(
        "area", lambda actor: choices.areas(), _("Area"),
        narrow=lambda rows, area: rows.filter(event_type__startswith=f"{area}."),
    )  # fmt: skip
    at = filters.Days(_("Happened at"))

    class Meta:
        model = EventRow
        fields: tuple[str, ...] = ()
