"""GBZ 2.1-2019 表1、表2: the limits of chemical agents and dusts in workplace air, by name, alias or CAS number.

Every limit carries its unit: mg/m³, except fibre counts (f/mL) and dioxins (pg TEQ/m³). Few of the figures held were
read in the standard; each row says how far it was checked, and an unresolved one what else is printed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from anlan.rules import figures
from anlan.rules.chemical_names import Names, checked_cas
from anlan.rules.citation import Citation, Confidence
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.refusal import BadInput
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

IN_FORCE = dt.date(2020, 4, 1)
TITLE = "工作场所有害因素职业接触限值 第1部分：化学有害因素"
STANDARD = Citation(
    TITLE, "", Confidence.C, valid_from=IN_FORCE, number="GBZ 2.1-2019", note="its day of force is from memory"
)
BEFORE = Citation(TITLE, "（GBZ 2.1-2007及以前版本）", valid_to=dt.date(2020, 3, 31))
AMENDMENT = Citation(
    TITLE,
    "第1号修改单",
    Confidence.B,
    number="GBZ 2.1-2019",
    note="applied by copies of 2026-10; since when is not held",
)
AMENDMENT_DAY_UNKNOWN = Citation(
    TITLE, "第1号修改单（苯：修改前6/10、修改后3/6 mg/m³，施行日期未收录）", valid_from=IN_FORCE
)
AMENDED = "苯(第1号修改单)"
BENZENE = "71-43-2"
UNITS = {
    "mg/m3": Wording("mg/m³", "毫克每立方米"),
    "f/mL": Wording("fibres per mL", "根每毫升"),
    "pg TEQ/m3": Wording("pg TEQ/m³", "皮克毒性当量每立方米"),
}
# The collected copies that apply the amendment reach to this day; since when it applies is not held.
AMENDMENT_SEEN = dt.date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Agent:
    """One row: MAC, PC-TWA and PC-STEL in ``unit``; dusts have a PC-TWA of total and of respirable dust instead."""

    name: str
    cas: str
    mac: Decimal | None
    pc_twa: Decimal | None
    pc_stel: Decimal | None
    pc_twa_respirable: Decimal | None
    unit: str
    dust: bool
    confidence: Confidence
    also_printed: str

    @property
    def citation(self) -> Citation:
        """The table it stands in, with the confidence of this row."""
        note = f"其他版本载：{self.also_printed}" if self.also_printed else ""
        return Citation(
            TITLE, "表2" if self.dust else "表1", self.confidence, valid_from=IN_FORCE, note=note, number="GBZ 2.1-2019"
        )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@cache
def agents() -> tuple[Agent, ...]:
    """Every row of both tables, that of Amendment No. 1 included.

    >>> len(agents()), sum(agent.dust for agent in agents())
    (411, 56)
    """
    chemical = [
        Agent(
            row["name"], row["cas"], _number(row["mac"]), _number(row["pc_twa"]), _number(row["pc_stel"]), None,
            row["unit"], False, Confidence(row["confidence"]), row["also_printed"],
        )
        for row in rows("gbz21_agents")
    ]  # fmt: skip
    dusts = [
        Agent(
            row["name"], "", None, _number(row["pc_twa_total"]), None, _number(row["pc_twa_respirable"]),
            row["unit"], True, Confidence(row["confidence"]), row["also_printed"],
        )
        for row in rows("gbz21_dust")
    ]  # fmt: skip
    return (*chemical, *dusts)


@cache
def _names() -> Names[Agent]:
    names: Names[Agent] = Names()
    aliases = {row["name"]: parts(row["aliases"]) for row in rows("gbz21_agents")}
    common = {row["cas"]: parts(row["aliases"]) for row in rows("gb18218_table1") if row["cas"]}
    for agent in agents():
        if agent.name != AMENDED:
            known = (*aliases.get(agent.name, ()), *(common.get(agent.cas, ()) if agent.cas else ()))
            names.add(agent, [agent.name, *known], [agent.cas] if agent.cas else [])
    return names


def _code(row: Agent) -> str:
    """Under which code a row is kept among the figures to verify."""
    return f"exposure_limit.{row.name}"


for _row in agents():
    _unit = Wording(_row.unit, _row.unit)
    figures.enter(_code(_row), _row, Wording(_row.name, _row.name), _row.citation, start=IN_FORCE, unit=_unit)


def agent(substance: str | None = None, cas: str | None = None) -> Agent:
    """The row of that name or CAS number; ``BadInput`` where there is none, or several.

    >>> agent("氨").pc_stel, agent(cas="7782-50-5").mac, agent("电焊烟尘").pc_twa
    (Decimal('30'), Decimal('1'), Decimal('4'))
    """
    if not (substance or cas):
        raise BadInput(
            "substance",
            Wording("is missing, and so is cas", "缺失，且未提供 cas"),
            Wording("a name of GBZ 2.1 Table 1 or 2, or a CAS number", "GBZ 2.1表1、表2所列名称或者 CAS 号"),
        )
    by_name = _names().named(substance) if substance else ()
    by_cas = _names().numbered(checked_cas(cas)) if cas else ()
    found = tuple(one for one in by_name if one in by_cas) if by_name and by_cas else by_name or by_cas
    field, said = ("substance", substance) if substance else ("cas", cas)
    if not found:
        both = bool(by_name and by_cas)
        raise BadInput(
            "cas" if both else field,
            Wording(
                f"is {cas}, which is not {substance}" if both else f"is {said}: no limit is held for it",
                f"为{cas}，与{substance}不符" if both else f"为{said}：未收录其职业接触限值",
            ),
            Wording(
                "a name as GBZ 2.1 prints it (Table 1 or 2), or its CAS number",
                "GBZ 2.1表1、表2所列名称，或者其 CAS 号",
            ),
        )
    if len(found) > 1:
        listed = "、".join(one.name for one in found)
        raise BadInput(
            field,
            Wording(f"is {said}, which has several entries", f"为{said}，对应多条"),
            Wording(f"one of these as substance: {listed}", f"substance 填其中之一：{listed}"),
        )
    return found[0]


def of_day(found: Agent, on: dt.date, amended: bool | None = None) -> Agent:
    """The row in force: benzene follows Amendment No. 1, by its day or as ``amended`` says.

    >>> of_day(agent("苯"), dt.date(2026, 11, 1)).pc_twa, of_day(agent("苯"), dt.date(2021, 1, 1), False).pc_twa
    (Decimal('3'), Decimal('6'))
    """
    EDITIONS.on(on)
    if found.cas != BENZENE:
        return figures.laid(_code(found), found, on)
    if amended is None:
        _ = BENZENE_EDITIONS.on(on).held
        amended = True
    return next(one for one in agents() if one.name == AMENDED) if amended else found


EDITIONS: Editions[int] = Editions("exposure_limit", not_held(EVER, BEFORE), held(IN_FORCE, STANDARD, len(agents())))
BENZENE_EDITIONS: Editions[str] = Editions(
    "exposure_limit_benzene",
    not_held(EVER, BEFORE),
    not_held(IN_FORCE, AMENDMENT_DAY_UNKNOWN),
    held(AMENDMENT_SEEN, AMENDMENT, AMENDED),
)
