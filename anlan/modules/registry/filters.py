"""Narrowing the registry's lists."""

from __future__ import annotations

from functools import reduce
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.clock import today
from anlan.kernel.searching import is_phone_end, words_of
from anlan.modules.registry import selectors
from anlan.modules.registry.choices import TWO_KEYS_ONE_MAJOR, Flag, Scale, SiteStatus, Trade, UnitKind, sectors
from anlan.modules.registry.models import Certificate, Site, Unit
from anlan.modules.registry.services.looking import look_up_phone
from anlan.rules import industry as gbt4754
from anlan.ui import filters


class Words(filters.Search):
    """The search box over names, codes, addresses and pinyin, by the index of character pairs.

    Four digits are looked for as the end of a telephone as well, among the people one may see.
    """

    def __init__(self, prefix: str = "") -> None:
        hint = _("Name, code, address, pinyin, or last four digits of a telephone")
        hint = _("Name, code, address, pinyin, or last four digits of a telephone")
        super().__init__([], placeholder=hint, pairs=True)
        self.prefix = prefix

    def matching(self, qs: Any, value: Any) -> Any:
        """Every word must occur."""
        for word in words_of(str(value)):
            qs = qs.filter(Q(**{f"{self.prefix}search_text__has": word}) | self._by_phone(word))
        return qs

    def _by_phone(self, word: str) -> Q:
        """The units, or sites, of people whose telephone ends so."""
        if self.prefix or not is_phone_end(word):
            return Q()
        actor: Actor = self.parent.actor
        people = selectors.people_by_key(actor, look_up_phone(actor=actor, digits=word))
        units = {p.unit_id for p in people}
        if self.model is Unit:
            return Q(pk__in=units)
        sites = {p.site_id for p in people if p.site_id}
        return Q(pk__in=sites) | Q(unit__in={p.unit_id for p in people if not p.site_id})


def _sections() -> list[tuple[str, str]]:
    """The sections and divisions of GB/T 4754, as a drop-down offers them."""
    offered: list[tuple[str, str]] = []
    for section in gbt4754.industries(gbt4754.IndustryLevel.SECTION):
        offered.append((section.code, str(section)))
        offered += [(d.code, f"　{d}") for d in gbt4754.children(section.code)]
    return offered


def _of_industry(rows: Any, code: str) -> Any:
    if code.isalpha():
        divisions = [d.code for d in gbt4754.children(code)]
        return rows.filter(reduce(lambda a, b: a | b, (Q(industry__startswith=d) for d in divisions), Q(industry=code)))
    return rows.filter(industry__startswith=code)


def _flags(rows: Any, chosen: list[str]) -> Any:
    return rows.filter(flags__overlap=list(chosen))


def _ended() -> Any:
    return Exists(
        Certificate.objects.everything(why="only whether one has ended, on a site that is seen").filter(
            Q(person__site=OuterRef("pk")) | Q(person__site=None, person__unit=OuterRef("unit_id")),
            valid_to__lt=today(),
            withdrawn_on=None,
        )
    )


class SiteFilters(filters.FilterSet):
    """Of sites."""

    q = Words()
    region = filters.Region("region_path", permission="registry.view")
    sector = filters.Sector("sector", sectors, permission="registry.view")
    trade = filters.Choice("trade", Trade.choices, _("Line of industry and trade"))
    status = filters.Choice("status", SiteStatus.choices, _("Status"))
    scale = filters.Choice("scale", Scale.choices, _("Scale"))
    flags = filters.Choice("flags", Flag.choices, _("Special risks"), several=True, narrow=_flags)
    industry = filters.Choice("industry", _sections, _("Industry"), narrow=_of_industry)
    headcount = filters.Span(_("Headcount"), "headcount")
    two_keys = filters.Flag(_("Two keys, one major"), Q(flags__overlap=[str(f) for f in TWO_KEYS_ONE_MAJOR]))
    no_code = filters.Flag(_("Without a unified code"), Q(unit__uscc=""))
    no_sector = filters.Flag(_("Line not assigned"), Q(sector=""))
    no_point = filters.Flag(_("Without coordinates"), Q(lon=None))
    tenant = filters.Flag(_("In let premises"), Q(landlord__isnull=False))
    ended = filters.Flag(_("With a certificate that has ended"), lambda: Q(_ended()))

    class Meta:
        model = Site
        fields: tuple[str, ...] = ()


class UnitFilters(filters.FilterSet):
    """Of units."""

    q = Words()
    region = filters.Region("region_path", permission="registry.view")
    sector = filters.Sector("sector", sectors, permission="registry.view")
    kind = filters.Choice("kind", UnitKind.choices, _("Kind"))
    no_code = filters.Flag(_("Without a unified code"), Q(uscc=""))
    founded_on = filters.Days(_("Founded on"))


class CertificateFilters(filters.FilterSet):
    """Of certificates."""

    region = filters.Region("region_path", permission="registry.view")
    sector = filters.Sector("sector", sectors, permission="registry.view")
    kind = filters.Choice("kind", list(Certificate._meta.get_field("kind").flatchoices), _("Certificate"))
    valid_to = filters.Days(_("Valid to"))
    ended = filters.Flag(_("Ended"), lambda: Q(valid_to__lt=today()))
