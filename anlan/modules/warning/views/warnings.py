"""Warnings: the list, one with its notices and its effect, and what is done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.modules.registry.public import UNIT
from anlan.modules.warning import filters, forms, selectors, services
from anlan.modules.warning.choices import LEVEL_TONES, PREFIX
from anlan.modules.warning.models import EarlyWarning
from anlan.modules.warning.tables import NoticeTable, WarningTable
from anlan.modules.warning.workflow import ISSUE, SURVEY, WARNING
from anlan.ui import formats, links
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, StepPage, Tab

ISSUE_ACTION = Action(_("Issue a warning"), "warning:issue", icon="flag-exclamation", permission=ISSUE, tone="primary")
ENDED = ("withdrawn", "expired")


def facts(warning: EarlyWarning, actor: Actor) -> list[Item]:
    """What is known of a warning."""
    return [
        Item(pgettext_lazy("warning", "For"), warning.place,
             url=links.url_of(UNIT, warning.unit_id) if warning.unit_id else ""),
        Item(_("Region"), warning.region_path, kind="region"),
        Item(pgettext_lazy("warning", "Source"), warning.get_source_display()),
        Item(_("Index before"), warning.value_before),
        Item(pgettext_lazy("warning", "Made at"), warning.made_at),
        Item(pgettext_lazy("warning", "Issued at"), warning.issued_at),
        Item(pgettext_lazy("warning", "Issued by"), warning.issuer.name if warning.issuer else ""),
        Item(pgettext_lazy("warning", "In force until"), warning.until),
        Item(pgettext_lazy("warning", "What to watch and do"), warning.text, kind="lines", wide=True),
        Item(_("Reason"), warning.reason, wide=True),
    ]  # fmt: skip


def effect(warning: EarlyWarning, actor: Actor) -> list[Item] | None:
    """What it achieved; None before it ended."""
    if warning.state not in ENDED:
        return None
    share = formats.percent(warning.in_time / warning.told) if warning.told else formats.DASH
    both = warning.value_before is not None and warning.value_after is not None
    moved = formats.number(warning.value_after - warning.value_before, 1) if both else formats.DASH  # type: ignore[operator]
    of = gettext("%(part)s of %(whole)s")
    return [
        Item(_("Index before"), warning.value_before), Item(_("Index after"), warning.value_after),
        Item(_("The index moved by"), moved),
        Item(_("Acknowledged in time"), f"{share} ({of % {'part': warning.in_time, 'whole': warning.told}})"),
        Item(_("Measures reported"), of % {"part": warning.answered, "whole": warning.told}),
        Item(_("Ended at"), warning.ended_at),
    ]  # fmt: skip


def proposal(warning: EarlyWarning, actor: Actor) -> dict[str, Any]:
    """The level proposed, and how long such a one is in force."""
    days = parameter(f"{PREFIX}lasts", warning.region_path)
    return {"level": warning.level, "until": clock.today() + dt.timedelta(days=days)}


def fresh(actor: Actor) -> dict[str, Any]:
    """How long a warning is in force unless somebody says otherwise."""
    return {"until": clock.today() + dt.timedelta(days=parameter(f"{PREFIX}lasts"))}


WARNINGS = ListPage(
    name="warning:list",
    path="warnings/",
    title=_("Warnings"),
    icon="flag-exclamation",
    permission=SURVEY,
    selector=selectors.warnings,
    table=WarningTable,
    filters=filters.WarningFilters,
    tabs=(
        Tab(_("Proposed"), "state=proposed"), Tab(pgettext_lazy("warning", "In force"), "state=issued"),
        Tab(_("Proposed or in force"), "open=on"), Tab(_("All"), ""),
    ),
    opens="open=on",
    actions=(ISSUE_ACTION, Action(_("Warning index"), "warning:index", icon="gauge", permission=SURVEY),
             Action(_("Special periods"), "warning:periods", icon="calendar-event", permission=SURVEY)),
    empty=Empty(_("No warning"), _("The index proposes one where it reaches a level; you may issue one by hand."),
                ISSUE_ACTION),
    export=Export(permission=SURVEY, filename="warnings"),
)  # fmt: skip
WARNING_PAGE = RecordPage(
    name="warning:warning",
    path="warnings/<int:pk>/",
    permission=SURVEY,
    selector=selectors.warnings,
    title=lambda warning: warning.place,
    number=lambda warning: warning.number,
    badges=lambda warning: [(warning.get_level_display(), LEVEL_TONES[warning.level])],
    facts=facts,
    back="warning:list",
    deadlines=False,
    sections=(
        Section(_("Effect"), items=effect, icon="chart-line"),
        Section(
            pgettext_lazy("section", "Notices"), table=NoticeTable, icon="send",
            empty=_("None was sent: it is proposed, not issued."),
            rows=lambda warning, actor: selectors.notices(actor).filter(warning=warning).order_by("state", "pk"),
            columns=("to", "state", "answer_by", "acknowledged_at", "reported_at"), most=50,
        ),
    ),
    actions=(
        Action(_("Warning index"), "warning:index", icon="gauge", permission=SURVEY, aside=True),
    ),
)  # fmt: skip


def _step(step: str, act: Any, form: Any, **more: Any) -> StepPage:
    name = step.replace("_", "-")
    return StepPage(
        name=f"warning:{name}", path=f"warnings/<int:pk>/{name}/", step=step, act=act, form=form,
        selector=selectors.warnings, **more,
    )  # fmt: skip


WARNING_ACTS = (
    ActPage(
        name="warning:issue", path="warnings/issue/", title=_(WARNING.step("issue").label), act=services.issue_warning,
        form=forms.IssueForm, initial=fresh, cancel="warning:list", submit=_(WARNING.step("issue").label),
        done=lambda warning: reverse("warning:warning", args=[warning.pk]),
        intro=_("It goes to the offices one level down, of a town to the town, of a unit to the unit and its town. "
                "They acknowledge it in time and report what they did."),
    ),
    _step("issue_proposed", services.issue_proposed, forms.ProposedForm, initial=proposal),
    _step("dismiss", services.dismiss_warning, forms.ReasonForm, aside=True),
    _step("withdraw", services.withdraw_warning, forms.ReasonForm,
          when=lambda warning, actor: selectors.may_withdraw(actor, warning),
          intro=_("Its notices end with it. The index of now and who acknowledged in time are kept as its effect.")),
)  # fmt: skip
