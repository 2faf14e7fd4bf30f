"""Forms of the acts. Field names are the acts' own, so that a refusal lands where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import (
    CIRCUMSTANCES,
    FACTORS,
    Colour,
    ControlLevel,
    Identification,
    MeasureKind,
    PointKind,
    accident_classes,
)
from anlan.modules.risks.workflow import AREA
from anlan.rules.risk_scores import method as tables_of
from anlan.rules.wording import in_language
from anlan.ui import forms

SCALE_LABELS = {
    ("lec", "L"): _("L: likelihood of an accident"), ("lec", "E"): _("E: how often people are exposed"),
    ("lec", "C"): _("C: consequence"), ("ls", "L"): _("L: likelihood, 1 to 5"), ("ls", "S"): _("S: severity, 1 to 5"),
    ("mes", "M"): _("M: state of the measures"), ("mes", "E"): _("E: how often people are exposed"),
    ("mes", "S"): _("S: consequence"),
}  # fmt: skip
CIRCUMSTANCE_LABELS = {
    "serious_breach": _("Serious breach of law or a mandatory standard"),
    "past_accident": _("A death or serious injury happened here and its cause is still there"),
    "major_hazard_installation": _("Is a major hazard installation of hazardous chemicals"),
    "people_in_danger": _("People at work in the dangerous place"),
}


def _called(site: Any) -> str:
    return str(site.name) if site.name == site.unit.name else f"{site.unit.name} · {site.name}"


class _Point(forms.Form):
    """What is said of a point."""

    name = forms.Text(_("Risk point"), max_length=80, help_text=_("As it is called on site: ammonia compressor room."))
    kind = forms.Choice(_("Kind"), PointKind.choices)
    identification = forms.Choice(
        _("Identified by"), Identification.choices, initial="jha",
        help_text=_("JHA goes through the steps of the work, SCL through the items of a checklist."),
    )  # fmt: skip
    place = forms.Text(_("Where on the site"), max_length=120, required=False)
    people = forms.Whole(_("People at work there"), required=False, least=0, most=100_000)
    emergency_phone = forms.Phone(_("Emergency telephone"), required=False, help_text=_("Printed on the notice card."))
    lon = forms.Decimal(_("Longitude"), places=6, required=False, help_text=_("WGS-84; left empty, the site's own."))
    lat = forms.Decimal(_("Latitude"), places=6, required=False)

    def arguments(self) -> dict[str, Any]:
        """Degrees as the act takes them."""
        given = super().arguments()
        for name in ("lon", "lat"):
            given[name] = float(given[name]) if given[name] is not None else None
        return given


class RegisterForm(_Point):
    """A new point on a site."""

    site = forms.RecordChoice(_("Site"), selectors.sites_to_keep, search=("search_text__has",), called=_called)
    sections = (
        (_("The risk point"), ("site", "name", "kind", "identification", "place", "people")),
        (_("If you know more"), ("emergency_phone", "lon", "lat"), True),
    )

    def arguments(self) -> dict[str, Any]:
        """The site by its key."""
        return {**super().arguments(), "site": self.cleaned_data["site"].pk}


class ChangeForm(_Point):
    """A point corrected."""


def _scale(method: str, factor: str) -> Callable[[Actor], list[tuple[str, str]]]:
    """The values of a scale with what each means, the gravest first."""

    def listed(actor: Actor) -> list[tuple[str, str]]:
        language = get_language() or "zh-hans"
        scale = tables_of(method).scales[factor]
        return [
            (f"{v.normalize():f}", f"{v.normalize():f} · {in_language(said, language)}")
            for v, said in sorted(scale.items(), reverse=True)
        ]

    return listed


class FactorForm(forms.Form):
    """A hazard factor with its measures; each method adds its own values on both sides."""

    method = ""
    part = forms.Text(_("Work step or check item"), max_length=120)
    standard = forms.Text(_("Standard of the check item"), max_length=300, required=False, help_text=_("For SCL."))
    factor = forms.LongText(
        _("Hazard factor"), rows=2, max_length=300, help_text=_("What may go wrong, and why: leak at the shaft seal.")
    )
    accident_class = forms.Choice(_("Possible accident"), lambda actor: accident_classes())
    engineering = forms.LongText(_("Engineering measures"), rows=2, required=False, help_text=_("One a line."))
    management = forms.LongText(_("Management measures"), rows=2, required=False)
    training = forms.LongText(_("Training measures"), rows=2, required=False)
    protection = forms.LongText(_("Personal protection"), rows=2, required=False)
    emergency = forms.LongText(_("Emergency response"), rows=2, required=False)

    def arguments(self) -> dict[str, Any]:
        """The values of both sides gathered."""
        given = super().arguments()
        sides: dict[str, dict[str, Any]] = {"inherent": {}, "residual": {}}
        for name in list(given):
            side, _mark, factor = name.partition("_")
            if side in sides and factor:
                value = given.pop(name)
                if value not in (None, "", False):
                    sides[side][factor] = value
        return {**given, **sides, "method": self.method}

    def refuse(self, why: Refused) -> None:
        """A residual risk above the inherent one is shown at the first value of the residual side."""
        problems = why.problems if isinstance(why, BadInputs) else [why]
        first = next((name for name in self.fields if name.startswith("residual_")), "")
        for problem in problems:
            if isinstance(problem, BadInput) and problem.column in ("residual", "residual_score") and first:
                problem.column = first
        super().refuse(why)


def _factor_form(method: str) -> type[FactorForm]:
    names = FACTORS[method]
    fields: dict[str, Any] = {"method": method}
    for side, told in (("inherent", _("Without measures")), ("residual", _("With the measures"))):
        for name in names:
            fields[f"{side}_{name}"] = forms.Choice(SCALE_LABELS[method, name], _scale(method, name))
        fields.setdefault("sections", ())
        fields["sections"] += ((told, tuple(f"{side}_{name}" for name in names)),)
    first = (_("Where and what"), ("part", "standard", "factor", "accident_class"))
    fields["sections"] = (
        first, fields["sections"][0], (_("Measures in place"), tuple(MeasureKind.values)), fields["sections"][1],
    )  # fmt: skip
    fields["__doc__"] = f"A factor scored by {method.upper()}."
    fields["__module__"] = __name__
    made: Any = type(FactorForm)
    form: type[FactorForm] = made(f"{method.title()}Form", (FactorForm,), fields)
    return form


LecForm, LsForm, MesForm = (_factor_form(method) for method in ("lec", "ls", "mes"))


class DirectForm(FactorForm):
    """A factor that is major without a score."""

    method = "direct"
    inherent_serious_breach = forms.Flag(CIRCUMSTANCE_LABELS["serious_breach"])
    inherent_past_accident = forms.Flag(CIRCUMSTANCE_LABELS["past_accident"])
    inherent_major_hazard_installation = forms.Flag(CIRCUMSTANCE_LABELS["major_hazard_installation"])
    inherent_people_in_danger = forms.Whole(CIRCUMSTANCE_LABELS["people_in_danger"], required=False, least=0)
    sections = (
        (_("Where and what"), ("part", "standard", "factor", "accident_class")),
        (_("What makes it major"), tuple(f"inherent_{name}" for name in CIRCUMSTANCES)),
        (_("Measures in place"), tuple(MeasureKind.values)),
    )


FACTOR_FORMS: dict[str, type[FactorForm]] = {"lec": LecForm, "ls": LsForm, "mes": MesForm, "direct": DirectForm}


def filled(factor: Any, actor: Actor) -> dict[str, Any]:
    """A factor as its form's first values."""
    given = {name: getattr(factor, name) for name in ("part", "standard", "factor", "accident_class")}
    given |= {f"inherent_{k}": v for k, v in factor.inherent_given.items()}
    given |= {f"residual_{k}": v for k, v in factor.residual_given.items()}
    measures = selectors.measures(actor).filter(factor=factor).order_by("pk")
    lines: dict[str, list[str]] = {}
    for measure in measures:
        lines.setdefault(measure.kind, []).append(measure.text)
    return {**given, **{kind: "\n".join(texts) for kind, texts in lines.items()}}


class AssessForm(forms.Form):
    """Settling an assessment."""

    control_level = forms.Choice(_("Control level"), ControlLevel.choices)
    responsible = forms.Text(
        pgettext_lazy("risk", "Responsible"), max_length=60, help_text=_("Name and post of who answers for it.")
    )
    note = forms.LongText(_("Note"), rows=2, max_length=500, required=False)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


class PerhapsReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = forms.LongText(
        _("Reason"), max_length=200, rows=2, required=False,
        help_text=_("Half-yearly review, change of process or equipment, accident, raised level."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """Whether a measure works."""

    effective = forms.Choice(
        _("What do you see?"), [("yes", _("The measure is effective")), ("no", _("The measure has failed"))], radio=True
    )
    note = forms.LongText(
        _("What you found"), rows=3, max_length=500, required=False, help_text=_("Needed if it failed.")
    )
    photos = forms.Files(_("Photos"), purpose="photo", pictures=True, least=0)

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the act takes it."""
        given = super().arguments()
        return {**given, "effective": given["effective"] == "yes"}


class TieForm(forms.Form):
    """Which hazard lies on the point."""

    hazard = forms.RecordChoice(
        _("Hazard"), selectors.hazards_of_point, called=lambda h: f"{h.number} {h.title}", search=("number", "title")
    )

    def arguments(self) -> dict[str, Any]:
        """The hazard by its key."""
        return {"hazard": self.cleaned_data["hazard"].pk}


class CardForm(forms.Form):
    """Issuing a card."""

    anew = forms.Flag(_("A new address: the old card is lost or was copied"))


class PlanForm(forms.Form):
    """A floor plan."""

    site = forms.RecordChoice(_("Site"), selectors.sites_to_keep, search=("search_text__has",), called=_called)
    name = forms.Text(_("Name of the plan"), max_length=60, help_text=_("Ground floor, workshop 2."))
    picture = forms.File(
        _("Picture"), purpose="picture", drawing=True, help_text=_("JPG, PNG or WebP, as large as it can be read.")
    )

    def arguments(self) -> dict[str, Any]:
        """The site by its key."""
        return {**super().arguments(), "site": self.cleaned_data["site"].pk}


class ZoneForm(forms.Form):
    """A zone on a plan."""

    point = forms.RecordChoice(
        _("Risk point"), lambda actor, plan: selectors.points_of_site(actor, plan.site_id if plan else 0),
        called=lambda p: f"{p.number} {p.name}",
    )  # fmt: skip
    corners = forms.LongText(
        _("Corners"), rows=2, max_length=2_000,
        help_text=_("Drawn above; or typed as x,y pairs between 0 and 1: 0.10,0.20 0.30,0.20 0.30,0.40"),
        widget=django_forms.Textarea(attrs={"rows": 2, "data-plan-corners": ""}),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The point by its key."""
        return {**super().arguments(), "point": self.cleaned_data["point"].pk}


class AreaForm(forms.Form):
    """A place's own assessment."""

    region = forms.RegionChoice(_("Region"), permission=AREA)
    subject = forms.Text(
        _("What was assessed"), max_length=120, help_text=_("Chemical park, crowded places, whole town.")
    )
    assessed_on = forms.Day(_("Assessed on"), last=clock.today)
    colour = forms.Choice(_("Level found"), Colour.choices)
    conclusion = forms.LongText(_("Conclusion"), rows=5, max_length=4_000)
    assessed_by = forms.Text(_("Assessed by"), max_length=120)
    report = forms.Files(pgettext_lazy("area", "Report"), purpose="report", least=0, most=3)
