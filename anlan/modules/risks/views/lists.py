"""Registers of sites, changes of colour, checks, assessments of areas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.hazards.public import HAZARD
from anlan.modules.registry.public import SITE
from anlan.modules.risks import filters, forms, selectors, services
from anlan.modules.risks.models import MeasureCheck
from anlan.modules.risks.tables import TONES, AreaTable, ChangeTable, CheckTable, PointTable, RegisterTable
from anlan.modules.risks.views.points import ADD, level
from anlan.modules.risks.workflow import AREA as MAY_AREA
from anlan.modules.risks.workflow import MAP, VIEW
from anlan.ui import links
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, Tab

MAP_ACTION = Action(_("Four-colour map"), "risks:map", icon="map-2", permission=MAP)
REGISTERS = ListPage(
    name="risks:registers", path="registers/", title=_("Risk registers"), icon="list-check", permission=VIEW,
    selector=selectors.registers, table=RegisterTable, filters=filters.RegisterFilters,
    lead=_("One for each site: how many points, how many in force, when they are reviewed"),
    tabs=(
        Tab(_("All"), ""),
        Tab(_("Review overdue"), "overdue=on"),
        Tab(_("Points not in force"), "incomplete=on"),
        Tab(_("Failed measures"), "failed=on"),
    ),
    actions=(MAP_ACTION, Action(_("Rates of dual prevention"), "risks:rates", icon="chart-pie", permission=VIEW)),
    empty=Empty(_("No risk register"), _("A register begins with the first risk point of a site."), ADD),
    export=Export(permission=VIEW, filename="risk-registers"),
)  # fmt: skip
REGISTER = RecordPage(
    name="risks:register", path="registers/<int:pk>/", permission=VIEW, selector=selectors.registers,
    title=lambda r: r.site.name, subtitle=lambda r: r.site.unit.name, back="risks:registers", timeline=False,
    badges=lambda r: [(level(r.colour), TONES[r.colour])],
    facts=lambda r, actor: [
        Item(_("Site"), r.site.name, url=links.url_of(SITE, r.site_id)),
        Item(_("Region"), r.region_path, kind="region"),
        Item(_("Risk points"), r.points),
        Item(_("Points in force"), r.assessed),
        Item(_("Failed measures"), r.failed),
        Item(_("Review due"), r.review_due, kind="due" if r.review_due else ""),
        Item(_("Dual prevention"), _("Built") if r.complete else _("Not complete"),
             help=_("Every risk point has an assessment in force.")),
    ],
    sections=(
        Section(
            _("Risk points"), table=PointTable, icon="map-pins", most=100,
            rows=lambda r, actor: selectors.points_of_site(actor, r.site_id),
            columns=("name", "kind", "shown", "state", "control_level", "responsible", "assessed_on"), actions=(ADD,),
            empty=_("No risk point is on the register."),
        ),
    ),
)  # fmt: skip
CHANGES = ListPage(
    name="risks:changes", path="changes/", title=_("Changes of colour"), icon="history", permission=VIEW,
    selector=selectors.changes, table=ChangeTable, filters=filters.ChangeFilters,
    lead=_("Which risk points became graver or milder, when, and why"),
    tabs=(
        Tab(_("Since the first of last month"), "recent=on"),
        Tab(_("Became major"), "after=red"),
        Tab(_("Hazards came back"), "why=repeated"),
        Tab(_("All"), ""),
    ),
    opens="recent=on", actions=(MAP_ACTION,),
    empty=Empty(_("No change"), _("No risk point changed its colour in this time."), MAP_ACTION, icon="history"),
    export=Export(permission=VIEW, filename="risk-changes"),
)  # fmt: skip
CHECKS = ListPage(
    name="risks:checks", path="checks/", title=_("Checks of measures"), icon="clipboard-check", permission=VIEW,
    selector=selectors.checks, table=CheckTable, filters=filters.CheckFilters,
    tabs=(Tab(_("All"), ""), Tab(_("Found failed"), "failed=on"), Tab(_("Self-check"), "own=on")),
    empty=Empty(_("No check"), _("Measures are checked on the page of their risk point."), icon="clipboard-check"),
    export=Export(permission=VIEW, filename="measure-checks"),
)  # fmt: skip


def check_facts(check: MeasureCheck, actor: Actor) -> list[Item]:
    """What was seen."""
    return [
        Item(_("Risk point"), str(check.point), url=links.url_of(check.point)),
        Item(_("Measure"), check.measure.text, wide=True),
        Item(_("Effective"), check.effective),
        Item(_("What was found"), check.note, kind="lines", wide=True),
        Item(_("Checked by"), check.by_name),
        Item(_("Checked at"), check.at),
        Item(_("Self-check"), check.by_unit),
        Item(_("Hazard"), check.hazard.number if check.hazard else "",
             url=links.url_of(HAZARD, check.hazard_id) if check.hazard_id else ""),
    ]  # fmt: skip


CHECK_PAGE = RecordPage(
    name="risks:measure-check", path="checks/<int:pk>/", permission=VIEW, selector=selectors.checks,
    title=lambda c: c.measure.text, subtitle=lambda c: c.point.name, back="risks:checks", facts=check_facts,
    badges=lambda c: [(_("Effective"), "green") if c.effective else (_("Failed"), "red")],
    files=(("photo", _("Photos")),), timeline=False, deadlines=False,
)  # fmt: skip
NEW_AREA = Action(_("Enter an area assessment"), "risks:area-new", icon="plus", permission=MAY_AREA, tone="primary")
AREAS = ListPage(
    name="risks:areas", path="areas/", title=_("Area assessments"), icon="map-2", permission=MAP,
    selector=selectors.area_assessments, table=AreaTable, filters=filters.AreaFilters,
    lead=_("The assessments of key areas and facilities by their governments, and when the next is due"),
    actions=(NEW_AREA, MAP_ACTION),
    empty=Empty(_("No area was assessed"), _("An office enters the assessment of its area with the report."), NEW_AREA),
    export=Export(permission=MAP, filename="area-assessments"),
)  # fmt: skip
AREA_PAGE = RecordPage(
    name="risks:area", path="areas/<int:pk>/", permission=MAP, selector=selectors.area_assessments,
    title=lambda a: a.subject, subtitle=lambda a: a.region.name, back="risks:areas",
    badges=lambda a: [(level(a.colour), TONES[a.colour])],
    facts=lambda a, actor: [
        Item(_("Region"), a.region_path, kind="region"),
        Item(_("Assessed on"), a.assessed_on),
        Item(_("Assessed by"), a.assessed_by),
        Item(_("Next due"), a.next_due),
        Item(_("Conclusion"), a.conclusion, kind="lines", wide=True),
    ],
    files=(("report", pgettext_lazy("area", "Report")),),
)  # fmt: skip
AREA_FORM = ActPage(
    name="risks:area-new", path="areas/new/", title=_("Enter an area assessment"), act=services.record_area_assessment,
    form=forms.AreaForm, submit=_("Hand in"), cancel="risks:areas",
)  # fmt: skip
