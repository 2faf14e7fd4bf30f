"""Forms of compliance. Field names are the acts' own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.compliance import selectors
from anlan.modules.compliance.choices import FACTS, Outcome
from anlan.rules.unit_duties import evidence_kinds
from anlan.rules.wording import in_language
from anlan.ui import forms


def kinds() -> list[tuple[str, str]]:
    """The kinds of evidence."""
    language = get_language() or "zh-hans"
    return [(kind.code, in_language(kind.name, language)) for kind in evidence_kinds().values()]


class EvidenceForm(forms.Form):
    """Handing evidence in: what the paper does not state stays empty."""

    kind = forms.Choice(pgettext_lazy("evidence", "Kind of evidence"), kinds)
    told_on = forms.Day(
        _("Day it tells of"), last=clock.today,
        help_text=_("The day it was done; for a report on a period, the last day of that period."),
    )  # fmt: skip
    valid_to = forms.Day(_("Holds until"), required=False, help_text=_("Of policies and certificates."))
    papers = forms.Files(_("Paper or photo"), purpose="evidence")
    persons = forms.Whole(FACTS["persons"], least=0, most=1_000_000, required=False)
    managers_hours = forms.Whole(FACTS["managers_hours"], least=0, most=1000, required=False)
    yuan = forms.Decimal(FACTS["yuan"], unit=_("yuan"), least=0, required=False)
    score = forms.Decimal(FACTS["score"], least=0, most=100, required=False)
    risks = forms.Whole(FACTS["risks"], least=0, most=100_000, required=False)
    faults = forms.Whole(FACTS["faults"], least=0, most=100_000, required=False)
    rescuers = forms.Whole(FACTS["rescuers"], least=0, most=10_000, required=False)
    comprehensive = forms.Flag(FACTS["comprehensive"])
    on_site = forms.Flag(FACTS["on_site"])
    told = forms.Flag(FACTS["told"])
    note = forms.LongText(_("Note"), max_length=500, rows=2, required=False)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=200, rows=2)


def _called(site: Any) -> str:
    return str(site.name)


class PlanForm(forms.Form):
    """Planning self-checks."""

    site = forms.RecordChoice(_("Site"), selectors.kept_sites, called=_called)
    check_list = forms.Choice(_("Check list"), selectors.lists_offered)
    every_days = forms.Whole(_("Every so many days"), least=1, most=366)
    due_on = forms.Day(_("The first by"), first=clock.today)

    def arguments(self) -> dict[str, Any]:
        """Keys for records."""
        given = super().arguments()
        given["site"] = given["site"].pk
        given["check_list"] = int(given["check_list"])
        return given


class AnswerForm(forms.Form):
    """One item of a self-check."""

    outcome = forms.Choice(pgettext_lazy("self-check", "Found"), Outcome.choices, radio=True)
    note = forms.LongText(
        _("Note"), max_length=500, rows=2, required=False,
        help_text=_("What is not in order becomes a hazard with these words and the photos."),
    )  # fmt: skip
    photos = forms.Files(_("Photos"), purpose="photo", required=False)


class FillForm(forms.Form):
    """Every item of a self-check that is still open, on one page: filled in without signal, sent when there is one.

    It compares no version: what two people found at different items is kept of both, and ``fill_check`` refuses what
    contradicts. An item another one filled in meanwhile is taken as it was sent.
    """

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields.pop("version")
        sections = []
        for one in selectors.answers_of(self.record):
            if one.outcome and not (data and data.get(f"outcome_{one.position}")):
                continue
            n = one.position
            fields = {
                f"outcome_{n}": forms.Choice(
                    pgettext_lazy("self-check", "Found"), Outcome.choices, radio=True, required=False,
                    blank=_("Not looked at yet"),
                    help_text="　".join(part for part in (one.clause, one.method) if part),
                ),
                f"note_{n}": forms.LongText(_("What is wrong"), max_length=500, rows=2, required=False),
                f"photos_{n}": forms.Files(_("Photos"), purpose="photo", required=False, pictures=True),
            }  # fmt: skip
            for name, field in fields.items():
                forms.bind_actor(field, name, self.actor, self.record)
                if not name.startswith("outcome"):
                    field.when = f"outcome_{n}=fault"  # type: ignore[attr-defined]
            self.fields.update(fields)
            sections.append((f"{n}. {one.asked}", tuple(fields)))
        self.sections = tuple(sections)  # type: ignore[misc]  # of this self-check

    def arguments(self) -> dict[str, Any]:
        """The items that were filled in."""
        found = []
        for name, outcome in self.cleaned_data.items():
            field, _bar, position = name.partition("_")
            if field == "outcome" and outcome:
                given = {part: self.cleaned_data.get(f"{part}_{position}") for part in ("note", "photos")}
                wrong = given if outcome == Outcome.FAULT else {}
                found.append({"position": int(position), "outcome": outcome, **wrong})
        return {"found": found}
