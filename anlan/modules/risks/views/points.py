"""The list of risk points, the record with its working, and the forms of its steps."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.risks import filters, forms, selectors, services
from anlan.modules.risks.choices import Colour, MeasureKind, Method
from anlan.modules.risks.models import Assessment, RiskPoint
from anlan.modules.risks.tables import (
    TONES,
    AssessmentTable,
    ChangeTable,
    CheckTable,
    PointLedger,
    PointTable,
    TieTable,
)
from anlan.modules.risks.workflow import CHECK as MAY_CHECK
from anlan.modules.risks.workflow import EDITABLE, KEEP, VIEW
from anlan.modules.statutes.public import rerun
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    StepPage,
    Tab,
)

ADD = Action(_("Register a risk point"), "risks:new", icon="plus", permission=KEEP, tone="primary")
LINE = ("draft", "assessed", "in_force")


@dataclass(kw_only=True, eq=False)
class LedgerList(ListPage):
    """A list whose workbook carries the columns of the risk ledger, not those of the screen."""

    ledger: type

    def download(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """The filtered rows as the ledger."""
        page = copy.copy(self)
        page.table = self.ledger
        return ListPage.download(page, request, **kwargs)


def level(colour: str) -> str:
    """A colour's level in the reader's language."""
    return str(Colour(colour).label) if colour else gettext("Not assessed")


def said(steps: list[list[str]]) -> list[str]:
    """The steps of a kept finding in the reader's language."""
    which = 1 if (get_language() or "zh").startswith("zh") else 0
    return [step[which] for step in steps]


def why(title: Any, kept: dict[str, Any], path: str) -> dict[str, Any]:
    """A kept finding for its fold: its working, its clauses, and itself run again as of its day, in a region."""
    again = rerun(kept["rule"], kept["inputs"], dt.date.fromisoformat(kept["on"]), path=path)
    return {"title": title, "steps": said(kept["steps"]), "clauses": kept["clauses"], "again": again}


def badges(point: RiskPoint) -> list[tuple[Any, str]]:
    """The colour shown, and that hazards raised it."""
    told: list[tuple[Any, str]] = [(level(point.shown), TONES[point.shown])]
    if point.raised:
        told.append((_("Raised by hazards"), "red"))
    return told


def facts(point: RiskPoint, actor: Actor) -> list[Item]:
    """What, where, how grave, who controls it."""
    zone = selectors.zones(actor).filter(point=point).first()
    return [
        Item(_("Unit"), point.site.unit.name, url=links.url_of(UNIT, point.site.unit_id)),
        Item(_("Site"), point.site.name, url=links.url_of(SITE, point.site_id)),
        Item(_("Region"), point.region_path, kind="region"),
        Item(_("Kind"), point.get_kind_display()),
        Item(_("Where on the site"), point.place),
        Item(_("Identified by"), point.get_identification_display()),
        Item(_("Inherent risk"), level(point.inherent), kind="badge", tone=TONES[point.inherent]),
        Item(_("Residual risk"), level(point.residual), kind="badge", tone=TONES[point.residual]),
        Item(_("Control level"), point.get_control_level_display() if point.control_level else ""),
        Item(pgettext_lazy("risk", "Responsible"), point.responsible),
        Item(_("Possible accidents"), point.accident_classes),
        Item(_("People at work there"), point.people),
        Item(_("Emergency telephone"), point.emergency_phone),
        Item(_("Assessed on"), point.assessed_on),
        Item(_("Floor plan"), zone.plan.name if zone else "", url=links.url_of(zone.plan) if zone else ""),
    ]


def told_factors(assessment: Assessment, *, editable: bool) -> list[dict[str, Any]]:
    """The factors of an assessment with their working and measures, ready for the template."""
    rows = selectors.factors_of(assessment)
    kinds = MeasureKind.values
    return [
        {
            "factor": row,
            "method": row.get_method_display(),
            "inherent": {"tone": TONES[row.inherent], "label": level(row.inherent), "score": row.inherent_score},
            "residual": {"tone": TONES[row.residual], "label": level(row.residual), "score": row.residual_score},
            "why": [
                why(title, row.finding[side], row.region_path)
                for side, title in (("inherent", _("Without measures")), ("residual", _("With the measures")))
                if side in row.finding
            ],
            "measures": sorted(row.measures.all(), key=lambda m: (kinds.index(m.kind), m.pk)),
            "change": FACTOR_CHANGE[row.method].address(row) if editable else "",
            "remove": REMOVE_FACTOR.address(row) if editable else "",
        }
        for row in rows
    ]


def on_the_table(point: RiskPoint, actor: Actor) -> dict[str, Any] | None:
    """The factors that are being entered, or wait to be put in force."""
    row = selectors.assessments(actor).filter(point=point).order_by("-number").first()
    if row is None or row.pk == point.assessment_id or not point.is_open:
        return None
    editable = point.state in EDITABLE and row.assessed_at is None and actor.may(KEEP, point)
    return {"assessment": row, "factors": told_factors(row, editable=editable), "editable": editable}


def in_force(point: RiskPoint, actor: Actor) -> dict[str, Any] | None:
    """The assessment in force: its working, its factors."""
    if point.assessment is None:
        return None
    return {**whole(point.assessment, actor), "raised": _raised(point, actor)}


def whole(row: Assessment, actor: Actor) -> dict[str, Any]:
    """One revision with its working."""
    parts = (("inherent", _("Inherent risk")), ("residual", _("Residual risk")), ("control", _("Control level")))
    return {
        "assessment": row,
        "factors": told_factors(row, editable=False),
        "why": [why(title, row.finding[name], row.region_path) for name, title in parts if name in row.finding],
        "editable": False,
    }


def _raised(point: RiskPoint, actor: Actor) -> list[str]:
    """Why hazards raised it."""
    if not point.raised:
        return []
    change = selectors.changes(actor).filter(point=point, why="repeated").first()
    return said(change.steps) if change else []


def in_place(point: RiskPoint, actor: Actor) -> dict[str, Any] | None:
    """The measures in force, each with the last look at it and the way to the next."""
    if point.assessment_id is None or not point.is_open:
        return None
    rows = selectors.measures(actor).filter(assessment=point.assessment_id).order_by("pk")
    may = actor.may(MAY_CHECK, point)
    return {
        "measures": [
            {
                "measure": m, "kind": m.get_kind_display(), "url": CHECK.address(m) if may else "",
                "hazard": links.url_of("hazards.hazard", m.hazard_id) if m.hazard_id else "",
            }
            for m in rows
        ]
    }  # fmt: skip


def has_draft(point: RiskPoint, actor: Actor) -> bool:
    """Whether factors can be entered."""
    return point.state in EDITABLE


def is_open(point: RiskPoint, actor: Actor) -> bool:
    """Until it is struck off."""
    return point.is_open


def is_assessed(point: RiskPoint, actor: Actor) -> bool:
    """Whether an assessment is in force."""
    return point.is_open and bool(point.shown)


POINTS = LedgerList(
    name="risks:list", path="points/", title=pgettext_lazy("menu", "Risk points"), icon="map-pins", permission=VIEW,
    selector=selectors.points, table=PointTable, ledger=PointLedger, filters=filters.PointFilters,
    lead=_("Every place, equipment, process and post where something may go wrong, and how grave it is"),
    tabs=(
        Tab(_("On the register"), "open=on"),
        Tab(_("Major risks"), "shown=red&open=on"),
        Tab(_("Raised by hazards"), "raised=on&open=on"),
        Tab(_("Not assessed yet"), "without=on"),
        Tab(_("All"), ""),
    ),
    opens="open=on",
    actions=(
        ADD,
        Action(_("Four-colour map"), "risks:map", icon="map-2", permission="risks.map"),
        Action(_("Risk registers"), "risks:registers", icon="list-check", permission=VIEW),
    ),
    empty=Empty(
        _("No risk points"),
        _("A unit registers its risk points, scores them with the working shown, and puts the assessment in force."),
        ADD,
        icon="map-pins",
    ),
    export=Export(permission=VIEW, filename="risk-ledger"),
)  # fmt: skip
POINT_PAGE = RecordPage(
    name="risks:point", path="points/<int:pk>/", permission=VIEW, selector=selectors.points, title=lambda p: p.name,
    number=lambda p: p.number, subtitle=lambda p: p.site.unit.name, badges=badges, facts=facts, back="risks:list",
    line=LINE, map=lambda p: (p.lon, p.lat),
    sections=(
        Section(
            _("Assessment on the table"), template="risks/factors.html", context=on_the_table, icon="pencil",
            actions=tuple(
                Action(label, f"risks:factor-{code}", icon="plus", permission=KEEP, when=has_draft)
                for code, label in (
                    ("lec", _("Factor by LEC")), ("ls", _("Factor by LS")), ("mes", _("Factor by MES")),
                    ("direct", _("Direct judgement")),
                )
            ),
        ),
        Section(_("Assessment in force"), template="risks/factors.html", context=in_force, icon="scale"),
        Section(
            _("Measures in force"), template="risks/measures.html", context=in_place, icon="checklist",
            actions=(
                Action(_("All effective"), "risks:check-all", icon="checks", permission=MAY_CHECK, when=is_assessed,
                       dialog=True),
            ),
        ),
        Section(
            _("Hazards on this point"), table=TieTable, icon="alert-triangle",
            rows=lambda p, actor: selectors.ties(actor).filter(point=p).order_by("-pk"),
            empty=_("No hazard was found on this point."),
            actions=(
                Action(_("Tie a hazard"), "risks:tie", icon="link", permission=MAY_CHECK, when=is_open, dialog=True),
            ),
        ),
        Section(
            _("Checks of measures"), table=CheckTable, icon="clipboard-check", open=False,
            rows=lambda p, actor: selectors.checks(actor).filter(point=p),
            columns=("measure", "effective", "by_name", "at", "hazard"),
            empty=_("Nobody has checked the measures yet."),
        ),
        Section(
            _("Changes of colour"), table=ChangeTable, icon="history", open=False,
            rows=lambda p, actor: selectors.changes(actor).filter(point=p), columns=("before", "after", "why", "on"),
            empty=_("The colour has not changed."),
        ),
        Section(
            _("Revisions"), table=AssessmentTable, icon="files", open=False,
            rows=lambda p, actor: selectors.assessments(actor).filter(point=p).order_by("-number"),
        ),
    ),
    actions=(
        Action(_("Notice card"), "risks:card-sheet", icon="id", permission=VIEW,
               when=lambda p, actor: bool(p.card_token)),
        Action(_("Issue a notice card"), "risks:issue-card", icon="id", permission=KEEP,
               when=lambda p, actor: is_assessed(p, actor) and not p.card_token),
        Action(_("What the post must know"), "risks:know", icon="device-mobile", permission=VIEW, when=is_assessed),
        Action(_("Correct"), "risks:change", icon="pencil", permission=KEEP, when=is_open, aside=True),
        Action(_("New card"), "risks:issue-card", icon="refresh", permission=KEEP, aside=True,
               when=lambda p, actor: bool(p.card_token)),
        Action(_("Withdraw the card"), "risks:withdraw-card", icon="circle-x", permission=KEEP, aside=True,
               when=lambda p, actor: bool(p.card_token)),
    ),
)  # fmt: skip
NEW = ActPage(
    name="risks:new", path="points/new/", title=_("Register a risk point"), act=services.register_point,
    form=forms.RegisterForm, submit=_("Register"), cancel="risks:list",
    message=_("The risk point is registered. Enter its hazard factors, then settle the assessment."),
    initial=lambda actor: _only_site(actor),
)  # fmt: skip
CHANGE = ActPage(
    name="risks:change", path="points/<int:pk>/change/", title=_("Correct the risk point"), selector=selectors.points,
    act=services.change_point, form=forms.ChangeForm,
    initial=lambda p, actor: {
        n: getattr(p, n) for n in ("name", "kind", "identification", "place", "people", "emergency_phone", "lon", "lat")
    },
)  # fmt: skip


def _only_site(actor: Actor) -> dict[str, Any]:
    rows = list(selectors.sites_to_keep(actor)[:2])
    return {"site": rows[0].pk} if len(rows) == 1 else {}


def _keepable(actor: Actor) -> Any:
    return selectors.points(actor)


FACTOR_TITLES = {
    "lec": _("Hazard factor, scored by LEC"), "ls": _("Hazard factor, scored by LS"),
    "mes": _("Hazard factor, scored by MES"), "direct": _("Hazard factor, judged directly"),
}  # fmt: skip
INTRO = _("Score it twice: as it would be without the measures, and as it is with them.")
INTRO_DIRECT = _("Where one of these holds the risk is major whatever it scores; the measures do not lower it.")
FACTOR_ADD = {
    code: ActPage(
        name=f"risks:factor-{code}", path=f"points/<int:pk>/factor-{code}/", title=FACTOR_TITLES[code],
        selector=selectors.points, act=services.add_factor, form=forms.FACTOR_FORMS[code], submit=_("Hand in"),
        intro=INTRO_DIRECT if code == "direct" else INTRO,
        message=_("The factor is entered; its working stands beside it."),
        done=lambda row: links.url_of(row.assessment.point),
    )
    for code in Method.values
}  # fmt: skip


def _by_method(code: str) -> Any:
    return lambda actor: selectors.factors(actor).filter(method=code)


FACTOR_CHANGE = {
    code: ActPage(
        name=f"risks:factor-change-{code}", path=f"factors/<int:pk>/{code}/", title=FACTOR_TITLES[code],
        selector=_by_method(code), act=services.change_factor, form=forms.FACTOR_FORMS[code], initial=forms.filled,
        intro=INTRO_DIRECT if code == "direct" else INTRO, done=lambda row: links.url_of(row.assessment.point),
    )
    for code in Method.values
}  # fmt: skip
FACTOR_PAGES = (*FACTOR_ADD.values(), *FACTOR_CHANGE.values())
REMOVE_FACTOR = ActPage(
    name="risks:factor-remove", path="factors/<int:pk>/remove/", title=_("Remove the hazard factor"),
    selector=selectors.factors, act=services.remove_factor, form=Form, submit=_("Remove"), danger=True,
    done=lambda point: links.url_of(point),
)  # fmt: skip
STEPS = (
    StepPage(
        name="risks:assess", path="points/<int:pk>/assess/", step="assess", selector=selectors.points,
        act=services.assess_point, form=forms.AssessForm, icon="scale",
        initial=lambda p, actor: {"control_level": p.control_level, "responsible": p.responsible},
        intro=_("The level is that of the gravest factor. Once settled it is never edited: the next supersedes it."),
        message=_("The assessment is settled and waits for the principal."),
    ),
    StepPage(
        name="risks:put-in-force", path="points/<int:pk>/in-force/", step="put_in_force", selector=selectors.points,
        act=services.put_in_force, icon="circle-check", message=_("The assessment is in force."),
    ),
    StepPage(
        name="risks:return", path="points/<int:pk>/return/", step="return_assessment", selector=selectors.points,
        act=services.return_assessment, form=forms.ReasonForm, icon="arrow-back-up", aside=True,
    ),
    StepPage(
        name="risks:review", path="points/<int:pk>/review/", step="begin_review", selector=selectors.points,
        act=services.begin_review, form=forms.PerhapsReasonForm, icon="refresh",
        intro=_("A copy of the assessment lies on the table; the one in force counts until the next is."),
    ),
    StepPage(
        name="risks:reinstate", path="points/<int:pk>/reinstate/", step="reinstate", selector=selectors.points,
        act=services.reinstate_point, form=forms.ReasonForm, icon="arrow-back-up", aside=True,
        intro=_("It is assessed anew before it counts as under control again."),
    ),
    StepPage(
        name="risks:close", path="points/<int:pk>/close/", step="close", selector=selectors.points,
        act=services.close_point, form=forms.ReasonForm, icon="circle-x", aside=True, danger=True,
        intro=_("Its notice card opens no longer, and it counts in no colour any more."),
    ),
)  # fmt: skip
ASSESSMENT = RecordPage(
    name="risks:assessment", path="assessments/<int:pk>/", permission=VIEW, selector=selectors.assessments,
    title=lambda a: a.point.name, number=str, subtitle=lambda a: a.point.site.unit.name, back="risks:list",
    timeline=False, deadlines=False,
    badges=lambda a: [(level(a.residual), TONES[a.residual])] if a.residual else [(_("On the table"), "blue")],
    facts=lambda a, actor: [
        Item(_("Risk point"), str(a.point), url=links.url_of(a.point)),
        Item(_("Inherent risk"), level(a.inherent), kind="badge", tone=TONES[a.inherent]),
        Item(_("Residual risk"), level(a.residual), kind="badge", tone=TONES[a.residual]),
        Item(_("Control level"), a.get_control_level_display() if a.control_level else ""),
        Item(pgettext_lazy("risk", "Responsible"), a.responsible),
        Item(_("Assessed by"), a.assessed_by),
        Item(_("Assessed on"), a.assessed_at),
        Item(_("Put in force by"), a.approved_by),
        Item(pgettext_lazy("assessment", "In force from"), a.in_force_at),
        Item(_("Superseded"), a.superseded_at),
        Item(_("Returned"), a.returned_at),
        Item(_("Note"), a.note, wide=True),
    ],
    sections=(Section(_("Hazard factors"), template="risks/factors.html", context=whole, icon="scale"),),
)  # fmt: skip
CHECK = ActPage(
    name="risks:check", path="measures/<int:pk>/check/", title=_("Check the measure"), selector=selectors.measures,
    act=services.check_measure, form=forms.CheckForm, submit=_("Hand in"), lead=lambda m: m.text,
    where=lambda m: m.assessment.point.name,
    intro=lambda m: gettext("%(point)s · %(factor)s") % {"point": m.assessment.point.name, "factor": m.factor.factor},
    message=lambda check: gettext("Hazard %(number)s was opened.") % {"number": check.hazard.number}
    if check.hazard_id
    else gettext("The measure was found effective."),
    done=lambda check: links.url_of(check.point), cancel="",
)  # fmt: skip
CHECK_ALL = ActPage(
    name="risks:check-all", path="points/<int:pk>/check-all/", title=_("All measures are effective"),
    selector=selectors.points, act=services.check_all_measures, form=Form, submit=_("Hand in"),
    intro=_("You looked at every measure on the spot. Those that failed are left out: check them one by one."),
    done=None,
)  # fmt: skip
TIE = ActPage(
    name="risks:tie", path="points/<int:pk>/tie/", title=_("Tie a hazard"), selector=selectors.points,
    act=services.tie_hazard, form=forms.TieForm, submit=_("Tie"), done=lambda tie: links.url_of(tie.point),
    intro=_("Hazards that come back raise the level of the point."),
)  # fmt: skip
