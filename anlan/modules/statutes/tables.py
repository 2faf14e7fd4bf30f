"""Tables of the library."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import BadInput
from anlan.kernel.searching import words_of
from anlan.modules.statutes.choices import Kind, Source, days_said, sectors
from anlan.modules.statutes.models import Article, CheckItem, CheckList, Edition
from anlan.modules.statutes.selectors.hits import marked, sentence_with
from anlan.rules.check_methods import OURS
from anlan.ui import links, tables


class EditionTable(tables.Table):
    """Editions: title, number, level, days of force, whether the text is here."""

    statute = tables.LinkColumn(_("Title"), lead=True, accessor="statute__title", width=40)
    number = tables.Column(pgettext_lazy("statute", "Number"), width=24)
    kind = tables.ChoiceColumn(_("Level"), accessor="statute__kind", choices=Kind.choices, width=14)
    valid_from = tables.DayColumn(pgettext_lazy("statute", "In force from"))
    valid_to = tables.DayColumn(_("In force to"))
    sha256 = tables.Column(_("Text"), empty_values=(), orderable=False)
    to_verify = tables.Column(_("To verify"), orderable=False)

    class Meta(tables.Table.Meta):
        model = Edition
        order_by = "statute"

    def render_sha256(self, record: Any) -> Any:
        """Whether the text is held."""
        label, tone = (gettext("Text held"), "green") if record.held else (gettext("Text not held"), "grey")
        return tables.badge(label, tone)

    def value_sha256(self, record: Any) -> str:
        """The same for a ledger."""
        return gettext("Text held") if record.held else gettext("Text not held")

    def render_to_verify(self, value: bool) -> Any:
        """That figures cited from it were not read in it."""
        return tables.badge(gettext("To verify"), "orange") if value else ""


class ArticleTable(tables.Table):
    """Articles found."""

    label = tables.LinkColumn(_("Article"), lead=True, accessor="label", to=lambda a: links.url_of(a), width=20)
    statute = tables.Column(_("Title"), accessor="edition__statute__title", width=32, reads=True)
    period = tables.Column(
        pgettext_lazy("days of a text", "In force"), accessor="edition__period", orderable=False, width=24, reads=True
    )
    excerpt = tables.Column(_("Text"), accessor="excerpt", orderable=False, width=60, reads=True)

    class Meta(tables.Table.Meta):
        model = Article
        order_by = ()

    def render_period(self, record: Any) -> str:
        """The days of force in words; where none is known, the day of adoption."""
        edition = record.edition
        if known := days_said(edition.valid_from, edition.valid_to):
            return known
        return gettext("Adopted or amended on %(day)s") % {"day": edition.adopted_on.isoformat()}

    def render_excerpt(self, value: str, record: Any) -> Any:
        """The sentence in which the search hit, its words marked; the beginning without a search."""
        try:
            words = words_of(self.query.get("q", "")) if self.query else []
        except BadInput:
            words = []
        return marked(sentence_with(record.body, words), words) if words and record.body else value


class CheckListTable(tables.Table):
    """Versions of check lists."""

    title = tables.LinkColumn(_("Title"), lead=True, width=40)
    number = tables.NumberColumn(_("Version"))
    sector = tables.ChoiceColumn(_("Trade"), choices=sectors())
    source = tables.ChoiceColumn(_("Source"), choices=Source.choices, colours={"held": "grey", "office": "blue"})
    office = tables.Column(_("Issued by"))
    valid_from = tables.DayColumn(pgettext_lazy("statute", "In force from"))
    valid_to = tables.DayColumn(_("In force to"))
    item_count = tables.NumberColumn(_("Items"))

    class Meta(tables.Table.Meta):
        model = CheckList
        order_by = "title"


class ItemTable(tables.Table):
    """The items of a check list."""

    position = tables.NumberColumn(_("No."))
    check_list = tables.LinkColumn(
        _("Check list"), accessor="check_list__title", to=lambda item: links.url_of(item.check_list), width=32
    )
    clause = tables.Column(pgettext_lazy("statute", "Clause"), width=30, reads=True)
    asked = tables.Column(_("What is asked"), lead=True, width=48)
    method = tables.Column(_("How to check"), empty_values=(), width=40, reads=True)
    evidence = tables.Column(_("Evidence"), empty_values=(), width=40, reads=True)

    class Meta(tables.Table.Meta):
        model = CheckItem
        order_by = "position"

    def render_clause(self, value: str, record: Any) -> Any:
        """The clause, leading to its article."""
        return format_html('<a href="{}">{}</a>', links.url_of("statutes.article", record.article_id), value)

    def render_asked(self, value: str, record: Any) -> Any:
        """What is asked; our own words are marked, and stay off paper."""
        if not record.own_words:
            return value
        said = gettext("In our own words")
        return format_html('<span class="no-print">{} {}</span>', value, tables.badge(said, "grey"))

    def render_method(self, value: str) -> Any:
        """How to check; not held where the source says nothing."""
        return _off_paper(value)

    def render_evidence(self, value: str) -> Any:
        """What evidence to keep; not held where the source says nothing."""
        return _off_paper(value)


def _off_paper(value: str) -> Any:
    """A way to check; what we put together says so and stays off paper."""
    if not value:
        return gettext("Not held")
    return format_html('<span class="no-print">{}</span>', value) if OURS in value else value
