"""Filters of lists. A filter set knows the actor, so that no drop-down lists what he may not see.

A value that is no longer offered, or never was, is named as wrong and the list stays empty: a mistyped filter must
not show more than was asked for.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Self

import django_filters
from django import forms as django_forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.scope import within
from anlan.kernel.searching import words_of
from anlan.rules.steps import Workflow
from anlan.ui import formats, places
from anlan.ui.forms import fields as own
from anlan.ui.forms.base import bind_actor
from anlan.ui.refusals import sentence_of

SEARCH, STATE, LINE, REGION, OVERDUE = _("Search"), _("State"), _("Sector line"), _("Region"), _("Overdue")
Choices = Iterable[tuple[str, Any]] | Callable[..., Iterable[tuple[str, Any]]]


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it is, its value as read, and the parameters that its cross removes."""

    label: str
    value: str
    names: tuple[str, ...]


class Filter(django_filters.Filter):
    """Base of the filters: a form field, whose value narrows the rows by ``narrow(rows, value)``.

    ``bound`` is the field as the form of this filter set has it, with what its actor may choose.
    """

    bound: django_forms.Field | None = None

    def __init__(
        self, field: django_forms.Field, source: str = "", narrow: Callable[[Any, Any], Any] | None = None
    ) -> None:
        super().__init__(field_name=source, label=field.label)
        self.made, self.narrow = field, narrow
        self.field_name = source

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A filter set's own copy. The field is shared: each form copies it once more before it is bound to anybody."""
        return copy.copy(self)

    @property
    def field(self) -> django_forms.Field:
        """The form field, once per filter set."""
        if not hasattr(self, "_field"):
            self.made.required = False
            if self.made.label is None:
                self.made.label = self._label_of_model()
            self._field = self.made
        return self._field

    def _label_of_model(self) -> Any:
        try:
            return self.model._meta.get_field(self.field_name.split("__")[0]).verbose_name
        except FieldDoesNotExist:
            return self.field_name

    def filter(self, qs: Any, value: Any) -> Any:
        """The rows that remain."""
        if value in (None, "", [], (), False) or (isinstance(value, QuerySet) and not value):
            return qs
        return self.narrow(qs, value) if self.narrow else self.matching(qs, value)

    def matching(self, qs: Any, value: Any) -> Any:
        """The rows whose field equals the value."""
        return qs.filter(**{self.field_name: value})

    def said(self, value: Any) -> str:
        """The value in words, for its chip."""
        return force_str(value)

    def names(self, name: str) -> tuple[str, ...]:
        """The parameters that carry this filter."""
        return (name,)


class Words(django_forms.CharField):
    """Words that are looked for by their character pairs."""

    def clean(self, value: Any) -> Any:
        """The text; a word of a single character is named."""
        text = super().clean(value)
        try:
            words_of(text)
        except BadInput as why:
            raise django_forms.ValidationError(sentence_of(why)) from why
        return text


class Search(Filter):
    """The search box: every word must occur in one of the fields (``icontains``).

    ``pairs``: the words are looked for by character pairs, so that one of a single character is refused.
    """

    def __init__(
        self, fields: Sequence[str], label: Any = SEARCH, placeholder: Any = "", *, pairs: bool = False
    ) -> None:
        field = (Words if pairs else django_forms.CharField)(
            label=label, max_length=100, widget=django_forms.TextInput(attrs={"type": "search"})
        )
        super().__init__(field)
        self.fields, self.placeholder = fields, placeholder

    def matching(self, qs: Any, value: Any) -> Any:
        words = str(value).replace("\x00", "").split()[:6]
        return qs.filter(
            reduce(and_, (reduce(or_, (Q(**{f"{f}__icontains": w}) for f in self.fields)) for w in words), Q())
        )


class Choice(Filter):
    """One or several of some choices: pairs, or a function of the actor that gives them."""

    def __init__(
        self,
        source: str,
        choices: Choices,
        label: Any = None,
        *,
        several: bool = False,
        narrow: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        field = own.Choices(label, choices) if several else own.Choice(label, choices, blank=_("All"))
        super().__init__(field, source, narrow)
        self.several = several

    def matching(self, qs: Any, value: Any) -> Any:
        return qs.filter(**({f"{self.field_name}__in": value} if self.several else {self.field_name: value}))

    def said(self, value: Any) -> str:
        field: Any = self.bound or self.field
        labels = {str(code): force_str(text) for code, text in field.choices}
        return ("、" if formats.is_chinese() else ", ").join(
            labels.get(str(v), str(v)) for v in (value if self.several else [value])
        )


class State(Choice):
    """The states of a workflow, several at once; ``open`` means every state that is not final."""

    OPEN = "open"

    def __init__(self, process: Workflow, source: str = "state", label: Any = STATE) -> None:
        self.process = process
        known = {s.code for s in process.states}
        choices = [(self.OPEN, _("All open"))] if self.OPEN not in known else []
        choices += [(s.code, _(s.label)) for s in process.states]
        super().__init__(source, choices, label, several=True)

    def matching(self, qs: Any, value: Any) -> Any:
        codes = set(value)
        if self.OPEN in codes and self.OPEN not in {s.code for s in self.process.states}:
            codes |= {s.code for s in self.process.states if not s.final}
        return qs.filter(**{f"{self.field_name}__in": sorted(codes)})


class Sector(Choice):
    """Sector lines; somebody with lines of his own is offered only these."""

    def __init__(
        self, source: str, choices: Callable[[], Iterable[tuple[str, Any]]], label: Any = LINE, *, permission: str = ""
    ) -> None:
        def offered(actor: Actor) -> list[tuple[str, Any]]:
            grants = actor.grants_for(permission) if permission else actor.grants
            lines = {grant.sector for grant in grants}
            return [pair for pair in choices() if actor.is_system or "" in lines or pair[0] in lines]

        super().__init__(source, offered, label)


class Region(Filter):
    """A region and everything below it; only regions in which the actor holds the permission."""

    def __init__(self, source: str = "region_path", *, permission: str, label: Any = REGION) -> None:
        super().__init__(own.RegionPath(label, permission=permission), source)

    def matching(self, qs: Any, value: Any) -> Any:
        return qs.filter(within(self.field_name, value))

    def said(self, value: Any) -> str:
        return places.names([value], 1).get(value, value)


class Records(Filter):
    """Another record, found by typing: ``selector(actor)`` gives those that may be chosen."""

    def __init__(
        self, source: str, selector: Callable[..., QuerySet[Any]], label: Any = None, *, search: Sequence[str] = ()
    ) -> None:
        super().__init__(own.RecordChoice(label, selector, search=search, empty_label=_("All")), source)


class Flag(Filter):
    """A yes-or-no: ticked keeps the rows for which the condition holds."""

    def __init__(self, label: Any, condition: Q | Callable[[], Q]) -> None:
        super().__init__(django_forms.BooleanField(label=label))
        self.condition = condition

    def matching(self, qs: Any, value: Any) -> Any:
        return qs.filter(self.condition() if callable(self.condition) else self.condition)

    def said(self, value: Any) -> str:
        return gettext("Yes")


class Overdue(Flag):
    """What is open and past its time; ``open_when`` says which rows are still open."""

    def __init__(
        self, source: str = "due_at", *, open_when: Q | None = None, label: Any = OVERDUE, day: bool = False
    ) -> None:
        def condition() -> Q:
            passed = Q(**{f"{source}__lt": clock.today() if day else clock.now()})
            return passed & open_when if open_when is not None else passed

        super().__init__(label, condition)


class Days(Filter):
    """From a day to a day, both included: parameters ``<name>_from`` and ``<name>_to``."""

    def __init__(self, label: Any, source: str = "") -> None:
        super().__init__(own.DayRange(label), source)

    def matching(self, qs: Any, value: Any) -> Any:
        first, last = value
        model_field = (
            self.model._meta.get_field(self.field_name.split("__")[0]) if "__" not in self.field_name else None
        )
        moments = model_field is not None and model_field.get_internal_type() == "DateTimeField"
        if first:
            qs = qs.filter(**{f"{self.field_name}__gte": own.start_of(first) if moments else first})
        if last:
            qs = qs.filter(**{f"{self.field_name}__lte": clock.end_of(last) if moments else last})
        return qs

    def said(self, value: Any) -> str:
        first, last = value
        return f"{formats.day(first) if first else '…'} – {formats.day(last) if last else '…'}"

    def names(self, name: str) -> tuple[str, ...]:
        return (f"{name}_from", f"{name}_to")


class Span(Filter):
    """From a number to a number: parameters ``<name>_from`` and ``<name>_to``."""

    def __init__(self, label: Any, source: str = "") -> None:
        super().__init__(own.NumberRange(label), source)

    def matching(self, qs: Any, value: Any) -> Any:
        low, high = value
        if low is not None:
            qs = qs.filter(**{f"{self.field_name}__gte": low})
        return qs.filter(**{f"{self.field_name}__lte": high}) if high is not None else qs

    def said(self, value: Any) -> str:
        low, high = value
        return f"{'…' if low is None else formats.number(low)} – {'…' if high is None else formats.number(high)}"

    def names(self, name: str) -> tuple[str, ...]:
        return (f"{name}_from", f"{name}_to")


class FilterSet(django_filters.FilterSet):
    """Base of all filter sets; ``actor`` bounds every choice."""

    def __init__(self, data: QueryDict, queryset: Any, *, actor: Actor, page: str = "") -> None:
        super().__init__(data, queryset)
        self.is_bound = True
        self.actor = actor
        self.page_name = page
        for name, found in self.filters.items():
            if isinstance(found, Filter) and not found.field_name:
                found.field_name = name

    def get_form_class(self) -> type[django_forms.Form]:
        """The form's class, made once for all."""
        own: type[Any] = type(self)
        made: type[django_forms.Form] | None = own.__dict__.get("_form_class")
        if made is None:
            made = super().get_form_class()
            if all(isinstance(f, Filter) for f in self.filters.values()):
                own._form_class = made
        return made

    @property
    def form(self) -> django_forms.Form:
        """The form, its choices bounded by the actor."""
        if not hasattr(self, "_form"):
            form = self.get_form_class()(self.data)
            for name, field in form.fields.items():
                bind_actor(field, name, self.actor, options=self._options_of(name))
                if isinstance(found := self.filters.get(name), Filter):
                    found.bound = field
            self._form = form
        return self._form

    def _options_of(self, name: str) -> str:
        from anlan.ui.pages.base import ENDPOINTS

        endpoint = ENDPOINTS.get(f"{self.page_name}-options")
        return endpoint.address(field=name) if endpoint and not set(endpoint.parameters) - {"field"} else ""

    @property
    def qs(self) -> Any:
        """The rows that remain; none when a filter is wrong."""
        if not hasattr(self, "_qs"):
            rows = self.queryset.all()
            self._qs = rows.none() if self.errors else self.filter_queryset(rows)
        return self._qs

    @property
    def search(self) -> Any:
        """The bound field of the search box; None without one."""
        return next((self.form[n] for n, f in self.filters.items() if isinstance(f, Search)), None)

    @property
    def others(self) -> list[Any]:
        """The bound fields of the other filters, in order."""
        return [self.form[n] for n, f in self.filters.items() if not isinstance(f, Search)]

    @property
    def has_others(self) -> bool:
        """Whether there are filters besides the search box."""
        return any(not isinstance(f, Search) for f in self.filters.values())

    @property
    def names_of_others(self) -> set[str]:
        """The parameters that carry the filters besides the search box."""
        return {
            parameter
            for name, f in self.filters.items()
            if not isinstance(f, Search)
            for parameter in (f.names(name) if isinstance(f, Filter) else (name,))
        }

    def chips(self) -> list[Chip]:
        """The filters in force; worked out once."""
        if not hasattr(self, "_chips"):
            self._chips = self._in_force()
        return self._chips

    def _in_force(self) -> list[Chip]:
        found = []
        valid = getattr(self.form, "cleaned_data", {})
        for name, filter_ in self.filters.items():
            if name in self.errors:
                texts = "; ".join(str(e) for e in self.form.errors[name])
                found.append(Chip(force_str(filter_.field.label), texts, filter_.names(name)))
                continue
            value = valid.get(name)
            if value in (None, "", [], (), False):
                continue
            said = filter_.said(value) if isinstance(filter_, Filter) else force_str(value)
            found.append(Chip(force_str(filter_.field.label), said, filter_.names(name)))
        return found

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with the filters: label and sentence."""
        return [
            (force_str(self.form.fields[name].label), str(error))
            for name, errors in self.errors.items()
            if name in self.form.fields
            for error in errors
        ]
