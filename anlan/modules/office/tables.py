"""Tables of the office."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel import clock
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import DECLARED
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.models import Grant, GrantKind, Post, User
from anlan.kernel.journal.facts import FACTS
from anlan.kernel.journal.models import Entry
from anlan.kernel.regions.models import Region, RegionChange, RegionKind
from anlan.modules.office.choices import KIND_TONES, QUEUES, labelled, role_label, subject_label
from anlan.modules.registry.public import sectors
from anlan.ui import links, places, tables, timeline


class RoleColumn(tables.Column):
    """A role by its name."""

    def render(self, value: Any, record: Any = None) -> Any:
        return role_label(value)

    def ledger(self, record: Any, value: Any) -> Any:
        return role_label(value)


class RoleLink(RoleColumn):
    """A role that leads to the authority."""

    def render(self, value: Any, record: Any = None) -> Any:
        address = links.url_of(record)
        return format_html('<a href="{}">{}</a>', address, role_label(value)) if address else role_label(value)


class LineColumn(tables.Column):
    """A sector line by its name; every line when there is none."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        super().__init__(verbose_name or _("Sector line"), **{"empty_values": (None,), **kwargs})

    def render(self, value: Any) -> Any:
        return dict(sectors()).get(value, value) or gettext("All lines")

    def ledger(self, record: Any, value: Any) -> Any:
        return self.render(value)


class ToColumn(tables.Column):
    """The record something is about, as a link; only its kind where it has no page."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        super().__init__(
            verbose_name or _("Record"), **{"orderable": False, "empty_values": (), "accessor": "subject_id", **kwargs}
        )

    def render(self, value: Any, record: Any) -> Any:
        address = links.url_of(record.subject_type, record.subject_id)
        label = self.ledger(record, value)
        return format_html('<a href="{}">{}</a>', address, label) if address else label

    def ledger(self, record: Any, value: Any) -> Any:
        return f"{subject_label(record.subject_type)} {record.subject_id}"


class UserTable(tables.Table):
    """Accounts."""

    name = tables.LinkColumn(_("Full name"), lead=True)
    username = tables.Column(_("Sign-in name"))
    title = tables.Column(_("Job title"))
    roles = tables.Column(_("Roles today"), empty_values=(), orderable=False, width=24)
    region_path = tables.RegionColumn(_("Kept by"))
    is_active = tables.FlagColumn(_("In use"))
    last_login = tables.MomentColumn(_("Last sign-in"))

    class Meta(tables.Table.Meta):
        model = User
        order_by = "name"

    def render_roles(self, record: Any) -> str:
        """The roles held today."""
        return labelled(g.role for g in record.now) or "—"


class GrantTable(tables.Table):
    """Authorities: who may do what where, from when to when."""

    user = tables.LinkColumn(_("Account"), lead=True, accessor="user__name", to=lambda g: links.url_of(g.user))
    role = RoleLink(_("Role"))
    place = tables.Column(_("Region or unit"), empty_values=(), orderable=False, width=28)
    sector = LineColumn()
    kind = tables.ChoiceColumn(_("Kind"), choices=GrantKind.choices, colours=KIND_TONES)
    valid_from = tables.DayColumn(_("From"))
    valid_to = tables.DayColumn(_("To"))
    basis = tables.TextColumn(_("Document"), most=30)
    reason = tables.TextColumn(_("Reason"), most=30)

    class Meta(tables.Table.Meta):
        model = Grant
        order_by = "-valid_from"

    def render_place(self, record: Any) -> str:
        """The region, or that it is for a unit."""
        return record.region.name if record.region else gettext("A unit")

    def value_place(self, record: Any) -> str:
        """The same for the ledger."""
        return self.render_place(record)


class LentTable(GrantTable):
    """What one delegated oneself; each leads to where it is taken back."""

    user = tables.LinkColumn(
        _("To whom"), lead=True, accessor="user__name",
        to=lambda g: reverse("office:end-delegation", args=[g.pk]) if g.valid_to >= clock.today() else "",
    )  # fmt: skip
    role = RoleColumn(_("Role"))

    class Meta(GrantTable.Meta):
        exclude = ("kind",)


class PostTable(tables.Table):
    """Posts."""

    office = tables.Column(_("Office or department"), lead=True)
    title = tables.LinkColumn(_("Post"))
    region = tables.Column(_("Region"), accessor="region__name")
    role = RoleColumn(_("Role"))
    sector = LineColumn()
    holders = tables.NumberColumn(_("Held by"))
    closed = tables.FlagColumn(_("Post closed"))

    class Meta(tables.Table.Meta):
        model = Post
        order_by = "office"


class RegionTable(tables.Table):
    """Regions."""

    name = tables.LinkColumn(_("Region"), lead=True)
    kind = tables.ChoiceColumn(_("Kind"), choices=RegionKind.choices)
    code = tables.Column(_("Region code"))
    path = tables.RegionColumn(_("Lies in"), levels=3, orderable=False)
    numchild = tables.NumberColumn(_("Parts"))
    valid_to = tables.DayColumn(_("Until"))

    class Meta(tables.Table.Meta):
        model = Region
        order_by = "path"


class ChangeTable(tables.Table):
    """Merges, moves and renames."""

    on = tables.DayColumn(_("From"))
    region = tables.LinkColumn(_("Region"), lead=True, accessor="region__name", to=lambda c: links.url_of(c.region))
    kind = tables.ChoiceColumn(_("Kind"), colours={"merge": "purple", "move": "blue", "rename": "grey"})
    old_name = tables.Column(_("Name before"))
    basis = tables.TextColumn(_("Decision"), most=40)
    rows_done = tables.NumberColumn(_("Rows carried"))
    finished_at = tables.MomentColumn(_("Finished"))

    class Meta(tables.Table.Meta):
        model = RegionChange
        order_by = "-on"


class RuleTable(tables.Table):
    """Local rules, all of them that were ever set."""

    code = tables.Column(_("Rule"), lead=True, width=32)
    value = tables.Column(_("Value"))
    region_path = tables.RegionColumn(_("Set for"), levels=1)
    valid_from = tables.DayColumn(_("Counts from"))
    basis = tables.TextColumn(_("Basis"), most=50)

    class Meta(tables.Table.Meta):
        model = Parameter
        order_by = "-valid_from"

    def render_code(self, value: str) -> str:
        """The rule's name."""
        return gettext(DECLARED[value].label) if value in DECLARED else value

    def render_value(self, value: Any, record: Any) -> str:
        """The figure with its unit."""
        declared = DECLARED.get(record.code)
        return f"{value} {gettext(declared.unit)}" if declared else str(value)


class EntryTable(tables.Table):
    """The journal."""

    at = tables.MomentColumn(_("Happened at"))
    actor_name = tables.Column(_("Who"))
    said = tables.Column(_("What"), empty_values=(), orderable=False, lead=True, width=60)
    subject = ToColumn()
    region_path = tables.RegionColumn(_("Region"))
    act = tables.Column(_("Act"))
    cause = tables.TextColumn(_("Because of"), most=24)

    class Meta(tables.Table.Meta):
        model = Entry
        order_by = "-pk"  # as it was written: along the key, not by sorting a city's journal

    def render_actor_name(self, record: Any) -> str:
        """The person; the platform itself by that name."""
        return gettext("System") if record.actor_key == timeline.SYSTEM else record.actor_name

    def render_said(self, record: Any) -> str:
        """The fact's sentence."""
        return timeline.sentence(record)


class EventTable(tables.Table):
    """The outbox."""

    at = tables.MomentColumn(_("Happened at"))
    event_type = tables.LinkColumn(_("Event"), lead=True)
    subject = ToColumn()
    region_path = tables.RegionColumn(_("Region"))
    delivered = tables.NumberColumn(_("Flows run"))
    depth = tables.NumberColumn(_("Causes behind it"))

    class Meta(tables.Table.Meta):
        model = EventRow
        order_by = "-at"


class JobTable(tables.Table):
    """Jobs given up."""

    id = tables.NumberColumn(_("Job"))
    task_name = tables.Column(_("Task"), lead=True)
    queue_name = tables.ChoiceColumn(_("Queue"), choices=QUEUES.items())
    attempts = tables.NumberColumn(_("Attempts"))
    flow = tables.Column(_("Flow"), empty_values=(), orderable=False)

    class Meta(tables.Table.Meta):
        model = ProcrastinateJob
        order_by = "-id"

    def render_flow(self, record: Any) -> str:
        """The flow that failed, where it is one."""
        return str(record.args.get("flow_name", "")) or "—"


def place_name(path: str) -> str:
    """A region with those above it."""
    return places.name(path)


def event_words(event: EventRow) -> str:
    """What an event says, in the words of its declaration."""
    kind = FACTS.get(event.event_type)
    return (kind.__doc__ or "").strip().splitlines()[0] if kind and kind.__doc__ else event.event_type
