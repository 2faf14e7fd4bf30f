"""Form fields from a row schema: the schema converts and checks, so that form, API and intake agree to the letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.intake.kinds import Kind, converter
from anlan.kernel.intake.problems import Unfit


def from_schema(schema: Any, *names: str) -> dict[str, forms.Field]:
    """Form fields for the named fields of a row schema (all of them without names), in that order."""
    return {name: SchemaField(schema.fields[name]) for name in (names or schema.fields)}


class SchemaField(forms.Field):
    """One field of a row schema. Cleaned value: what the schema's converter gives."""

    def __init__(self, source: Any, **kwargs: Any) -> None:
        self.source = source
        self.convert = converter(source, epoch1904=False, unit=None)
        self.unit = _(source.unit) if source.unit else ""
        choices = [(choice.code, _(choice.label)) for choice in source.choices]
        kwargs = {
            "required": source.required and source.kind is not Kind.FLAG,
            "label": _(source.label),
            "help_text": _(source.help) if source.help else "",
            "initial": source.default,
            "widget": _widget(source, choices),
            **kwargs,
        }
        super().__init__(**kwargs)
        if source.required and source.kind is Kind.CHOICES:
            self.widget.is_required = False  # a browser would ask for every box

    def clean(self, value: Any) -> Any:
        """The converted value; the schema's own sentence otherwise."""
        if self.source.kind is Kind.FLAG:
            return bool(value)
        if isinstance(value, list | tuple):
            value = "、".join(str(part) for part in value)
        try:
            return self.convert(value if value != "" else None)
        except Unfit as why:
            raise ValidationError(self.source.problem(why, value).render(gettext), code=why.code) from why

    def prepare_value(self, value: Any) -> Any:
        """Days as the date box wants them, several choices as a list."""
        if self.source.kind is Kind.DAY and hasattr(value, "isoformat"):
            return value.isoformat()
        if self.source.kind is Kind.CHOICES and isinstance(value, tuple):
            return list(value)
        return value


def _widget(source: Any, choices: list[tuple[str, Any]]) -> forms.Widget:
    kind, attrs = source.kind, {}
    if source.max_length and kind not in (Kind.CHOICE, Kind.CHOICES):
        attrs["maxlength"] = str(source.max_length + 20)  # spaces and full-width forms are folded before it counts
    if source.example:
        attrs["placeholder"] = source.example
    if kind is Kind.CHOICE:
        return forms.Select(choices=[("", "—"), *choices])
    if kind is Kind.CHOICES:
        return forms.CheckboxSelectMultiple(choices=choices)
    if kind is Kind.FLAG:
        return forms.CheckboxInput()
    if kind is Kind.LINES:
        return forms.Textarea(attrs={"rows": 4, **attrs})
    if kind is Kind.DAY:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if kind in (Kind.WHOLE, Kind.DECIMAL, Kind.LON, Kind.LAT):
        return forms.TextInput(attrs={"inputmode": "decimal" if kind is not Kind.WHOLE else "numeric", **attrs})
    types = {Kind.PHONE: "tel", Kind.EMAIL: "email"}
    return forms.TextInput(attrs={"type": types.get(kind, "text"), **attrs})
