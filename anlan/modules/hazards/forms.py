"""Forms of the acts. Field names are the acts' own, so that a refusal lands where it belongs."""

from __future__ import annotations

from typing import Any

from django.forms import CheckboxInput, HiddenInput
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, Refused
from anlan.modules.hazards import selectors
from anlan.modules.hazards.choices import ListingLevel, Purpose, Source
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.rows import HAZARD
from anlan.modules.registry.public import sectors
from anlan.rules import hazard_list
from anlan.rules.hazard_grade import PLAN_ITEMS, REPORT_RECEIVERS, SETTLED_ITEMS
from anlan.rules.hazard_list import Status
from anlan.rules.wording import in_language
from anlan.ui import forms

MORE = (
    "proposed_grade",
    "found_on",
    "responsible",
    "proposed_due",
    "money_needed_yuan",
    "proposed_measures",
    "lon",
    "lat",
)


def _site() -> Any:
    field: Any = forms.RecordChoice(
        _("Site"), selectors.sites_for_filter, search=("search_text__has",), called=_called, hint=lambda s: s.address
    )
    field.wide = True  # type: ignore[attr-defined]  # names of units are long
    return field


def _called(site: Any) -> str:
    """The unit and, where it has several or the site is called otherwise, the site."""
    return str(site.name) if site.name == site.unit.name else f"{site.unit.name} · {site.name}"


class _Entering(forms.Form):
    """What both ways of entering a hazard ask for."""

    schema, use = HAZARD, ("description", "category", "place", "title", *MORE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("distinct"):
            self.fields["distinct"].widget = HiddenInput()  # asked only once a possible twin was named

    def refuse(self, why: Refused) -> None:
        """A possible twin brings up the question whether this is another hazard."""
        if isinstance(why, BadInput) and why.column == "distinct":
            self.fields["distinct"].widget = CheckboxInput()
        super().refuse(why)

    def arguments(self) -> dict[str, Any]:
        """The site by its key; fields left empty are left out, so that the act's defaults hold."""
        given = {name: value for name, value in super().arguments().items() if value not in (None, "")}
        given["site"] = given["site"].pk
        return given


class ReportForm(_Entering):
    """A unit's own report: site, photo, what is wrong; the rest may wait."""

    site = _site()
    before = forms.Files(
        _("Photos"), purpose="before", pictures=True, least=0, help_text=_("Take a picture where it is.")
    )
    distinct = forms.Flag(_("This is another hazard than the one named above"))
    sections = (
        (_("What and where"), ("site", "before", "description", "category", "place")),
        (_("If you know more"), ("title", *MORE), True),
    )


class FindForm(_Entering):
    """A finding of a regulator, an expert, a tip-off or an alarm."""

    site = _site()
    source = forms.Choice(_("Source"), Source.choices, initial=Source.INSPECTION)
    found_by = forms.Text(_("Found by"), required=False, max_length=80, help_text=_("Never the name of an informant."))
    before = forms.Files(_("Photos"), purpose="before", pictures=True, least=0)
    distinct = forms.Flag(_("This is another hazard than the one named above"))
    sections = (
        (_("What and where"), ("site", "before", "description", "category", "place", "source", "found_by")),
        (_("If you know more"), ("title", *MORE), True),
    )


class CorrectForm(forms.Form):
    """What was said, corrected or completed."""

    schema, use = HAZARD, ("title", "description", "category", "place", *MORE)
    before = forms.Files(_("Further photos"), purpose="before", pictures=True, least=0)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"))


class ReasonDueForm(forms.Form):
    """A reason and perhaps a new day."""

    reason = forms.LongText(_("Reason"))
    due = forms.Day(_("New time limit"), first=clock.today, required=False, help_text=_("Empty: as the rule says."))


class OpinionForm(forms.Form):
    """An opinion that must be given."""

    opinion = forms.LongText(_("Opinion"))


class PerhapsOpinionForm(forms.Form):
    """An opinion that may be given."""

    opinion = forms.LongText(_("Opinion"), required=False, rows=3)


class AssessGeneralForm(forms.Form):
    """Grade general; a day makes it an order."""

    due = forms.Day(
        _("Order rectification by"), first=clock.today, required=False,
        help_text=_("Empty: the local default counts and no order is issued."),
    )  # fmt: skip
    requirements = forms.LongText(_("Requirements"), required=False)
    judgement = forms.LongText(_("Grounds of the grade"), required=False, rows=2)


class AssessOwnForm(forms.Form):
    """A unit grades its own finding."""

    due = forms.Day(_("To be rectified by"), first=clock.today)
    requirements = forms.LongText(_("Requirements"), required=False)


def clause_choices(actor: Actor, record: Hazard | None = None) -> list[tuple[str, str]]:
    """The clauses proposed for this description first, then every list in force; lists not held say so."""
    today, language = clock.today(), get_language() or "zh-hans"

    def pair(clause: hazard_list.Clause, mark: str = "") -> tuple[str, str]:
        return f"{clause.set}:{clause.code}", f"{mark}{clause.printed} {in_language(clause.title, language)}"

    proposed = [p.clause for p in selectors.proposals(record)] if record is not None else []
    pairs = [pair(c, f"{translate('Proposed')} ★ ") for c in proposed]
    known = {code for code, _label in pairs}
    for edition in hazard_list.sets_on(today):
        title = in_language(edition.title, language)
        if edition.status is Status.NOT_HELD:
            pairs.append(
                (f"{edition.code}:", translate("%(title)s (text not held: write the article below)") % {"title": title})
            )
            continue
        for clause in hazard_list.clauses(edition.code, today):
            if clause.version == edition.version and f"{clause.set}:{clause.code}" not in known:
                pairs.append(pair(clause))
                known.add(f"{clause.set}:{clause.code}")
    return pairs


class AssessMajorForm(forms.Form):
    """Grade major: a person decides; the lists propose."""

    clause = forms.Choice(
        _("Clause of a statutory list"), clause_choices, required=False,
        help_text=_("Proposals are found by the words of the description. Read the clause before you decide."),
    )  # fmt: skip
    clause_printed = forms.Text(
        _("Article as read"), required=False, help_text=_("Only for a list whose text is not held.")
    )
    judgement = forms.LongText(_("Grounds of the grade"))


class RegradeMajorForm(AssessMajorForm):
    """Raise to major."""

    reason = forms.LongText(_("Reason of the change"), rows=2)


class PlanForm(forms.Form):
    """The treatment plan: five settled items, six plan items, last day, money, papers."""

    plan_due = forms.Day(_("To be finished by"), first=clock.today)
    money_needed_yuan = forms.Decimal(_("Money needed"), unit=_("yuan"), least=0, required=False)
    plan_files = forms.Files(_("Plan as signed"), purpose="plan", least=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        for prefix, items in (("settled", SETTLED_ITEMS), ("plan", PLAN_ITEMS)):
            for item in items:
                field = forms.LongText(in_language(item.label, language), rows=2, max_length=1000)
                self.fields[f"{prefix}_{item.code}"] = field
                stored = getattr(self.record, prefix, None) or {}
                self.initial.setdefault(f"{prefix}_{item.code}", stored.get(item.code, ""))
        self.sections = (  # type: ignore[misc]  # those of this form
            (_("The five settled items"), [f"settled_{i.code}" for i in SETTLED_ITEMS]),
            (_("The treatment plan"), [f"plan_{i.code}" for i in PLAN_ITEMS]),
            (_("Time, money, papers"), ["plan_due", "money_needed_yuan", "plan_files"]),
        )

    def arguments(self) -> dict[str, Any]:
        """The items gathered into the two mappings the act takes."""
        given = super().arguments()
        settled = {i.code: given.pop(f"settled_{i.code}") for i in SETTLED_ITEMS}
        plan = {i.code: given.pop(f"plan_{i.code}") for i in PLAN_ITEMS}
        return {**given, "settled": settled, "plan": plan}


class MajorReportForm(forms.Form):
    """A report of a major hazard: to whom, when."""

    receiver = forms.Choice(
        _("Reported to"),
        lambda actor: [(i.code, in_language(i.label, get_language() or "zh-hans")) for i in REPORT_RECEIVERS],
        radio=True,
    )  # fmt: skip
    on = forms.Day(_("Reported on"), last=clock.today)
    files = forms.Files(_("Papers"), purpose="other", least=0)  # type: ignore[assignment]  # a field, as all here


class OrderForm(forms.Form):
    """An order with its day."""

    due = forms.Day(_("To be rectified by"), first=clock.today)
    requirements = forms.LongText(_("Requirements"), required=False)


class RectificationForm(forms.Form):
    """What was done."""

    measures = forms.LongText(_("Measures taken"))
    money_spent_yuan = forms.Decimal(_("Money spent"), unit=_("yuan"), least=0, help_text=_("0 if none."))
    rectified_on = forms.Day(_("Rectified on"), last=clock.today, required=False)
    after = forms.Files(_("Photos after"), purpose="after", pictures=True, least=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photos = self.fields["after"]
        if self.record is not None and not selectors.has_photos_after(self.record):
            photos.required = True
        else:
            photos.help_text = _("Photos are on the record already; add what shows the present state.")


class EvaluationForm(forms.Form):
    """The evaluation after treatment."""

    evaluated_on = forms.Day(_("Evaluated on"), last=clock.today)
    evaluated_by = forms.Text(_("Evaluated by"), max_length=120)
    evaluation = forms.LongText(_("Result"))
    evaluation_files = forms.Files(_("Evaluation report"), purpose="evaluation", least=0)


class MergeForm(forms.Form):
    """The twin that goes on."""

    into = forms.RecordChoice(
        _("Merge into"),
        lambda actor, record=None: selectors.twins_of(actor, record) if record else selectors.hazards(actor).none(),
    )
    reason = forms.LongText(_("Reason"), rows=2)


class TransferForm(forms.Form):
    """The receiving desk."""

    region = forms.RecordChoice(_("Receiving office"), selectors.offices, search=("name", "pinyin"))
    sector = forms.Choice(_("Sector line"), lambda actor: sectors(), required=False, blank=_("As now"))
    reason = forms.LongText(_("Reason"))


class AnswerForm(forms.Form):
    """An answer in words."""

    answer = forms.LongText(_("Answer"))


class PerhapsAnswerForm(forms.Form):
    """An answer that may stay empty."""

    answer = forms.LongText(_("Answer"), required=False, rows=3)


class ListingTermsForm(forms.Form):
    """The terms of a listing: leader, time limit, requirements."""

    leader_name = forms.Text(_("Responsible leader"), max_length=60)
    leader_title = forms.Text(_("Leader's post"), max_length=80)
    leader_phone = forms.Text(
        _("Leader's office telephone"), required=False, max_length=20, help_text=_("It is published with the listing.")
    )
    due_on = forms.Day(_("Time limit"), first=clock.today)
    requirements = forms.LongText(_("Requirements"), required=False, rows=3)
    published = forms.Flag(_("May be shown to the public"), initial=True)


class ListForm(ListingTermsForm):
    """A listing: level, terms, reason."""

    level = forms.Choice(_("Level"), ListingLevel.choices, radio=True)
    reason = forms.LongText(_("Reason"))
    sections = (
        ("", ("level", "reason", "leader_name", "leader_title", "leader_phone", "due_on", "requirements", "published")),
    )


class RequestListingForm(forms.Form):
    """Ask a higher level to list."""

    level = forms.Choice(_("Level"), ListingLevel.choices, radio=True)
    reason = forms.LongText(_("Reason"))


class DelistingForm(forms.Form):
    """What was done, for removal from the list."""

    evaluation = forms.LongText(_("What was done and how it was evaluated"))


class InstructionForm(forms.Form):
    """A leader's words and the day of answer."""

    text = forms.LongText(_("Instruction"))
    due_on = forms.Day(_("Answer by"), first=clock.today)


class ReturnAnswerForm(forms.Form):
    """Why the answer goes back, and until when."""

    reason = forms.LongText(_("Reason"))
    due_on = forms.Day(_("Answer by"), first=clock.today)


class ExtensionForm(forms.Form):
    """A request for more time."""

    asked_due = forms.Day(_("More time until"), first=clock.today)
    reason = forms.LongText(_("Reason"))
    safeguards = forms.LongText(_("Safeguards meanwhile"))


class GrantExtensionForm(forms.Form):
    """More time, perhaps less than was asked for."""

    granted_due = forms.Day(_("Granted until"), first=clock.today, required=False, help_text=_("Empty: as asked."))
    answer = forms.LongText(_("Answer"))


class UrgeForm(forms.Form):
    """A word to those who are urged."""

    note = forms.Text(_("Note"), required=False, max_length=200)


class FilesForm(forms.Form):
    """Files for the record."""

    purpose = forms.Choice(_("What they show"), Purpose.choices, radio=True)
    files = forms.Files(_("Files"), purpose="files")  # type: ignore[assignment]  # a field, as all here


class NothingForm(forms.Form):
    """Nothing is asked but the wish itself."""
