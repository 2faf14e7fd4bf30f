"""How hazards look in lists, in panels and in ledgers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.modules.hazards.choices import GROUP_LABELS, Grade, ListingLevel
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.rows import CATEGORIES
from anlan.modules.hazards.workflow import DUES, HAZARD, LISTING
from anlan.ui import links, tables

GRADE_COLOURS = {"major": "red", "general": "blue", "": "grey"}
LISTING_COLOURS = {"town": "yellow", "county": "orange", "city": "red"}
LEVELS = [
    ("town", pgettext_lazy("listed by", "Town")),
    ("county", pgettext_lazy("listed by", "County")),
    ("city", pgettext_lazy("listed by", "City")),
]
GROUPS = {c.code: c.group for c in CATEGORIES}


class GradeColumn(tables.ChoiceColumn):
    """The grade decided; "to be assessed" until then."""

    def __init__(self) -> None:
        super().__init__(
            _("Grade"), colours=GRADE_COLOURS, choices=[("", _("Not assessed")), *Grade.choices], empty_values=()
        )


class WaitsForColumn(tables.Column):
    """What is due next."""

    def render(self, value: Any) -> Any:
        return gettext(DUES[value].label) if value in DUES else value

    def ledger(self, record: Any, value: Any) -> Any:
        return gettext(DUES[value].label) if value in DUES else None


class HazardTable(tables.Table):
    """The list: the number stands under the name, the town under the unit."""

    title = tables.LinkColumn(_("Hazard"), lead=True, beneath=lambda h: h.number)
    unit = tables.PlacedColumn(_("Unit"), accessor="site__unit__name", order_by="site__unit__name")
    grade = GradeColumn()
    state = tables.StateColumn(HAZARD)
    due_at = tables.DueColumn(_("Due"), done="closed_at")
    listing_level = tables.ChoiceColumn(_("Listed by"), colours=LISTING_COLOURS, choices=LEVELS)
    found_on = tables.DayColumn(_("Found on"))

    class Meta(tables.Table.Meta):
        model = Hazard
        order_by = "-found_on"


class GroupColumn(tables.Column):
    """People, things, surroundings or management."""

    def __init__(self) -> None:
        super().__init__(_("Group"), accessor="category", orderable=False)

    def ledger(self, record: Any, value: Any) -> Any:
        return str(GROUP_LABELS[GROUPS.get(value, "management")])


class LedgerTable(tables.Table):
    """The ledger (隐患排查治理台账) as it is taken away: every column an office files."""

    number = tables.Column(_("Number"), width=22)
    unit = tables.Column(_("Unit"), accessor="site__unit__name", width=30)
    uscc = tables.Column(_("Unified social credit code"), accessor="site__unit__uscc", width=22)
    site = tables.Column(_("Site"), accessor="site__name", width=20)
    region_path = tables.RegionColumn(_("Place"))
    owner_path = tables.RegionColumn(_("On the desk of"))
    source = tables.ChoiceColumn(_("Source"))
    found_on = tables.DayColumn(_("Found on"), width=12)
    found_by = tables.Column(_("Found by"), width=12)
    category = tables.ChoiceColumn(_("Category"))
    group = GroupColumn()
    title = tables.TextColumn(_("Name of the hazard"))
    description = tables.TextColumn(_("Description"))
    place = tables.Column(_("Place on the site"))
    grade = GradeColumn()
    clause = tables.TextColumn(_("Clause"))
    state = tables.StateColumn(HAZARD)
    rectify_due = tables.DayColumn(_("Time limit"), width=12)
    rectify_basis = tables.TextColumn(_("Basis of the time limit"))
    due_kind = WaitsForColumn(_("What is due"))
    due_at = tables.DayColumn(_("Due"), width=12)
    responsible = tables.Column(_("Person in charge of rectification"))
    requirements = tables.TextColumn(_("Requirements"))
    measures = tables.TextColumn(_("Measures taken"))
    money_needed_yuan = tables.NumberColumn(_("Money needed (yuan)"), places=2)
    money_spent_yuan = tables.NumberColumn(_("Money spent (yuan)"), places=2)
    rectified_on = tables.DayColumn(_("Rectified on"), width=12)
    closed_at = tables.DayColumn(_("Closed on"), width=12)
    listing_level = tables.ChoiceColumn(_("Supervision list"), choices=ListingLevel.choices)
    extended = tables.NumberColumn(_("Extensions"))
    returned = tables.NumberColumn(_("Returns"))
    reopened = tables.NumberColumn(_("Reopened"))

    class Meta(tables.Table.Meta):
        model = Hazard


class LeaderColumn(tables.Column):
    """Who answers for a listing, with the post beneath."""

    def render(self, value: Any, record: Any) -> Any:
        return tables.two_lines(value, record.leader_title)


class ListingTable(tables.Table):
    """The supervision list on the screen: what, whose, by when, who answers. The rest is in the ledger."""

    hazard = tables.LinkColumn(
        _("Hazard"), accessor="hazard__title", lead=True, to=lambda row: links.url_of(row.hazard),
        beneath=lambda row: row.number,
    )  # fmt: skip
    unit = tables.PlacedColumn(_("Unit"), accessor="hazard__site__unit__name", order_by="hazard__site__unit__name")
    level = tables.ChoiceColumn(_("Level"), colours=LISTING_COLOURS, choices=LEVELS)
    leader = LeaderColumn(_("Responsible leader"), accessor="leader_name")
    due_on = tables.DueColumn(_("Time limit"), done="ended_at")
    state = tables.StateColumn(LISTING)
    hazard_state = tables.StateColumn(HAZARD, _("State of the hazard"), accessor="hazard__state")

    class Meta(tables.Table.Meta):
        model = Listing
        order_by = "due_on"


class ListingLedger(tables.Table):
    """The supervision list (挂牌督办台账) as it is taken away: every column an office files."""

    number = tables.LinkColumn(_("List number"), lead=True, width=20)
    hazard = tables.Column(_("Hazard"), accessor="hazard__title", width=40)
    unit = tables.Column(_("Unit"), accessor="hazard__site__unit__name", order_by="hazard__site__unit__name", width=30)
    region_path = tables.RegionColumn(_("Place"))
    level = tables.ChoiceColumn(_("Level"), colours=LISTING_COLOURS)
    leader = tables.Column(_("Responsible leader"), accessor="leader_name")
    leader_title = tables.Column(_("Leader's post"))
    leader_phone = tables.Column(_("Office telephone"))
    due_on = tables.DueColumn(_("Time limit"), done="ended_at")
    state = tables.StateColumn(LISTING)
    hazard_state = tables.StateColumn(HAZARD, _("State of the hazard"), accessor="hazard__state")
    money = tables.NumberColumn(_("Money needed (yuan)"), accessor="hazard__money_needed_yuan", places=2)
    listed_at = tables.DayColumn(_("Listed on"))
    ended_at = tables.DayColumn(_("Removed on"))

    class Meta(tables.Table.Meta):
        model = Listing
        order_by = "due_on"
