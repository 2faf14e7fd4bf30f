"""Running numbers, and local parameters with their nearest-region-wins reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.codes.models import Parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.journal.facts import Fact
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read


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
    rows = Parameter.objects.filter(code__in=found, region_path__in=steps, valid_from__lte=on or clock.today())
    for row in rows.order_by("code", "-region_path", "-valid_from").distinct("code", "region_path"):
        found[row.code].append(row)
    return found


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
