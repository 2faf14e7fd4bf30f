"""GB 18218-2018 表1至表6: threshold quantities, the correction factors β and α, the levels; and what one holding means.

Table 1 goes before Table 2; of several categories of Table 2 the smallest threshold counts. β is that of Table 3
where the substance stands there, else that of Table 4 by category. For a Table 1 substance outside Table 3 whose
category is not given, the category it is commonly classified in is taken where that is known, and cited 待核实.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from anlan.rules.chemical_names import Names, checked_cas, plain_name
from anlan.rules.citation import Citation, Confidence
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.refusal import BadInput
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

IN_FORCE = dt.date(2019, 3, 1)
STANDARD = Citation("危险化学品重大危险源辨识", "", valid_from=IN_FORCE, number="GB 18218-2018")
TABLES = {number: STANDARD.at(f"表{number}") for number in range(1, 7)}
COMMON_CLASS = STANDARD.at("表4（类别按常见分类取用）", Confidence.C)
BEFORE = Citation("危险化学品重大危险源辨识", "（GB 18218-2009及以前版本）", valid_to=dt.date(2019, 2, 28))
SYMBOLS = {row["symbol"]: Wording(row["category_en"], row["category_zh"]) for row in rows("gb18218_table2")}
LIQUIDS = ("W5.1", "W5.2", "W5.3", "W5.4")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of Table 1: its number, printed name, threshold in tonnes, and whether it holds only for some content."""

    entry: int
    name: str
    threshold_t: Fraction
    cas: tuple[str, ...]
    only_some_content: bool
    common_class: str

    @property
    def label(self) -> Wording:
        """The row as it is pointed at."""
        return Wording(f"No. {self.entry} {self.name}", f"序号{self.entry} {self.name}")


@dataclass(frozen=True, slots=True)
class Factor:
    """What one holding is reckoned with: threshold Q in tonnes and β, and where each stands.

    ``beta`` is ``None`` where the category it follows is neither given nor commonly known; ``why`` says so.
    """

    name: str
    threshold_t: Fraction
    beta: Fraction | None
    q_from: Wording
    beta_from: Wording
    citations: tuple[Citation, ...]
    entry: int | None = None
    symbol: str | None = None
    cas: str | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The six tables of one edition, looked up once."""

    entries: tuple[Entry, ...]
    names: Names[Entry]
    gases: Names[tuple[str, Fraction]]
    thresholds: dict[str, Fraction]
    betas: dict[str, Fraction]
    persons: tuple[int, ...]
    alphas: tuple[Fraction, ...]
    r_from: tuple[Fraction, ...]
    levels: tuple[tuple[int, Wording], ...]

    def alpha(self, exposed: int) -> Fraction:
        """Table 5, by persons living within 500 m of the site's boundary.

        >>> [float(tables().alpha(n)) for n in (0, 1, 29, 30, 49, 50, 99, 100)]
        [0.5, 1.0, 1.0, 1.2, 1.2, 1.5, 1.5, 2.0]
        """
        return self.alphas[bisect_right(self.persons, exposed) - 1]

    def level(self, r: Fraction) -> tuple[int, Wording]:
        """Table 6: level 1 from R = 100, 2 from 50, 3 from 10, else 4.

        >>> [tables().level(Fraction(r))[0] for r in (0, 10, 50, 100)]
        [4, 3, 2, 1]
        """
        return self.levels[bisect_right(self.r_from, r) - 1]


@cache
def tables() -> Tables:
    """The tables of GB 18218-2018.

    >>> len(tables().entries), len(tables().thresholds), tables().thresholds["W5.3"]
    (85, 24, Fraction(1000, 1))
    """
    common = {row["entry"]: row["symbol"] for row in rows("gb18218_classes")}
    names: Names[Entry] = Names()
    entries = []
    for row in rows("gb18218_table1"):
        entry = Entry(
            int(row["entry"]),
            row["name"],
            Fraction(row["threshold_t"]),
            parts(row["cas"]),
            row["limited_by"] == "content",
            common.get(row["entry"], ""),
        )
        names.add(entry, [row["name"], *parts(row["aliases"])], entry.cas)
        entries.append(entry)
    gases: Names[tuple[str, Fraction]] = Names()
    for row in rows("gb18218_table3"):
        gases.add((row["name"], Fraction(row["beta"])), [row["name"]], [row["cas"]])
    persons = sorted((int(row["persons_from"]), Fraction(row["alpha"])) for row in rows("gb18218_table5"))
    levels = sorted(
        (Fraction(row["r_from"]), (int(row["level"]), Wording(row["name_en"], row["name_zh"])))
        for row in rows("gb18218_table6")
    )
    return Tables(
        tuple(entries),
        names,
        gases,
        {row["symbol"]: Fraction(row["threshold_t"]) for row in rows("gb18218_table2")},
        {row["symbol"]: Fraction(row["beta"]) for row in rows("gb18218_table4")},
        tuple(count for count, _ in persons),
        tuple(alpha for _, alpha in persons),
        tuple(bound for bound, _ in levels),
        tuple(level for _, level in levels),
    )


EDITIONS: Editions[Tables] = Editions("major_hazard", not_held(EVER, BEFORE), held(IN_FORCE, STANDARD, tables()))
CLASS_EDITIONS: Editions[int] = Editions(
    "major_hazard_common_classes", not_held(EVER, BEFORE), held(IN_FORCE, COMMON_CLASS, len(rows("gb18218_classes")))
)


@lru_cache(maxsize=4096)
def factor(
    substance: str | None = None,
    cas: str | None = None,
    entry: int | None = None,
    categories: tuple[str, ...] = (),
) -> Factor:
    """What a holding is reckoned with, by name or alias, CAS, row of Table 1, or category of Table 2.

    Raises ``BadInput`` naming the field: unknown substance, a name or CAS that several rows share, names that
    contradict each other.

    >>> factor("液氨").threshold_t, factor(cas="7664-41-7").beta
    (Fraction(10, 1), Fraction(2, 1))
    >>> factor(categories=("W5.3",)).threshold_t
    Fraction(1000, 1)
    """
    if not (substance or cas or entry or categories):
        raise BadInput(
            "substance",
            Wording("is missing, and so are cas and category", "缺失，且未提供 cas、category"),
            Wording("a name, a CAS number or a category of Table 2", "名称、CAS 号或表2类别符号"),
        )
    if cas:
        cas = checked_cas(cas)
    row = _row(substance, cas, entry, categories)
    if row is None:
        return _by_category(substance or cas or "", substance, cas, categories)
    q_from = Wording(f"Table 1 {row.label}", f"表1{row.label.zh}")
    said = substance or row.name
    beta, beta_from, cited, symbol = _beta(row, categories)
    return Factor(said, row.threshold_t, beta, q_from, beta_from, (TABLES[1], *cited), row.entry, symbol, cas)


def _row(substance: str | None, cas: str | None, entry: int | None, categories: Sequence[str]) -> Entry | None:
    """The row of Table 1; ``None`` where the substance does not stand there."""
    held = tables()
    found = held.entries
    if entry:
        if not 1 <= entry <= len(held.entries):
            raise BadInput("entry", Wording(f"is {entry}", f"为{entry}"), Wording("1 to 85", "1至85"))
        found = (held.entries[entry - 1],)
    by_name = held.names.named(substance) if substance else ()
    by_cas = held.names.numbered(cas) if cas else ()
    for field, value, rows_there in (("substance", substance, by_name), ("cas", cas, by_cas)):
        if value is None:
            continue
        if not rows_there and not (by_name or by_cas):
            continue
        if rows_there:
            kept = tuple(one for one in found if one in rows_there)
            if not kept:
                right = found[0].cas if field == "cas" else (found[0].name,)
                raise BadInput(
                    field,
                    Wording(
                        f"is {value}, which is not {found[0].label} of Table 1",
                        f"为{value}，与表1{found[0].label.zh}不符",
                    ),
                    Wording(", ".join(right) or found[0].name, "、".join(right) or found[0].name),
                )
            found = kept
        elif field == "cas" and by_name[0].cas:
            raise BadInput(
                "cas",
                Wording(
                    f"is {value}, but {substance} is {by_name[0].label}",
                    f"为{value}，而{substance}系{by_name[0].label.zh}",
                ),
                Wording(", ".join(by_name[0].cas), "、".join(by_name[0].cas)),
            )
    if not (entry or by_name or by_cas):
        if not categories:
            raise _unknown(substance, cas)
        return None
    printed = substance is not None and plain_name(substance) == plain_name(found[0].name)
    if len(found) > 1 or (found[0].only_some_content and not entry and not printed):
        raise BadInput(
            "substance" if substance else "cas",
            Wording(
                f"is {substance or cas}, which Table 1 enters by content: say which entry",
                f"为{substance or cas}，表1按含量等条件分列：须指明是哪一条",
            ),
            _listed(found),
        )
    return found[0]


def _listed(found: Iterable[Entry]) -> Wording:
    """The rows to choose from."""
    return Wording(
        "entry " + "; entry ".join(f"{one.entry} ({one.name})" for one in found)
        + "; outside these contents, the category alone",
        "entry " + "；entry ".join(f"{one.entry}（{one.name}）" for one in found) + "；含量不在其列的，仅填类别",
    )  # fmt: skip


def _unknown(substance: str | None, cas: str | None) -> BadInput:
    """A substance Table 1 does not name, without its category."""
    return BadInput(
        "category",
        Wording(
            f"is missing: {substance or cas} is not named in Table 1, so its threshold follows its category in Table 2",
            f"缺失：{substance or cas}未列入表1，其临界量须按表2的危险性类别确定",
        ),
        Wording(", ".join(SYMBOLS), "、".join(SYMBOLS)),
    )


def _by_category(name: str, substance: str | None, cas: str | None, categories: tuple[str, ...]) -> Factor:
    """Table 2 by the smallest threshold; β by Table 3 where the gas stands there, else the largest of Table 4."""
    held = tables()
    symbol = min(categories, key=lambda one: (held.thresholds[one], -held.betas[one]))
    gas = (held.gases.numbered(cas) if cas else ()) or (held.gases.named(substance) if substance else ())
    beta, beta_from, cited = _beta_of(gas, categories)
    q_from = Wording(f"Table 2 {symbol}", f"表2 {symbol}（{SYMBOLS[symbol].zh}）")
    return Factor(
        name or symbol, held.thresholds[symbol], beta, q_from, beta_from, (TABLES[2], cited), None, symbol, cas
    )


def _beta(row: Entry, categories: tuple[str, ...]) -> tuple[Fraction | None, Wording, tuple[Citation, ...], str | None]:
    """β of a substance of Table 1."""
    gas = tuple(found for cas in row.cas for found in tables().gases.numbered(cas))
    if gas or categories:
        beta, said, cited = _beta_of(gas, categories)
        return beta, said, (cited,), None if gas else _strictest(categories)
    if not row.common_class:
        missing = Wording(
            f"{row.name} stands in Table 1 but not in Table 3, so its β follows its category in Table 4",
            f"{row.name}列入表1而未列入表3，其β值须按表4的危险性类别确定",
        )
        return None, missing, (), None
    symbol = row.common_class
    if symbol in LIQUIDS[1:]:
        said = Wording(
            f"Table 4 {symbol} as commonly classified; worked above its boiling point it is W5.1: then say so",
            f"表4 {symbol}（按常见分类取用；工作温度高于沸点的属W5.1，应另填类别）",
        )
    else:
        said = Wording(f"Table 4 {symbol} as commonly classified", f"表4 {symbol}（按常见分类取用）")
    return tables().betas[symbol], said, (COMMON_CLASS,), symbol


def _beta_of(gas: tuple[tuple[str, Fraction], ...], categories: tuple[str, ...]) -> tuple[Fraction, Wording, Citation]:
    if gas:
        return gas[0][1], Wording(f"Table 3 {gas[0][0]}", f"表3 {gas[0][0]}"), TABLES[3]
    symbol = _strictest(categories)
    return tables().betas[symbol], Wording(f"Table 4 {symbol}", f"表4 {symbol}"), TABLES[4]


def _strictest(categories: tuple[str, ...]) -> str:
    """The category with the largest β of Table 4."""
    return max(categories, key=lambda one: tables().betas[one])
