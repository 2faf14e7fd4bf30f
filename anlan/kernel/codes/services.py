"""Running numbers, and local parameters with their nearest-region-wins reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, transaction

from anlan.kernel import clock, law
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.codes.models import Parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.journal.facts import Fact, both
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.rules import refusal
from anlan.rules.figures import FIGURES, Figure, agrees, by_local


@dataclass(frozen=True)
class Declared:
    """A parameter a module knows: its default, its bounds and its label (an English msgid)."""

    code: str
    label: str
    default: int
    least: int
    most: int
    unit: str


DECLARED: dict[str, Declared] = {}
LAW = "law."
"""Before the code of a figure of the rules, where parameters are kept."""


@dataclass(frozen=True, kw_only=True)
class ParameterSet(Fact):
    """A jurisdiction set a figure of its own."""

    icon: ClassVar[str] = "settings-2"
    sentence: ClassVar[str] = gettext_noop("Parameter %(label)s set to %(value)s from %(valid_from)s (%(basis)s)")
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    value: int
    valid_from: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class FigureSet(Fact):
    """A jurisdiction set a figure in place of one of the law that is to be verified."""

    icon: ClassVar[str] = "settings-2"
    sentence: ClassVar[str] = gettext_noop(
        "Figure to verify set locally: %(label)s, %(value)s from %(valid_from)s (%(basis)s)"
    )
    label: dict[str, str]
    value: dict[str, str]
    valid_from: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class FigureEnded(Fact):
    """The last day on which a local figure counts."""

    icon: ClassVar[str] = "settings-2"
    sentence: ClassVar[str] = gettext_noop("Local figure counts to %(valid_to)s: %(label)s")
    label: dict[str, str]
    valid_to: str


@system_read("declares, reads nothing")
def declare(
    code: str, label: str, default: int, *, least: int, most: int, unit: str = gettext_noop("days")
) -> Declared:
    """Declare a parameter; modules do so when they are loaded."""
    if not least <= default <= most:
        raise ValueError(f"parameter {code}: the default lies outside its bounds")
    DECLARED[code] = Declared(code, label, default, least, most, unit)
    return DECLARED[code]


@system_read("local rules are public")
def parameter(code: str, path: str = "", on: dt.date | None = None) -> int:
    """The value in force at a region on a day: the nearest region upward that set one, else the default."""
    found = parameter_rows(code, path, on)
    return int(found[0].value) if found else DECLARED[code].default


@system_read("local rules are public")
def parameter_rows(code: str, path: str = "", on: dt.date | None = None) -> list[Parameter]:
    """Why a value is in force: the rows in force on a day from this region upward, the deciding one first.

    A region's own earlier rows are left out; empty means the default counts.
    """
    return rows_of_parameters([code], path, on)[code]


@system_read("local rules are public")
def rows_of_parameters(
    codes: Iterable[str], path: str = "", on: dt.date | None = None
) -> dict[str, list[Parameter]]:
    """``parameter_rows`` of many parameters at once, in one query."""
    found: dict[str, list[Parameter]] = {code: [] for code in codes}
    steps = [path[:end] for end in range(0, len(path) + 1, Region.steplen)]
    day = on or clock.today()
    rows = Parameter.objects.filter(code__in=found, region_path__in=steps, valid_from__lte=day)
    rows = rows.exclude(valid_to__lt=day)
    for row in rows.order_by("code", "-region_path", "-valid_from").distinct("code", "region_path"):
        found[row.code].append(row)
    return found


@system_read("local rules are public")
def nearest_figures(codes: Iterable[str], on: dt.date | None = None) -> Callable[[str], dict[str, int]]:
    """For whoever asks for many regions at once: a function of a region's path that gives all of these parameters as
    ``parameter`` does. One query however many regions."""
    wanted, day = tuple(codes), on or clock.today()
    rows = Parameter.objects.filter(code__in=wanted, valid_from__lte=day).exclude(valid_to__lt=day)
    set_at: dict[str, dict[str, int]] = {}
    for row in rows.order_by("valid_from"):
        set_at.setdefault(row.region_path, {})[row.code] = int(row.value)
    usual = {code: DECLARED[code].default for code in wanted}

    def there(path: str) -> dict[str, int]:
        found = dict(usual)
        for end in range(0, len(path) + 1, Region.steplen):
            found |= set_at.get(path[:end], {})
        return found

    return there


@act(may="codes.parameters")
def set_parameter(work: Work, *, code: str, region: Region, value: int, valid_from: dt.date, basis: str) -> Parameter:
    """Set a local figure for a region from a day on; it needs the decision it rests on.

    The same value on the same basis again does nothing. A day that has passed is refused: decisions already taken
    under the old figure stand.
    """
    declared = DECLARED.get(code)
    if declared is None:
        raise BadInput("code", gettext_noop("There is no such parameter."))
    work.actor.need_at("codes.parameters", region.path, "")
    basis = basis.strip()
    if not declared.least <= value <= declared.most:
        raise BadInput(
            "value",
            gettext_noop("The value must lie between %(least)s and %(most)s."),
            least=declared.least,
            most=declared.most,
        )
    if not basis:
        raise BadInput("basis", gettext_noop("Name the local rule or decision this figure rests on."))
    row = (
        Parameter.objects.select_for_update().filter(code=code, region_path=region.path, valid_from=valid_from).first()
    )
    if row is not None and (row.value, row.basis) == (value, basis):
        return row
    if valid_from < clock.today() and not work.actor.is_system:
        raise BadInput("valid_from", gettext_noop("That day has passed. A figure counts from today or a later day."))
    row, _ = Parameter.objects.update_or_create(
        code=code,
        region_path=region.path,
        valid_from=valid_from,
        defaults={"value": value, "basis": basis, "set_by": work.actor.key},
    )
    work.record(
        ParameterSet(label=declared.label, value=value, valid_from=valid_from.isoformat(), basis=basis), on=region
    )
    return row


@act(may="codes.parameters")
def set_figure(
    work: Work, *, code: str, region: Region, value: Decimal, valid_from: dt.date, basis: str,
    valid_to: dt.date | None = None,
) -> Parameter:  # fmt: skip
    """Set a local figure in place of one of the rules that is to be verified, for a region, from a day (to a day).

    ``code`` is one of ``anlan.rules.figures.FIGURES``; ``basis`` names the text the figure is taken from. The same
    again does nothing. ``BadInput`` where there is no such figure, where the number does not go with the others of its
    table, where the day has passed, or where the edition the figure belongs to has ended: decisions taken stand.
    """
    figure = FIGURES.get(code)
    if figure is None:
        raise BadInput("code", gettext_noop("There is no such figure to verify."))
    work.actor.need_at("codes.parameters", region.path, "")
    basis = basis.strip()
    if not basis:
        raise BadInput("basis", gettext_noop("Name the text this figure is taken from."))
    if figure.end is not None and valid_from > figure.end:
        raise BadInput(
            "valid_from", gettext_noop("The edition this figure belongs to ended on %(day)s."), day=figure.end
        )
    if valid_to is not None and valid_to < valid_from:
        raise BadInput("valid_to", gettext_noop("The last day lies before the first."))
    stored = _checked(figure, value, region, valid_from)
    key: dict[str, Any] = {"code": f"{LAW}{code}", "region_path": region.path, "valid_from": valid_from}
    row = Parameter.objects.select_for_update().filter(**key).first()
    if row is not None and (row.value, row.valid_to, row.basis) == (stored, valid_to, basis):
        return row
    if valid_from < clock.today() and not work.actor.is_system:
        raise BadInput("valid_from", gettext_noop("That day has passed. A figure counts from today or a later day."))
    row, _ = Parameter.objects.update_or_create(
        **key, defaults={"value": stored, "valid_to": valid_to, "basis": basis, "set_by": work.actor.key}
    )
    label, said = both(str(figure.label), figure.label.zh), figure.said(value)
    work.record(
        FigureSet(label=label, value=both(str(said), said.zh), valid_from=valid_from.isoformat(), basis=basis),
        on=region,
    )
    if valid_to is not None:
        work.record(FigureEnded(label=label, valid_to=valid_to.isoformat()), on=region)
    transaction.on_commit(law.read_figures)
    return row


@act(may="codes.parameters")
def end_figure(work: Work, *, code: str, region: Region, valid_to: dt.date) -> Parameter:
    """End the local figure in force for exactly this region: ``valid_to`` is the last day it counts.

    Afterwards the figure of the region above counts, else that of the rule. Ending it on the same day again does
    nothing. ``BadInput`` where none is in force there, or the day has passed (yesterday ends it at once).
    """
    work.actor.need_at("codes.parameters", region.path, "")
    figure, yesterday = FIGURES.get(code), clock.today() - dt.timedelta(days=1)
    rows = Parameter.objects.select_for_update().filter(code=f"{LAW}{code}", region_path=region.path)
    row = rows.filter(valid_from__lte=clock.today()).exclude(valid_to__lt=yesterday).order_by("-valid_from").first()
    if figure is None or row is None:
        raise BadInput("code", gettext_noop("No local figure of this code is in force for this region."))
    if row.valid_to == valid_to:
        return row
    if valid_to < yesterday:
        raise BadInput("valid_to", gettext_noop("That day has passed. Choose yesterday or a later day."))
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    label = both(str(figure.label), figure.label.zh)
    work.record(FigureEnded(label=label, valid_to=valid_to.isoformat()), on=region)
    transaction.on_commit(law.read_figures)
    return row


def _checked(figure: Figure, value: Decimal, region: Region, on: dt.date) -> Any:
    """The number as it is kept: whole ones as they are, others as text; refused where it cannot be meant."""
    try:
        with by_local(law.local_figures(region.path)):
            agrees(figure.code, value, on)
        number = figure.checked(value)
    except refusal.BadInput as why:
        raise law.refused(why) from why
    return number if isinstance(number, int) else str(number)


@system_read("local rules are public")
def figure_rows(code: str = "") -> list[Parameter]:
    """The local figures ever set in place of ones to verify, of one code if given, the newest first."""
    rows = Parameter.objects.filter(code=f"{LAW}{code}") if code else Parameter.objects.filter(code__startswith=LAW)
    return list(rows.order_by("code", "-valid_from", "-pk"))


@inside_act
def next_numbers(series: str, count: int = 1) -> range:
    """Reserve the next ``count`` numbers of a series, inside the caller's transaction: none is lost or given twice.

    Whoever wants one of the same series waits until the first has committed.
    """
    if count < 1:
        raise ValueError("at least one number is reserved")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO codes_counter (series, last) VALUES (%s, %s) "
            "ON CONFLICT (series) DO UPDATE SET last = codes_counter.last + %s RETURNING last",
            [series, count, count],
        )
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
