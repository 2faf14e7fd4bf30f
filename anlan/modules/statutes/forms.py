"""Forms of the library, and the boxes of a rule's form, made from what the rule takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anlan.modules.statutes.choices import LISTS, Kind, sectors
from anlan.rules.inputs import Kind as Holds
from anlan.rules.inputs import Slot
from anlan.rules.wording import in_language
from anlan.ui import forms

ROWS, MOST_ROWS = 3, 30
_SPLIT = re.compile(r"[,，;；、\s]+")


class TextForm(forms.Form):
    """The official text of an edition, typed or pasted."""

    text = forms.LongText(
        _("Text"), rows=16, max_length=1_000_000,
        help_text=_(
            "As published: the title first, then one article a paragraph, its number first. Markdown is read too."
        ),
    )  # fmt: skip
    source = forms.Text(
        _("Source"), max_length=120, help_text=_("Where the text was taken from: gazette, address, file.")
    )
    adopted = forms.Day(_("Adopted or amended on"), required=False)
    valid_from = forms.Day(
        _("In force from"), required=False, help_text=_("Left empty, it is read from the text where the text says it.")
    )
    number = forms.Text(_("Number"), max_length=80, required=False)
    kind = forms.Choice(_("Level"), Kind.choices, required=False)
    replaces = forms.Text(
        _("Replaces"), max_length=80, required=False,
        help_text=_("Only where another text of the title is held: its day or number, or “earlier”."),
    )  # fmt: skip


class CorrectForm(forms.Form):
    """Number, level and days of an edition."""

    number = forms.Text(_("Number"), max_length=80, required=False)
    kind = forms.Choice(_("Level"), Kind.choices)
    valid_from = forms.Day(_("In force from"), required=False)
    valid_to = forms.Day(_("In force to"), required=False)
    reason = forms.LongText(_("Reason"), max_length=300, rows=2)


class CheckListForm(forms.Form):
    """An office's own check list."""

    region = forms.RegionChoice(_("Office of the region"), permission=LISTS)
    title = forms.Text(_("Title"), max_length=120)
    sector = forms.Choice(_("Trade"), sectors())
    valid_from = forms.Day(_("In force from"), required=False)
    rows = forms.LongText(
        _("Items"), rows=14, max_length=200_000,
        help_text=_(
            "One item a line, four columns as copied from a spreadsheet: clause (title in 《》, article), what is "
            "asked, how to check, evidence. Every clause must stand in the library."
        ),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=300, rows=2)


@dataclass
class Box:
    """One box of a rule's form. ``choices`` make it a drop-down, ``boxes`` a group; ``error`` says what is wrong."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    unit: str = ""
    hint: str = ""
    error: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The element's id."""
        return "in-" + re.sub(r"\W", "-", self.name)


def boxes_of(
    slots: tuple[Slot, ...], sent: Mapping[str, str], errors: Mapping[str, str], rows: int = ROWS, prefix: str = ""
) -> list[Box]:
    """The boxes of a rule's input, filled with what was sent; a list of records has ``rows`` groups of boxes."""
    return [_box(slot, sent, errors, rows, prefix) for slot in slots]


def _box(slot: Slot, sent: Mapping[str, str], errors: Mapping[str, str], rows: int, prefix: str) -> Box:
    language, name = get_language() or "zh-hans", f"{prefix}{slot.name}"
    label, about = in_language(slot.about.label, language), slot.about
    box = Box(
        name, label, str(slot.kind), slot.required, value=sent.get(name, ""), unit=about.unit,
        hint=in_language(about.hint, language) if about.hint else "", error=errors.get(name, ""),
    )  # fmt: skip
    if slot.kind is Holds.RECORD:
        places = [f"{name}[{n}]" for n in range(rows)] if slot.many else [name]
        box.kind = "group"
        for n, place in enumerate(places, 1):
            group = Box(place, f"{label} {n}" if slot.many else label, "group", required=slot.required and n == 1)
            group.boxes = boxes_of(slot.slots, sent, errors, rows, f"{place}.")
            group.error = errors.get(place, "")
            box.boxes.append(group)
        return box
    if slot.kind is Holds.CHOICE:
        said = about.choices or {}
        box.choices = [(c, in_language(said[c], language) if c in said else c) for c in slot.choices]
    if slot.kind is Holds.YES_NO:
        box.choices = [("true", gettext("Yes")), ("false", gettext("No"))]
    if slot.many:
        box.kind = "list"
        of = "、".join(f"{code} {said}" if code != said else code for code, said in box.choices)
        box.choices = []
        box.hint = " ".join(filter(None, [box.hint, gettext("Several, with commas between them."), of]))
    return box


def sent_to(slots: tuple[Slot, ...], sent: Mapping[str, str], rows: int = ROWS, prefix: str = "") -> dict[str, Any]:
    """What was typed, as the rule reads it: empty boxes and empty groups are not given."""
    out: dict[str, Any] = {}
    for slot in slots:
        name = f"{prefix}{slot.name}"
        if slot.kind is Holds.RECORD:
            places = [f"{name}[{n}]" for n in range(rows)] if slot.many else [name]
            read = [sent_to(slot.slots, sent, rows, f"{place}.") for place in places]
            filled = [one for one in read if one]
            if filled:
                out[slot.name] = filled if slot.many else filled[0]
        elif value := sent.get(name, "").strip():
            out[slot.name] = [part for part in _SPLIT.split(value) if part] if slot.many else value
        elif slot.many and slot.required and name in sent:
            out[slot.name] = []  # an empty list is an answer where one is asked for
    return out


def typed_from(given: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A worked example as it would be typed: the other way round of ``sent_to``.

    >>> typed_from({"holdings": [{"cas": "7664-41-7", "tonnes": 40}], "exposed": 120})
    {'holdings[0].cas': '7664-41-7', 'holdings[0].tonnes': '40', 'exposed': '120'}
    """
    out: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            out |= typed_from(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            for n, each in enumerate(value):
                out |= typed_from(each, f"{prefix}{name}[{n}].")
        elif isinstance(value, list | tuple):
            out[f"{prefix}{name}"] = ", ".join(str(each) for each in value)
        elif isinstance(value, bool):
            out[f"{prefix}{name}"] = "true" if value else "false"
        elif value is not None:
            out[f"{prefix}{name}"] = str(value)
    return out


def rows_in(sent: Mapping[str, str]) -> int:
    """How many groups a list of records shows: those filled and one more, or as many as asked for."""
    filled = [int(n) for name in sent for n in re.findall(r"\[(\d{1,3})\]", name)]
    asked = sent.get("more", "") or sent.get("rows", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return min(max(ROWS, wanted, max(filled, default=-1) + 1), MOST_ROWS)
