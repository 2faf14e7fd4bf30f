"""Chinese search: which words a text asks for, and by which road the database looks for them.

A word is looked for by its character pairs through a GIN index, then by its exact sequence. That road reads every row
that has the pairs: right for a rare word, ruinous for one that half the rows have. A query for a *page* (ordered, a few
rows) therefore walks along the order instead when the word is common, and takes the first rows that have it: few steps
lead to enough of them, unless the reader sees only a small part of the rows. Beside the pairs of a large table stand
the regions each row lies in and its month, so that one look into the index finds the word in a town, or what was new in
a county. How common a pair is and how many rows a region has is read off the statistics that ANALYZE keeps.
"""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Lookup
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.db.models.sql.where import AND
from django.utils.tree import Node

from anlan.kernel import clock
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.scope import PATH_END, PathField, Ways
from anlan.rules.overlap import bigrams

MOST_WORDS = 6
MOST_LETTERS = 100
WALK_PAYS = 20  # by how much walking must be cheaper: the rows seen in passing also fail other conditions
FEW = 25  # fewer rows asked for make no walk worth while that is not so for these: like rows lie together in an order
ENTRY = 0.07  # of the cost of a row is that of an entry of an index; measured at 4,000,000 hazards
REGION = "region_path"
LEVEL, DEEPEST = 4, 24  # characters of a path for one level, and of the deepest that is kept beside the pairs
MONTHS = 3  # so many are asked for one by one
MANY, PLENTY = 2_000, 8  # the latest months are tried before so many hits are read, if these times the page lie in them
COMMON = 0.1  # counting to the ceiling needs no index when every tenth row has the word
KEEP_SECONDS = 600
FUNCTION = "registry_grams"
INDEXES: dict[tuple[str, str], str] = {}  # (table, column) to the index over the pairs of its text
TOO_SHORT = gettext_noop("“%(word)s” is too short: type at least two characters in a row.")


def folded(text: str) -> str:
    """Half-width and in lower case, spaces kept: the form in which texts are stored and compared.

    >>> folded("ＡＪＨＧ　安洁")
    'ajhg 安洁'
    """
    return unicodedata.normalize("NFKC", text).lower()


def words_of(text: str) -> list[str]:
    """The words of what was typed, each of which must occur; ``BadInput`` (``q``) for one that is too short.

    >>> words_of("  ＹＨ２０２６　安洁化工 ")
    ['yh2026', '安洁化工']
    """
    words = folded(text.replace("\x00", "")[:MOST_LETTERS]).split()[:MOST_WORDS]
    for word in words:
        if not bigrams(word):
            raise BadInput("q", TOO_SHORT, word=word)
    return words


def is_phone_end(word: str) -> bool:
    """Whether a word may be the last four digits of a telephone.

    >>> [is_phone_end(w) for w in ("0371", "371", "2026年", "03710")]
    [True, False, False, False]
    """
    return len(word) == 4 and word.isascii() and word.isdigit()


@dataclass(frozen=True)
class Statistics:
    """How many rows a table has, which share of them has each of the commonest pairs, and how they lie in the tree of
    regions: the shares of the commonest paths, and bounds between which equally many of the others lie."""

    rows: float
    shares: dict[str, float]
    paths: dict[str, float] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()

    def share(self, pairs: Iterable[str]) -> float:
        """At most this share of the rows has all the pairs; 0 for a pair that is not among the commonest."""
        return min((self.shares.get(pair, 0.0) for pair in pairs), default=0.0)

    def within(self, ranges: Iterable[tuple[str, str]]) -> float:
        """About this share of the rows lies in the ranges of paths (from, below); all where nothing is known.

        >>> Statistics(100, {}, {"0001": 0.5, "0002": 0.25}, ("00020002", "0003")).within([("0002", "0002~")])
        0.375
        """
        if not self.paths and not self.bounds:
            return 1.0
        share = 0.0
        for low, high in ranges:
            share += sum(part for path, part in self.paths.items() if low <= path < high)
            if self.bounds:
                inside = sum(1 for path in self.bounds if low <= path < high) / len(self.bounds)
                share += inside * max(1.0 - sum(self.paths.values()), 0.0)
        return min(share, 1.0)


_known: dict[tuple[str, str], tuple[float, Statistics]] = {}


def statistics(table: str, kept_in: str) -> Statistics:
    """What ANALYZE knows of the pairs of a table, kept in a column or, as an expression, in an index (``kept_in``)."""
    found = _known.get((table, kept_in))
    if found is not None and time.monotonic() - found[0] < KEEP_SECONDS:
        return found[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs, "
            "r.most_common_vals::text::text[], r.most_common_freqs, r.histogram_bounds::text::text[] FROM pg_class c "
            "LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND (s.tablename = %s AND s.attname = %s "
            "OR s.tablename = %s) "
            "LEFT JOIN pg_stats r ON r.schemaname = current_schema() AND r.tablename = %s AND r.attname = %s "
            "WHERE c.oid = to_regclass(%s)",
            [table, kept_in, kept_in, table, REGION, table],
        )
        row = cursor.fetchone()
    rows, pairs, shares, paths, parts, bounds = row or (0, None, None, None, None, None)
    # The array of shares ends with the least, the greatest and the share of NULL.
    known = Statistics(
        max(float(rows), 0.0), dict(zip(pairs or [], shares or [], strict=False)),
        dict(zip(paths or [], parts or [], strict=True)), tuple(bounds or ()),
    )  # fmt: skip
    _known[table, kept_in] = (time.monotonic(), known)
    return known


def forget_statistics() -> None:
    """Read the statistics anew at the next search: after ANALYZE, in tests."""
    _known.clear()


def by_pairs(query: Any, known: Statistics, pairs: Iterable[str], placed: bool = False) -> bool:
    """Whether a query goes by the pairs' index: True for a rare word, and for one of unknown frequency. ``placed`` says
    that the index knows the places too."""
    share, most = known.share(pairs), query.high_mark
    if most is None or not share:
        return True
    if not query.order_by:
        return share < COMMON
    ranges = asked_of(query.where)
    part = known.within(ranges) if ranges else 1.0
    # By the index: every row seen that has the word, and the entries that lead to them: of the word and of the ranges,
    # or of the fewer of the two where both stand in one index.
    read = share * part + ENTRY * (min(share, part) if placed or part == 1.0 else share + part)
    return not has_order_index(query) or read * known.rows * share * part <= WALK_PAYS * max(most, FEW)


def reads_all(query: Any, most: int) -> bool:
    """Whether the first ``most`` rows of a query in its order are found through a pairs' index: then all that have the
    word are read, whatever the order, and can be counted in passing."""
    limited = query.chain()
    limited.set_limits(high=most)
    return bool(query.order_by) and any(
        by_pairs(limited, statistics(*lookup.kept()), wanted, lookup.placed)
        for lookup in pairs_of(query.where)
        if (wanted := sorted(lookup.wanted()))
    )


def latest(rows: Any, most: int) -> Any:
    """Of many rows that have a word, newest first, those of the latest months alone, where many times ``most`` are to
    be expected in them; None where all may as well be read. Whether they were enough is for the caller to see."""
    query = rows.query
    for lookup in pairs_of(query.where):
        if not lookup.dated or query.order_by[:1] != (f"-{lookup.dated}",) or not (wanted := sorted(lookup.wanted())):
            continue
        known, ranges, found = statistics(*lookup.kept()), asked_of(query.where), 0.0
        expected = known.rows * known.share(wanted) * (known.within(ranges) if ranges else 1.0)
        month = clock.today().replace(day=1)
        for _ in range(MONTHS - 1) if expected >= MANY else ():
            found += expected * known.share([month_word(month)])
            if found >= PLENTY * most:
                return rows.filter(**{f"{lookup.dated}__gte": month})
            month = (month - dt.timedelta(days=1)).replace(day=1)
    return None


def pairs_of(where: Any) -> Iterator[Pairs]:
    """The words that every row of a query must have."""
    for part in where.children:
        if isinstance(part, Pairs):
            yield part
        elif isinstance(part, Node) and part.connector == AND and not part.negated:
            yield from pairs_of(part)


def asked_of(where: Any) -> list[tuple[str, str]]:
    """The ranges of regions a query is narrowed to: each lower bound with the upper one beside it."""
    found, beside = [], {}
    for part in where.children:
        if isinstance(part, Node):
            found += [] if part.negated else asked_of(part)
        elif isinstance(part, Lookup) and isinstance(part.rhs, str) and _name(part.lhs) == REGION:
            beside[part.lookup_name] = part.rhs
    if {"gte", "lt"} <= beside.keys():
        found.append((beside["gte"], beside["lt"]))
    return found


def place_words(path: str) -> list[str]:
    """The words under which rows of a place are kept beside their pairs: one for each region it lies in.

    >>> place_words("00010002")
    ['@0001', '@00010002']
    """
    return [f"@{path[:end]}" for end in range(LEVEL, min(len(path), DEEPEST) + 1, LEVEL)]


def places_of(conditions: Iterable[Any], alias: str) -> Iterator[str]:
    """The word of each region in which every row must lie that meets all of these conditions."""
    bounds: dict[str, set[str]] = {"gte": set(), "lt": set()}
    for part in conditions:
        if isinstance(part, Node):
            if part.connector == AND and not part.negated:
                yield from places_of(part.children, alias)
        elif isinstance(part, Lookup) and _name(part.lhs) == REGION and getattr(part.lhs, "alias", "") == alias:
            bounds.setdefault(str(part.lookup_name), set()).add(str(part.rhs))
    for low in sorted(bounds["gte"]):
        if low + PATH_END in bounds["lt"] and (words := place_words(low)):
            yield words[-1]


def month_word(day: dt.date) -> str:
    """The word under which rows of a month are kept beside their pairs.

    >>> month_word(dt.date(2026, 11, 23))
    '#24323'
    """
    return f"#{day.year * 12 + day.month}"


def months_of(conditions: Iterable[Any], alias: str, dated: str) -> list[str]:
    """The words of the months in which every row must lie that meets all of these conditions, up to the next month (a
    row of tomorrow is none the less there); none where they are many or there is no beginning."""
    begun = [
        part.rhs for part in conditions
        if isinstance(part, GreaterThanOrEqual) and isinstance(part.rhs, dt.date)
        and _name(part.lhs) == dated and getattr(part.lhs, "alias", "") == alias
    ]  # fmt: skip
    if not begun:
        return []
    day, today = max(begun), clock.today()
    ahead = (today.year - day.year) * 12 + today.month - day.month + 2
    first = day.year * 12 + day.month
    return [f"#{first + number}" for number in range(ahead)] if 0 < ahead <= MONTHS + 1 else []


def _name(side: Any) -> str:
    return str(getattr(getattr(side, "target", None), "name", ""))


def has_order_index(query: Any) -> bool:
    """Whether an index of all rows begins with what a query is ordered by: then there is an order to walk along."""
    first = query.order_by[0]
    if not isinstance(first, str):
        return False
    options = query.get_meta()
    begun = {index.fields[0].lstrip("-") for index in options.indexes if index.fields and index.condition is None}
    return first.lstrip("-") in begun | {"pk", options.pk.name}


class Pairs(Lookup):  # type: ignore[type-arg]  # generic in the stubs only
    """``<field>__has="word"``: the text contains the word. Subclasses say where the pairs are kept."""

    lookup_name = "has"
    placed = False  # whether the words of its places stand beside the pairs of a row
    dated = ""  # the column with the day by whose month the row is kept there too

    def get_prep_lookup(self) -> str:
        """Compared half-width and in lower case."""
        return folded(str(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """By the pairs, by the text, or by both."""
        column, before = self.process_lhs(compiler, connection)
        text = self.compared(column)
        pattern = "%" + self.rhs.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        wanted = sorted(self.wanted())
        if not wanted or not by_pairs(compiler.query, statistics(*self.kept()), wanted, self.placed):
            return f"{text} LIKE %s", [*before, pattern]
        held, given, exact = self.asked(compiler, column, before, wanted)
        # A word of two characters is its own pair: who has the pair has the word. It is compared all the same where a
        # page is asked for in an order, since PostgreSQL then rightly expects few rows and does not walk past them all.
        if exact and wanted == [self.rhs] and not compiler.query.order_by:
            return held, given
        return f"({held} AND {text} LIKE %s)", [*given, *before, pattern]

    def asked(self, compiler: Any, column: str, before: Any, wanted: list[str]) -> tuple[str, list[Any], bool]:
        """SQL that the row has the pairs, its parameters, and whether it says so of every row.

        Where places are kept beside the pairs, each way in which the reader may see rows is asked with its place: what
        lies elsewhere is passed over in the index, and no row of it is read. What is seen in another way is little, is
        found by that way, and is compared with the word; asked for the pairs as well, every row found would be reckoned
        through once more.
        """
        where = compiler.query.where
        if not self.placed or where.connector != AND or where.negated:
            return self.held(column), [*before, wanted], True
        alias = self.lhs.alias
        every = [*wanted, *places_of(where.children, alias)]
        months = [[word] for word in months_of(where.children, alias, self.dated)] or [[]]
        ways = next((part for part in where.children if isinstance(part, Ways)), None)
        found: list[str] = []
        given: list[Any] = []
        for way in ways.children if ways else [None]:
            own = list(places_of([way], alias)) if way is not None else []
            if own or way is None:
                for month in months:
                    found.append(self.held(column))
                    given += [*before, [*every, *own, *month]]
            else:
                sql, params = compiler.compile(way)
                found.append(sql)
                given += params
        return f"({' OR '.join(found)})", given, ways is None

    def compared(self, column: str) -> str:
        """SQL for the text as it is compared."""
        return column

    def wanted(self) -> set[str]:
        """The pairs of the word."""
        return {self.rhs[place : place + 2] for place in range(len(self.rhs) - 1)}

    def held(self, column: str) -> str:
        """SQL that the row has the pairs, which are its parameter."""
        return f"{FUNCTION}({self.compared(column)}) @> %s::text[]"

    def kept(self) -> tuple[str, str]:
        """The table, and the column or index of which ANALYZE keeps the statistics."""
        field: Any = self.lhs.target
        return field.model._meta.db_table, INDEXES[field.model._meta.db_table, field.column]


def _kept_beside(query: Any, alias: str) -> bool:
    """Whether a query goes by an index in which the regions of a table's rows stand beside their pairs."""
    return any(
        lookup.placed and lookup.lhs.alias == alias and by_pairs(query, statistics(*lookup.kept()), wanted, True)
        for lookup in pairs_of(query.where)
        if (wanted := sorted(lookup.wanted()))
    )


class _OfRegion(Lookup):  # type: ignore[type-arg]
    """A bound of a region's path. The rows that the pairs' index has found already lie in the region: PostgreSQL does
    not know that and would gather a million rows of a county to narrow them down, so it is asked past that index."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> tuple[str, Any]:
        """The column, or an expression of the same value that no index has."""
        sql, given = super().process_lhs(compiler, connection, lhs)
        beside = _name(self.lhs) == REGION and _kept_beside(compiler.query, getattr(self.lhs, "alias", ""))
        return (f"({sql} || '')", given) if beside else (sql, given)


@PathField.register_lookup
class FromPath(_OfRegion, GreaterThanOrEqual):  # type: ignore[type-arg]
    """``region_path__gte``."""


@PathField.register_lookup
class BeforePath(_OfRegion, LessThan):  # type: ignore[type-arg]
    """``region_path__lt``."""
