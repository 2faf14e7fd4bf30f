"""Filters of the lists of risks."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.modules.registry.public import sectors
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import ORDER, Colour, ControlLevel, PointKind, Why
from anlan.modules.risks.models import AreaAssessment, ColourChange, FloorPlan, MeasureCheck, Register, RiskPoint
from anlan.modules.risks.workflow import MAP, OPEN_STATES, POINT, VIEW
from anlan.ui import filters
from anlan.ui.search import matching


class Words(filters.Search):
    """What points or sites are found by, by character pairs: two characters at least."""

    def __init__(self, fields: list[str], placeholder: Any) -> None:
        super().__init__(fields, placeholder=placeholder, pairs=True)

    def matching(self, qs: Any, value: Any) -> Any:
        return qs.filter(matching(self.fields, str(value)))


class PointFilters(filters.FilterSet):
    """Of risk points."""

    q = Words(["search_text__has"], _("Number, risk point, unit, initials"))
    state = filters.State(POINT)
    shown = filters.Choice("shown", Colour.choices, _("Risk level"), several=True)
    inherent = filters.Choice("inherent", Colour.choices, _("Inherent risk"))
    kind = filters.Choice("kind", PointKind.choices, _("Kind"))
    control = filters.Choice("control_level", ControlLevel.choices, _("Control level"))
    region = filters.Region("region_path", permission=VIEW)
    sector = filters.Sector("sector", sectors, permission=VIEW)
    open = filters.Flag(_("On the register"), Q(state__in=OPEN_STATES))
    raised = filters.Flag(_("Raised by hazards"), ~Q(raised=""))
    without = filters.Flag(_("Not assessed yet"), Q(shown="", state__in=OPEN_STATES))
    assessed_on = filters.Days(_("Assessed on"))
    site = filters.Records("site", selectors.sites_to_see, _("Site"), search=("search_text__has",))

    class Meta:
        model = RiskPoint
        fields: tuple[str, ...] = ()


class RegisterFilters(filters.FilterSet):
    """Of registers."""

    q = Words(["site__search_text__has"], _("Site or unit"))
    region = filters.Region("region_path", permission=VIEW)
    colour = filters.Choice("colour", Colour.choices, _("Gravest"))
    overdue = filters.Flag(_("Review overdue"), lambda: Q(review_due__lt=clock.today()))
    incomplete = filters.Flag(_("Points not in force"), Q(points__gt=F("assessed")))
    failed = filters.Flag(_("Failed measures"), Q(failed__gt=0))
    review_due = filters.Days(_("Review due"))

    class Meta:
        model = Register
        fields: tuple[str, ...] = ()


def turned_to(*, graver: bool) -> Q:
    """The changes from one colour to a graver, or a milder, one."""
    found = Q(pk__in=[])
    for at, before in enumerate(ORDER):
        found |= Q(before=before.value, after__in=[c.value for c in (ORDER[:at] if graver else ORDER[at + 1 :])])
    return found


class ChangeFilters(filters.FilterSet):
    """Of changes of colour."""

    q = Words(["point__search_text__has"], _("Number, risk point, unit, initials"))
    region = filters.Region("region_path", permission=VIEW)
    after = filters.Choice("after", Colour.choices, _("Risk level"))
    why = filters.Choice("why", Why.choices, pgettext_lazy("colour", "Why"))
    recent = filters.Flag(_("Since the first of last month"), selectors.changed_since)
    graver = filters.Flag(_("Became graver"), turned_to(graver=True))
    milder = filters.Flag(_("Became milder"), turned_to(graver=False))
    on = filters.Days(_("Changed on"))

    class Meta:
        model = ColourChange
        fields: tuple[str, ...] = ()


class CheckFilters(filters.FilterSet):
    """Of checks."""

    q = Words(["point__search_text__has"], _("Number, risk point, unit, initials"))
    region = filters.Region("region_path", permission=VIEW)
    failed = filters.Flag(_("Found failed"), Q(effective=False))
    own = filters.Flag(_("Self-check"), Q(by_unit=True))
    at = filters.Days(_("Checked at"))

    class Meta:
        model = MeasureCheck
        fields: tuple[str, ...] = ()


class PlanFilters(filters.FilterSet):
    """Of floor plans."""

    q = Words(["site__search_text__has"], _("Site or unit"))
    region = filters.Region("region_path", permission=VIEW)

    class Meta:
        model = FloorPlan
        fields: tuple[str, ...] = ()


class AreaFilters(filters.FilterSet):
    """Of assessments of areas."""

    q = filters.Search(["subject", "assessed_by"], placeholder=_("What was assessed"))
    region = filters.Region("region_path", permission=MAP)
    colour = filters.Choice("colour", Colour.choices, _("Level found"))
    overdue = filters.Flag(_("Overdue"), lambda: Q(next_due__lt=clock.today()))

    class Meta:
        model = AreaAssessment
        fields: tuple[str, ...] = ()
