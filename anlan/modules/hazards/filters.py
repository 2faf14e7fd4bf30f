"""Filters of the hazard list and of the supervision list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.modules.hazards import selectors
from anlan.modules.hazards.choices import CATEGORIES, Grade, ListingLevel, Source
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.workflow import DUES, HAZARD, LISTING, OPEN_STATES
from anlan.modules.registry.public import sectors
from anlan.ui import filters


class Words(filters.Search):
    """The search box over number, title, place, description, site and unit, these by pinyin initials as well: two
    characters are enough. Four digits also find the hazards of people whose telephone ends so."""

    def __init__(self) -> None:
        hint = _("Number, hazard, unit, initials, or last four digits of a telephone")
        super().__init__([], placeholder=hint, pairs=True)

    def matching(self, qs: Any, value: Any) -> Any:
        return selectors.matching(qs, str(value).replace("\x00", "")[:100], selectors.by_phone(self.parent.actor))


class HazardFilters(filters.FilterSet):
    """What the hazard list is narrowed by."""

    q = Words()
    state = filters.State(HAZARD)
    grade = filters.Choice("grade", Grade.choices, _("Grade"))
    overdue = filters.Overdue("due_at", open_when=Q(state__in=OPEN_STATES))
    region = filters.Region("region_path", permission="hazards.view")
    desk = filters.Region("owner_path", permission="hazards.view", label=_("On the desk of"))
    sector = filters.Sector("sector", sectors, permission="hazards.view")
    listed = filters.Choice("listing_level", ListingLevel.choices, _("Supervision list"))
    waits_for = filters.Choice("due_kind", [(k, _(r.label)) for k, r in DUES.items()], _("What is due"))
    category = filters.Choice("category", CATEGORIES, _("Category"), several=True)
    source = filters.Choice("source", Source.choices, _("Source"))
    repeat = filters.Flag(_("Repeats only"), Q(repeat_of__isnull=False))
    reopened = filters.Flag(_("Reopened only"), Q(reopened__gt=0))
    offered = filters.Flag(_("Offered to another desk"), ~Q(offered_path=""))
    found_on = filters.Days(_("Found"))
    rectify_due = filters.Days(_("Time limit"))
    closed_at = filters.Days(_("Closed on"))
    site = filters.Records("site", selectors.sites_for_filter, _("Site"), search=("search_text__has",))

    class Meta:
        model = Hazard
        fields: tuple[str, ...] = ()


class ListingFilters(filters.FilterSet):
    """What the supervision list is narrowed by."""

    q = filters.Search(
        ["number", "leader_name", "hazard__title", "hazard__number", "hazard__site__unit__name"],
        placeholder=_("Number, hazard, unit, leader"),
    )
    level = filters.Choice("level", ListingLevel.choices, _("Level"))
    state = filters.State(LISTING)
    overdue = filters.Overdue("due_on", open_when=Q(state__in=["listed", "delisting_requested"]), day=True)
    region = filters.Region("region_path", permission="hazards.view")
    due_on = filters.Days(_("Time limit"))

    class Meta:
        model = Listing
        fields: tuple[str, ...] = ()
