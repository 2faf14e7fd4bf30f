"""危险化学品基础数据: what is held of single substances, and which of them are not kept together.

Numbers, names, properties and emergency values by CAS number, each with how far it was checked. What no table holds
is ``None``: the serial number of 危险化学品目录, the marks 剧毒 and 易制爆 and full GHS classifications are not held
at all; a jurisdiction marks a substance by the list it has in hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from anlan.rules.citation import Citation, Confidence
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

DRUG_LIST = Citation("易制毒化学品管理条例", "附表")
STORED_TOGETHER = Citation(
    "危险化学品仓库储存通则（禁忌物料配存）",
    "",
    Confidence.C,
    number="GB 15603",
    note="the table of the standard is not held",
)


@dataclass(frozen=True, slots=True)
class Level:
    """An emergency value: its name, figure, unit, and how far it was checked."""

    name: str
    value: Decimal
    unit: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Known:
    """One substance. Temperatures in kelvin, explosive limits as volume fractions, molar mass in g/mol.

    ``drug_class`` is that of 易制毒化学品 (1 to 3); ``symbols`` are categories of GB 18218 Table 2 as commonly
    classified (to verify); ``key_entry`` its number among the key supervised chemicals, ``table1_entry`` in Table 1.
    """

    cas: str
    name: str
    aliases: tuple[str, ...]
    name_en: str
    formula: str
    un: str
    drug_class: int | None
    molar_mass: Decimal | None
    melting_K: Decimal | None
    boiling_K: Decimal | None
    flash_K: Decimal | None
    autoignition_K: Decimal | None
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    levels: tuple[Level, ...]
    key_entry: int | None
    table1_entry: int | None
    symbols: tuple[str, ...]


@cache
def known() -> Mapping[str, Known]:
    """Every substance held, by CAS number.

    >>> methanol = known()["67-56-1"]
    >>> methanol.name, methanol.un, methanol.boiling_K, methanol.symbols, methanol.drug_class
    ('甲醇', '1230', Decimal('337.63'), ('W5.3',), None)
    >>> known()["108-88-3"].drug_class
    3
    """
    printed = rows("key_supervised_chemicals")
    keyed = {row[column]: int(row["entry"]) for column in ("cas", "cas_elsewhere") for row in printed if row[column]}
    common = {row["entry"]: row["symbol"] for row in rows("gb18218_classes")}
    listed: dict[str, tuple[int, tuple[str, ...]]] = {}
    for row in rows("gb18218_table1"):
        symbol = common.get(row["entry"], "")
        for cas in parts(row["cas"]):
            listed.setdefault(cas, (int(row["entry"]), (symbol,) if symbol else ()))
    out = {}
    for row in rows("substances"):
        entry, symbols = listed.get(row["cas"], (None, ()))
        out[row["cas"]] = Known(
            row["cas"], row["name"], parts(row["aliases"]), row["name_en"], row["formula"], row["un"],
            int(row["drug_class"]) if row["drug_class"] else None, _number(row["molar_mass_g_mol"]),
            _number(row["melting_K"]), _number(row["boiling_K"]), _number(row["flash_K"]),
            _number(row["autoignition_K"]), _number(row["lower_limit"]), _number(row["upper_limit"]), _levels(row),
            keyed.get(row["cas"]), entry, symbols,
        )  # fmt: skip
    return out


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _levels(row: Mapping[str, str]) -> tuple[Level, ...]:
    named = (
        ("IDLH", "idlh", "idlh_unit", "emergency_confidence"),
        ("AEGL-2 (60 min)", "aegl2_60min", "aegl_unit", "emergency_confidence"),
        ("AEGL-3 (60 min)", "aegl3_60min", "aegl_unit", "emergency_confidence"),
        ("ERPG-2", "erpg2", "erpg_unit", "erpg_confidence"),
        ("ERPG-3", "erpg3", "erpg_unit", "erpg_confidence"),
    )
    return tuple(
        Level(name, Decimal(row[value]), row[unit], Confidence(row[checked]))
        for name, value, unit, checked in named
        if row[value]
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two substances that are not kept together, and why."""

    first: str
    second: str
    why: Wording
    citation: Citation


def conflicts(kept: Iterable[tuple[str, str, Iterable[str]]]) -> list[Conflict]:
    """The pairs among what one place keeps that should not stand together, each pair once.

    ``kept`` are (name, CAS number, categories of Table 2). To verify throughout: the standard's table is not held.

    >>> [(c.first, c.second) for c in conflicts([("甲醇", "67-56-1", ["W5.3"]), ("硝酸铵", "6484-52-2", ["W9.2"])])]
    [('甲醇', '硝酸铵')]
    >>> conflicts([("甲醇", "67-56-1", ["W5.3"]), ("乙醇", "64-17-5", ["W5.3"])])
    []
    """
    held = [(name, {cas, *(symbol.partition(".")[0] for symbol in symbols)}) for name, cas, symbols in kept]
    found = []
    for at, (first, of_first) in enumerate(held):
        for second, of_second in held[at + 1 :]:
            for row in rows("storage_conflicts"):
                one, other = row["first"], row["second"]
                meets = (one in of_first and (other == "*" or other in of_second)) or (
                    one in of_second and (other == "*" or other in of_first)
                )
                if meets and not (other == "*" and one in of_first and one in of_second):
                    found.append(Conflict(first, second, Wording(row["why_en"], row["why_zh"]), STORED_TOGETHER))
                    break
    return found
