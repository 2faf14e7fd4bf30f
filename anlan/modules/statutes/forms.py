"""Forms of the library, and the boxes of a rule's form, made from what the rule takes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import LISTS, SETS, Kind, said, sectors
from anlan.rules import refusal
from anlan.rules.inputs import Kind as Holds
from anlan.rules.inputs import Slot
from anlan.rules.statute_text import decoded
from anlan.rules.wording import in_language
from anlan.ui import forms

ROWS, MOST_ROWS = 3, 30
SHOWN = 6  # boxes to tick that stand open; more are folded
MOST_BYTES = 3_000_000
_SPLIT = re.compile(r"[,，;；、\s]+")


class TextFile(django_forms.FileField):
    """A text as a file; cleaned value: ``(name, text)``, or None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = django_forms.FileInput(attrs={"accept": ".md,.markdown,.txt,text/plain,text/markdown"})
        super().__init__(label=label, max_length=120, required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The text of the file; what is no text is refused."""
        given = super().clean(data, initial)
        if not given:
            return None
        if given.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than %(most)s MB."), params={"most": MOST_BYTES // 1_000_000})
        try:
            return str(given.name), decoded(given.read())
        except refusal.BadInput as why:
            raise ValidationError(in_language(why.reason, get_language() or "zh-hans")) from why


class TextForm(forms.Form):
    """The official text of an edition: a file, or pasted. What came in a file stands in the box afterwards."""

    file = TextFile(
        _("File"), help_text=_("Markdown or plain text. Its day, as in (2021-06-10), is taken from its name.")
    )
    text = forms.LongText(
        _("Text"), rows=16, max_length=1_000_000, required=False,
        help_text=_(
            "As published: the title first, then one article a paragraph, its number first. Markdown is read too."
        ),
    )  # fmt: skip
    source = forms.Text(
        _("Source"), max_length=120, required=False,
        help_text=_("Where the text was taken from: gazette, address, file."),
    )
    adopted = forms.Day(_("Adopted or amended on"), required=False)
    valid_from = forms.Day(
        pgettext_lazy("statute", "In force from"), required=False,
        help_text=_("Left empty, it is read from the text where the text says it."),
    )
    number = forms.Text(pgettext_lazy("statute", "Number"), max_length=80, required=False)
    kind = forms.Choice(_("Level"), Kind.choices, required=False)
    replaces = forms.Text(
        _("Replaces"), max_length=80, required=False,
        help_text=_("Only where another text of the title is held: its day or number, or “earlier”."),
    )  # fmt: skip


    previewed = forms.Hidden(max_length=64)

    def clean(self) -> dict[str, Any]:
        """A file goes before what stands in the box."""
        cleaned = super().clean()
        if cleaned.get("file"):
            name, cleaned["text"] = cleaned["file"]
            cleaned["source"] = cleaned.get("source") or name
        if not cleaned.get("text") and not self.errors:
            self.add_error("text", gettext("Choose a file, or paste the text."))
        if cleaned.get("text") and not cleaned.get("source") and not self.errors:
            self.add_error("source", gettext("Say where the text was taken from: gazette, address, file."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the act takes."""
        return {name: value for name, value in super().arguments().items() if name not in ("file", "previewed")}


class CorrectForm(forms.Form):
    """Number, level and days of an edition."""

    number = forms.Text(pgettext_lazy("statute", "Number"), max_length=80, required=False)
    kind = forms.Choice(_("Level"), Kind.choices)
    valid_from = forms.Day(pgettext_lazy("statute", "In force from"), required=False)
    valid_to = forms.Day(_("In force to"), required=False)
    reason = forms.LongText(_("Reason"), max_length=300, rows=2)


class CheckListForm(forms.Form):
    """An office's own check list."""

    region = forms.RegionChoice(pgettext_lazy("statute", "Office of the region"), permission=LISTS)
    title = forms.Text(_("Title"), max_length=120)
    sector = forms.Choice(_("Trade"), sectors())
    valid_from = forms.Day(pgettext_lazy("statute", "In force from"), required=False)
    rows = forms.LongText(
        _("Items"), rows=14, max_length=200_000,
        help_text=_(
            "One item a line, four columns as copied from a spreadsheet: clause (title in 《》, article), what is "
            "asked, how to check, evidence. Every clause must stand in the library."
        ),
    )  # fmt: skip


class DraftForm(forms.Form):
    """A list to begin."""

    region = forms.RegionChoice(pgettext_lazy("statute", "Office of the region"), permission=LISTS)
    title = forms.Text(_("Title"), max_length=120)
    sector = forms.Choice(_("Trade"), sectors())


class AdoptForm(forms.Form):
    """A list to begin from another."""

    region = forms.RegionChoice(pgettext_lazy("statute", "Office of the region"), permission=LISTS)
    title = forms.Text(_("Title"), max_length=120)


class IssueForm(forms.Form):
    """From when a draft is in force."""

    valid_from = forms.Day(pgettext_lazy("statute", "In force from"), required=False, help_text=_("Left empty: today."))


class SeenForm(forms.Form):
    """Which version of the list its reader saw."""

    seen_version = forms.Hidden()

    def arguments(self) -> dict[str, Any]:
        """The version as a number."""
        given = super().arguments()
        typed = given.pop("seen_version") or ""
        return {**given, "seen_version": int(typed) if typed.isascii() and typed.isdigit() else None}


class ItemForm(SeenForm):
    """An item of a draft."""

    clause = forms.Text(
        pgettext_lazy("statute", "Clause"), max_length=160,
        help_text=_("The title in 《》, then article, paragraph and item."),
    )  # fmt: skip
    asked = forms.LongText(_("What is asked"), max_length=1000, rows=2)
    method = forms.LongText(_("How to check"), max_length=1000, rows=2)
    evidence = forms.LongText(_("Evidence"), max_length=1000, rows=2)


class NewItemForm(ItemForm):
    """A new item of a draft."""

    position = forms.Whole(
        pgettext_lazy("statute", "Place"), required=False, least=1, help_text=_("Left empty: at the end.")
    )

    def arguments(self) -> dict[str, Any]:
        """Without the version of the list: whoever adds takes nothing from anybody."""
        return {name: value for name, value in super().arguments().items() if name != "seen_version"}


class MoveForm(SeenForm):
    """Another place for an item."""

    position = forms.Whole(pgettext_lazy("statute", "Place"), least=1)


def _yesterday() -> dt.date:
    return clock.today() - dt.timedelta(days=1)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.LongText(_("Reason"), max_length=300, rows=2)


class FigureForm(forms.Form):
    """A figure of a jurisdiction's own, in place of one to verify."""

    code = forms.Choice(_("Figure"), lambda actor: selectors.settable())
    region = forms.RegionChoice(_("For"), permission=SETS, help_text=_("It counts there and in everything below."))
    value = forms.Decimal(_("Value"), places=6, help_text=_("In the unit of the rule's own figure."))
    valid_from = forms.Day(_("Counts from"), first=clock.today, initial=clock.today)
    valid_to = forms.Day(
        _("Counts to"), first=clock.today, required=False, help_text=_("Left empty: until another is set.")
    )
    basis = forms.Text(
        _("Source"), max_length=200, help_text=_("Title, number and article of the text the figure is taken from.")
    )


class EndFigureForm(forms.Form):
    """The last day of a local figure."""

    code = forms.Choice(_("Figure"), lambda actor: selectors.settable())
    region = forms.RegionChoice(_("For"), permission=SETS)
    valid_to = forms.Day(_("Counts to"), first=_yesterday, initial=_yesterday)


@dataclass
class Box:
    """One box of a rule's form. ``kind`` is what its field holds, or ``several`` (boxes to tick), ``list`` (values with
    commas between them), ``group`` (a record), ``rows`` (a list of records) with its ``row`` boxes; ``error`` says what
    is wrong, ``more`` is what asks for one row more."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    unit: str = ""
    hint: str = ""
    error: str = ""
    more: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The element's id."""
        return "in-" + re.sub(r"\W", "-", self.name)

    @property
    def ticks(self) -> list[tuple[str, str, bool]]:
        """The choices of a box of several, each with whether it is ticked."""
        ticked = set(_SPLIT.split(self.value))
        return [(code, name, code in ticked) for code, name in self.choices]

    @property
    def folds(self) -> bool:
        """Whether there are too many choices to show unasked."""
        return len(self.choices) > SHOWN

    @property
    def ticked(self) -> int:
        """How many are ticked."""
        return sum(1 for _code, _name, on in self.ticks if on)


def boxes_of(
    slots: tuple[Slot, ...], sent: Mapping[str, str], errors: Mapping[str, str], prefix: str = ""
) -> list[Box]:
    """The boxes of a rule's input, filled with what was sent; a list of records has rows of boxes."""
    return [_box(slot, sent, errors, prefix) for slot in slots]


def _box(slot: Slot, sent: Mapping[str, str], errors: Mapping[str, str], prefix: str) -> Box:
    name, about = f"{prefix}{slot.name}", slot.about
    box = Box(
        name, said(about.label), str(slot.kind), slot.required, value=sent.get(name, ""),
        unit=in_language(slot.unit, get_language() or "zh-hans") if slot.unit else "",
        hint=said(about.hint) if about.hint else "", error=said(errors.get(name, "")),
    )  # fmt: skip
    if slot.kind is Holds.RECORD:
        box.kind = "group"
        if not slot.many:
            box.boxes = boxes_of(slot.slots, sent, errors, f"{name}.")
            return box
        rows = rows_in(sent, name, slot)
        box.kind, box.more = "rows", f"{name}:{rows + 1}" if rows < MOST_ROWS else ""
        for n in range(rows):
            place = f"{name}[{n}]"
            row = Box(place, gettext("Row %(n)s") % {"n": n + 1}, "row", required=slot.required and n == 0)
            row.boxes, row.error = boxes_of(slot.slots, sent, errors, f"{place}."), said(errors.get(place, ""))
            box.boxes.append(row)
        return box
    if slot.kind in (Holds.WHOLE, Holds.NUMBER):
        box.hint = " ".join(filter(None, [box.hint, said(slot.accepted)]))
    if slot.kind is Holds.CHOICE:
        names = about.choices or {}
        box.choices = [(code, said(names.get(code, code))) for code in slot.choices]
    if slot.kind is Holds.YES_NO:
        box.choices = [("true", gettext("Yes")), ("false", gettext("No"))]
    if slot.many:
        box.error = box.error or said(next((why for at, why in errors.items() if at.startswith(f"{name}[")), ""))
        box.kind = "several" if box.choices and not about.in_order else "list"
        if box.kind == "list":
            box.hint = " ".join(filter(None, [box.hint, gettext("Several, with commas between them.")]))
    return box


def sent_to(slots: tuple[Slot, ...], sent: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """What was typed, as the rule reads it: empty boxes and empty rows are not given."""
    out: dict[str, Any] = {}
    for slot in slots:
        name = f"{prefix}{slot.name}"
        if slot.kind is Holds.RECORD:
            places = [f"{name}[{n}]" for n in range(rows_in(sent, name, slot))] if slot.many else [name]
            read = [sent_to(slot.slots, sent, f"{place}.") for place in places]
            filled = [one for one in read if one]
            if filled:
                out[slot.name] = filled if slot.many else filled[0]
        elif value := sent.get(name, "").strip():
            out[slot.name] = [part for part in _SPLIT.split(value) if part] if slot.many else value
        elif slot.many and slot.required and name in sent:
            out[slot.name] = []  # an empty list is an answer where one is asked for
    return out


def rows_in(sent: Mapping[str, str], name: str, slot: Slot) -> int:
    """How many rows a list of records shows: those sent, or as many as asked for (``more=name:4``); at first three of
    short rows, one of long ones."""
    place = re.compile(re.escape(name) + r"\[(\d{1,3})\]")
    shown = [int(found[1]) for key in sent if (found := place.match(key))]
    which, _colon, asked = sent.get("more", "").rpartition(":")
    wanted = int(asked) if which == name and asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    least = ROWS if len(slot.slots) <= ROWS else 1
    return min(max(wanted, max(shown, default=least - 1) + 1), MOST_ROWS)
