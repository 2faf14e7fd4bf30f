"""Tables of lists: columns that know how they look on a screen, on a phone, and in a ledger.

A column shows its value by ``render`` and gives it to the export by ``ledger`` (plain text, numbers and days).
Links of the head are absolute (``base_url``), so a table works wherever htmx puts it.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

import django_tables2
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.encoding import force_str
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.rules.steps import Workflow
from anlan.ui import cells, formats, links, places
from anlan.ui.templatetags.anlan import due_tone, icon, tone


class Column(django_tables2.Column):
    """A plain value; dates, numbers and truth values are shown in the reader's manner.

    ``lead`` marks the column that names the row on a phone; ``personal`` keeps it out of every export;
    ``export`` False leaves it out of the ledger; ``wrap`` False keeps it on one line; ``reads`` marks sentences, which
    begin under their label on a phone; ``width`` is its width in the ledger, in characters.
    """

    number = False
    repeats = False  # True where equal codes are said equally, whatever the row
    picks = False

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        lead: bool = False,
        personal: bool = False,
        export: bool = True,
        width: int = 16,
        wrap: bool = True,
        reads: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("default", formats.DASH)
        super().__init__(verbose_name=verbose_name, **kwargs)
        self.lead, self.personal, self.export, self.width = lead, personal, export and not personal, width
        self.wrap, self.reads = wrap, reads

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A table's own copy; what the column was declared with (a whole workflow, say) is never changed by a table."""
        copied = copy.copy(self)
        copied.attrs = dict(self.attrs)
        return copied

    def render(self, value: Any, *args: Any, **row: Any) -> Any:
        """The value as read; ``row`` holds what django-tables2 knows of the row, by the names a subclass asks for."""
        return shown(value)

    def ledger(self, record: Any, value: Any) -> Any:
        """The value as it stands in an exported ledger."""
        return plain(value)


def shown(value: Any) -> Any:
    """Any value in the reader's manner."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    return value


def plain(value: Any) -> Any:
    """A value for a ledger: numbers and days stay what they are, moments lose their zone, the rest becomes text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dt.datetime):
        return value.astimezone(clock.CHINA).replace(tzinfo=None)
    if isinstance(value, dt.date | int | float | Decimal):
        return value
    return force_str(value)


class TextColumn(Column):
    """Text that may be long: cut after ``most`` characters on the screen, whole in the ledger."""

    def __init__(self, verbose_name: Any = None, *, most: int = 60, **kwargs: Any) -> None:
        super().__init__(verbose_name, **{"width": 40, **kwargs})
        self.most = most

    def render(self, value: Any) -> Any:
        text = force_str(value)
        if len(text) <= self.most:
            return text
        return format_html('<span title="{}">{}…</span>', text, text[: self.most].rstrip())


class LinkColumn(Column):
    """Leads to the row's record page, or to ``to(record)``; ``beneath(record)`` stands small under it."""

    def __init__(self, verbose_name: Any = None, *, to: Any = None, beneath: Any = None, **kwargs: Any) -> None:
        super().__init__(verbose_name, **kwargs)
        self.to, self.beneath = to, beneath

    def render(self, value: Any, record: Any) -> Any:
        address = self.to(record) if self.to else links.url_of(record)
        told = format_html('<a href="{}">{}</a>', address, shown(value)) if address else shown(value)
        return two_lines(told, self.beneath(record)) if self.beneath else told


def two_lines(first: Any, second: Any) -> Any:
    """A cell of two lines, the second one small; one line when there is no second."""
    return format_html('{}<small class="beneath">{}</small>', first, second) if second else first


class StateColumn(Column):
    """The badge of a workflow's state."""

    repeats = True

    def __init__(self, process: Workflow, verbose_name: Any = None, **kwargs: Any) -> None:
        super().__init__(verbose_name or _("State"), **kwargs)
        self.process = process

    def render(self, value: Any) -> SafeString:
        return state_badge(self.process, value)

    def ledger(self, record: Any, value: Any) -> Any:
        return state_label(self.process, value)


class ChoiceColumn(Column):
    """A choice's label in its colour; ``colours`` maps codes to tones, ``choices`` codes to labels when the field has
    none."""

    repeats = True

    def __init__(
        self, verbose_name: Any = None, *, colours: Mapping[str, str] | None = None, choices: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(verbose_name, **kwargs)
        self.colours, self.labels = colours, dict(choices or ())

    def label(self, record: Any, code: Any, field: str) -> str:
        """The label of a choice."""
        if code in self.labels:
            return force_str(self.labels[code])
        show = getattr(record, f"get_{field}_display", None)
        return force_str(show() if show else code)

    def render(self, value: Any, record: Any, bound_column: Any) -> Any:
        """The label, as a badge when colours are given."""
        code = bound_column.accessor.resolve(record, quiet=True)
        label = self.label(record, code, bound_column.name)
        return badge(label, self.colours.get(str(code), "grey")) if self.colours is not None else label

    def ledger(self, record: Any, value: Any) -> Any:
        """The label as text."""
        return self.label(record, value, self.field) if value not in (None, "") else None

    field = ""


class DueColumn(Column):
    """A due day with the days left or over; ``done`` names the field that is filled when it no longer counts."""

    def __init__(self, verbose_name: Any = None, *, done: str = "", **kwargs: Any) -> None:
        super().__init__(verbose_name or _("Due"), **kwargs)
        self.done = done

    def render(self, value: Any, record: Any) -> SafeString:
        over = bool(self.done and getattr(record, self.done, None))
        return due_chip(value, counts=not over)

    def ledger(self, record: Any, value: Any) -> Any:
        return formats.as_day(value) if value else None


class DayColumn(Column):
    """A day."""

    def render(self, value: Any) -> SafeString:
        return format_html('<time class="text-nowrap" datetime="{0}">{0}</time>', formats.day(value))

    def ledger(self, record: Any, value: Any) -> Any:
        return formats.as_day(value) if value else None


class MomentColumn(Column):
    """A moment."""

    def render(self, value: Any) -> SafeString:
        return format_html('<span class="text-nowrap">{}</span>', formats.moment(value))


class FlagColumn(Column):
    """A tick where it is true; ``label`` is read out."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        super().__init__(verbose_name, **{"width": 8, **kwargs})

    def render(self, value: Any) -> Any:
        return icon("check", label=gettext("Yes")) if value else formats.DASH


class NumberColumn(Column):
    """A number, set right; ``places`` fixes the decimals."""

    number = True

    def __init__(self, verbose_name: Any = None, *, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(verbose_name, **{"width": 12, **kwargs})
        self.places = places

    def render(self, value: Any) -> str:
        return formats.number(value, self.places)


class RegionColumn(Column):
    """The names of a region by its tree path, the lower ones beneath; all rows of a page are named by one query."""

    def __init__(self, verbose_name: Any = None, *, levels: int = 2, **kwargs: Any) -> None:
        super().__init__(verbose_name or _("Place"), **{"width": 24, **kwargs})
        self.levels = levels

    def render(self, value: Any, table: Any) -> SafeString:
        first, *rest = (table.place(value, self.levels) or formats.DASH).split(places.JOIN)
        return two_lines(first, places.JOIN.join(rest))

    def ledger(self, record: Any, value: Any) -> Any:
        return value


class PlacedColumn(Column):
    """A name with its place beneath: the names of the row's ``region_path``, one query a page."""

    levels = 2

    def render(self, value: Any, record: Any, table: Any) -> Any:
        return two_lines(shown(value), table.place(record.region_path, self.levels))


class MaskedColumn(Column):
    """A personal identifier, masked: ``kind`` is phone, id or name. Never sorted, never exported."""

    def __init__(self, verbose_name: Any = None, *, kind: str = "name", **kwargs: Any) -> None:
        super().__init__(verbose_name, **{"personal": True, "orderable": False, **kwargs})
        self.kind = kind

    def render(self, value: Any) -> str:
        return formats.mask(force_str(value), self.kind)


class PickColumn(Column):
    """The check box of a row, for bulk acts."""

    picks = True

    def __init__(self) -> None:
        super().__init__(
            "", orderable=False, export=False, accessor="pk", attrs={"td": {"class": "pick"}, "th": {"class": "pick"}}
        )

    def render(self, value: Any, record: Any) -> SafeString:
        label = gettext("Choose “%(title)s”") % {"title": record}
        return format_html(
            '<label><input class="form-check-input" type="checkbox" name="ids" value="{}" data-pick '
            'aria-label="{}"></label>',
            value,
            label,
        )


class Table(django_tables2.Table):
    """Base of all tables."""

    class Meta:
        template_name = "ui/table.html"
        fields: tuple[str, ...] = ()
        order_by_field = "sort"
        orderable = True
        empty_text = ""

    def __init__(self, data: Any, *, base_url: str = "", query: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.base_url = base_url
        self.query = query if query is not None else QueryDict()
        self._places: dict[int, dict[str, str]] = {}
        for bound in self.columns:
            if isinstance(bound.column, ChoiceColumn):
                bound.column.field = bound.name

    @cached_property
    def shown_rows(self) -> list[Any]:
        """The records of the present page."""
        rows = getattr(self, "page", None)
        return [row.record for row in (rows.object_list if rows is not None else self.rows)]

    def place(self, path: str, levels: int) -> str:
        """The name of a region; the first call names those of every row of the page."""
        known = self._places.setdefault(levels, {})
        if path not in known:
            wanted = {path}
            for bound in self.columns:
                if isinstance(bound.column, RegionColumn) and bound.column.levels == levels:
                    wanted |= {str(bound.accessor.resolve(record, quiet=True) or "") for record in self.shown_rows}
                elif isinstance(bound.column, PlacedColumn) and bound.column.levels == levels:
                    wanted |= {str(record.region_path) for record in self.shown_rows}
            found = places.names(wanted, levels)
            known.update({one: found.get(one, "") for one in wanted})
        return known[path]

    @cached_property
    def _kept(self) -> list[tuple[str, str]]:
        return [(n, v) for n, values in self.query.lists() if n not in ("sort", "page") for v in values]

    def sort_address(self, bound: Any) -> str:
        """Where a click on a column's head leads: the same list in that order, from its first page."""
        return f"{self.base_url}?{urlencode([*self._kept, ('sort', bound.order_by_alias.next)])}"

    @staticmethod
    def direction(bound: Any) -> str:
        """The value of ``aria-sort``."""
        if not bound.is_ordered:
            return "none"
        return "descending" if bound.order_by_alias.startswith("-") else "ascending"

    def head(self) -> list[dict[str, Any]]:
        """The heads, ready for the template."""
        return [
            {
                "label": bound.header,
                "sort": self.sort_address(bound) if bound.orderable else "",
                "direction": self.direction(bound) if bound.orderable else "",
                "number": bound.column.number,
                "pick": isinstance(bound.column, PickColumn),
            }
            for bound in self.columns
        ]

    def body(self) -> SafeString:
        """The rows of the present page."""
        return cells.rows(self, self.shown_rows)

    def render(self, request: Any = None) -> str:
        """The table as HTML."""
        return render_to_string("ui/table.html", {"table": self}, request=request)

    def ledger_columns(self) -> list[Any]:
        """The bound columns that an export carries."""
        return [bound for bound in self.columns if bound.column.export and bound.visible]


def badge(label: Any, colour: str = "grey") -> SafeString:
    """A small coloured label."""
    return format_html('<span class="tag tone-{}">{}</span>', tone(colour), label)


def state_label(process: Workflow, code: str) -> str:
    """A state's label in the reader's language; the code itself when the table no longer knows it."""
    try:
        return gettext(process.state(code).label)
    except KeyError:
        return code


def state_badge(process: Workflow, code: str) -> SafeString:
    """A state's badge."""
    try:
        colour = process.state(code).colour
    except KeyError:
        colour = "grey"
    return format_html('<span class="tag tag-dot tone-{}">{}</span>', tone(colour), state_label(process, code))


def due_chip(value: dt.date | dt.datetime | None, *, counts: bool = True) -> SafeString:
    """A due day and the days left or over; only the day when it no longer counts."""
    if not value:
        return format_html("{}", formats.DASH)
    day = formats.as_day(value)
    if not counts:
        return format_html(
            '<span class="due"><time class="due-date" datetime="{}">{}</time></span>', day.isoformat(), formats.day(day)
        )
    days = (day - clock.today()).days
    return format_html(
        '<span class="due"><span class="tag tone-{}">{}</span><time class="due-date" datetime="{}">{}</time></span>',
        due_tone(days),
        formats.span(days),
        day.isoformat(),
        formats.day(day),
    )
