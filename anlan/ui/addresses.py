"""Addresses of pages, remembered: a list of fifty rows asks fifty times for the same one with another number in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_ONE, _OTHER = "1029384756", "5647382910"  # stand for a number while an address is taken apart


def address(name: str, given: Mapping[str, Any]) -> str:
    """What ``reverse`` says of a named URL with these parameters. Raises ``NoReverseMatch`` as it does."""
    if not given:
        return _fixed(name, *_where())
    if len(given) == 1:
        ((parameter, value),) = given.items()
        text = str(value) if isinstance(value, int | str) else ""
        if text.isascii() and text.isdigit() and (parts := _around(name, parameter, *_where())):
            return f"{parts[0]}{text}{parts[1]}"
    return reverse(name, kwargs=dict(given))


def _where() -> tuple[str, str]:
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


@lru_cache(maxsize=1024)
def _fixed(name: str, urlconf: str, prefix: str) -> str:
    return reverse(name, urlconf)


@lru_cache(maxsize=1024)
def _around(name: str, parameter: str, urlconf: str, prefix: str) -> tuple[str, str] | None:
    """What stands before and after the number; None where the address holds more than the number as it is, or does not
    take every number."""
    try:
        before, found, after = reverse(name, urlconf, kwargs={parameter: _ONE}).partition(_ONE)
        other, short = (reverse(name, urlconf, kwargs={parameter: number}) for number in (_OTHER, "7"))
    except NoReverseMatch:
        return None
    whole = found and other == f"{before}{_OTHER}{after}" and short == f"{before}7{after}"
    return (before, after) if whole else None
