"""The list, the record, entering, papers."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.modules.hazards import documents, forms, selectors, services
from anlan.modules.hazards.choices import GROUP_LABELS, Grade, Purpose
from anlan.modules.hazards.filters import HazardFilters, ListingFilters
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.tables import (
    GRADE_COLOURS,
    GROUPS,
    LISTING_COLOURS,
    HazardTable,
    LedgerTable,
    ListingLedger,
    ListingTable,
)
from anlan.modules.hazards.workflow import BEHALF
from anlan.modules.registry.public import SITE, sectors
from anlan.rules.hazard_grade import PLAN_ITEMS, SETTLED_ITEMS
from anlan.rules.hazard_list import Clause
from anlan.rules.wording import in_language
from anlan.ui import formats, links
from anlan.ui.pages import (
    Action,
    ActPage,
    BulkAct,
    CustomPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
    actor_of,
    steps,
)
from anlan.ui.tables import badge

GENERAL_LINE = ("registered", "rectifying", "in_review", "accepted", "closed")
IN_FORCE = "state=listed&state=delisting_requested"
TO_RECTIFY = ("planning", "plan_review", "rectifying")
MAJOR_LINE = ("registered", "planning", "plan_review", "rectifying", "in_review", "accepted", "closed")
REPORT = Action(_("Report a hazard"), "hazards:report", icon="plus", permission="hazards.report", tone="primary")
FIND = Action(_("Register a finding"), "hazards:find", icon="plus", permission="hazards.find", tone="primary")
TAKE_IN = Action(_("Take in a ledger"), "/ui/intake/hazards/new/", icon="file-import", permission="hazards.intake")


@dataclass(kw_only=True, eq=False)
class LedgerList(ListPage):
    """A list whose workbook carries the columns of an office's ledger, not those of the screen."""

    ledger: type

    def download(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """The filtered rows as the ledger."""
        page = copy.copy(self)
        page.table = self.ledger
        return ListPage.download(page, request, **kwargs)


class HazardPage(RecordPage):
    """The record; its steps bar follows the grade: only a major hazard has a plan."""

    def line_of(self, record: Any) -> tuple[str, ...]:
        return MAJOR_LINE if record.grade == Grade.MAJOR else GENERAL_LINE


# What the record page says


def badges(h: Hazard) -> list[tuple[Any, str]]:
    """Grade, list, repeat, reopened."""
    told: list[tuple[Any, str]] = [(h.get_grade_display(), GRADE_COLOURS[h.grade])] if h.grade else []
    if h.listing_level:
        told.append((h.get_listing_level_display(), LISTING_COLOURS[h.listing_level]))
    if h.repeat_of_id:
        told.append((_("Repeat"), "orange"))
    if h.reopened:
        told.append((_("Reopened"), "orange"))
    return told


def _category(h: Hazard) -> str:
    """The category and the group it belongs to."""
    told = {"category": h.get_category_display(), "group": GROUP_LABELS[GROUPS[h.category]]}
    return gettext("%(category)s (%(group)s)") % told


def facts(h: Hazard, actor: Actor) -> list[Item]:
    """Who, where, when, until when, on whose desk."""
    lines = dict(sectors())
    unit = h.site.unit
    counts = h.state in TO_RECTIFY
    return [
        Item(_("Unit"), unit.name, url=links.url_of("registry.unit", unit.pk)),
        Item(_("Site"), h.site.name, url=links.url_of(SITE, h.site_id)),
        Item(_("Place"), h.region_path, kind="region"),
        Item(_("Place on the site"), h.place),
        Item(_("On the desk of"), h.owner_path, kind="region", help=lines.get(h.owner_sector, "")),
        Item(_("Category"), _category(h)),
        Item(_("Source"), h.get_source_display()),
        Item(_("Found on"), h.found_on),
        Item(_("Found by"), h.found_by),
        Item(_("Time limit"), h.rectify_due, kind="due" if counts and h.rectify_due else "", help=h.rectify_basis),
        Item(_("Person in charge of rectification"), h.responsible or h.settled.get("responsibility", "")),
        Item(_("Order"), h.order_number, help=h.ordered_due and gettext("by %(day)s") % {"day": h.ordered_due}),
    ]


def description(h: Hazard, actor: Actor) -> list[Item]:
    """What is wrong."""
    told = [Item(_("Description"), h.description, kind="lines", wide=True)]
    if h.proposed_measures:
        told.append(Item(_("Proposed measures"), h.proposed_measures, kind="lines", wide=True))
    if h.requirements:
        told.append(Item(_("Requirements"), h.requirements, kind="lines", wide=True))
    if h.proposed_grade and not h.grade:
        told.append(Item(_("Proposed grade"), h.get_proposed_grade_display()))
    if h.proposed_due and not h.rectify_due:
        told.append(Item(_("Proposed time limit"), h.proposed_due))
    if h.repeat_of_id:
        told.append(Item(_("Repeats"), str(h.repeat_of), url=links.url_of("hazards.hazard", h.repeat_of_id)))
    if h.merged_into_id:
        told.append(Item(_("Merged into"), str(h.merged_into), url=links.url_of("hazards.hazard", h.merged_into_id)))
    return told


def assessment(h: Hazard, actor: Actor) -> list[Item] | None:
    """The grade with what it rests on; before it, the clauses the lists propose."""
    if h.grade:
        return [
            Item(_("Grade"), h.get_grade_display(), kind="badge", tone=GRADE_COLOURS[h.grade]),
            Item(_("Grounds of the grade"), h.judgement, kind="lines", wide=True),
            *([Item(_("Clause"), clause_shown(h, actor), kind="html", wide=True)] if h.clause else []),
        ]
    if h.state != "registered" or not actor.may("hazards.grade", h):
        return None
    proposed = selectors.proposals(h)
    if not proposed:
        return [Item(_("Statutory lists"), _("No clause in force shares words with this description."), wide=True)]
    return [
        Item(
            p.clause.printed, own_words(p.clause, actor), kind="html", wide=True,
            url=links.clause_url(p.clause.citation),
            help=gettext("%(list)s. Shared words: %(words)s. A person decides.")
            % {"list": p.clause.edition.citation(), "words": "、".join(p.words)},
        )
        for p in proposed
    ]  # fmt: skip


def own_words(clause: Clause, actor: Actor) -> SafeString:
    """Our short title of a clause, marked as ours and kept off paper."""
    said = in_language(clause.title, formats.spoken())
    return format_html('<span class="no-print">{} {}</span>', said, badge(gettext("In our own words"), "grey"))


def clause_shown(h: Hazard, actor: Actor) -> SafeString:
    """The clause a person chose: its place, leading to the edition of its day, and our short title beside it."""
    clause = selectors.chosen_clause(h)
    if clause is None:
        return format_html("{}", h.clause)
    address = links.clause_url(clause.citation)
    place = format_html('<a href="{}">{}</a>', address, clause.citation) if address else str(clause.citation)
    return format_html("{} {}", place, own_words(clause, actor))


def plan(h: Hazard, actor: Actor) -> list[Item] | None:
    """The five settled items, the plan, the reports and the evaluation of a major hazard."""
    if h.grade != Grade.MAJOR:
        return None
    told = [
        Item(in_language(item.label, formats.spoken()), given.get(item.code, ""), wide=True)
        for items, given in ((SETTLED_ITEMS, h.settled), (PLAN_ITEMS, h.plan))
        for item in items
        if given
    ]
    return [
        *told,
        Item(_("To be finished by"), h.plan_due),
        Item(_("Plan approved"), h.plan_approved_at),
        Item(_("Money needed"), h.money_needed_yuan, kind="money"),
        Item(_("Reported to the regulator"), h.reported_regulator_on),
        Item(_("Reported to the workers' congress"), h.reported_workers_on),
        Item(_("Evaluated on"), h.evaluated_on, help=h.evaluated_by),
        *([Item(_("Result of the evaluation"), h.evaluation, kind="lines", wide=True)] if h.evaluation else []),
    ]


def rectification(h: Hazard, actor: Actor) -> list[Item] | None:
    """What was done."""
    if not h.measures:
        return None
    return [
        Item(_("Measures taken"), h.measures, kind="lines", wide=True),
        Item(_("Rectified on"), h.rectified_on),
        Item(_("Money spent"), h.money_spent_yuan, kind="money"),
        Item(_("Accepted"), h.accepted_at),
        Item(_("Closed on"), h.closed_at),
        Item(_("Looked at again"), h.rechecked_on),
    ]


def beside(h: Hazard, actor: Actor) -> dict[str, Any] | None:
    """Transfers, listings, instructions, extensions, each with the steps open to this reader."""
    told = selectors.companions(actor, h)
    labels = {
        "listings": _("Supervision list"), "instructions": _("Leaders' instructions"), "transfers": _("Transfers"),
        "extensions": _("Extensions of time"),
    }  # fmt: skip
    groups = [
        {
            "title": labels[name],
            "rows": [{"row": row, "kind": name, "steps": _steps_of(row, actor)} for row in told[name]],
        }
        for name in labels
        if told[name]
    ]
    return {"groups": groups}


def _steps_of(companion: Any, actor: Actor) -> list[dict[str, Any]]:
    from anlan.ui.pages.records import STEP_PAGES

    offered = []
    for step in steps.open_steps(companion, actor):
        page = STEP_PAGES.get((companion._meta.label_lower, step.code))
        if page is not None:
            offered.append({"url": page.address(companion), "label": page.heading(companion)})
    return offered


def banner(h: Hazard, actor: Actor) -> dict[str, Any]:
    """The listing in force, the pending offer, the withdrawal proposed."""
    listing = selectors.current_listing(actor, h) if h.listing_level else None
    return {"listing": listing, "offered": h.offered_path, "today": clock.today()}


def is_open(h: Hazard, actor: Actor) -> bool:
    """Whether the record is open."""
    return h.is_open


def is_under_way(h: Hazard, actor: Actor) -> bool:
    """Whether it is assessed and not settled."""
    return selectors.is_under_way(h.state)


def mine(permission: str, *, when: Any = is_open) -> Any:
    """Whether the record is on the actor's desk, for an action that is no step."""
    return lambda h, actor: bool(when(h, actor)) and h.on_desk_of(actor, (permission,))


SECTIONS = (
    Section(
        _("What is wrong"), items=description, icon="alert-triangle",
        actions=(
            Action(_("Correct"), "hazards:correct", icon="pencil", dialog=True,
                   permission=("hazards.report", "hazards.find"),
                   when=lambda h, actor: h.state in ("registered", "returned_report")),
            Action(_("Add files"), "hazards:add-files", icon="camera-plus", dialog=True, when=is_open,
                   permission=("hazards.report", "hazards.find", "hazards.rectify", "hazards.plan", "hazards.review")),
        ),
    ),
    Section(_("Assessment"), items=assessment, icon="scale"),
    Section(
        _("Treatment of the major hazard"), items=plan, icon="clipboard-text",
        actions=(
            Action(_("Note a report"), "hazards:report-major", icon="speakerphone", dialog=True,
                   permission=("hazards.plan", BEHALF, "hazards.grade"), when=is_under_way),
            Action(_("Record the evaluation"), "hazards:evaluate", icon="report", dialog=True,
                   permission=("hazards.plan", BEHALF, "hazards.review"), when=is_under_way),
        ),
    ),
    Section(_("Rectification"), items=rectification, icon="tools"),
    Section(
        _("Supervision, instructions, transfers"), template="hazards/beside.html", context=beside, icon="flag",
        actions=(
            Action(_("List for supervision"), "hazards:list-for-supervision", icon="flag", dialog=True,
                   permission="hazards.supervise", when=is_under_way),
            Action(_("Ask to list"), "hazards:request-listing", icon="flag-exclamation", dialog=True,
                   permission=("hazards.supervise", "hazards.grade"), when=is_under_way),
            Action(_("Instruct"), "hazards:instruct", icon="writing-sign", dialog=True, permission="hazards.instruct"),
            Action(_("Transfer"), "hazards:offer", icon="transfer", dialog=True, permission="hazards.transfer",
                   when=mine("hazards.transfer", when=lambda h, actor: h.is_open and not h.offered_path)),
            Action(_("More time"), "hazards:ask-extension", icon="calendar-time", dialog=True,
                   permission=("hazards.rectify", BEHALF), when=lambda h, actor: h.state == "rectifying"),
        ),
    ),
)  # fmt: skip

LIST = LedgerList(
    name="hazards:list", path="", title=pgettext_lazy("menu", "Hazards"), icon="alert-triangle",
    permission="hazards.view", selector=selectors.hazards, table=HazardTable, ledger=LedgerTable, filters=HazardFilters,
    lead=_("Everything found in your jurisdiction, or on your desk"),
    tabs=(
        Tab(_("All open"), "state=open"),
        Tab(_("Overdue"), "overdue=on"),
        Tab(_("Open major"), "state=open&grade=major"),
        Tab(_("To be assessed"), "state=registered"),
        Tab(_("To be reviewed"), "state=in_review"),
        Tab(_("All"), ""),
    ),
    empty=Empty(_("No hazards"), _("Nothing here matches. Report the first one, or take in a ledger."), FIND),
    actions=(REPORT, FIND, TAKE_IN),
    opens="state=open",
    bulk=(
        BulkAct("assess", _("Assess as general"), services.assess_general, form=forms.AssessGeneralForm, icon="scale"),
        BulkAct("order", _("Order rectification"), services.order_rectification, form=forms.OrderForm, icon="gavel"),
        BulkAct("urge", _("Urge"), services.urge_hazard, form=forms.UrgeForm, icon="bell-ringing"),
        BulkAct("transfer", _("Transfer"), services.offer_transfer, form=forms.TransferForm, icon="transfer"),
        BulkAct("accept", _("Accept"), services.accept_rectification, form=forms.OpinionForm, icon="circle-check"),
        BulkAct("close", _("Strike off the ledger"), services.close_hazard, form=forms.PerhapsOpinionForm, icon="lock"),
    ),
    export=Export(permission="hazards.export"),
)  # fmt: skip

RECORD = HazardPage(
    name="hazards:record", path="<int:pk>/", permission="hazards.view", selector=selectors.hazards,
    title=lambda h: h.title, number=lambda h: h.number, subtitle=lambda h: h.site.unit.name, badges=badges, facts=facts,
    back="hazards:list", line=MAJOR_LINE, sections=SECTIONS,
    files=tuple((purpose.value, purpose.label) for purpose in Purpose),
    map=lambda h: (h.lon, h.lat), above="hazards/banner.html", context=banner,
    actions=(
        Action(_("Urge"), "hazards:urge", icon="bell-ringing", permission="deadlines.urge", dialog=True, when=is_open,
               aside=True),
        Action(_("Notice"), "hazards:notice", icon="file-type-pdf", when=lambda h, actor: bool(h.ordered_due)),
        Action(_("Record sheet"), "hazards:sheet", icon="file-type-pdf", aside=True),
    ),
)  # fmt: skip

LISTINGS = LedgerList(
    name="hazards:listings", path="listings/", title=_("Supervision list"), icon="flag", permission="hazards.view",
    selector=selectors.listings, table=ListingTable, ledger=ListingLedger, filters=ListingFilters,
    lead=_("Hazards listed for supervision by town, county and city, soonest due first"),
    tabs=(Tab(pgettext_lazy("supervision", "In force"), IN_FORCE), Tab(_("Overdue"), "overdue=on"),
          Tab(_("Asked for"), "state=requested"), Tab(_("All"), "")),
    opens=IN_FORCE,
    empty=Empty(_("No hazard is listed"), _("A hazard is listed for supervision from its record page."),
                Action(pgettext_lazy("menu", "Hazards"), "hazards:list", icon="alert-triangle"), icon="flag"),
    export=Export(permission="hazards.export"),
)  # fmt: skip


def _only_site(actor: Actor) -> dict[str, Any]:
    """The site, when the reader has but one to report on."""
    rows = list(selectors.sites_for_filter(actor)[:2])
    told: dict[str, Any] = {"site": rows[0].pk} if len(rows) == 1 else {}
    return {**told, "found_on": clock.today(), "category": "other"}


REPORT_PAGE = ActPage(
    name="hazards:report", path="report/", act=services.report_hazard, form=forms.ReportForm, initial=_only_site,
    title=_("Report a hazard"), icon="plus", submit=_("Report"), message=_("The hazard was reported."),
    cancel="hazards:list",
)  # fmt: skip
FIND_PAGE = ActPage(
    name="hazards:find", path="find/", act=services.find_hazard, form=forms.FindForm, initial=_only_site,
    title=_("Register a finding"), icon="plus", submit=_("Register"), message=_("The hazard was registered."),
    cancel="hazards:list",
)  # fmt: skip


def _paper(make: Any) -> Any:
    """A view that answers with a paper as PDF."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        name, content = make(actor_of(request), pk)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    return view


NOTICE = CustomPage(
    name="hazards:notice", path="<int:pk>/notice.pdf", title=_("Rectification notice"), permission="hazards.view",
    view=_paper(documents.notice_pdf), shape="file", model=Hazard, is_object=True,
)  # fmt: skip
SHEET = CustomPage(
    name="hazards:sheet", path="<int:pk>/sheet.pdf", title=_("Record sheet"), permission="hazards.view",
    view=_paper(documents.record_pdf), shape="file", model=Hazard, is_object=True,
)  # fmt: skip


def _to_hazard(selector: Any) -> Any:
    """A view that leads from a companion to the hazard it is about."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        found = selector(actor_of(request)).filter(pk=pk).first()
        if found is None:
            raise NotFound
        return HttpResponseRedirect(found.get_absolute_url())

    return view


COMPANIONS = tuple(
    CustomPage(
        name=f"hazards:{name}", path=f"{name}s/<int:pk>/", title=model._meta.verbose_name, permission="hazards.view",
        view=_to_hazard(selector), shape="record", model=model, is_object=True,
    )
    for name, model, selector in (
        ("transfer", Transfer, selectors.transfers),
        ("listing", Listing, selectors.listings),
        ("instruction", Instruction, selectors.instructions),
        ("extension", Extension, selectors.extensions),
    )
)  # fmt: skip
