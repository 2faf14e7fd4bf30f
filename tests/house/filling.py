"""The cast's records copied by the thousand into a third county, so that the planner has a choice to make.

One copy in twenty stays where its record lies; what is asked by somebody of a county then concerns a small share of
the rows, as in a city. ``words`` counts what the copies of hazards and units say: one in three is common, one of all
is rare.

The tables of the loop and of the registry are copied with care for what is asked of them; every other scoped table, of
modules to come as well, by what its declaration says (``rest``): places moved, references spread over the copies of
what they point at, whatever has to be unique made so.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models

from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.kernel.scope import PathField, Scoped
from anlan.kernel.searching import forget_statistics
from anlan.kernel.tallies.keeping import fold
from tests.cast import SYSTEM, Cast
from tests.house.walk import own_models

COPIES = 700
TOWNS = 12
COMMON, RARE, ABSENT = "龙潭", "麒麟", "凤凰"
ROWS = 4_000  # of every other scoped table, about
WITH_CARE = ("registry.Unit", "registry.Site", "registry.Person", "hazards.Hazard", "deadlines.Deadline")
# Scoped tables of which there are few whatever the size of the city, each with the reason.
FEW: dict[str, str] = {
    "chemicals.Substance": "the catalogue of substances: as long as the law's lists, of no place",
}
PATH = "CASE WHEN mod(k, 20) = 0 THEN r.{} ELSE (ARRAY[{}])[1 + mod(k * 7 + r.id, {})::int] END"
MOVED = "CASE WHEN mod(s, 20) = 0 THEN r.{} ELSE (ARRAY[{}])[1 + mod(s * 7, {})::int] END"
SAID = (
    f"CASE WHEN mod(k, 3) = 0 THEN '{COMMON}' ELSE '' END || CASE WHEN k = 777 THEN '{RARE}' ELSE '' END "
    "|| chr(20000 + mod(k * 13 + r.id * 7, 900)::int) || chr(20000 + mod(k * 29 + r.id, 900)::int)"
)


def copy(model: Any, count: int, only: str = "true", **differs: str) -> None:
    """Copy every row of a table (``r``) so many times (``k``); ``differs`` says how a copy differs, as SQL."""
    stored = [f.column for f in model._meta.concrete_fields if not f.generated and f.column != "id"]
    names, values = ", ".join(f'"{n}"' for n in stored), ", ".join(differs.get(n, f"r.{n}") for n in stored)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} r, generate_series(1, {count}) k "  # noqa: S608
            f"WHERE {only} ORDER BY k, r.id"
        )


def scoped() -> list[type[models.Model]]:
    """Every table with a scope, those that others point at first; of two that point at each other the freer one."""
    waiting = [m for m in own_models() if issubclass(m, Scoped) and m._meta.managed]
    ordered: list[type[models.Model]] = []

    def needed(model: Any, names: Any) -> bool:
        return any(f.related_model in waiting and f.related_model is not model for f in _references(model) if f.name in names)

    while waiting:
        ready = [m for m in waiting if not needed(m, {f.name for f in _references(m)})]
        ready = ready or [m for m in waiting if not needed(m, {n for names in _once(m) for n in names})][:1]
        ordered += ready
        waiting = [m for m in waiting if m not in ready]
    return ordered


def _references(model: Any) -> list[Any]:
    return [f for f in model._meta.concrete_fields if f.is_relation]


def _once(model: Any) -> list[tuple[str, ...]]:
    """The sets of fields of which no two rows are alike, whatever the condition."""
    single = [(f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    return single + [tuple(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]


def rest(model: Any, paths: str, large: dict[Any, int]) -> None:
    """Copy a table by its declaration alone: row ``r``, ``s`` the number of the new one. ``large``: rows by model."""
    table, fields = model._meta.db_table, {f.name: f for f in model._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        (stock,) = cursor.fetchone()
    assert stock, f"{model._meta.label}: the cast has none; let tests/cast.py make one, or say in FEW why there are few"
    spread = {f.name for f in _references(model) if f.related_model in large and f.related_model is not model}
    alone = {next((n for n in names if n in spread), "") for names in _once(model)}
    most, pools, differs = stock * -(-ROWS // stock), [], {}
    for name in sorted(spread):
        column, target, pool = fields[name].column, fields[name].related_model, f"pool_{name}"
        taken = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        free = f"WHERE id NOT IN ({taken})" if name in alone else ""
        pools.append(f"(SELECT array_agg(id ORDER BY id) AS ids FROM {target._meta.db_table} {free}) {pool}")  # noqa: S608
        most = min(most, large[target] - stock) if name in alone else most
        one = f"({pool}.ids)[1 + mod(s, cardinality({pool}.ids))]"
        differs[column] = f"CASE WHEN r.{column} IS NULL THEN NULL ELSE {one} END"
    for names in _once(model):
        if not any(fields[n].column in differs for n in names):
            text = next(f for n in names if isinstance(f := fields[n], models.CharField) and not f.choices)
            differs[text.column] = _unlike(text.column, f"left(r.{text.column}, {text.max_length - 7}) || lpad(s::text, 7, '0')")
    for field in fields.values():
        column = field.column
        if isinstance(field, PathField):
            differs[column] = _unlike(column, MOVED.format(column, paths, TOWNS))
        elif field.name.endswith("holder"):
            differs[column] = _unlike(column, f"md5(r.{column} || s)")
        elif field.name == "subject_id":
            number = f"(r.{column}::bigint + s * 1000000)::text"
            differs[column] = f"CASE WHEN r.{column} ~ '^[0-9]+$' THEN {number} ELSE r.{column} END"
        elif isinstance(field, models.UUIDField) and field.primary_key:
            differs[column] = "gen_random_uuid()"
    stored = [f.column for f in fields.values() if not f.generated and (f.column != "id" or "id" in differs)]
    names_, values = ", ".join(f'"{n}"' for n in stored), ", ".join(differs.get(n, f'r."{n}"') for n in stored)
    copies = (
        f"(SELECT q.*, (k - 1) * {stock} + row_number() OVER (PARTITION BY k ORDER BY q.id) AS s "  # noqa: S608
        f"FROM {table} q, generate_series(1, {-(-most // stock)}) k) r"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names_}) SELECT {values} FROM {', '.join([copies, *pools])} WHERE s <= {most}"  # noqa: S608
        )
    large[model] = stock + most


def _unlike(column: str, differs: str) -> str:
    """An empty text stays empty."""
    return f"CASE WHEN r.{column} = '' THEN '' ELSE {differs} END"


def fill(cast: Cast) -> None:
    """Fill the tables and let PostgreSQL look at them."""
    third = add_region(
        actor=SYSTEM, parent=Region.objects.get(pk=cast.city.pk), name="第三县", kind="county", code="998809"
    )
    towns = [
        add_region(
            actor=SYSTEM, parent=Region.objects.get(pk=third.pk), name=f"第{n}镇", kind="town", code=f"998809{n:03}"
        )
        for n in range(1, TOWNS + 1)
    ]
    paths = ", ".join(f"'{town.path}'" for town in towns)

    def moved(column: str) -> str:
        return PATH.format(column, paths, TOWNS)

    unit, site, hazard = (apps.get_model(label) for label in ("registry.Unit", "registry.Site", "hazards.Hazard"))
    person = apps.get_model("registry.Person")
    with bulk_load(SYSTEM, "a scene of tests"), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        copy(
            unit, COPIES * 3, "r.merged_into_id IS NULL", holder="md5(r.holder || k)", uscc="''",
            provisional_number="'TMP' || lpad((r.id * 100000 + k)::text, 14, '0') || '0'", region_path=moved("region_path"),
            name=f"left({SAID} || r.name, 120)", search_text=f"{SAID} || r.search_text",
        )  # fmt: skip
        copy(
            site, COPIES * 3, "r.merged_into_id IS NULL AND r.is_main", region_path=moved("region_path"),
            holder="md5(r.holder || k)", search_text=f"{SAID} || r.search_text", landlord_id="NULL",
            unit_id="coalesce((SELECT u.id FROM registry_unit u WHERE u.holder = md5(r.holder || k)), r.unit_id)",
        )  # fmt: skip
        copy(
            person, COPIES * 3, "r.erased_at IS NULL AND r.site_id IS NULL", region_path=moved("region_path"),
            holder="md5(r.holder || k)",
            unit_id="coalesce((SELECT u.id FROM registry_unit u WHERE u.holder = md5(r.holder || k)), r.unit_id)",
        )  # fmt: skip
        copy(
            hazard, COPIES, number="r.number || '-' || k", region_path=moved("region_path"),
            owner_path=moved("owner_path"), search_text=f"{SAID} || r.search_text",
            words=f"registry_grams({SAID})::varchar(2)[] || r.words", found_on="r.found_on - mod(k, 400)",
            holder="md5(r.holder || k)",
        )  # fmt: skip
        copy(
            Deadline, COPIES, subject_id="(r.subject_id::bigint + k * 1000000)::text", region_path=moved("region_path"),
            desk_path=f"CASE WHEN r.desk_path = '' THEN '' ELSE {moved('desk_path')} END",
            desk_holder="CASE WHEN r.desk_holder = '' THEN '' ELSE md5(r.desk_holder || k) END", assignee_id="NULL",
            due_at="r.due_at + (mod(k, 40) - 10) * interval '1 day'", escalated_path="''",
            next_action_at="r.next_action_at + mod(k, 40) * interval '1 day'",
            state="CASE WHEN mod(k, 4) = 0 THEN r.state ELSE 'met' END",
        )  # fmt: skip
        large: dict[Any, int] = {}
        for model in map(apps.get_model, WITH_CARE):
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")  # noqa: S608
            (large[model],) = cursor.fetchone()
        for model in scoped():
            if model._meta.label not in (*WITH_CARE, *FEW):
                rest(model, paths, large)
        fold()
        cursor.execute(f"ANALYZE {', '.join(m._meta.db_table for m in scoped())}, tally_cell")
    forget_statistics()
