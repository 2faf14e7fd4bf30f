"""The cast's records copied by the thousand into a third county, so that the planner has a choice to make.

One copy in twenty stays where its record lies; what is asked by somebody of a county then concerns a small share of
the rows, as in a city. ``words`` counts what the copies of hazards and units say: one in three is common, one of all
is rare.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection

from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.kernel.searching import forget_statistics
from anlan.kernel.tallies.keeping import fold
from tests.cast import SYSTEM, Cast

COPIES = 700
TOWNS = 12
COMMON, RARE, ABSENT = "龙潭", "麒麟", "凤凰"
TABLES = (
    "registry_unit", "registry_site", "registry_person", "registry_certificate", "hazards_hazard", "deadlines_deadline",
    "journal_entry", "files_storedfile", "tally_cell",
)  # fmt: skip
PATH = "CASE WHEN mod(k, 20) = 0 THEN r.{} ELSE (ARRAY[{}])[1 + mod(k * 7 + r.id, {})::int] END"
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
        fold()
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    forget_statistics()
