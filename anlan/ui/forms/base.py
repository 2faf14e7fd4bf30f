"""The base of all forms: it knows who fills it in, about which record, since which version, under which key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused
from anlan.kernel.intake.problems import SENTENCES
from anlan.ui.forms.schema import from_schema
from anlan.ui.refusals import sentence_of

HIDDEN = ("version", "key", "seen")
EMPTY = SENTENCES["missing"]


def bind_actor(field: forms.Field, name: str, actor: Actor, record: Any = None, options: str = "") -> None:
    """Let a field offer what this actor may choose; ``options`` is where typing asks for more."""
    if hasattr(field, "bind"):
        field.bind(actor, record)
    if options and hasattr(field, "bind_options"):
        field.bind_options(options)
    if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput | forms.PasswordInput):
        field.widget.attrs.setdefault("autocomplete", "off")


class _FormMeta(DeclarativeFieldsMetaclass):
    """Adds the fields that ``schema`` and ``use`` name, before those the form declares itself."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        made: Any = super().__new__(mcs, name, bases, attrs)  # type: ignore[misc]
        if attrs.get("schema") is not None:
            fields = from_schema(made.schema, *made.use)
            made.base_fields = {**fields, **made.base_fields}
            made.declared_fields = made.base_fields
        return made


class Form(forms.Form, metaclass=_FormMeta):
    """A form of an act.

    ``schema`` with ``use`` takes fields from a row schema; ``sections`` groups the fields under headings, a third
    value True folds the group until it is opened or has an error; ``help`` is said above them. Hidden with every form:
    ``version`` of the record, idempotency ``key``, and ``seen``, the journal entry up to which the reader knew the
    record.
    """

    schema: ClassVar[Any] = None
    use: ClassVar[Sequence[str]] = ()
    sections: ClassVar[Sequence[tuple[Any, ...]]] = ()
    help: ClassVar[Any] = ""

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Any = None, options: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.actor, self.record = actor, record
        self.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
        self.fields["key"] = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
        self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
        self.initial.setdefault("key", uuid.uuid4().hex)
        if record is not None and hasattr(record, "version"):
            self.initial.setdefault("version", record.version)
        for name, field in self.fields.items():
            if "required" in field.error_messages and field.label:
                field.error_messages["required"] = gettext(EMPTY) % {"field": field.label}
            bind_actor(field, name, actor, record, options.replace("__field__", name) if options else "")

    @property
    def own_fields(self) -> list[str]:
        """The fields the reader fills in."""
        return [name for name in self.fields if name not in HIDDEN]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The visible fields under their headings; those no heading names come last under none."""
        named = {name for _, names, *_ in self.sections for name in names}
        groups: list[dict[str, Any]] = []
        for title, names, *folds in self.sections:
            fields = [self[n] for n in names if n in self.fields]
            groups.append({
                "title": title, "fields": fields, "folds": any(folds), "open": any(f.errors for f in fields),
            })  # fmt: skip
        rest = [self[n] for n in self.own_fields if n not in named and not self.fields[n].widget.is_hidden]
        if rest:
            groups.append({"title": "", "fields": rest})
        return [group for group in groups if group["fields"]]

    def clean(self) -> dict[str, Any]:
        """The checks between fields that the row schema holds."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.schema is not None:
            raw = {
                name: self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                for name in self.use
                if name in self.fields
            }
            for problem in self.schema.parse(raw, partial=True).problems:
                if problem.column not in self.errors:
                    self.add_error(problem.column if problem.column in self.fields else None, problem.render(gettext))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the act is given; a form overrides it to say it differently."""
        return {name: value for name, value in self.cleaned_data.items() if name not in HIDDEN}

    @property
    def version(self) -> int | None:
        """The version of the record the reader saw."""
        return self.cleaned_data.get("version")

    @property
    def key(self) -> str | None:
        """The idempotency key; None when a script left it out."""
        return self.cleaned_data.get("key") or None

    def refuse(self, why: Refused) -> None:
        """Show a refusal where it belongs: at the fields it names, else above the form."""
        for problem in why.problems if isinstance(why, BadInputs) else [why]:
            column = problem.column if isinstance(problem, BadInput) else ""
            sentence = sentence_of(problem)
            self.add_error(column if column in self.fields and column not in HIDDEN else None, sentence)

    def renew(self, **values: Any) -> None:
        """Show the typed text again under a new key (and version): what is sent next is a request of its own."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        for name, value in {"key": uuid.uuid4().hex, **values}.items():
            data[self.add_prefix(name)] = "" if value is None else str(value)
        self.data = data


def make(title: str = "MadeForm", **fields: forms.Field) -> type[Form]:
    """A form class from fields: ``make(reason=LongText(_("Reason")))``."""
    made: type[Form] = _FormMeta(title, (Form,), dict(fields))
    return made
