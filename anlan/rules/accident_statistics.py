"""事故统计起报标准: whether an accident enters the statistics, and under which sector of the account by sectors.

The regulation on accidents knows no lower bound; the statistical survey has one. Its text was not read: floor and
sectors are recall (C). Deaths that follow within 30 days, 7 for road traffic and fire, count as they do for the grade.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.accident_grade import WAN, Casualties, Grade, accident_grade
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import given
from anlan.rules.limits import UNDATED
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

SURVEY = Citation(
    "生产安全事故统计调查制度",
    "",
    Confidence.C,
    valid_from=UNDATED,
    note="recall; renewed about every three years; answered from 2016, when direct reporting over the network began",
)


class Sector(StrEnum):
    """The sectors of the first account; the second goes by the divisions of GB/T 4754."""

    AGRICULTURE = "agriculture"
    MINING = "mining"
    COMMERCE_AND_MANUFACTURING = "commerce_and_manufacturing"
    CONSTRUCTION = "construction"
    TRANSPORT_AND_STORAGE = "transport_and_storage"
    OTHER = "other"


SECTORS = {
    Sector.AGRICULTURE: Wording(
        "farming, forestry, stock and fishery (farm machines, fishing vessels)",
        "农林牧渔业（农业机械、渔业船舶）",
    ),
    Sector.MINING: Wording(
        "mining (coal, metal and non-metal mines, petroleum)", "采矿业（煤矿、金属非金属矿山、石油开采）"
    ),
    Sector.COMMERCE_AND_MANUFACTURING: Wording(
        "commerce and manufacturing (chemicals, fireworks, industry and trade)", "商贸制造业（化工、烟花爆竹、工贸）"
    ),
    Sector.CONSTRUCTION: Wording("construction (housing and municipal works and others)", "建筑业（房屋市政等）"),
    Sector.TRANSPORT_AND_STORAGE: Wording(
        "transport and storage (rail, road, water, air, pipelines)",
        "交通运输和仓储业（铁路、道路、水上、航空、管道）",
    ),
    Sector.OTHER: Wording("other sectors", "其他行业"),
}
INDUSTRY_AND_COMMERCE = (Sector.MINING, Sector.COMMERCE_AND_MANUFACTURING, Sector.CONSTRUCTION)


@dataclass(frozen=True, slots=True)
class Floor:
    """From which number an accident is counted, by any one of the three: deaths, serious injuries, loss in yuan."""

    deaths: int
    serious_injuries: int
    direct_loss_yuan: int


EDITIONS: Editions[Floor] = Editions(
    "accident_statistics",
    not_held(EVER, Citation(SURVEY.law, "（2016年前）", valid_to=UNDATED - dt.timedelta(days=1))),
    held(UNDATED, SURVEY, Floor(1, 1, 100 * WAN)),
    label=Wording("counted from", "统计起报标准"),
)


@dataclass(frozen=True, kw_only=True)
class ForStatistics(Casualties):
    """What an accident cost, and the sector it belongs to."""

    sector: Sector | None = given("Sector", "行业部门", choices=SECTORS, default=None)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether it is counted and by which criteria; its figures with the deaths that followed; grade and sector.

    ``industry_and_commerce`` is whether the sector is one of 工矿商贸; ``None`` where not held or none given.
    """

    counted: bool
    met: tuple[str, ...]
    deaths: int
    serious_injuries: int
    window_ends: dt.date | None
    grade: Grade
    sector_name: Wording | None
    industry_and_commerce: bool | None


@rule(
    "accident_statistics",
    Wording("Whether an accident enters the statistics", "事故统计起报标准"),
    theme="accidents",
    about=Wording(
        "counted from one death, one serious injury or a direct loss of one million yuan, with its sector",
        "死亡1人以上、重伤1人以上或者直接经济损失100万元以上的纳入统计，并列明行业部门",
    ),
    takes=ForStatistics,
    editions=EDITIONS,
    dated_by="occurred",
    examples=(
        Example({"serious_injuries": 1, "sector": "mining"}, dt.date(2026, 3, 1),
                {"counted": True, "met": ["serious_injuries"], "industry_and_commerce": True},
                "统计调查制度（待核实）"),
        Example({"direct_loss_yuan": 999_999}, dt.date(2026, 3, 1), {"counted": False, "met": []},
                "统计调查制度（待核实）"),
        Example({"serious_injuries": 1, "later_deaths": 1, "occurred": "2026-03-01", "last_death": "2026-03-08",
                 "kind": "fire", "sector": "other"}, dt.date(2026, 3, 1),
                {"counted": True, "met": ["deaths"], "deaths": 1, "serious_injuries": 0,
                 "window_ends": "2026-03-08", "industry_and_commerce": None},
                "统计调查制度（待核实）、条例 第十三条第二款"),
    ),
    bounds=Wording(
        "the survey's text is not held: its floor and sectors are to be verified; the second account goes by the "
        "divisions of GB/T 4754",
        "统计调查制度原文未收录，起报标准和行业部门划分待核实；另按国民经济行业分类（GB/T 4754）大类统计",
    ),
)  # fmt: skip
def accident_statistics(asked: ForStatistics, on: dt.date) -> Finding[Counted]:
    """Whether an accident is counted; ``on`` is its day.

    >>> accident_statistics(ForStatistics(deaths=1), dt.date(2026, 3, 1)).value.met
    ('deaths',)
    >>> accident_statistics(ForStatistics(direct_loss_yuan=1_000_000), dt.date(2026, 3, 1)).value.counted
    True
    """
    edition = EDITIONS.on(on)
    floor = edition.held
    graded = accident_grade(asked, on)
    of = graded.value
    rows = (
        ("deaths", Wording("deaths", "死亡"), of.deaths, floor.deaths, "", "人"),
        ("serious_injuries", Wording("serious injuries", "重伤"), of.serious_injuries, floor.serious_injuries,
         "", "人"),
        ("direct_loss_yuan", Wording("direct loss", "直接经济损失"), asked.direct_loss_yuan, floor.direct_loss_yuan,
         " yuan", "元"),
    )  # fmt: skip
    steps, met = [*graded.steps], []
    for name, label, number, least, en, zh in rows:
        reached = number >= least
        said = ("reached", "达到") if reached else ("not reached", "未达到")
        steps.append(
            Wording(
                f"{label} {number:,}{en}, counted from {least:,}: {said[0]}",
                f"{label.zh}{number:,}{zh}，起报标准{least:,}{zh}：{said[1]}",
            )
        )
        met += [name] if reached else []
    steps.append(Wording("counted", "纳入统计") if met else Wording("not counted", "不纳入统计"))
    sector = asked.sector
    if sector is not None:
        steps.append(Wording(f"sector: {SECTORS[sector]}", f"行业部门：{SECTORS[sector].zh}"))
    value = Counted(
        bool(met), tuple(met), of.deaths, of.serious_injuries, of.window_ends, of.grade,
        SECTORS[sector] if sector else None, True if sector in INDUSTRY_AND_COMMERCE else None,
    )  # fmt: skip
    return Finding(value, (edition.citation, *graded.citations), {}, tuple(steps))
