"""Fields of forms and filters. Those that offer a choice ask for it with the actor in hand (``bind``)."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.files.services import ALLOWED, PICTURES, Upload, check_file, take_uploads
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import without_outline
from anlan.ui.forms import widgets
from anlan.ui.refusals import sentence_of

ChoiceSource = Iterable[tuple[str, Any]] | Callable[..., Iterable[tuple[str, Any]]]
MOST_LISTED = 500  # options of a list that is not found by typing
MANY = 12  # beyond this, several choices are a list instead of boxes


def given_to(function: Callable[..., Any], *values: Any) -> Any:
    """Call a function with as many of the values as it takes: ``(actor)`` or ``(actor, record)``."""
    takes = [
        p
        for p in inspect.signature(function).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    return function(*values[: len(takes)])


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a Chinese calendar day."""
    return dt.datetime.combine(day, dt.time(), clock.CHINA)


class Text(forms.CharField):
    """One line."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(label=label, **kwargs)


class LongText(forms.CharField):
    """Several lines."""

    def __init__(self, label: Any = None, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(label=label, **kwargs)


class Phone(forms.CharField):
    """A telephone number."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label=label, max_length=20, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}), **kwargs
        )


class Email(forms.EmailField):
    """An e-mail address."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)


class Whole(forms.IntegerField):
    """A whole number; ``unit`` stands behind the box."""

    def __init__(
        self, label: Any = None, *, unit: Any = "", least: int | None = None, most: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label=label, min_value=least, max_value=most, **kwargs)
        self.unit = unit


class Decimal(forms.DecimalField):
    """A decimal number with at most ``places`` decimals; ``unit`` stands behind the box."""

    def __init__(
        self, label: Any = None, *, unit: Any = "", places: int = 2, least: Any = None, most: Any = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_digits", 18)
        super().__init__(label=label, min_value=least, max_value=most, decimal_places=places, **kwargs)
        self.unit = unit


class Day(forms.DateField):
    """A day; ``first`` and ``last`` are the bounds, a day or a function that gives one."""

    def __init__(self, label: Any = None, *, first: Any = None, last: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(label=label, **kwargs)
        self.first, self.last = first, last

    def validate(self, value: Any) -> None:
        """Within the bounds."""
        super().validate(value)
        first = self.first() if callable(self.first) else self.first
        last = self.last() if callable(self.last) else self.last
        if value and first and value < first:
            raise ValidationError(_("Choose %(day)s or a later day."), params={"day": first.isoformat()})
        if value and last and value > last:
            raise ValidationError(_("Choose %(day)s or an earlier day."), params={"day": last.isoformat()})


class Moment(forms.DateTimeField):
    """A day and time of China."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(label=label, **kwargs)


class Flag(forms.BooleanField):
    """Yes or no; not ticking it is an answer unless ``must`` says that it has to be ticked."""

    def __init__(self, label: Any = None, *, must: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, **{"required": must, **kwargs})


class Hidden(forms.CharField):
    """A value the page carries along."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.HiddenInput, **kwargs})


class Choice(forms.ChoiceField):
    """One of some choices: pairs, or a function of ``(actor)`` or ``(actor, record)`` that gives them."""

    def __init__(
        self, label: Any = None, choices: ChoiceSource = (), *, radio: bool = False, blank: Any = "", **kwargs: Any
    ) -> None:
        self.source, self.blank = choices, blank
        if radio:
            kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(label=label, choices=[] if callable(choices) else list(choices), **kwargs)

    def bind(self, actor: Actor, record: Any) -> None:
        """Offer what this actor may choose."""
        pairs = list(given_to(self.source, actor, record) if callable(self.source) else self.source)
        radio = isinstance(self.widget, forms.RadioSelect)
        if not radio or not self.required:
            pairs = [("", self.blank or "—"), *pairs]
        self.choices = pairs


class Choices(forms.MultipleChoiceField):
    """Several of some choices; boxes for a few, a list for many."""

    def __init__(self, label: Any = None, choices: ChoiceSource = (), **kwargs: Any) -> None:
        self.source = choices
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(label=label, choices=[] if callable(choices) else list(choices), **kwargs)

    def bind(self, actor: Actor, record: Any) -> None:
        """Offer what this actor may choose."""
        pairs = list(given_to(self.source, actor, record) if callable(self.source) else self.source)
        if len(pairs) > MANY and isinstance(self.widget, forms.CheckboxSelectMultiple):
            self.widget = forms.SelectMultiple(attrs={"size": 6})
        self.choices = pairs


class Listed(forms.models.ModelChoiceIterator):
    """The options of a list, at most ``MOST_LISTED``: longer lists are found by typing (``search``)."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = list(self.queryset[: MOST_LISTED + 1])
        for row in rows[:MOST_LISTED]:
            yield self.choice(row)
        if len(rows) > MOST_LISTED:
            yield (_("Too many to list"), [])


class _Records:
    """What the two record fields share: the selector, the search fields, how a record is called."""

    selector: Callable[..., QuerySet[Any]]
    search: Sequence[str]
    queryset: Any
    widget: Any

    def bind(self, actor: Actor, record: Any) -> None:
        """Offer the records the actor may see; with ``search`` they are found by typing."""
        self.queryset = given_to(self.selector, actor, record)

    def bind_options(self, address: str) -> None:
        """Where typing asks for options; without an address every option is listed."""
        if self.search and address:
            several = isinstance(self, forms.ModelMultipleChoiceField)
            self.widget = widgets.Combo(address, self.picked, several=several)
            self.widget.is_required = self.required  # type: ignore[attr-defined]

    def picked(self, values: Sequence[Any]) -> list[dict[str, str]]:
        """The chosen records as the combo box shows them."""
        keys = [str(v) for v in values if str(v).strip()]
        if not keys:
            return []
        try:
            rows = list(self.queryset.filter(pk__in=keys[:50]))
        except (ValueError, ValidationError):
            return []
        return [{"id": str(row.pk), "text": self.label_from_instance(row)} for row in rows]

    def found(self, text: str, limit: int = 20) -> tuple[list[dict[str, str]], bool]:
        """The records that fit what was typed, and whether there are more."""
        from anlan.ui.search import matching

        rows = list(self.queryset.filter(matching(self.search, text))[: limit + 1])
        results = [
            {"id": str(row.pk), "text": self.label_from_instance(row), "hint": self.hint(row)} for row in rows[:limit]
        ]
        return results, len(rows) > limit

    def label_from_instance(self, row: Any) -> str:
        """How a record is called."""
        return force_str(self.called(row) if self.called else row)

    called: Callable[[Any], Any] | None = None
    hinted: Callable[[Any], Any] | None = None

    def hint(self, row: Any) -> str:
        """What stands small beside it."""
        return force_str(self.hinted(row)) if self.hinted else ""


class RecordChoice(_Records, forms.ModelChoiceField):
    """One record. ``selector(actor)`` or ``(actor, record)`` gives an admitted queryset; ``search`` names the fields
    by which a long list is found by typing; ``called(row)`` and ``hint(row)`` are its name and what stands beside."""

    def __init__(
        self,
        label: Any = None,
        selector: Callable[..., QuerySet[Any]] | None = None,
        *,
        search: Sequence[str] = (),
        called: Callable[[Any], Any] | None = None,
        hint: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.selector, self.search, self.called, self.hinted = selector, search, called, hint  # type: ignore[assignment]
        super().__init__(queryset=None, label=label, **{"empty_label": "—", **kwargs})

    iterator = Listed


class RecordChoices(_Records, forms.ModelMultipleChoiceField):
    """Several records; see ``RecordChoice``."""

    def __init__(
        self,
        label: Any = None,
        selector: Callable[..., QuerySet[Any]] | None = None,
        *,
        search: Sequence[str] = (),
        called: Callable[[Any], Any] | None = None,
        hint: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.selector, self.search, self.called, self.hinted = selector, search, called, hint  # type: ignore[assignment]
        super().__init__(queryset=None, label=label, **kwargs)

    iterator = Listed


class RegionPath(forms.CharField):
    """A region by its tree path, chosen in a tree of the regions where the actor holds ``permission``."""

    def __init__(self, label: Any = None, *, permission: str, kinds: Sequence[str] = (), **kwargs: Any) -> None:
        self.permission, self.kinds = permission, tuple(kinds)
        super().__init__(label=label, max_length=64, widget=widgets.RegionTree(permission, kinds), **kwargs)

    def bind(self, actor: Actor, record: Any) -> None:
        """Bound the tree by the actor's reach."""
        self.actor = actor
        self.widget.actor = actor

    def clean(self, value: Any) -> Any:
        """The path, when the region is within reach."""
        path = super().clean(value)
        if not path:
            return path
        region = reachable(self.actor, self.permission).filter(path=path).first()
        if region is None:
            raise ValidationError(_("Choose a region of your own jurisdiction."))
        if self.kinds and region.kind not in self.kinds:
            labels = dict(Region._meta.get_field("kind").flatchoices)
            wanted = " / ".join(force_str(labels[k]) for k in self.kinds)
            raise ValidationError(_("Choose a region of this level: %(kinds)s."), params={"kinds": wanted})
        return self.chosen(region)

    def chosen(self, region: Region) -> Any:
        """What the form hands on."""
        return region.path


class RegionChoice(RegionPath):
    """A region, handed on as the record."""

    def chosen(self, region: Region) -> Any:
        return region

    def prepare_value(self, value: Any) -> Any:
        """The path of a region given as the initial value."""
        return value.path if isinstance(value, Region) else value


def reachable(actor: Actor, permission: str = "") -> QuerySet[Region]:
    """The current regions in which the actor holds a permission (any, when none is named)."""
    from anlan.kernel.scope import within

    rows = without_outline().filter(valid_to=None).order_by("path")
    if actor.is_system:
        return rows
    grants = actor.grants_for(permission) if permission else actor.grants
    paths = [grant.path for grant in grants if not grant.holder]
    if not paths:
        return rows.none()
    reach = within("path", paths[0])
    for path in paths[1:]:
        reach |= within("path", path)
    return rows.filter(reach)


class Files(forms.Field):
    """Several files, each checked by its content. ``purpose`` is the field of the record they answer; ``pictures`` are
    made ready on the device, a ``drawing`` is a picture that is sent as it is; cleaned value: a list of ``Upload``."""

    several = True
    actor = Actor.nobody()

    def __init__(
        self,
        label: Any = None,
        *,
        purpose: str = "",
        least: int | None = None,
        most: int = 9,
        pictures: bool = False,
        drawing: bool = False,
        **kwargs: Any,
    ) -> None:
        self.purpose, self.most, self.allowed = purpose, most, PICTURES if pictures or drawing else ALLOWED
        self.least = (0 if kwargs.get("required") is False else 1) if least is None else least
        accept = ",".join(sorted(self.allowed))
        super().__init__(
            label=label,
            **{**kwargs, "required": self.least > 0},
            widget=widgets.FilesInput(accept, most, several=self.several, pictures=pictures),
        )

    def bind(self, actor: Actor, record: Any) -> None:
        """Whose files that were sent up before count."""
        self.actor = self.widget.actor = actor

    def clean(self, value: Any) -> Any:
        """The uploads, each of a kind that is accepted and undamaged: those of the form, then those sent up before."""
        given = [f for f in (value or []) if f]
        files: list[UploadedFile | Upload] = [f for f in given if not isinstance(f, str)]
        try:
            files += take_uploads(self.actor, [f for f in given if isinstance(f, str)], field=self.purpose or "file")
        except BadInput as why:
            raise ValidationError(sentence_of(why)) from why
        if len(files) < self.least:
            raise ValidationError(
                _("Choose at least %(least)s file.") if self.least == 1 else _("Choose at least %(least)s files."),
                params={"least": self.least},
            )
        if len(files) > self.most:
            raise ValidationError(_("At most %(most)s files can be sent at once."), params={"most": self.most})
        uploads, problems = [], []
        for file in files:
            content = file.read()
            try:
                check_file(str(file.name), content, field=self.purpose or "file", allowed=self.allowed)
            except BadInput as why:
                problems.append(sentence_of(why))
                continue
            file.seek(0)
            uploads.append(file if isinstance(file, Upload) else Upload(str(file.name), content))
        if problems:
            raise ValidationError(problems)
        return self.handed_on(uploads)

    def handed_on(self, uploads: list[Upload]) -> Any:
        """What the form hands on."""
        return uploads


class File(Files):
    """One file; cleaned value: an ``Upload``, or None when it may be left out and was."""

    several = False

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **{**kwargs, "most": 1})

    def handed_on(self, uploads: list[Upload]) -> Any:
        return uploads[0] if uploads else None


class _Range(forms.MultiValueField):
    """From … to …: two boxes, either may stay empty; cleaned value: a pair, or None when both are empty."""

    def __init__(self, label: Any, part: Callable[[], forms.Field]) -> None:
        low, high = part(), part()
        super().__init__(
            fields=(low, high),
            label=label,
            required=False,
            require_all_fields=False,
            widget=widgets.RangeWidget(low.widget, high.widget),
        )

    def compress(self, data_list: list[Any]) -> Any:
        """The pair; refused when the first lies after the second."""
        low, high = [*data_list, None, None][:2]
        low, high = (None if v in (None, "") else v for v in (low, high))
        if low is None and high is None:
            return None
        if low is not None and high is not None and low > high:
            raise ValidationError(_("The first value lies after the second: exchange them."))
        return low, high


class DayRange(_Range):
    """From a day to a day."""

    def __init__(self, label: Any = None) -> None:
        super().__init__(label, lambda: Day(required=False))


class NumberRange(_Range):
    """From a number to a number."""

    def __init__(self, label: Any = None) -> None:
        super().__init__(label, lambda: forms.DecimalField(required=False))
