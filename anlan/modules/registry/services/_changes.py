"""What a row would change on a record: field by field, before and after; nothing when nothing differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import override

from anlan.kernel.errors import gettext_noop
from anlan.kernel.journal.facts import FieldsChanged, word
from anlan.modules.registry.choices import Flag, Scale, Sector, Trade, UnitKind, label_of
from anlan.modules.registry.models import Site, Unit
from anlan.modules.registry.rows import ENTERPRISE, FLAG_FIELDS, flags_of, line_of

Changes = dict[str, tuple[Any, Any]]
"""Column of the table to (before, after)."""

UNIT_COLUMNS = {
    "name": "name", "kind": "kind", "founded": "founded_on", "registered_address": "registered_address",
    "business_scope": "business_scope",
}  # fmt: skip
SITE_COLUMNS = {
    "site_name": "name", "address": "address", "lon": "lon", "lat": "lat", "industry": "industry", "scale": "scale",
    "headcount": "headcount", "opened": "opened_on",
}  # fmt: skip
LABELS = {column: ENTERPRISE.fields[name].label for name, column in (*UNIT_COLUMNS.items(), *SITE_COLUMNS.items())} | {
    "name": ENTERPRISE.fields["name"].label, "uscc": ENTERPRISE.fields["uscc"].label,
    "sector": ENTERPRISE.fields["sector"].label, "flags": ENTERPRISE.fields["flags"].label,
    "trade": gettext_noop("Line of industry and trade"),
}  # fmt: skip


def unit_changes(unit: Unit, values: Mapping[str, Any], *, blanks: bool = False) -> Changes:
    """The unit's columns a row would change. A blank changes nothing, unless ``blanks`` says that it empties
    (a form in which the field was cleared)."""
    changes = _differences(unit, values, UNIT_COLUMNS, blanks)
    code = values.get("uscc")
    if code and not unit.uscc:
        changes["uscc"] = (unit.uscc, code)
    return changes


def site_changes(site: Site, values: Mapping[str, Any], *, blanks: bool = False) -> Changes:
    """The site's columns a row would change; see ``unit_changes``."""
    changes = _differences(site, values, SITE_COLUMNS, blanks)
    sector, trade = line_of(values)
    if sector and (sector != site.sector or (trade and trade != site.trade)):
        if sector != site.sector:
            changes["sector"] = (site.sector, sector)
        if trade != site.trade:
            changes["trade"] = (site.trade, trade)
    if any(values.get(name) is not None for name in ("flags", *FLAG_FIELDS)) or (blanks and "flags" in values):
        flags = list(flags_of(values, () if blanks else tuple(site.flags)))
        if flags != list(site.flags):
            changes["flags"] = (list(site.flags), flags)
    return changes


def fact_of(changes: Changes) -> FieldsChanged:
    """The journal's fact for some changes: labels and words of choices are msgids, told in each reader's language."""
    labelled = {
        LABELS.get(column, column): [_kept(column, before), _kept(column, after)]
        for column, (before, after) in changes.items()
    }
    return FieldsChanged(what=list(labelled), changes=labelled)


def _kept(column: str, value: Any) -> Any:
    """A value as the journal keeps it."""
    if column not in WORDS:
        return shown_value(column, value)
    with override("en"):
        told = shown_value(column, value)
    return [word(one) for one in told] if isinstance(told, list) else word(told) if told else ""


WORDS: dict[str, type[models.TextChoices]] = {
    "flags": Flag,
    "trade": Trade,
    "scale": Scale,
    "kind": UnitKind,
    "sector": Sector,
}


def shown_value(column: str, value: Any) -> Any:
    """A value as a person reads it: the words of a choice, the rest as the table keeps it."""
    if value is None:
        return ""
    if column not in WORDS:
        return value.isoformat() if hasattr(value, "isoformat") else value
    if isinstance(value, list):
        return [label_of(WORDS[column], code) for code in value]
    return label_of(WORDS[column], value) if value else ""


def _differences(row: Any, values: Mapping[str, Any], columns: Mapping[str, str], blanks: bool) -> Changes:
    changes: Changes = {}
    for name, column in columns.items():
        if name not in values:
            continue
        before, after = getattr(row, column), values[name]
        if after is None:
            if not blanks or name in ("name", "site_name", "kind"):
                continue
            after = "" if isinstance(before, str) else None
        if before != after:
            changes[column] = (before, after)
    return changes
