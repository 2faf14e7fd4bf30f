"""The registry's tables."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from anlan.modules.registry.choices import COLOURS, Flag, Sector, label_of
from anlan.modules.registry.models import Certificate, Person, Site, Unit
from anlan.rules import industry as gbt4754
from anlan.ui import tables


class SectorColumn(tables.Column):
    """The sector line's label."""

    def render(self, value: str) -> str:
        """The line in the reader's language."""
        return label_of(Sector, value)

    def ledger(self, record: Any, value: Any) -> Any:
        """The same for a ledger."""
        return label_of(Sector, value) if value else None


class FlagsColumn(tables.Column):
    """A site's special risks as badges."""

    def render(self, value: list[str]) -> Any:
        """Each flag in its colour."""
        badges = ((tables.badge(label_of(Flag, f), COLOURS.get(Flag(f), "grey")),) for f in value if f in Flag.values)
        return format_html_join(" ", "{}", badges)

    def ledger(self, record: Any, value: Any) -> Any:
        """The labels, 、 between them."""
        return "、".join(label_of(Flag, f) for f in value) or None


class IndustryColumn(tables.Column):
    """The GB/T 4754 entry of a code."""

    def render(self, value: str) -> str:
        """Code and name."""
        return industry_name(value)

    def ledger(self, record: Any, value: Any) -> Any:
        """Code and name."""
        return industry_name(value) if value else None


def industry_name(code: str) -> str:
    """``2614 有机化学原料制造``; the code alone when the edition does not have it."""
    try:
        return str(gbt4754.industry(code)) if code else ""
    except KeyError:
        return code


class NamedColumn(tables.LinkColumn):
    """The name, with the code small beneath it."""

    def render(self, value: Any, record: Any) -> Any:
        """Name and code."""
        return format_html('{}<br><small class="text-2">{}</small>', super().render(value, record), record.number)


class SiteTable(tables.Table):
    """Sites. On the screen the code stands under the name; a ledger has it, industry and address in columns."""

    name = NamedColumn(_("Site"), lead=True, width=36, order_by=("pinyin", "pk"))
    number = tables.Column(_("Unit code"), accessor="unit__number", orderable=False, width=24)
    region_path = tables.RegionColumn(_("Where it lies"))
    address = tables.TextColumn(_("Address"), orderable=False)
    sector = SectorColumn(_("Sector line"))
    trade = tables.ChoiceColumn(_("Line of industry and trade"), orderable=False)
    industry = IndustryColumn(_("Industry"), width=30)
    scale = tables.ChoiceColumn(_("Scale"))
    headcount = tables.NumberColumn(_("Headcount"))
    opened_on = tables.DayColumn(_("Opened on"))
    lon = tables.NumberColumn(_("Longitude"))
    lat = tables.NumberColumn(_("Latitude"))
    flags = FlagsColumn(_("Special risks"), orderable=False, width=30)
    status = tables.ChoiceColumn(_("Status"), colours=COLOURS)

    ledger_only = ("number", "address", "trade", "industry", "opened_on", "lon", "lat")

    class Meta(tables.Table.Meta):
        model = Site
        order_by = "-pk"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.ledger_only:
            self.columns.hide(name)

    def ledger_columns(self) -> list[Any]:
        """All of them, in their order."""
        return [bound for bound in self.columns.iterall() if bound.column.export]


class UnitTable(tables.Table):
    """Units."""

    name = NamedColumn(_("Unit"), lead=True, width=36, order_by=("pinyin", "pk"))
    number = tables.Column(_("Unit code"), orderable=False, width=24)
    kind = tables.ChoiceColumn(_("Kind"))
    region_path = tables.RegionColumn(_("Kept in"))
    sector = SectorColumn(_("Sector line"))
    founded_on = tables.DayColumn(_("Founded on"))

    class Meta(tables.Table.Meta):
        model = Unit
        order_by = "-pk"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns.hide("number")

    def ledger_columns(self) -> list[Any]:
        """With the code in a column of its own."""
        return [bound for bound in self.columns.iterall() if bound.column.export]


class PersonTable(tables.Table):
    """People of a unit or site; telephones and identity numbers are on their own page."""

    name = tables.LinkColumn(_("Person's name"), lead=True, accessor="pk", orderable=False, export=False)
    posts = tables.Column(_("Posts"), accessor="pk", orderable=False)
    site = tables.Column(_("Site"), accessor="site__name", orderable=False, default=_("the whole unit"))
    has_phone = tables.FlagColumn(_("Telephone"), orderable=False)

    class Meta(tables.Table.Meta):
        model = Person

    def render_name(self, record: Person) -> Any:
        """The name, leading to the person."""
        from anlan.ui import links

        return format_html('<a href="{}">{}</a>', links.url_of(record), record)

    def render_posts(self, record: Person) -> str:
        """The posts held now."""
        return held_posts(record)


def held_posts(person: Person) -> str:
    """The posts a person holds now."""
    return "、".join(str(post.get_kind_display()) for post in person.posts.all() if post.until is None) or "—"


class CertificateTable(tables.Table):
    """Certificates; numbers are shown on request only."""

    kind = tables.ChoiceColumn(_("Certificate"), lead=True)
    work = tables.Column(_("Operation or category"))
    person = tables.LinkColumn(_("Person"), accessor="person", orderable=False, to=lambda c: person_url(c))
    issuer = tables.Column(_("Issuing body"))
    issued_on = tables.DayColumn(_("Issued on"))
    valid_to = tables.DueColumn(_("Valid to"), done="withdrawn_on")

    class Meta(tables.Table.Meta):
        model = Certificate
        order_by = "valid_to"


def person_url(certificate: Certificate) -> str:
    """Where the holder of a certificate is shown."""
    from anlan.ui import links

    return links.url_of(certificate.person)
