"""The forms of the steps: one page for each row of the process tables, and the acts that are no step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.hazards import forms, selectors, services
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.workflow import WITHDRAWABLE
from anlan.ui.pages import ActPage, StepPage


def _site(h: Hazard) -> str:
    """The site and its address, for the mark on a photo."""
    return " ".join(filter(None, (h.site.name, h.site.address, h.place)))


def _step(code: str, act: Any, form: Any, icon: str = "arrow-right", **more: Any) -> StepPage:
    slug = code.replace("_", "-")
    return StepPage(
        name=f"hazards:{slug}", path=f"<int:pk>/{slug}/", selector=selectors.hazards, step=code, act=act, form=form,
        icon=icon, where=_site, **more,
    )  # fmt: skip


def _stored(*names: str) -> Any:
    def initial(h: Hazard, actor: Actor) -> dict[str, Any]:
        return {name: getattr(h, name) for name in names}

    return initial


STEPS = (
    _step("return_report", services.return_report, forms.ReasonForm, "arrow-back-up"),
    _step("resubmit_report", services.resubmit_report, forms.CorrectForm, "send", wide=True,
          initial=_stored(*forms.CorrectForm.use)),
    _step("assess_general", services.assess_general, forms.AssessGeneralForm, "scale",
          initial=lambda h, actor: {"due": h.proposed_due, "requirements": h.proposed_measures}),
    _step("assess_own", services.assess_own, forms.AssessOwnForm, "scale",
          initial=lambda h, actor: {"due": h.proposed_due, "requirements": h.proposed_measures}),
    _step("assess_major", services.assess_major, forms.AssessMajorForm, "scale"),
    _step("regrade_major", services.regrade_major, forms.RegradeMajorForm, "scale", aside=True),
    _step("regrade_general", services.regrade_general, forms.ReasonDueForm, "scale", aside=True),
    _step("submit_plan", services.submit_plan, forms.PlanForm, "clipboard-text", wide=True,
          initial=_stored("plan_due", "money_needed_yuan")),
    _step("approve_plan", services.approve_plan, forms.PerhapsOpinionForm, "clipboard-check"),
    _step("return_plan", services.return_plan, forms.ReasonForm, "arrow-back-up"),
    _step("order", services.order_rectification, forms.OrderForm, "gavel", initial=_stored("requirements")),
    _step("submit_rectification", services.submit_rectification, forms.RectificationForm, "tools"),
    _step("accept", services.accept_rectification, forms.OpinionForm, "circle-check"),
    _step("accept_own", services.accept_own, forms.OpinionForm, "circle-check"),
    _step("return_rectification", services.return_rectification, forms.ReasonDueForm, "arrow-back-up"),
    _step("return_acceptance", services.return_acceptance, forms.ReasonDueForm, "arrow-back-up"),
    _step("close", services.close_hazard, forms.PerhapsOpinionForm, "lock"),
    _step("close_own", services.close_own, forms.PerhapsOpinionForm, "lock"),
    _step("recheck", services.recheck_hazard, forms.OpinionForm, "eye-check"),
    _step("reopen", services.reopen_hazard, forms.ReasonDueForm, "rotate"),
    _step("propose_withdrawal", services.propose_withdrawal, forms.ReasonForm, "circle-x", aside=True),
    _step("agree_withdrawal", services.agree_withdrawal, forms.PerhapsOpinionForm, "check"),
    *(
        _step(f"refuse_withdrawal_{state}", services.refuse_withdrawal, forms.ReasonForm, "arrow-back-up")
        for state in WITHDRAWABLE
    ),
    _step("merge", services.merge_hazard, forms.MergeForm, "git-merge", aside=True),
)  # fmt: skip


def _companion(noun: str, selector: Any, code: str, act: Any, form: Any) -> StepPage:
    slug = code.replace("_", "-")
    return StepPage(
        name=f"hazards:{noun}-{slug}", path=f"{noun}s/<int:pk>/{slug}/", selector=selector, step=code, act=act,
        form=form, done=lambda outcome: outcome.get_absolute_url(),
    )  # fmt: skip


COMPANION_STEPS = (
    _companion("transfer", selectors.transfers, "take_over", services.accept_transfer, forms.PerhapsAnswerForm),
    _companion("transfer", selectors.transfers, "refuse", services.refuse_transfer, forms.AnswerForm),
    _companion("transfer", selectors.transfers, "recall", services.recall_transfer, forms.PerhapsAnswerForm),
    _companion("listing", selectors.listings, "grant", services.grant_listing, forms.ListingTermsForm),
    _companion("listing", selectors.listings, "decline", services.decline_listing, forms.AnswerForm),
    _companion("listing", selectors.listings, "request_delisting", services.request_delisting, forms.DelistingForm),
    _companion("listing", selectors.listings, "delist", services.delist_hazard, forms.AnswerForm),
    _companion("listing", selectors.listings, "keep", services.keep_listing, forms.AnswerForm),
    _companion("instruction", selectors.instructions, "answer", services.answer_instruction, forms.AnswerForm),
    _companion("instruction", selectors.instructions, "return_answer", services.return_answer, forms.ReturnAnswerForm),
    _companion("instruction", selectors.instructions, "recall", services.recall_instruction, forms.NothingForm),
    _companion("extension", selectors.extensions, "grant", services.grant_extension, forms.GrantExtensionForm),
    _companion("extension", selectors.extensions, "refuse", services.refuse_extension, forms.AnswerForm),
)


def _act(slug: str, act: Any, form: Any, title: Any, **more: Any) -> ActPage:
    return ActPage(
        name=f"hazards:{slug}", path=f"<int:pk>/{slug}/", selector=selectors.hazards, act=act, form=form, title=title,
        where=_site, done=lambda outcome: _home_of(outcome), **more,
    )  # fmt: skip


def _home_of(outcome: Any) -> str:
    """The hazard's page, whatever the act answered with."""
    return str(outcome.get_absolute_url()) if hasattr(outcome, "get_absolute_url") else ""


ACTS = (
    _act("correct", services.correct_hazard, forms.CorrectForm, _("Correct the description"), wide=True,
         initial=_stored(*forms.CorrectForm.use)),
    ActPage(
        name="hazards:add-files", path="<int:pk>/add-files/", selector=selectors.hazards, act=services.add_files,
        form=forms.FilesForm, title=_("Add files"), where=_site, message=_("The files were added."),
    ),
    _act("report-major", services.report_major, forms.MajorReportForm, _("Note a report")),
    _act("evaluate", services.record_evaluation, forms.EvaluationForm, _("Record the evaluation")),
    _act("urge", services.urge_hazard, forms.UrgeForm, _("Urge"), submit=_("Urge"),
         message=_("Those in charge were told.")),
    _act("offer", services.offer_transfer, forms.TransferForm, _("Transfer")),
    _act("list-for-supervision", services.list_hazard, forms.ListForm, _("List for supervision")),
    _act("request-listing", services.request_listing, forms.RequestListingForm, _("Ask the level above to list")),
    _act("instruct", services.instruct, forms.InstructionForm, _("Give an instruction")),
    _act("ask-extension", services.ask_extension, forms.ExtensionForm, _("Ask for more time")),
)  # fmt: skip
