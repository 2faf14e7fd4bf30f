"""Screens of major hazard installations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.installations import filters, forms, selectors, services
from anlan.modules.installations.choices import TONES, Level
from anlan.modules.installations.models import Installation
from anlan.modules.installations.tables import HoldingTable, InstallationTable, TargetTable
from anlan.modules.installations.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.statutes.public import rerun
from anlan.rules.wording import in_language
from anlan.ui import links, maps
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, StepPage, Tab


def changeable(installation: Installation, actor: Actor) -> bool:
    """Before it is handed in, and while it stands on file."""
    return installation.state in selectors.OPEN


def facts(one: Installation, actor: Actor) -> list[Item]:
    """What is known of an installation."""
    return [
        Item(_("Unit"), one.site.unit.name, url=links.url_of(UNIT, one.site.unit_id)),
        Item(_("Site"), one.site.name, url=links.url_of(SITE, one.site_id)),
        Item(_("Region"), one.region_path, kind="region"),
        Item(pgettext_lazy("installation", "Kind of unit"), one.get_kind_display()),
        Item(_("Persons living within 500 m outside the site"), one.exposed),
        Item(_("In use since"), one.started_on),
        Item(_("Chemical park"), one.park),
        Item("S", one.s_value),
        Item("R", one.r_value),
        Item(_("Graded on"), one.graded_on, help=_("Changed since: grade anew") if one.stale else ""),
        Item(_("Above the declared basis"), one.over_t or None, unit=_("t")),
    ]


def filing_facts(one: Installation, actor: Actor) -> list[Item]:
    """The filing and the responsible three."""
    return [
        Item(_("Principal responsible"), one.principal),
        Item(_("Technical responsible"), one.technical),
        Item(_("Operating responsible"), one.operating),
        Item(pgettext_lazy("filing", "Kind of filing"), one.get_filing_kind_display() if one.filing_kind else ""),
        Item(_("Assessment report of"), one.assessed_on),
        Item(pgettext_lazy("filing", "Filing number"), one.filing_no),
        Item(pgettext_lazy("filing", "On file since"), one.filed_on),
        Item(_("Opinion"), one.opinion),
        Item(_("Reason"), one.reason),
    ]


def badges(one: Installation) -> list[tuple[Any, str]]:
    """Level, and what is wrong."""
    told: list[tuple[Any, str]] = [(Level(one.level).label, TONES[one.level])] if one.level else []
    if one.over_t:
        told.append((_("Above the declared basis"), "red"))
    if one.stale:
        told.append((_("To be graded anew"), "orange"))
    return told


def working(one: Installation, actor: Actor) -> dict[str, Any] | None:
    """The working of the grading that counts; None before it."""
    grading = selectors.last_grading(one)
    if grading is None:
        return None
    chinese = actor.language.startswith("zh")
    return {
        "steps": grading.steps_zh if chinese else grading.steps_en, "clauses": grading.clauses, "grading": grading,
        "again": rerun("major_hazard", grading.given, grading.on),
    }  # fmt: skip


def required(one: Installation, actor: Actor) -> list[Item] | None:
    """What order 40 asks of the unit at this level; None without a level."""
    if one.level is None:
        return None
    told = []
    for duty in selectors.duties_at(one.level):
        amount = f" {duty.figure} {in_language(duty.unit, actor.language)}" if duty.figure and duty.unit else ""
        condition = in_language(duty.condition, actor.language) if duty.condition else ""
        said = f"{in_language(duty.what, actor.language)}{amount}"
        told.append(Item(duty.article, said, help=f"{duty.citation} {condition}".strip(), wide=True))
    return told


def around(one: Installation, actor: Actor) -> dict[str, Any] | None:
    """The installation and its protection targets on a map; None where no point is known."""
    near = [t for t in selectors.targets_of(one) if t.lon is not None]
    data = maps.point_data(one.lon, one.lat, label=one.name, path=one.region_path)
    if data is None:
        return None
    data["layers"].append(
        maps.points(
            near, name=lambda t: t.name, tone=lambda t: "blue", lines=lambda t: [f"{t.distance_m} m"], cluster=False,
            layer="targets",
        )
    )  # fmt: skip
    return {"map": data}


REGISTER_ACTION = Action(
    _("Register an installation"), "installations:register", icon="plus", permission=KEEP, tone="primary"
)
REGISTER_OF = ListPage(
    name="installations:list",
    path="",
    title=_("Major hazard installations"),
    icon="flame",
    permission=VIEW,
    selector=selectors.installations,
    table=InstallationTable,
    filters=filters.InstallationFilters,
    tabs=(
        Tab(_("Major hazard"), "major=on"), Tab(_("Level I and II"), "level=1&level=2"),
        Tab(_("Filing to be checked"), "state=submitted&state=leaving"),
        Tab(_("Above the declared basis"), "over=on"), Tab(_("All"), ""),
    ),
    actions=(REGISTER_ACTION,),
    empty=Empty(_("No installation"), _("Register the units that hold dangerous chemicals."), REGISTER_ACTION),
    export=Export(permission=VIEW, filename="installations"),
)  # fmt: skip
RECORD = RecordPage(
    name="installations:record",
    path="<int:pk>/",
    permission=VIEW,
    selector=selectors.installations,
    title=lambda one: one.name,
    number=lambda one: one.filing_no,
    badges=badges,
    facts=facts,
    back="installations:list",
    files=(("report", _("Assessment report and archive")),),
    line=("drafted", "graded", "submitted", "filed"),
    sections=(
        Section(
            _("How it was graded"), template="installations/working.html", context=working, icon="scale"
        ),
        Section(
            _("Substances"), table=HoldingTable, icon="flask", most=50, empty=_("Nothing was declared yet."),
            rows=lambda one, actor: selectors.holdings(actor).filter(installation=one).order_by("pk"),
            actions=(Action(_("Declare a substance"), "installations:holding", icon="plus", permission=KEEP,
                            when=changeable),),
        ),
        Section(_("Filing and responsible people"), items=filing_facts, icon="file-certificate"),
        Section(_("Surroundings"), template="installations/around.html", context=around, icon="map-2"),
        Section(
            _("Protection targets"), table=TargetTable, icon="target", most=50, empty=_("None was entered."),
            rows=lambda one, actor: selectors.targets(actor).filter(installation=one).order_by("distance_m", "pk"),
            actions=(Action(_("Enter a protection target"), "installations:target", icon="plus", permission=KEEP,
                            when=changeable),),
        ),
        Section(_("What this level asks"), items=required, icon="checklist", open=False),
    ),
    actions=(
        Action(_("Declare a substance"), "installations:holding", icon="plus", permission=KEEP, when=changeable),
        Action(_("The responsible three"), "installations:responsible", icon="users", permission=KEEP, when=changeable),
        Action(_("Change surroundings"), "installations:change", icon="pencil", permission=KEEP, aside=True,
               when=changeable),
        Action(_("Enter a protection target"), "installations:target", icon="target", permission=KEEP, aside=True,
               when=changeable),
    ),
)  # fmt: skip
REGISTER = ActPage(
    name="installations:register", path="register/", title=_("Register an installation"),
    act=services.register_installation, form=forms.RegisterForm, cancel="installations:list", wide=True,
    intro=_("One unit of production up to its shut-off valves, or one storage unit."),
)  # fmt: skip


def _on(name: str, title: Any, act: Any, form: type[Form], **more: Any) -> ActPage:
    return ActPage(
        name=f"installations:{name}", path=f"<int:pk>/{name}/", title=title, act=act, form=form,
        selector=selectors.installations, **more,
    )  # fmt: skip


def back_to(outcome: Any) -> str:
    """The page of the installation a holding or target belongs to."""
    return links.url_of("installations.installation", outcome.installation_id)


ACTS = (
    _on("change", _("Change surroundings"), services.change_installation, forms.SurroundingsForm,
        initial=lambda one, actor: {n: getattr(one, n) for n in ("exposed", "lon", "lat", "started_on", "park")}),
    _on("holding", _("Declare a substance"), services.put_holding, forms.HoldingForm, wide=True, done=back_to),
    _on("target", _("Enter a protection target"), services.put_target, forms.TargetForm, done=back_to),
    _on("responsible", _("The responsible three"), services.name_responsible, forms.ResponsibleForm,
        initial=lambda one, actor: {n: getattr(one, n) for n in ("principal", "technical", "operating")}),
    ActPage(name="installations:drop-holding", path="holdings/<int:pk>/drop/", title=_("Strike a holding"), form=Form,
            act=services.drop_holding, selector=selectors.holdings, danger=True, submit=_("Strike")),
    ActPage(name="installations:drop-target", path="targets/<int:pk>/drop/", title=_("Strike a protection target"),
            form=Form, act=services.drop_target, selector=selectors.targets, danger=True, submit=_("Strike")),
)  # fmt: skip


def _step(code: str, act: Any, form: type[Form], icon: str, **more: Any) -> StepPage:
    name = code.replace("_", "-")
    return StepPage(
        name=f"installations:{name}", path=f"<int:pk>/{name}/", step=code, act=act, form=form,
        selector=selectors.installations, icon=icon, **more,
    )  # fmt: skip


STEPS = (
    _step("grade", services.grade_installation, Form, "scale", done=back_to,
          intro=_("S and R are reckoned by GB 18218 from what is declared and the people living nearby.")),
    _step("submit", services.submit_filing, forms.FilingForm, "send"),
    _step("send_back", services.return_filing, forms.OpinionForm, "arrow-back-up"),
    _step("file", services.file_installation, forms.NumberForm, "file-certificate"),
    _step("ask_cancel", services.ask_cancellation, forms.ReasonForm, "file-off", aside=True),
    _step("keep_on", services.keep_installation, forms.OpinionForm, "arrow-back-up"),
    _step("cancel", services.cancel_installation, Form, "file-off", danger=True),
)  # fmt: skip
PAGES = (REGISTER_OF, REGISTER, RECORD, *ACTS, *STEPS)
