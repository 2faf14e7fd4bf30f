"""Words of the library."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.rules.hazard_list import SECTORS
from anlan.rules.wording import in_language

VIEW, LOAD, LISTS = "statutes.view", "statutes.load", "statutes.lists"
SETS = "codes.parameters"
"""Setting a figure of a jurisdiction's own, in place of one that is to be verified."""
EARLIER = "earlier"
"""What a new text replaces, said once for many: every held edition of an earlier day."""


class Kind(models.TextChoices):
    """What a text is, by who made it."""

    LAW = "law", pgettext_lazy("statute", "Law")
    REGULATION = "regulation", _("Administrative regulation")
    ORDER = "order", _("Ministry order")
    STANDARD = "standard", pgettext_lazy("statute", "Standard")
    NOTICE = "notice", _("Normative document")
    PROVINCIAL = "provincial", _("Provincial regulation")
    LOCAL = "local", _("Local document")
    METHOD = "method", _("Industry method, no statute")


class Gap(models.TextChoices):
    """What may not be held."""

    FIGURES = "figures", _("Times for which a rule holds no figures")
    LISTS = "lists", _("Statutory lists of major hazards not held")
    TEXTS = "texts", _("Cited, text not held")
    ARTICLES = "articles", _("Cited, and not found in the text loaded")
    VERIFY = "verify", _("To verify")


_PLAIN_WORD = re.compile(r"[a-z][a-z'-]*(?=[\s,;:]|$)")


def said(text: str) -> str:
    """What a rule says, in the reader's language, as a line of its own: English begins with a capital, unless it begins
    with a sign or a unit.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     said("four levels, one the highest"), said("mg/m³"), said("D = L × E × C")
    ('Four levels, one the highest', 'mg/m³', 'D = L × E × C')
    """
    found = in_language(text, get_language() or "zh-hans")
    return found[0].upper() + found[1:] if _PLAIN_WORD.match(found) else found


def days_said(first: dt.date | None, last: dt.date | None) -> str:
    """Days of force in words, both included; "" where neither is known."""
    if first and last:
        return gettext("%(first)s to %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}
    if first:
        return gettext("From %(first)s on") % {"first": first.isoformat()}
    return gettext("Up to %(last)s") % {"last": last.isoformat()} if last else ""


class Source(models.TextChoices):
    """Where a check list comes from."""

    HELD = "held", _("From a list held in short titles")
    OFFICE = "office", _("The office's own")


def _trade(code: str) -> str:
    return in_language(SECTORS[code], get_language() or "zh-hans")


_named = lazy(_trade, str)


def sectors() -> list[tuple[str, Any]]:
    """The trades of check lists: those of the statutory lists, in the reader's language."""
    return [(code, _named(code)) for code in SECTORS]
