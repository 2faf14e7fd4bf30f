"""The record of an installation: what is known of it, its acts, its steps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.installations import forms, selectors, services
from anlan.modules.installations.choices import ANSWER_TONES, TONES, Answer, Level
from anlan.modules.installations.models import Holding, Installation, Target
from anlan.modules.installations.tables import FilingTable, HoldingTable, TargetTable
from anlan.modules.installations.views._words import lazily
from anlan.modules.installations.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.statutes.public import rerun
from anlan.rules.major_hazard_duties import Form as Paper
from anlan.rules.major_hazard_duties import filing_fields
from anlan.rules.wording import in_language
from anlan.ui import formats, links, maps
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, FormPage, Item, RecordPage, Section, StepPage, actor_of


def changeable(installation: Installation, actor: Actor) -> bool:
    """Before it is handed in, and while it stands on file."""
    return installation.state in selectors.OPEN


def offered(rows: QuerySet[Any], installation: Installation, actor: Actor) -> QuerySet[Any]:
    """What belongs to an installation, with whether the reader may correct and strike it now."""
    may = changeable(installation, actor) and actor.may(KEEP, installation)
    return rows.filter(installation=installation).annotate(changeable=Value(may))


def level_known(installation: Installation, actor: Actor) -> bool:
    """Something is required of it."""
    return installation.level is not None and installation.state != "cancelled"


def named(installation: Installation, actor: Actor) -> bool:
    """Somebody answers for it."""
    return bool(installation.principal) and installation.state != "cancelled"


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
        Item(_("Published safety commitment"), one.commitment, wide=True),
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
    if one.unmet:
        told.append((_("Monitoring lacking"), "red"))
    if one.stale:
        told.append((_("To be graded anew"), "orange"))
    return told


def working(one: Installation, actor: Actor) -> dict[str, Any] | None:
    """The working of the grading that counts; None before it."""
    grading = selectors.last_grading(one)
    if grading is None:
        return None
    chinese = formats.spoken().startswith("zh")
    return {
        "steps": grading.steps_zh if chinese else grading.steps_en, "clauses": grading.clauses, "grading": grading,
        "again": rerun("major_hazard", grading.given, grading.on, path=one.region_path),
    }  # fmt: skip


def required(one: Installation, actor: Actor) -> list[Item] | None:
    """What order 40 asks of the unit at this level; None without a level."""
    if one.level is None:
        return None
    told = []
    for duty in selectors.duties_at(one.level, one.region_path):
        amount = f" {duty.figure} {in_language(duty.unit, formats.spoken())}" if duty.figure and duty.unit else ""
        condition = in_language(duty.condition, formats.spoken()) if duty.condition else ""
        said = f"{in_language(duty.what, formats.spoken())}{amount}"
        told.append(Item(duty.article, said, help=f"{duty.citation} {condition}".strip(), wide=True))
    return told


def ledger(one: Installation, actor: Actor) -> list[Item] | None:
    """What the chemicals ledger says is there beside what is declared; None where no holding names a place."""
    rows = selectors.compared(one)
    if not rows:
        return None
    return [
        Item(
            f"{row.substance} · {row.place}",
            gettext("%(there)s t there, %(declared)s t declared")
            % {"there": formats.number(row.there_t), "declared": formats.number(row.declared_t)},
            kind="badge", tone="red" if row.over_t else "green", wide=True,
            help=gettext("Not declared at all: declare it and grade anew, or take it away") if not row.declared_t
            else gettext("%(t)s t above the declared basis") % {"t": formats.number(row.over_t)} if row.over_t else "",
        )
        for row in rows
    ]  # fmt: skip


def monitoring(one: Installation, actor: Actor) -> list[Item] | None:
    """The monitoring and control required at this level, and what the unit says of each; None without a level."""
    if one.level is None:
        return None
    said, told = selectors.provisions_of(one), []
    address = reverse("installations:provision", args=[one.pk])
    for duty in selectors.monitoring_at(one.level, one.region_path):
        found = said.get(duty.entry)
        answer = found.answer if found is not None else ""
        label = Answer(answer).label if answer else gettext("Not stated")
        amount = f" {duty.figure} {in_language(duty.unit, formats.spoken())}" if duty.figure and duty.unit else ""
        clause = str(duty.citation)
        if duty.condition:
            said_of = {"label": in_language(duty.condition, formats.spoken()), "value": clause}
            clause = gettext("%(label)s: %(value)s") % said_of
        note = gettext(" — %(note)s") % {"note": found.note} if found is not None and found.note else ""
        if found is not None and found.hazard is not None and answer == Answer.LACK:
            note += gettext(" (hazard %(number)s)") % {"number": found.hazard.number}
        told.append(
            Item(
                f"{in_language(duty.what, formats.spoken())}{amount}", label, kind="badge", tone=ANSWER_TONES[answer],
                url=f"{address}?{urlencode({'entry': duty.entry, 'answer': answer})}" if actor.may(KEEP, one) else "",
                help=f"{clause}{note}", wide=True,
            )
        )  # fmt: skip
    return told


def archive(one: Installation, actor: Actor) -> list[Item]:
    """The documents of the archive, each with how it is there."""
    told = []
    address = reverse("installations:papers", args=[one.pk])
    may = changeable(one, actor) and actor.may(KEEP, one)
    for document in selectors.archive_of(one):
        if document.files:
            label = ngettext("%(n)s file", "%(n)s files", document.files) % {"n": document.files}
        elif document.on_paper:
            label = gettext("On paper")
        elif document.made_here:
            label = gettext("Made by the platform")
        else:
            label = gettext("Lacking") if document.lacking else gettext("None")
        tone = "orange" if document.lacking else "green"
        url = f"{address}?entry={document.entry}" if may else ""
        told.append(Item(in_language(document.label, formats.spoken()), label, kind="badge", tone=tone, url=url))
    return told


def around(one: Installation, actor: Actor) -> dict[str, Any] | None:
    """The installation, 500 m around it, and its protection targets on a map; None where no point is known."""
    targets = list(selectors.targets_of(one))
    near = [t for t in targets if t.lon is not None]
    data = maps.point_data(one.lon, one.lat, label=one.name, path=one.region_path)
    if data is None or one.lon is None or one.lat is None:
        return None
    data["layers"].insert(1, maps.circle(one.lon, one.lat, NEAR_M, name=gettext("500 m")))
    data["layers"].append(
        maps.points(
            near, name=lambda t: t.name, tone=lambda t: "orange" if t.distance_m <= NEAR_M else "blue",
            lines=lambda t: [t.get_kind_display(), f"{t.distance_m} m"], cluster=False, layer="targets",
        )
    )  # fmt: skip
    points = [(one.lon, one.lat), *((t.lon, t.lat) for t in near if t.lon is not None and t.lat is not None)]
    lons, lats = [lon for lon, _lat in points], [lat for _lon, lat in points]
    data["bounds"] = [min(lons) - 0.008, min(lats) - 0.007, max(lons) + 0.008, max(lats) + 0.007]
    return {"map": data, "near": sum(1 for t in targets if t.distance_m <= NEAR_M)}


NEAR_M = 500
FILES = (
    *((selectors.purpose_of(field.entry), lazily(field.label)) for field in filing_fields(Paper.ARCHIVE)),
    ("board", _("Photo of the notice board")),
    ("cancel", _("Assessment or proof that it is no major hazard any more")),
)
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
    files=FILES,
    line=("drafted", "graded", "submitted", "filed"),
    sections=(
        Section(
            _("How it was graded"), template="installations/working.html", context=working, icon="scale"
        ),
        Section(
            _("Substances"), table=HoldingTable, icon="flask", most=50, empty=_("Nothing was declared yet."),
            columns=("substance", "tonnes", "basis", "paper", "place", "strike"),
            rows=lambda one, actor: offered(selectors.holdings(actor).order_by("pk"), one, actor),
            actions=(Action(_("Declare a substance"), "installations:holding", icon="plus", permission=KEEP,
                            when=changeable),),
        ),
        Section(_("Ledger beside what is declared"), items=ledger, icon="scale"),
        Section(
            _("Monitoring and control required at this level"), items=monitoring, icon="heart-rate-monitor",
            actions=(Action(_("State what is in place"), "installations:provision", icon="checklist", permission=KEEP,
                            when=level_known),),
        ),
        Section(
            _("Filing and responsible people"), items=filing_facts, icon="file-certificate",
            actions=(Action(_("Note what one of the three did"), "installations:duty", icon="user-check",
                            permission=KEEP, when=named),),
        ),
        Section(
            _("Archive"), items=archive, icon="folder",
            actions=(Action(_("Add to the archive"), "installations:papers", icon="plus", permission=KEEP,
                            when=changeable),),
        ),
        Section(
            _("Filings handed in"), table=FilingTable, icon="files", most=10, empty=_("None yet."),
            rows=lambda one, actor: selectors.filings(actor).filter(installation=one).order_by("-pk"),
            columns=("handed_on", "kind", "level", "outcome", "number", "decided_on"),
        ),
        Section(_("Surroundings"), template="installations/around.html", context=around, icon="map-2"),
        Section(
            _("Protection targets"), table=TargetTable, icon="target", most=50, empty=_("None was entered."),
            rows=lambda one, actor: offered(selectors.targets(actor).order_by("distance_m", "pk"), one, actor),
            actions=(Action(_("Enter a protection target"), "installations:target", icon="plus", permission=KEEP,
                            when=changeable),),
        ),
        Section(_("What this level asks"), items=required, icon="checklist", open=False),
    ),
    actions=(
        Action(_("Declare a substance"), "installations:holding", icon="plus", permission=KEEP, when=changeable),
        Action(_("The responsible three"), "installations:responsible", icon="users", permission=KEEP, when=changeable),
        Action(_("Change the record"), "installations:change", icon="pencil", permission=KEEP, aside=True,
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


def correct_holding(request: HttpRequest, form: forms.CorrectHoldingForm, holding: Holding) -> str:
    """Declare the same substance anew."""
    services.put_holding(
        actor=actor_of(request), key=form.key, installation=holding.installation_id, substance=holding.substance_id,
        **form.arguments(),
    )  # fmt: skip
    return back_to(holding)


def correct_target(request: HttpRequest, form: forms.CorrectTargetForm, target: Target) -> str:
    """Enter the same target anew."""
    services.put_target(
        actor=actor_of(request), key=form.key, installation=target.installation_id, name=target.name,
        **form.arguments(),
    )  # fmt: skip
    return back_to(target)


KNOWN = ("kind", "name", "exposed", "lon", "lat", "started_on", "park")
THREE = ("principal", "technical", "operating", "commitment")
DECLARED = (
    "tonnes", "basis", "paper", "place", "symbols", "entry", "used_for", "method", "phase", "temperature_c",
    "pressure_mpa", "largest_t",
)  # fmt: skip
NEARBY = ("kind", "distance_m", "persons", "lon", "lat")
ACTS = (
    _on("change", _("Change the record"), services.change_installation, forms.ChangeForm,
        initial=lambda one, actor: {n: getattr(one, n) for n in KNOWN}),
    _on("holding", _("Declare a substance"), services.put_holding, forms.HoldingForm, wide=True, done=back_to),
    _on("target", _("Enter a protection target"), services.put_target, forms.TargetForm, done=back_to),
    _on("responsible", _("The responsible three"), services.name_responsible, forms.ResponsibleForm,
        initial=lambda one, actor: {n: getattr(one, n) for n in THREE}),
    _on("duty", _("Note what one of the three did"), services.note_duty, forms.DutyForm,
        intro=_("It stands in the timeline of the record and is never changed.")),
    _on("provision", _("State what is in place"), services.state_provision, forms.ProvisionForm, done=back_to,
        intro=_("The monitoring and control that order 40 requires at this level.")),
    _on("papers", _("Add to the archive"), services.add_papers, forms.PapersForm),
    FormPage(name="installations:correct-holding", path="holdings/<int:pk>/correct/", title=_("Correct a holding"),
             permission=KEEP, selector=selectors.holdings, form=forms.CorrectHoldingForm, handle=correct_holding,
             initial=lambda row, actor: {n: getattr(row, n) for n in DECLARED}, wide=True),
    FormPage(name="installations:correct-target", path="targets/<int:pk>/correct/",
             title=_("Correct a protection target"), permission=KEEP, selector=selectors.targets,
             form=forms.CorrectTargetForm, handle=correct_target,
             initial=lambda row, actor: {n: getattr(row, n) for n in NEARBY}),
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


def prefilled(one: Installation, actor: Actor) -> dict[str, Any]:
    """What was handed in before, and the kind of filing that fits."""
    kind = "renewal" if one.filing_no else "first"
    before = selectors.typed_before(one)
    return {**before, "filled_by": before["filled_by"] or actor.name, "filing_kind": one.filing_kind or kind,
            "assessed_on": one.assessed_on, "on_paper": [str(entry) for entry in one.on_paper]}  # fmt: skip


STEPS = (
    _step("grade", services.grade_installation, Form, "scale", done=back_to,
          intro=_("S and R are reckoned by GB 18218 from what is declared and the people living nearby.")),
    _step("submit", services.submit_filing, forms.FilingForm, "send", wide=True, done=back_to, initial=prefilled),
    _step("send_back", services.return_filing, forms.OpinionForm, "arrow-back-up"),
    _step("file", services.file_installation, forms.NumberForm, "file-certificate"),
    _step("ask_cancel", services.ask_cancellation, forms.ReasonForm, "file-off", aside=True),
    _step("keep_on", services.keep_installation, forms.OpinionForm, "arrow-back-up"),
    _step("cancel", services.cancel_installation, Form, "file-off", danger=True),
)  # fmt: skip
