"""Lists of what is due: on the reader's own desk, and in the whole of his jurisdiction; pressing for an item."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.services import urge_deadline
from anlan.ui import filters, forms, links, tables
from anlan.ui.pages import ActPage, BulkAct, Empty, Export, ListPage, Tab
from anlan.ui.selectors import due_items, visible_deadlines
from anlan.ui.views.home import windows


class LabelColumn(tables.Column):
    """A msgid of the kernel, translated."""

    def render(self, value: Any) -> str:
        """The label in the reader's language."""
        return gettext(value) if value else ""

    def ledger(self, record: Any, value: Any) -> str:
        """The same in a ledger."""
        return self.render(value)


class DueTable(tables.Table):
    """Open items."""

    subject_title = tables.LinkColumn(
        _("Record"), lead=True, width=40, to=lambda d: links.url_of(d.subject_type, d.subject_id)
    )
    label = LabelColumn(_("What is due"), width=24)
    region_path = tables.RegionColumn(_("Place"))
    due_at = tables.DueColumn(_("Due"))
    basis = tables.TextColumn(_("Basis"), most=40, orderable=False)
    escalations = tables.NumberColumn(_("Raised"))

    class Meta(tables.Table.Meta):
        model = Deadline
        order_by = "due_at"

    def render_due_at(self, value: Any, record: Any) -> Any:
        """The day, and that it leans on a year whose holiday notice is not held yet."""
        chip = tables.due_chip(value)
        if not record.provisional:
            return chip
        return format_html("{} {}", chip, tables.badge(gettext("provisional"), "yellow"))


def _windows() -> list[tuple[str, Any]]:
    return [(code, group[0]) for code, group in windows().items()]


class DueFilters(filters.FilterSet):
    """When it is due, and words of the record's title."""

    q = filters.Search(["subject_title", "basis"], placeholder=_("Title or basis"))
    when = filters.Choice("due_at", _windows, _("When"), narrow=lambda rows, value: rows.filter(windows()[value][3]))
    due = filters.Days(_("Due"), "due_at")


class DeadlineFilters(DueFilters):
    """For a whole jurisdiction: also where, and what was raised."""

    region = filters.Region("region_path", permission="deadlines.view")
    raised = filters.Flag(_("Raised one level up"), ~Q(escalated_path=""))


class UrgeForm(forms.Form):
    """What one wants to say with it."""

    note = forms.LongText(
        _("Note"),
        required=False,
        max_length=200,
        rows=3,
        help_text=_("Sent to those responsible and kept on the record."),
    )


TABS = (
    Tab(_("All"), ""),
    Tab(_("Overdue"), "when=overdue"),
    Tab(_("Due today"), "when=today"),
    Tab(_("Due within 7 days"), "when=week"),
)
DUE = ListPage(
    name="ui:due",
    path="due/",
    title=_("What is due for me"),
    icon="checklist",
    selector=due_items,
    table=DueTable,
    filters=DueFilters,
    tabs=TABS,
    lead=_("Items on your own desk, soonest first"),
    export=Export(),
    empty=Empty(
        _("Nothing is due"),
        _("New items appear here by themselves as soon as something is due for you."),
        icon="mood-check",
    ),
)
DEADLINES = ListPage(
    name="ui:deadlines",
    path="deadlines/",
    title=_("Deadlines"),
    icon="calendar-due",
    permission="deadlines.view",
    selector=visible_deadlines,
    table=DueTable,
    filters=DeadlineFilters,
    tabs=TABS,
    export=Export(),
    lead=_("Everything that is due in your jurisdiction"),
    bulk=(
        BulkAct(
            "urge",
            _("Urge"),
            urge_deadline,
            form=UrgeForm,
            icon="bell-ringing",
            title=lambda d: d.subject_title,
            confirm=_("Those responsible get a message, and each record says so."),
        ),
    ),
    empty=Empty(_("Nothing is due"), _("No open deadline in your jurisdiction."), icon="mood-check"),
)
URGE = ActPage(
    name="ui:urge",
    path="deadlines/<int:pk>/urge/",
    title=_("Urge"),
    icon="bell-ringing",
    act=urge_deadline,
    selector=visible_deadlines,
    form=UrgeForm,
    submit=_("Urge"),
    message=_("Those responsible were told."),
    intro=_("Those responsible get a message, and the record says so."),
    lead=lambda d: f"{gettext(d.label)} · {d.subject_title}",
    done=lambda d: links.url_of(d.subject_type, d.subject_id) or "/due/",
)
