"""Forms of online monitoring. Field names are the acts' own."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.choices import Quantity
from anlan.ui import forms

ORDER = ("name", "label", "quantity", "unit_of_measure", "low_range", "high_range", "period_s")
"""The columns of a pasted list, in this order; from the third on they may be left out."""


def _called(site: Any) -> str:
    return str(site.name) if site.name == site.unit.name else f"{site.unit.name} · {site.name}"


class RegisterForm(forms.Form):
    """Registering a gateway."""

    site = forms.RecordChoice(_("Site"), selectors.own_sites, search=("search_text__has",), called=_called)
    name = forms.Text(pgettext_lazy("gateway", "Name"), max_length=80)
    code = forms.Text(
        _("Gateway code"), max_length=48,
        help_text=_("Small letters, digits, hyphens. It signs in under this name, and its topic ends with it."),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The site by its key."""
        given = super().arguments()
        return {**given, "site": given["site"].pk}


class NameForm(forms.Form):
    """Another name."""

    name = forms.Text(pgettext_lazy("gateway", "Name"), max_length=80)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.Text(_("Reason"), max_length=200)


class TagForm(forms.Form):
    """One tag."""

    name = forms.Text(_("Name in the payload"), max_length=80)
    label = forms.Text(pgettext_lazy("tag", "Name of the tag"), max_length=80)
    quantity = forms.Choice(_("Quantity"), Quantity.choices)
    unit_of_measure = forms.Text(_("Unit of measure"), max_length=16, required=False)
    low_range = forms.Decimal(_("Lower end of the range"), places=4, required=False)
    high_range = forms.Decimal(_("Upper end of the range"), places=4, required=False)
    period_s = forms.Whole(_("Expected every, s"), least=1, most=86_400, initial=60)
    installation = forms.RecordChoice(
        _("Major hazard installation"), selectors.installations_of, required=False
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Numbers as floats, the installation by its key."""
        given = super().arguments()
        for name in ("low_range", "high_range"):
            given[name] = None if given.get(name) is None else float(given[name])
        chosen = given.get("installation")
        return {**given, "installation": chosen.pk if chosen else None}


class TagsForm(forms.Form):
    """Many tags, a line each."""

    rows = forms.LongText(
        _("Tags"), max_length=600_000,
        help_text=_(
            "One tag a line, columns separated by tabs or commas (paste from a table): name in the payload, name of "
            "the tag, quantity (temperature, pressure, level, flow, gas_flammable, gas_toxic, switch …), unit of "
            "measure, lower and upper end of the range, seconds between readings."
        ),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The lines as rows of ``enter_tags``."""
        return {"rows": pasted(super().arguments()["rows"])}


def pasted(text: str) -> list[dict[str, Any]]:
    """Lines of a table as rows of ``enter_tags``; ``BadInput`` names the line.

    >>> pasted("LT-101\\t1号罐液位\\tlevel\\tm\\t0\\t12\\t5")[0]["high_range"]
    12.0
    """
    told = []
    words = {str(label): code for code, label in Quantity.choices}
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter="\t" if "\t" in line else ","))]
        row: dict[str, Any] = dict(zip(ORDER, cells, strict=False))
        row["quantity"] = words.get(row.get("quantity", ""), row.get("quantity") or "other")
        for name in ("low_range", "high_range"):
            row[name] = _number(row.get(name), float, number)
        row["period_s"] = _number(row.get("period_s"), int, number) or 60
        told.append(row)
    return told


def _number(text: str | None, kind: Any, line: int) -> Any:
    if not text:
        return None
    try:
        return kind(text)
    except ValueError as why:
        raise BadInput("rows", gettext_noop("“%(text)s” is not a number."), row=line, text=text[:20]) from why
