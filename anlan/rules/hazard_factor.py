"""危险和有害因素: what a code or a name of GB/T 13861-2022 stands for, what it belongs to and what belongs to it.

The standard was not read: codes and short names are recall (C), those under management doubtful (D). A code whose name
is not held refuses instead of guessing; so does the part under management whose number is in doubt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput, NotHeld
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

ANSWERED_FROM = dt.date(2023, 1, 1)
STANDARD = Citation(
    "生产过程危险和有害因素分类与代码",
    "",
    Confidence.C,
    valid_from=ANSWERED_FROM,
    note="title, codes and short names are recall; issued in 2022, its day of force is not held, answered from 2023",
    number="GB/T 13861-2022",
)
EDITIONS: Editions[Mapping[str, Mapping[str, str]]] = Editions(
    "hazard_factor",
    not_held(EVER, Citation(STANDARD.law, "（2023年前）", valid_to=ANSWERED_FROM - dt.timedelta(days=1))),
    held(ANSWERED_FROM, STANDARD, {row["code"]: row for row in rows("hazard_factors")}),
)


@dataclass(frozen=True, kw_only=True)
class Factor(Input):
    """A factor by its code or its short name."""

    factor: str = given("Factor, by code or short name", "危险和有害因素代码或者简称", longest=20)
    noted: dt.date | None = given("Day it was noted", "辨识日期", default=None)


@dataclass(frozen=True, slots=True)
class Placed:
    """Code and name; ``above`` the codes it belongs to, the class first; ``parts`` the codes that belong to it."""

    code: str
    name: Wording
    above: tuple[str, ...]
    parts: tuple[str, ...]


def _above(code: str) -> tuple[str, ...]:
    return tuple(code[:length] for length in (1, 2) if length < len(code))


@rule(
    "hazard_factor",
    Wording("Hazardous and harmful factor", "危险和有害因素分类"),
    theme="codes",
    about=Wording(
        "what a code of hazardous and harmful factors stands for, and the four classes it may belong to",
        "危险和有害因素代码的名称和所属：人的因素、物的因素、环境因素、管理因素四大类",
    ),
    takes=Factor,
    editions=EDITIONS,
    dated_by="noted",
    examples=(
        Example({"factor": "2103"}, dt.date(2026, 3, 1), {"name": "electricity", "above": ["2", "21"], "parts": []},
                "GB/T 13861-2022（待核实）"),
        Example({"factor": "环境因素"}, dt.date(2026, 3, 1), {"code": "3", "parts": ["31", "32", "33", "39"]},
                "GB/T 13861-2022（待核实）"),
    ),
    bounds=Wording(
        "short names from recall; the names under 23, the number of emergency management under 4 and everything below "
        "31 to 49 are not held",
        "代码和简称待核实；23生物性各小类名称、4管理因素中应急管理的代码以及31至49各类的小类尚未收录",
    ),
)  # fmt: skip
def hazard_factor(asked: Factor, on: dt.date) -> Finding[Placed]:
    """The factor; ``on`` is the day it was noted.

    >>> hazard_factor(Factor(factor="噪声"), dt.date(2026, 3, 1)).value.code
    '2104'
    >>> hazard_factor(Factor(factor="2301"), dt.date(2026, 3, 1))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.NotHeld: no text held: the name of 2301 in GB/T 13861-2022 on 2026-03-01
    """
    edition = EDITIONS.on(on)
    held_rows = edition.held
    row = held_rows.get(asked.factor) or _named(asked.factor, held_rows)
    code = row["code"]
    if not row["name_zh"]:
        raise NotHeld(
            Wording(f"the name of {code} in {STANDARD.number}", f"{STANDARD.number}代码{code}的名称"), on, STANDARD
        )
    name = Wording(row["name_en"], row["name_zh"])
    below = tuple(one for one in held_rows if (_above(one) or ("",))[-1] == code)
    steps = [
        Wording(f"{one} {held_rows[one]['name_en']}", f"{one} {held_rows[one]['name_zh']}")
        for one in (*_above(code), code)
    ]
    citation = edition.citation.at("", Confidence(row["confidence"]))
    return Finding(Placed(code, name, _above(code), below), (citation,), {}, tuple(steps))


def _named(name: str, held_rows: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The one row of that short name; ``BadInput`` with the codes where there is none, or several."""
    found = [row for row in held_rows.values() if row["name_zh"] == name]
    if len(found) == 1:
        return found[0]
    if found:
        codes = [row["code"] for row in found]
        raise BadInput(
            "factor",
            Wording(f"is {name!r}, which several codes are called", f"为“{name}”，对应多个代码"),
            Wording(", ".join(codes), "、".join(codes)),
        )
    named = [row for row in held_rows.values() if row["name_zh"]]
    raise BadInput(
        "factor",
        Wording(f"is {name!r}", f"为“{name}”"),
        Wording(", ".join(row["code"] for row in named), "、".join(f"{row['code']}{row['name_zh']}" for row in named)),
    )
