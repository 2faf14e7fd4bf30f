"""Notices: the warnings that came to offices and units, acknowledged and answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.modules.registry.public import UNIT
from anlan.modules.warning import filters, forms, selectors, services
from anlan.modules.warning.choices import LEVEL_TONES
from anlan.modules.warning.models import Notice
from anlan.modules.warning.tables import NoticeTable
from anlan.modules.warning.workflow import SURVEY, VIEW
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import Empty, Export, Item, ListPage, RecordPage, StepPage, Tab


def facts(notice: Notice, actor: Actor) -> list[Item]:
    """What is known of a notice."""
    warning = notice.warning
    seen = actor.may(SURVEY, warning)
    return [
        Item(pgettext_lazy("warning", "For"), warning.place),
        Item(pgettext_lazy("warning", "Number"), warning.number, url=links.url_of(warning) if seen else ""),
        Item(pgettext_lazy("notice", "Addressee"), notice.to,
             url=links.url_of(UNIT, notice.unit_id) if notice.unit_id else ""),
        Item(pgettext_lazy("warning", "In force until"), warning.until),
        Item(pgettext_lazy("warning", "What to watch and do"), warning.text, kind="lines", wide=True),
        Item(pgettext_lazy("notice", "Sent at"), notice.sent_at),
        Item(pgettext_lazy("notice", "Acknowledge by"), notice.answer_by),
        Item(pgettext_lazy("notice", "Acknowledged at"), notice.acknowledged_at),
        Item(pgettext_lazy("notice", "Acknowledged by"), notice.acknowledger.name if notice.acknowledger else ""),
        Item(pgettext_lazy("notice", "Measures"), notice.measures, kind="lines", wide=True),
        Item(_("Reported at"), notice.reported_at),
        Item(_("Reported by"), notice.reporter.name if notice.reporter else ""),
    ]  # fmt: skip


NOTICES = ListPage(
    name="warning:notices",
    path="notices/",
    title=_("Warnings received"),
    icon="mail",
    permission=VIEW,
    selector=selectors.notices,
    table=NoticeTable,
    filters=filters.NoticeFilters,
    tabs=(
        Tab(_("To be acknowledged"), "state=sent"), Tab(pgettext_lazy("warning", "In force"), "open=on"),
        Tab(_("Not acknowledged in time"), "late=on"), Tab(_("All"), ""),
    ),
    opens="open=on",
    empty=Empty(_("No warning came"), _("Warnings for your town or unit appear here and among what is due.")),
    export=Export(permission=VIEW, filename="warning-notices"),
)  # fmt: skip
NOTICE_PAGE = RecordPage(
    name="warning:notice",
    path="notices/<int:pk>/",
    permission=VIEW,
    selector=selectors.notices,
    title=lambda notice: notice.warning.place,
    number=lambda notice: notice.warning.number,
    subtitle=lambda notice: notice.to,
    badges=lambda notice: [(notice.warning.get_level_display(), LEVEL_TONES[notice.warning.level])],
    facts=facts,
    back="warning:notices",
)  # fmt: skip


def _step(step: str, act: Any, form: Any, **more: Any) -> StepPage:
    return StepPage(
        name=f"warning:{step}", path=f"notices/<int:pk>/{step}/", step=step, act=act, form=form,
        selector=selectors.notices, when=lambda notice, actor: selectors.answers(actor, notice), **more,
    )  # fmt: skip


NOTICE_ACTS = (
    _step("acknowledge", services.acknowledge_notice, Form,
          intro=_("Acknowledging says: read, passed on to those who act.")),
    _step("report", services.report_measures, forms.MeasuresForm),
)  # fmt: skip
