"""Screens of consignments, findings and police records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.chemicals import filters, forms, selectors, services
from anlan.modules.chemicals.models import Consignment, Finding, Movement, PoliceRecord
from anlan.modules.chemicals.tables import ConsignmentTable, FindingTable, MovementTable, PoliceTable
from anlan.modules.chemicals.views.stocks import of_unit
from anlan.modules.chemicals.workflow import KEEP, OPEN, POLICE, VIEW
from anlan.ui import formats, links
from anlan.ui.forms import Form
from anlan.ui.pages import ActPage, Empty, Export, Item, ListPage, RecordPage, Section, StepPage, Tab


def consignment_facts(paper: Consignment, actor: Actor) -> list[Item]:
    """Who sent what to whom."""
    return [
        Item(pgettext_lazy("chemicals", "Substance"), paper.substance.name,
             url=links.url_of("chemicals.substance", paper.substance_id)),
        Item(pgettext_lazy("consignment", "Purpose"), paper.get_purpose_display()),
        Item(_("Sender"), paper.from_site.unit.name),
        Item(_("Receiver"), paper.to_name),
        Item(_("Sent"), paper.sent_kg, unit=_("kg")),
        Item(pgettext_lazy("consignment", "Received"), paper.received_kg, unit=_("kg")),
        Item(_("Sent on"), paper.sent_on),
        Item(_("Expected by"), paper.due_on),
        Item(_("Received on"), paper.received_on),
        Item(pgettext_lazy("movement", "Lot"), paper.lot),
        Item(_("Carrier"), paper.carrier),
        Item(_("Number plate"), paper.plate),
        Item(_("Transport permit or filing"), paper.transport_no),
        Item(_("Transport permit valid until"), paper.transport_until),
    ]  # fmt: skip


def consignment_badges(paper: Consignment) -> list[tuple[Any, str]]:
    """That both sides differ."""
    return [(_("Sent and received differ"), "red")] if paper.differs else []


CONSIGNMENTS = ListPage(
    name="chemicals:consignments",
    path="consignments/",
    title=_("Consignments"),
    icon="truck",
    permission=VIEW,
    selector=selectors.consignments,
    table=ConsignmentTable,
    filters=filters.ConsignmentFilters,
    tabs=(
        Tab(_("On the road"), "state=under_way"), Tab(_("Sent and received differ"), "differ=on"), Tab(_("All"), ""),
    ),
    empty=Empty(_("No consignment"), _("Goods are sent from the page of a stock.")),
    export=Export(permission=VIEW, filename="chemicals-consignments"),
)  # fmt: skip
CONSIGNMENT_PAGE = RecordPage(
    name="chemicals:consignment",
    path="consignments/<int:pk>/",
    permission=VIEW,
    selector=selectors.consignments,
    title=lambda paper: paper.substance.name,
    number=lambda paper: paper.number,
    badges=consignment_badges,
    facts=consignment_facts,
    back="chemicals:consignments",
    sections=(
        Section(
            _("Movements"),
            table=MovementTable,
            icon="list-details",
            empty=_("None within your reach."),
            rows=lambda paper, actor: selectors.movements(actor).filter(consignment=paper).order_by("pk"),
            columns=("on", "kind", "substance", "kg", "unit", "corrects", "note"),
        ),
    ),
)
def named_so_far(movement: Movement, actor: Actor) -> dict[str, Any]:
    """What the consignment of a line names already."""
    paper = movement.consignment
    return {"transport_no": paper.transport_no, "transport_until": paper.transport_until} if paper else {}


NAME_TRANSPORT = ActPage(
    name="chemicals:name-transport", path="movements/<int:pk>/transport/", title=_("Name the transport permit"),
    act=services.name_transport, form=forms.TransportForm, selector=selectors.movements,
    initial=named_so_far,
    done=lambda paper: paper.get_absolute_url(),
    intro=_("The permit or filing the goods were sent with. One that was given only after they left does not count: "
            "explain the finding instead."),
)  # fmt: skip
RECEIVE = StepPage(
    name="chemicals:receive", path="consignments/<int:pk>/receive/", step="receive", act=services.receive_consignment,
    form=forms.ReceiveForm, selector=selectors.consignments, icon="truck-delivery",
    done=lambda movement: links.url_of(selectors.stock_of_movement(movement)),
    intro=_("Enter what your own scale says, not what the papers say."),
)  # fmt: skip


def finding_facts(finding: Finding, actor: Actor) -> list[Item]:
    """What does not add up."""
    stock, paper = finding.stock, finding.consignment
    return [
        Item(pgettext_lazy("finding", "Kind"), finding.get_kind_display()),
        Item(pgettext_lazy("finding", "Difference"), None if finding.other_id else finding.gap_kg, unit=_("kg"),
             help=told(finding)),
        *to_name(finding, actor),
        Item(_("Stock"), str(stock), url=links.url_of(stock)),
        *([Item(_("Beside"), finding.other.substance.name)] if finding.other else []),
        *([Item(_("Consignment"), paper.number, url=links.url_of("chemicals.consignment", paper.pk))] if paper else []),
        Item(_("These days"), " – ".join(dict.fromkeys(formats.day(on) for on in (finding.first, finding.last)))),
        *([Item(_("Explanation"), finding.explanation, kind="lines", wide=True)] if finding.explanation else []),
        *([Item(_("Opinion"), finding.opinion)] if finding.opinion else []),
        *of_unit(stock.place),
    ]


def to_name(finding: Finding, actor: Actor) -> list[Item]:
    """Where the sender names the permit that was left out, as long as it is asked for."""
    if finding.kind != "no_pass" or finding.state not in OPEN or not actor.may(KEEP, finding):
        return []
    sent = selectors.movements(actor).filter(consignment=finding.consignment_id, corrects=None, kg__lt=0).first()
    if sent is None:
        return []
    url = reverse("chemicals:name-transport", args=[sent.pk])
    return [Item(_("What to do"), _("Name the permit or filing it was sent with"), url=url)]


def told(finding: Finding) -> str:
    """The difference in words."""
    kg = {"kg": formats.number(abs(finding.gap_kg))}
    if finding.kind == "open_balance":
        missing = gettext("%(kg)s kg are missing") % kg
        return missing if finding.gap_kg > 0 else gettext("%(kg)s kg more than the ledger says") % kg
    if finding.kind == "mismatch":
        less = gettext("%(kg)s kg less arrived than were sent") % kg
        return less if finding.gap_kg > 0 else gettext("%(kg)s kg more arrived than were sent") % kg
    if finding.kind == "no_pass" and finding.consignment is not None:
        paper = finding.consignment
        if not paper.transport_no:
            return gettext("No transport permit or filing is named")
        if paper.transport_until is not None and paper.transport_until < paper.sent_on:
            return gettext("The transport permit was no longer valid on %(day)s") % {"day": formats.day(paper.sent_on)}
        return gettext("A transport permit of class I holds once; this one was used for another consignment")
    return ""


def causes(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """The movements that may have caused it."""
    if finding.kind not in ("open_balance", "mismatch"):
        return None
    rows = [
        {
            "movement": s.movement,
            "url": links.url_of(s.movement) if actor.may(VIEW, s.movement) else "",
            "why": gettext(s.why) % {"true": formats.number(s.true_kg)},
        }
        for s in selectors.suspects(finding)
    ]  # fmt: skip
    return {"rows": rows}


FINDINGS = ListPage(
    name="chemicals:findings",
    path="findings/",
    title=_("Findings in the chemicals ledger"),
    icon="alert-triangle",
    permission=VIEW,
    selector=selectors.findings,
    table=FindingTable,
    filters=filters.FindingFilters,
    tabs=(Tab(_("Not settled"), "waiting=on"), Tab(_("All"), "")),
    opens="waiting=on",
    empty=Empty(_("No finding"), _("Every stocktaking agreed with its ledger, and every receiver with his sender.")),
    export=Export(permission=VIEW, filename="chemicals-findings"),
)
FINDING_PAGE = RecordPage(
    name="chemicals:finding",
    path="findings/<int:pk>/",
    permission=VIEW,
    selector=selectors.findings,
    title=lambda finding: finding.get_kind_display(),
    subtitle=lambda finding: str(finding.stock),
    facts=finding_facts,
    back="chemicals:findings",
    sections=(
        Section(
            _("Movements that may have caused it"), template="chemicals/causes.html", context=causes, icon="search"
        ),
        Section(
            _("Movements of these days"), table=MovementTable, icon="list-details", most=50, empty=_("None."),
            rows=lambda finding, actor: selectors.movements(actor)
            .filter(
                place=finding.stock.place_id, substance=finding.stock.substance_id, on__gte=finding.first,
                on__lte=finding.last,
            )
            .order_by("-on", "-pk"),
            columns=("on", "kind", "kg", "lot", "counterpart", "note"),
        ),
    ),
)  # fmt: skip


def _step(code: str, act: Any, form: type[Form], icon: str) -> StepPage:
    return StepPage(
        name=f"chemicals:{code.replace('_', '-')}", path=f"findings/<int:pk>/{code.replace('_', '-')}/", step=code,
        act=act, form=form, selector=selectors.findings, icon=icon,
    )  # fmt: skip


FINDING_STEPS = (
    _step("explain", services.explain_finding, forms.ExplainForm, "message"),
    _step("accept", services.accept_explanation, forms.PerhapsOpinionForm, "check"),
    _step("send_back", services.send_back_explanation, forms.OpinionForm, "arrow-back-up"),
)


def police_facts(record: PoliceRecord, actor: Actor) -> list[Item]:
    """What was sold or bought, and what is written down of it."""
    movement = record.movement
    return [
        Item(pgettext_lazy("chemicals", "Substance"), movement.substance.name,
             url=links.url_of("chemicals.substance", movement.substance_id)),
        Item(pgettext_lazy("movement", "Kind"), movement.get_kind_display(), url=links.url_of(movement)),
        Item(_("Reported as"), record.get_regime_display()),
        Item(pgettext_lazy("movement", "Quantity"), selectors.net_kg(movement), unit=_("kg")),
        Item(_("Quantity reported"), record.reported_kg, unit=_("kg")),
        Item(pgettext_lazy("movement", "Day"), movement.on),
        Item(_("Other side"), record.counterpart),
        Item(_("Address of the other side"), record.address),
        Item(_("Handled by"), record.handler),
        Item(_("Use"), record.used_for),
        Item(_("Licence or proof of lawful use"), record.permit_no),
        Item(_("Report by"), record.due_on, help=record.basis),
        Item(_("Reported on"), record.reported_on),
        Item(_("Receipt number"), record.receipt_no),
        Item(_("Keep the record until"), record.keep_until),
        *of_unit(movement.place),
    ]  # fmt: skip


POLICE_RECORDS = ListPage(
    name="chemicals:police",
    path="police/",
    title=_("Records for the police"),
    icon="shield",
    permission=VIEW,
    selector=selectors.police_records,
    table=PoliceTable,
    filters=filters.PoliceFilters,
    tabs=(
        Tab(_(POLICE.state("due").label), "state=due"), Tab(_("Too late"), "late=on"), Tab(_("All"), ""),
    ),
    lead=_("Trade in what is marked highly toxic or a precursor of explosives; sales of precursors of drugs"),
    empty=Empty(_("No record"), _("Records come by themselves with each sale or purchase of a marked substance.")),
    export=Export(permission=VIEW, filename="chemicals-police"),
)  # fmt: skip
POLICE_PAGE = RecordPage(
    name="chemicals:police-record",
    path="police/<int:pk>/",
    permission=VIEW,
    selector=selectors.police_records,
    title=lambda record: record.movement.substance.name,
    subtitle=lambda record: record.counterpart,
    facts=police_facts,
    back="chemicals:police",
)
REPORT = StepPage(
    name="chemicals:report", path="police/<int:pk>/report/", step="report", act=services.report_police,
    form=forms.PoliceForm, selector=selectors.police_records, icon="shield-check",
    initial=lambda record, actor: {"address": record.address, "handler": record.handler, "used_for": record.used_for,
                                   "permit_no": record.permit_no},
)  # fmt: skip
