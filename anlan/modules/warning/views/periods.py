"""Special periods: the list, one of them, setting and ending."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.warning import filters, forms, selectors, services
from anlan.modules.warning.models import SpecialPeriod
from anlan.modules.warning.tables import PeriodTable
from anlan.modules.warning.workflow import PERIODS as MAY_SET
from anlan.modules.warning.workflow import SURVEY
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Tab

SET_ACTION = Action(_("Set a special period"), "warning:set-period", icon="plus", permission=MAY_SET, tone="primary")


def facts(period: SpecialPeriod, actor: Actor) -> list[Item]:
    """What is known of a period."""
    return [
        Item(_("Region"), period.region_path, kind="region"),
        Item(pgettext_lazy("period", "Kind"), period.get_kind_display()),
        Item(pgettext_lazy("period", "First day"), period.first),
        Item(pgettext_lazy("period", "Last day"), period.last), Item(_("Factor, %"), period.factor),
        Item(_("Reason"), period.reason, wide=True), Item(_("Ended at"), period.ended_at),
    ]  # fmt: skip


PERIODS = ListPage(
    name="warning:periods",
    path="periods/",
    title=_("Special periods"),
    icon="calendar-event",
    permission=SURVEY,
    selector=selectors.periods,
    table=PeriodTable,
    filters=filters.PeriodFilters,
    tabs=(Tab(_("Running or ahead"), "ahead=on"), Tab(_("All"), "")),
    actions=(SET_ACTION,),
    empty=Empty(_("No special period"), _("In a season, at a holiday or in a campaign the index weighs more."),
                SET_ACTION),
    export=Export(permission=SURVEY, filename="special-periods"),
)  # fmt: skip
PERIOD_PAGE = RecordPage(
    name="warning:period",
    path="periods/<int:pk>/",
    permission=SURVEY,
    selector=selectors.periods,
    title=str,
    badges=lambda period: [(pgettext_lazy("period", "Ended"), "grey")] if period.ended_at else [],
    facts=facts,
    back="warning:periods",
    deadlines=False,
    actions=(
        Action(_("End the period"), "warning:end-period", icon="circle-x", permission=MAY_SET, dialog=True,
               when=lambda period, actor: period.ended_at is None),
    ),
)  # fmt: skip
PERIOD_ACTS = (
    ActPage(
        name="warning:set-period", path="periods/set/", title=_("Set a special period"), act=services.set_period,
        form=forms.PeriodForm, cancel="warning:periods",
        done=lambda period: reverse("warning:period", args=[period.pk]),
    ),
    ActPage(
        name="warning:end-period", path="periods/<int:pk>/end/", title=_("End the period"), act=services.end_period,
        form=forms.ReasonForm, selector=selectors.periods, submit=_("End the period"), danger=True,
    ),
)  # fmt: skip
