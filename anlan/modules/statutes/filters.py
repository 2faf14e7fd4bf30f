"""Filters of the library's lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.searching import words_of
from anlan.modules.statutes.choices import Kind, Source, sectors
from anlan.modules.statutes.models import Article, CheckList, Edition
from anlan.ui import filters


def current() -> Q:
    """In force today, as far as the days are known."""
    today = clock.today()
    begun = Q(valid_from=None) | Q(valid_from__lte=today)
    return begun & (Q(valid_to=None) | Q(valid_to__gte=today))


class Words(filters.Search):
    """The search box: every word must occur in ``search_text``, found by character pairs."""

    def __init__(self, placeholder: Any) -> None:
        super().__init__([], placeholder=placeholder, pairs=True)

    def matching(self, qs: Any, value: Any) -> Any:
        """Every word must occur."""
        for word in words_of(str(value)):
            qs = qs.filter(search_text__has=word)
        return qs


class EditionFilters(filters.FilterSet):
    """Of editions."""

    q = Words(_("Title or number"))
    kind = filters.Choice("statute__kind", Kind.choices, _("Level"))
    held = filters.Flag(_("Text held"), ~Q(sha256=""))
    missing = filters.Flag(_("Text not held"), Q(sha256=""))
    verify = filters.Flag(_("To verify"), Q(to_verify=True))
    current = filters.Flag(_("In force today"), current)

    class Meta:
        model = Edition
        fields: tuple[str, ...] = ()


class ArticleFilters(filters.FilterSet):
    """Of articles."""

    q = Words(_("Two characters anywhere in title or article"))
    kind = filters.Choice("edition__statute__kind", Kind.choices, _("Level"))
    held = filters.Flag(_("Text held"), ~Q(body=""))
    missing = filters.Flag(_("Text not held"), Q(body=""))

    class Meta:
        model = Article
        fields: tuple[str, ...] = ()


class CheckListFilters(filters.FilterSet):
    """Of check lists."""

    q = filters.Search(["title", "office"])
    sector = filters.Choice("sector", sectors(), _("Trade"))
    source = filters.Choice("source", Source.choices, _("Source"))
    current = filters.Flag(_("In force today"), lambda: current() & Q(draft=False))
    draft = filters.Flag(_("Draft"), Q(draft=True))

    class Meta:
        model = CheckList
        fields: tuple[str, ...] = ()
