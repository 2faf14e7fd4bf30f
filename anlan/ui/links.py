"""Where a record is shown: from a model and a key to the address of its record page.

Deadlines, messages and journal entries name their subject by label (``hazards.hazard``) and key; the record pages
enter themselves here when the URLs are loaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch

from anlan.rules.citation import Citation
from anlan.ui.addresses import address

_pages: dict[str, tuple[str, tuple[str, ...]]] = {}

_clauses: list[Callable[[Citation, dt.date | None], str]] = []


def register(label: str, url_name: str, parameters: tuple[str, ...] = ("pk",)) -> None:
    """Say that records of a model (its ``label_lower``) are shown by this URL, which takes these fields."""
    _pages[label.lower()] = (url_name, parameters)


def page_of(label: str) -> str:
    """The URL name under which records of a model are shown; "" when they have no page."""
    return _pages.get(label.lower(), ("", ()))[0]


def url_of(what: models.Model | str, pk: Any = None) -> str:
    """The address of a record's page: ``url_of(record)`` or ``url_of("hazards.hazard", 7)``; "" when it has none."""
    if not _pages:
        import_module(settings.ROOT_URLCONF)  # outside a request the pages may not have been declared yet
    label = what.lower() if isinstance(what, str) else what._meta.label_lower
    name, parameters = _pages.get(label, ("", ()))
    if not name:
        return ""
    if isinstance(what, str):
        if len(parameters) != 1 or parameters[0] not in ("pk", "id"):
            return ""
        given = {parameters[0]: pk}
    else:
        given = {parameter: getattr(what, parameter) for parameter in parameters}
    try:
        return address(name, given)
    except NoReverseMatch:
        return ""


def register_clauses(address: Callable[[Citation, dt.date | None], str]) -> None:
    """Say where clauses are read: ``address(citation, on)``, "" for what is no text of law; the last one counts."""
    _clauses[:] = [address]


def clause_url(clause: Any, on: dt.date | None = None) -> str:
    """The address at which a clause is read, in the edition of a day if one is named; "" where it is read nowhere."""
    return _clauses[0](clause, on) if _clauses and isinstance(clause, Citation) else ""
