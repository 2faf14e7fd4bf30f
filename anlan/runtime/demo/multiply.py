"""A city many times the size: the demo city's records multiplied inside the database, for measuring at full scale.

Every copy is a record of its own: keys, holders, codes, numbers and names are new and unique, whatever points at a
record points at the copy's, the running numbers go on where the copies end. Regions and officers stay the same. The
database checks everything again when its indexes and foreign keys are put back. Past ``FULL`` times the copies are
lean, so that a million units fit on one machine: a deadline's start is told by the deadline alone and not in the
journal, one that was met keeps its day but not how it was reckoned and recalled, a step's note stands in the journal
alone, only records under way have pictures, there is no row history, and one unit in fifty has what is told beside its
hazards: the papers of its duties (the others' are opened by the task that does so for units on file), its ledgers of
chemicals and its installations. Never copied are inboxes, and what is told of others than hazards: how the ledgers were
taken in, who claimed a file, who stands in for whom.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_noop
from psycopg import sql

from anlan.kernel.actor import Actor
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.regions.services import pinyin_key
from anlan.kernel.tallies.keeping import rebuild
from anlan.rules.overlap import bigrams
from anlan.rules.uscc import make_valid

FULL = 10
LEAN = 50  # one unit in so many of a lean city has what is told beside its hazards
BUILDER = Actor.system("demo city")
WHY = gettext_noop("the demo city multiplied, for measuring")
ROWS_AT_ONCE = 1_000_000
FIRST_CODE = 1_000_000  # beyond the codes of the city itself
PLACE, INITIALS = "澜州", " lz"  # the city in front of a name, and in front of a name's initials
# What sets a copy's names apart; none of these begins a name of the city itself.
MARKS = "乾坤震巽坎离艮兑甲乙丙丁戊己庚辛壬癸子丑"


@dataclass(frozen=True)
class Copying:
    """How one table is multiplied, as SQL over ``r`` (the row) and ``c`` (the copying).

    What differs in a copy, which rows are copied, and into which copies.
    """

    label: str
    what: str
    differs: dict[str, str]
    joins: str = ""
    only: str = "true"
    when: str = "true"

    @property
    def model(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.label)

    @property
    def numbered(self) -> bool:
        """Whether the key is a number, which moves by the span of the table."""
        return isinstance(self.model._meta.pk, models.AutoField)


UNITS_ACCOUNT = "r.username ~ '^unit[0-9]+-[ps]$'"
OF_HAZARDS = "r.subject_type LIKE 'hazards.%'"
SUBJECT = "(r.subject_id::bigint + c.k * s.span)::text"
SUBJECT_JOIN = "JOIN city_span s ON s.label = r.subject_type"
CODE_JOIN = "JOIN city_code code ON code.unit_id = {} AND code.k = c.k"
TITLE_NUMBER = "split_part(r.subject_title, ' ', 1)"


def _holder(column: str = "holder") -> str:
    return f"CASE WHEN r.{column} = '' THEN '' ELSE md5(r.{column} || ':' || c.k) END"


def _moved(column: str, label: str) -> str:
    return f"r.{column} + c.k * (SELECT span FROM city_span WHERE label = '{label}')"  # noqa: S608 - names of our own


def _actor(column: str, account: str = "u") -> str:
    return f"CASE WHEN {account}.id IS NULL THEN r.{column} ELSE 'user:' || ({account}.id + c.k * {account}.span) END"


def _actor_join(column: str, account: str = "u") -> str:
    return f"LEFT JOIN city_account {account} ON {account}.key = r.{column}"


def _number(column: str, number: str) -> str:
    running = f"({number}.running + c.k * {number}.last)::text"
    said = f"{number}.prefix || lpad({running}, greatest({number}.width, length({running})), '0')"
    return f"CASE WHEN {number}.old IS NULL THEN {column} ELSE {said} END"


def _number_join(column: str, number: str) -> str:
    return f"LEFT JOIN city_number {number} ON {number}.old = {column}"


def _pairs(text: str) -> str:
    """The pairs of characters of a short text, as an array (OFFSET: the text is made once and not for each pair)."""
    return (
        f"ARRAY(SELECT DISTINCT pair FROM (SELECT substr(said, i, 2) AS pair FROM (SELECT {text} AS said OFFSET 0) t, "  # noqa: S608 - names of our own
        "generate_series(1, length(said) - 1) i) p WHERE strpos(pair, '-') = 0)"
    )


def _led(mark: str, follows: str) -> str:
    """The pairs of a mark's last character and each that follows it; characters are letters and digits."""
    last = f"right({mark}, 1)"
    return (
        f"CASE WHEN {follows} = '{{}}' THEN '{{}}' "
        f"ELSE string_to_array({last} || array_to_string({follows}, ',' || {last}), ',') END"
    )


def _named(column: str) -> str:
    return f"replace(r.{column}, '{PLACE}', '{PLACE}' || c.mark)"


def _spelled(text: str) -> str:
    return f"left(replace(replace({text}, 'lanzhou', 'lanzhou' || c.spelled), ' lz', ' lz' || c.initials), 200)"


def _found(old_code: str) -> str:
    spelled = _spelled(f"replace({_named('search_text')}, lower({old_code}), lower(code.uscc))")
    return spelled.removeprefix("left(").removesuffix(", 200)")


def copyings(*, lean: bool) -> list[Copying]:
    """Every table of the city that grows with it."""
    holder = {"holder": _holder()}
    number = _number("r.number", "n")
    unit, site, person, hazard = "registry.unit", "registry.site", "registry.person", "hazards.hazard"
    companion = {**holder, "hazard_id": _moved("hazard_id", hazard), "by_key": _actor("by_key")}
    said = "jsonb_strip_nulls(jsonb_build_object('number', {}, 'repeat_of', {}))".format(
        _number("r.data->>'number'", "n"), _number("r.data->>'repeat_of'", "p")
    )
    under_way = "EXISTS (SELECT FROM hazards_hazard f WHERE f.id::text = r.subject_id AND f.due_at IS NOT NULL)"
    under = "CASE WHEN r.state IN ('open', 'paused') THEN r.{} ELSE '{}' END"
    some = f"c.k % {LEAN} = 0" if lean else "true"
    dutiful = f"(r.subject_type ~ '^(hazards|registry)[.]' OR {some})" if lean else "true"
    short = {name: under.format(name, empty) for name, empty in (("trace", "[]"), ("basis", ""), ("remind_days", "[]"))}
    return [
        Copying(unit, "units", {
            **holder, "name": _named("name"), "name_key": _named("name_key"), "pinyin": _spelled("r.pinyin"),
            "uscc": "code.uscc", "search_text": _found("r.uscc"), "batch": "NULL",
        }, CODE_JOIN.format("r.id")),
        Copying(site, "sites", {
            **holder, "name": f"left({_named('name')}, 120)", "pinyin": _spelled("r.pinyin"), "batch": "NULL",
            "unit_id": _moved("unit_id", unit), "search_text": _found("code.old"),
        }, CODE_JOIN.format("r.unit_id")),
        Copying("identity.personkey", "keys of people", {}),
        Copying(person, "people", {
            **holder, "unit_id": _moved("unit_id", unit), "site_id": _moved("site_id", site),
            "key_id": _moved("key_id", "identity.personkey"), "batch": "NULL",
        }),
        Copying("registry.post", "posts", {"person_id": _moved("person_id", person)}),
        Copying("identity.user", "accounts", {
            "username": "'unit' || (substring(r.username, '[0-9]+')::int + c.k * c.units) || right(r.username, 2)",
        }, only=UNITS_ACCOUNT),
        Copying("identity.grant", "grants", {**holder, "user_id": _moved("user_id", "identity.user")},
            only=f"r.kind = 'unit' AND r.user_id IN (SELECT r.id FROM identity_user r WHERE {UNITS_ACCOUNT})"),  # noqa: S608
        Copying(hazard, "hazards", {
            **holder, "number": number, "order_number": _number("r.order_number", "o"),
            "site_id": _moved("site_id", site), "repeat_of_id": _moved("repeat_of_id", hazard),
            "rectified_by": _actor("rectified_by"), "accepted_by": _actor("accepted_by", "a"),
            "search_text": f"lower({number}) || replace(replace(h.rest, '{PLACE}', "
            f"'{PLACE}' || c.mark), '{INITIALS}', '{INITIALS}' || c.initials)",
            "words": f"h.words || {_pairs(f'lower({number}) || h.first')} "
            f"|| c.mark_pairs || {_led('c.mark', 'h.follows')} "
            f"|| CASE WHEN h.latin = '{{}}' THEN h.latin ELSE c.initials_pairs || {_led('c.initials', 'h.latin')} END",
        }, " ".join([
            "JOIN city_words h ON h.id = r.id", _number_join("r.number", "n"), _number_join("r.order_number", "o"),
            _actor_join("rectified_by"), _actor_join("accepted_by", "a"),
        ])),
        Copying("compliance.workspace", "workspaces", {**holder, "unit_id": _moved("unit_id", unit)}, when=some),
        Copying("compliance.evidence", "papers", {
            **holder, "workspace_id": _moved("workspace_id", "compliance.workspace"),
        }, only="r.check_of_id IS NULL", when=some),
        *(Copying(f"hazards.{name}", f"{name}s", companion, _actor_join("by_key"))
          for name in ("extension", "instruction", "transfer")),
        Copying("hazards.listing", "listings", {**companion, "number": _number("r.number", "n")},
            f"{_actor_join('by_key')} {_number_join('r.number', 'n')}"),
        *_chemicals(holder, site, some),
        Copying("deadlines.deadline", "deadlines", {
            **holder, "desk_holder": _holder("desk_holder"), "subject_id": SUBJECT, **(short if lean else {}),
            "subject_title": f"left({_number('r.subject_title', 'n')} || "
            "CASE WHEN n.old IS NULL THEN '' ELSE substr(r.subject_title, length(n.old) + 1) END, 200)",
        }, f"{SUBJECT_JOIN} {_number_join(TITLE_NUMBER, 'n')}", when=dutiful),
        Copying("journal.entry", "journal entries", {
            **holder, "subject_id": SUBJECT, "actor_key": _actor("actor_key"),
            "data": f"CASE WHEN r.data ? 'number' THEN r.data || {said} ELSE r.data END",
        }, " ".join([
            SUBJECT_JOIN, _actor_join("actor_key"), _number_join("r.data->>'number'", "n"),
            _number_join("r.data->>'repeat_of'", "p"),
        ]), only=f"{OF_HAZARDS} AND r.fact_type <> 'deadlines.DeadlineSet'" if lean else OF_HAZARDS),
        Copying("journal.steptaken", "steps taken", {
            "subject_id": SUBJECT, "actor_key": _actor("actor_key"), **({"note": "''"} if lean else {}),
        }, f"{SUBJECT_JOIN} {_actor_join('actor_key')}", when=dutiful),
        Copying("files.storedfile", "files", {
            **holder, "id": "md5(r.id || ':' || c.k)::uuid", "subject_id": SUBJECT, "by_key": _actor("by_key"),
        }, f"{SUBJECT_JOIN} {_actor_join('by_key')}", only=under_way if lean else "true",
            when=dutiful),
    ]  # fmt: skip


def _chemicals(holder: dict[str, str], site: str, when: str) -> list[Copying]:
    """Ledgers and major hazard installations; substances of the tables are everybody's and stay as they are."""
    lot = {"lot": "CASE WHEN r.lot = '' THEN '' ELSE left(r.lot || '-' || c.k, 40) END"}

    def of(label: str, what: str, *keys: tuple[str, str], **differs: str) -> Copying:
        return Copying(label, what, {**holder, **{name: _moved(name, to) for name, to in keys}, **differs}, when=when)

    place, stock, movement = "chemicals.place", "chemicals.stock", "chemicals.movement"
    consignment, installation = "chemicals.consignment", "installations.installation"
    return [
        of(place, "places of keeping", ("site_id", site)),
        of(stock, "stocks", ("place_id", place)),
        of(consignment, "consignments", ("from_site_id", site), ("to_site_id", site),
           from_holder=_holder("from_holder"), number="r.number || '-' || c.k", **lot),
        of(movement, "movements", ("place_id", place), ("corrects_id", movement), ("pair_id", movement),
           ("consignment_id", consignment), **lot),
        of("chemicals.finding", "findings in ledgers", ("stock_id", stock), ("other_id", stock), ("count_id", movement),
           ("consignment_id", consignment)),
        of("chemicals.policerecord", "records for the police", ("movement_id", movement)),
        of(installation, "installations", ("site_id", site)),
        of("installations.holding", "holdings", ("installation_id", installation), ("place_id", place)),
        *(of(f"installations.{name}", f"{name}s of installations", ("installation_id", installation))
          for name in ("grading", "target", "provision", "filing")),
    ]  # fmt: skip


def multiply(times: int, report: Callable[[str], None] = lambda line: None) -> None:
    """Make the city that stands ``times`` as large, all or nothing; there must be no other records in the database."""
    if times < 2:
        return
    lean = times > FULL
    growing = copyings(lean=lean)
    with transaction.atomic(), bulk_load(BUILDER, WHY), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        # Pages of an index are logged whole: packing them takes as long as sorting their rows (a right some may lack).
        cursor.execute(
            "SELECT set_config('wal_compression', 'off', true) WHERE has_parameter_privilege('wal_compression', 'SET')"
        )
        _prepare(cursor, growing, times)
        events = [] if lean else [e for g in growing if (e := getattr(g.model, "pgh_event_model", None))]
        with bare(cursor, [g.model for g in growing] + events) as indexed:
            for number, copying in enumerate(growing):
                total = _multiply(cursor, copying, times, history=not lean)
                report(f"{copying.what}: {total}")
                if copying.model not in [later.model for later in growing[number + 1 :]]:
                    indexed(copying.model)
            report("foreign keys")
        cursor.execute("UPDATE codes_counter SET last = last * %s", [times])
        for copying in growing:
            if copying.numbered:
                table, key = copying.model._meta.db_table, copying.model._meta.pk.column
                cursor.execute(
                    sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {}").format(
                        table, str(key), sql.Identifier(str(key)), sql.Identifier(table)
                    )
                )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _clear_away(cursor)
        report("kept numbers")
        rebuild()


def _multiply(cursor: Any, copying: Copying, times: int, *, history: bool) -> int:
    """Copy one table, its history too when asked; answers how many rows the table then has."""
    model: Any = copying.model
    table, key = model._meta.db_table, model._meta.pk.column
    stored = [f.column for f in model._meta.concrete_fields if not f.generated]
    columns = {name: copying.differs.get(name, f"r.{name}") for name in stored}
    if copying.numbered:
        columns[key] = _moved(key, copying.label)
    written = _insert(cursor, copying, table, columns, times)
    event = getattr(model, "pgh_event_model", None)
    if history and event is not None:
        held = {f.column for f in event._meta.concrete_fields}
        told = {name: value for name, value in columns.items() if name in held}
        told |= {"pgh_obj_id": columns[key], "pgh_created_at": "r.pgh_created_at", "pgh_label": "r.pgh_label"}
        _insert(cursor, copying, event._meta.db_table, told, times)
    cursor.execute(f"SELECT count(*) FROM base_{table}")  # noqa: S608 - names of our own
    return written + int(cursor.fetchone()[0])


def _insert(cursor: Any, copying: Copying, table: str, columns: dict[str, str], times: int) -> int:
    cursor.execute(f"SELECT count(*) FROM base_{table}")  # noqa: S608 - names of our own
    at_once = max(1, ROWS_AT_ONCE // max(1, cursor.fetchone()[0]))
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    written = 0
    for first in range(1, times, at_once):
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM city_copy c CROSS JOIN base_{table} r {copying.joins} "  # noqa: S608
            f"WHERE c.k BETWEEN {first} AND {min(first + at_once, times) - 1} AND {copying.when}"
        )
        written += cursor.rowcount
    return written


def _prepare(cursor: Any, growing: list[Copying], times: int) -> None:
    """Tables for the time of the transaction: the rows to copy, and what every copy needs to know."""
    cursor.execute("CREATE TEMP TABLE city_span (label text PRIMARY KEY, span bigint) ON COMMIT DROP")
    for copying in growing:
        model: Any = copying.model
        table, key, event = model._meta.db_table, model._meta.pk.column, getattr(model, "pgh_event_model", None)
        cursor.execute(f"CREATE TEMP TABLE base_{table} ON COMMIT DROP AS SELECT * FROM {table} r WHERE {copying.only}")  # noqa: S608
        if event is not None:
            history = event._meta.db_table
            cursor.execute(
                f"CREATE TEMP TABLE base_{history} ON COMMIT DROP AS SELECT * FROM {history} r "  # noqa: S608
                f"WHERE pgh_obj_id IN (SELECT {key} FROM base_{table}) ORDER BY pgh_id"
            )
        if copying.numbered:
            cursor.execute(
                f"INSERT INTO city_span SELECT %s, (SELECT coalesce(max({key}), 0) FROM {table}) "  # noqa: S608
                f"- coalesce(min({key}), 0) + 1 FROM base_{table}",
                [copying.label],
            )
    cursor.execute("SELECT count(*) FROM base_registry_unit")
    units = cursor.fetchone()[0]
    cursor.execute(
        "CREATE TEMP TABLE city_copy (k int, mark text, spelled text, initials text, units int, mark_pairs text[], "
        "initials_pairs text[]) ON COMMIT DROP"
    )
    _copy(cursor, "city_copy", (_copying(k, mark, units) for k, mark in _marks(times)))
    cursor.execute("CREATE TEMP TABLE city_code (unit_id bigint, old text, k int, uscc text) ON COMMIT DROP")
    cursor.execute("SELECT id, uscc FROM base_registry_unit ORDER BY id")
    codes = list(enumerate(cursor.fetchall(), 1))
    _copy(cursor, "city_code", (
        (pk, old, k, make_valid(old[:8], FIRST_CODE + k * units + serial))
        for k in range(1, times) for serial, (pk, old) in codes
    ))  # fmt: skip
    cursor.execute(
        "CREATE TEMP TABLE city_account ON COMMIT DROP AS "
        "SELECT id, 'user:' || id AS key, (SELECT span FROM city_span WHERE label = 'identity.user') AS span "
        "FROM base_identity_user"
    )
    # A running number goes on where the copies before it end.
    cursor.execute(
        "CREATE TEMP TABLE city_number ON COMMIT DROP AS "
        "SELECT old, prefix, tail::int AS running, length(tail) AS width, "
        "max(tail::int) OVER (PARTITION BY prefix) AS last "
        "FROM (SELECT old, regexp_replace(old, '[0-9]+$', '') AS prefix, substring(old, '[0-9]+$') AS tail FROM ("
        "SELECT number AS old FROM base_hazards_hazard UNION SELECT order_number FROM base_hazards_hazard "
        "WHERE order_number <> '' UNION SELECT number FROM base_hazards_listing WHERE number <> '') a) b"
    )
    cursor.execute(
        "CREATE TEMP TABLE city_words (id bigint, rest text, first text, words text[], follows text[], latin text[]) "
        "ON COMMIT DROP"
    )
    cursor.execute("SELECT id, number, search_text FROM base_hazards_hazard")
    _copy(cursor, "city_words", [_words(*row) for row in cursor.fetchall()])
    for table in ("city_code", "city_account", "city_number", "city_words"):
        cursor.execute(f"ANALYZE {table}")


def _copying(k: int, mark: str, units: int) -> tuple[int, str, str, str, int, list[str], list[str]]:
    """A copy, its mark, how that is spelled, and the pairs it brings with it."""
    spelled, initials = pinyin_key(mark).split(" ")
    pairs, initial_pairs = (
        [a + b for a, b in itertools.pairwise(said)] for said in (PLACE[-1] + mark, INITIALS[-1] + initials)
    )
    return k, mark, spelled, initials, units, pairs, initial_pairs


def _clear_away(cursor: Any) -> None:
    cursor.execute(
        "SELECT string_agg(format('%I', relname), ', ') FROM pg_class "
        "WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND relname ~ '^(city|base)_'"
    )
    cursor.execute(f"DROP TABLE {cursor.fetchone()[0]} CASCADE")


def _words(pk: int, number: str, search_text: str) -> tuple[int, str, str, list[str], list[str], list[str]]:
    """What a hazard is found by, without its number and without what a copy's mark touches."""
    rest = search_text[len(number) :]
    parted = rest.replace(PLACE, f"{PLACE}\ue000").replace(INITIALS, f"{INITIALS}\ue001")  # where a mark will stand
    joined = "".join(parted.split())
    follows, latin = (
        sorted({after for before, after in itertools.pairwise(joined) if before == mark and after.isalnum()})
        for mark in "\ue000\ue001"
    )
    first = joined[:1] if joined[:1].isalnum() else ""
    return pk, rest, first, sorted(bigrams(parted)), follows, latin


def _marks(times: int) -> Iterator[tuple[int, str]]:
    """A mark for every copy: at least two characters."""
    marks = itertools.chain.from_iterable(itertools.product(MARKS, repeat=length) for length in itertools.count(2))
    return ((k, "".join(mark)) for k, mark in zip(range(1, times), marks, strict=False))


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def bare(cursor: Any, tables: list[Any]) -> Iterator[Callable[[Any], None]]:
    """Inside the block the tables have checks, but no indexes, keys or history; nothing points at them.

    All are made anew, which checks every row and leaves every index as small as it can be: a table's indexes when the
    function given back is called with its model, while the machine still remembers the rows just written, and what is
    left at the end, foreign keys last.
    """
    names = [t._meta.db_table for t in tables]
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f' FROM pg_constraint "
        "WHERE contype IN ('p', 'u') AND conrelid = ANY (%(names)s::regclass[]) "
        "OR contype = 'f' AND (conrelid = ANY (%(names)s::regclass[]) OR confrelid = ANY (%(names)s::regclass[])) "
        "ORDER BY array_position('{p,u,f}', contype::text), conname",
        {"names": names},
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexrelid::regclass, i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = ANY (%s::regclass[]) "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u')) "
        "ORDER BY 1",
        [names],
    )
    indexes = cursor.fetchall()
    cursor.execute(
        "SELECT tgrelid::regclass, tgname FROM pg_trigger "
        "WHERE tgrelid = ANY (%s::regclass[]) AND (tgname LIKE 'pgtrigger_insert_insert%%' OR tgname = 'tally_insert')",
        [names],
    )
    triggers = cursor.fetchall()
    for table, name, *_ in reversed(constraints):
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for index, *_ in indexes:
        cursor.execute(f"DROP INDEX {index}")
    for table, name in triggers:
        cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
    bare = set(names)

    def indexed(model: Any) -> None:
        for each in (model, getattr(model, "pgh_event_model", None)):
            if each is None or (name := each._meta.db_table) not in bare:
                continue
            bare.remove(name)
            for _, of, definition in indexes:
                if of == name:
                    cursor.execute(definition)
            for of, constraint, definition, foreign in constraints:
                if of == name and not foreign:
                    cursor.execute(f'ALTER TABLE {of} ADD CONSTRAINT "{constraint}" {definition}')

    yield indexed
    for table in tables:
        indexed(table)
    for table, name, definition, foreign in constraints:
        if foreign:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table, name in triggers:
        cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')
