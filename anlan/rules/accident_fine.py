"""事故罚款: what an accident costs the unit that answers for it and the persons in charge, by its grade.

安全生产法 (2021) 95, 96, 110 and 114 set the ranges; the lower ones of 条例 (2007) 37 and 38 they replaced are not used
(条例 第四十三条第二款). Within the ordinary grade the order on accident fines of 2024 divides the unit's range by what
happened: recall, to verify. Concealment by the unit is 条例 第三十六条.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.accident_grade import WAN, Accident, Casualties, Grade, accident_grade
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.enforcement_texts import SAFETY_2014
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

REGULATION_FROM = dt.date(2007, 6, 1)
TIERS_FROM = dt.date(2024, 3, 1)
REGULATION = Citation(
    "生产安全事故报告和调查处理条例", "第三十六条第一项", valid_from=REGULATION_FROM, number="国务院令第493号"
)
TIERS_ORDER = Citation(
    "生产安全事故罚款处罚规定", "", Confidence.C, valid_from=TIERS_FROM,
    note="not read; title, number, day and figures are recall", number="应急管理部令第14号",
)  # fmt: skip
AGGRAVATED = safety_law("第一百一十四条第二款")


class Liable(StrEnum):
    """Who answers for the accident."""

    UNIT = "unit"
    PRINCIPAL = "principal"
    MANAGER = "manager"
    RESPONSIBLE = "responsible"


class Conduct(StrEnum):
    """What is punished: that it happened, or what was done after it."""

    CAUSED = "caused"
    NO_RESCUE = "no_rescue"
    CONCEALED = "concealed"


LIABLE = {
    Liable.UNIT: Wording("the unit", "生产经营单位"),
    Liable.PRINCIPAL: Wording("its principal", "主要负责人"),
    Liable.MANAGER: Wording("other leaders and safety managers", "其他负责人和安全生产管理人员"),
    Liable.RESPONSIBLE: Wording("other persons directly responsible", "直接负责的主管人员和其他直接责任人员"),
}
CONDUCTS = {
    Conduct.CAUSED: Wording("responsible for the accident", "对事故发生负有责任"),
    Conduct.NO_RESCUE: Wording(
        "no rescue at once, post left, or fled", "不立即组织抢救、事故调查处理期间擅离职守或者逃匿"
    ),
    Conduct.CONCEALED: Wording("accident concealed or reported falsely", "瞒报或者谎报事故"),
}
GRADE_CASES = {Grade.ORDINARY: 1, Grade.LARGER: 2, Grade.MAJOR: 3, Grade.EXTRAORDINARY: 4}
CONCEALED_YUAN = (100 * WAN, 500 * WAN)
CONCEALED_PERCENT = (60, 100)


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of the ordinary grade: reached by any one of the three, and its range in yuan."""

    deaths: int
    injuries: int
    loss_yuan: int
    least: int
    most: int


TIERS = (
    Tier(0, 0, 0, 30 * WAN, 50 * WAN),
    Tier(1, 3, 300 * WAN, 50 * WAN, 70 * WAN),
    Tier(2, 6, 500 * WAN, 70 * WAN, 100 * WAN),
)
LAW: Editions[Mapping[str, Mapping[str, str]]] = Editions(
    "accident_fine",
    not_held(EVER, SAFETY_2014),
    held(LAW_2021_FROM, safety_law("第一百一十四条第一款"), {r["case"]: r for r in rows("penalty_brackets")}),
)
CONCEALMENT: Editions[bool] = Editions(
    "accident_fine: concealment by the unit",
    not_held(EVER, Citation(REGULATION.law, "施行前的规定", valid_to=REGULATION_FROM - dt.timedelta(days=1))),
    held(REGULATION_FROM, REGULATION, True),
)
DIVIDED: Editions[tuple[Tier, ...]] = Editions(
    "accident_fine: parts of the ordinary grade",
    not_held(EVER, Citation(TIERS_ORDER.law, "（2024年前）", valid_to=TIERS_FROM - dt.timedelta(days=1))),
    held(TIERS_FROM, TIERS_ORDER, TIERS),
    label=Wording("part of the ordinary grade", "一般事故分档"),
)


PERSONS_CASES = ("aqf-96-accident", "aqf-110-1", "aqf-110-2", *(f"aqf-95-{number}" for number in GRADE_CASES.values()))


def _cited() -> Iterator[Citation]:
    """The clause of every row a fine is read from, and the heavier multiple of the unit's."""
    edition = LAW.rows[-1]
    for case in (*(f"aqf-114-{number}" for number in GRADE_CASES.values()), *PERSONS_CASES):
        yield edition.citation.at(edition.held[case]["article"])
    yield AGGRAVATED


@dataclass(frozen=True, kw_only=True)
class Charged(Input):
    """An accident by what it cost, and who answers for it."""

    deaths: int = given("Deaths", "死亡人数", unit="persons", least=0, default=0)
    serious_injuries: int = given(
        "Serious injuries, acute industrial poisoning included", "重伤人数（含急性工业中毒）", unit="persons", least=0,
        default=0,
    )  # fmt: skip
    direct_loss_yuan: Decimal = given("Direct economic loss", "直接经济损失", unit="yuan", least=0, default=Decimal(0))
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)
    liable: Liable = given("Who answers for it", "处罚对象", choices=LIABLE, default=Liable.UNIT)
    conduct: Conduct = given("What is punished", "违法行为", choices=CONDUCTS, default=Conduct.CAUSED)
    income_yuan: Decimal | None = given(
        "Income of the year before (persons)", "上一年年收入（个人）", unit="yuan", least=0, default=None
    )
    aggravated: bool = given(
        "Particularly grave, with a particularly bad effect", "情节特别严重、影响特别恶劣", default=False
    )

    def consistent(self) -> None:
        """Something happened; only the unit's fine is multiplied; each conduct has those it can be charged to."""
        if not (self.deaths or self.serious_injuries or self.direct_loss_yuan):
            raise BadInput(
                "deaths",
                Wording("is 0, and so are injuries and loss: no accident", "与重伤、直接经济损失均为0：不构成事故"),
                Wording(
                    "deaths, serious_injuries or direct_loss_yuan above 0",
                    "deaths、serious_injuries、direct_loss_yuan 至少一项大于0",
                ),
            )
        if self.aggravated and (self.liable, self.conduct) != (Liable.UNIT, Conduct.CAUSED):
            raise BadInput(
                "aggravated",
                Wording("is true", "为是"),
                Wording(
                    "false: only the unit's fine for the accident is raised",
                    "否：仅对事故负有责任单位的罚款可以加重",
                ),
            )
        accepted = BY_CONDUCT[self.conduct]
        if self.liable not in accepted:
            raise BadInput(
                "liable",
                Wording(
                    f"is {self.liable.value}: no fine is set for {CONDUCTS[self.conduct]}",
                    f"为{LIABLE[self.liable].zh}：对“{CONDUCTS[self.conduct].zh}”未设定罚款",
                ),
                Wording(", ".join(one.value for one in accepted), "、".join(LIABLE[one].zh for one in accepted)),
            )


BY_CONDUCT: dict[Conduct, tuple[Liable, ...]] = {
    Conduct.CAUSED: (Liable.UNIT, Liable.PRINCIPAL, Liable.MANAGER),
    Conduct.NO_RESCUE: (Liable.PRINCIPAL,),
    Conduct.CONCEALED: (Liable.UNIT, Liable.PRINCIPAL, Liable.RESPONSIBLE),
}


@dataclass(frozen=True, slots=True)
class Fine:
    """The grade, the range in yuan (``None`` for a person whose income is not given), and as a share of income.

    ``divided`` is true where the range is that of a part of the ordinary grade, to be verified.
    """

    grade: Grade
    name: Wording
    least_yuan: Decimal | None
    most_yuan: Decimal | None
    least_percent: Decimal | None
    most_percent: Decimal | None
    divided: bool


@rule(
    "accident_fine",
    Wording("Fines for an accident", "事故罚款"),
    theme="accidents",
    about=Wording(
        "the range of the fine on the unit and on the persons in charge, by the accident's grade",
        "按事故等级给出对责任单位和主要负责人等的罚款幅度",
    ),
    takes=Charged,
    editions=(LAW, CONCEALMENT, DIVIDED),
    cites=_cited,
    dated_by="occurred",
    examples=(
        Example({"deaths": 3}, dt.date(2026, 3, 1),
                {"grade": "larger", "least_yuan": 1_000_000, "most_yuan": 2_000_000},
                "安全生产法 第一百一十四条第一款第二项"),
        Example({"deaths": 1}, dt.date(2026, 3, 1), {"least_yuan": 500_000, "most_yuan": 700_000, "divided": True},
                "应急管理部令第14号（待核实）"),
        Example({"deaths": 1}, dt.date(2022, 3, 1), {"least_yuan": 300_000, "most_yuan": 1_000_000, "divided": False},
                "安全生产法 第一百一十四条第一款第一项"),
        Example({"deaths": 10, "liable": "principal", "income_yuan": 200_000}, dt.date(2026, 3, 1),
                {"least_yuan": 160_000, "most_yuan": 160_000, "least_percent": 80}, "安全生产法 第九十五条第三项"),
        Example({"deaths": 30, "aggravated": True}, dt.date(2026, 3, 1),
                {"least_yuan": 20_000_000, "most_yuan": 100_000_000}, "安全生产法 第一百一十四条第二款"),
        Example({"deaths": 1, "conduct": "concealed"}, dt.date(2026, 3, 1),
                {"least_yuan": 1_000_000, "most_yuan": 5_000_000}, "条例 第三十六条第一项"),
    ),
    bounds=Wording(
        "sectors with penalties of their own (coal mines, special equipment) follow those; the order's parts of the "
        "higher grades are not held",
        "煤矿、特种设备等另有处罚规定的从其规定；令第14号对较大以上事故的分档尚未收录",
    ),
)  # fmt: skip
def accident_fine(asked: Charged, on: dt.date) -> Finding[Fine]:
    """The range of the fine; ``on`` is the day of the accident.

    >>> accident_fine(Charged(deaths=2, liable="manager", income_yuan=100_000), dt.date(2026, 3, 1)).value.most_yuan
    Decimal('50000')
    """
    kind = Casualties(
        deaths=asked.deaths, serious_injuries=asked.serious_injuries, direct_loss_yuan=asked.direct_loss_yuan,
        kind=Accident.OTHER,
    )  # fmt: skip
    graded = accident_grade(kind, on)
    grade = graded.value.grade
    said = [Wording(f"grade: {grade.label}", f"事故等级：{grade.label.zh}")]
    said.append(Wording(f"{LIABLE[asked.liable]}: {CONDUCTS[asked.conduct]}",
                        f"{LIABLE[asked.liable].zh}：{CONDUCTS[asked.conduct].zh}"))  # fmt: skip
    cited = [graded.citations[0]]
    if asked.liable is Liable.UNIT:
        least, most, divided = _unit(asked, grade, on, cited, said)
        said.append(Wording(f"from {least:,f} to {most:,f} yuan", f"罚款{least:,f}元以上{most:,f}元以下"))
        fine = Fine(grade, grade.label, least, most, None, None, divided)
        return Finding(fine, tuple(cited), {}, tuple(said))
    low, high = _percent(asked, grade, on, cited)
    said.append(Wording(f"{low:f} % to {high:f} % of last year's income", f"上一年年收入的{low:f}%至{high:f}%"))
    income = asked.income_yuan
    least_yuan = most_yuan = None
    if income is not None:
        least_yuan, most_yuan = income * low / 100, income * high / 100
        said.append(Wording(f"of {income:,f} yuan: {least_yuan:,f} to {most_yuan:,f} yuan",
                            f"按{income:,f}元计：{least_yuan:,f}元至{most_yuan:,f}元"))  # fmt: skip
    value = Fine(grade, grade.label, least_yuan, most_yuan, low, high, False)
    return Finding(value, tuple(cited), {}, tuple(said))


def _unit(
    asked: Charged, grade: Grade, on: dt.date, cited: list[Citation], said: list[Wording]
) -> tuple[Decimal, Decimal, bool]:
    """The unit's range, and whether it is a part of the ordinary grade's."""
    if asked.conduct is Conduct.CONCEALED:
        cited.append(CONCEALMENT.on(on).citation)
        return Decimal(CONCEALED_YUAN[0]), Decimal(CONCEALED_YUAN[1]), False
    edition = LAW.on(on)
    row = edition.held[f"aqf-114-{GRADE_CASES[grade]}"]
    cited.append(edition.citation.at(row["article"]))
    least, most = Decimal(row["least"]), Decimal(row["most"])
    if asked.aggravated:
        cited.append(AGGRAVATED)
        said.append(Wording("two to five times the range", "按前款罚款数额的二倍以上五倍以下"))
        return least * 2, most * 5, False
    divided = DIVIDED.at(on)
    if grade is not Grade.ORDINARY:
        return least, most, False
    if divided.figures is None:
        said.append(Wording("how the ordinary grade is divided is not held for that day", "该日适用的分档规定尚未收录"))
        return least, most, False
    first, *higher = divided.figures
    reached = [
        tier for tier in higher
        if asked.deaths >= tier.deaths or asked.serious_injuries >= tier.injuries
        or asked.direct_loss_yuan >= tier.loss_yuan
    ]  # fmt: skip
    tier = [first, *reached][-1]
    cited.append(divided.citation)
    said.append(Wording(f"part {divided.figures.index(tier) + 1} of 3 of the ordinary grade (to verify)",
                        f"一般事故分三档，属第{divided.figures.index(tier) + 1}档（待核实）"))  # fmt: skip
    return Decimal(tier.least), Decimal(tier.most), True


def _percent(asked: Charged, grade: Grade, on: dt.date, cited: list[Citation]) -> tuple[Decimal, Decimal]:
    """The share of income."""
    if asked.liable is Liable.RESPONSIBLE:
        cited.append(CONCEALMENT.on(on).citation)
        return Decimal(CONCEALED_PERCENT[0]), Decimal(CONCEALED_PERCENT[1])
    edition = LAW.on(on)
    if asked.conduct is not Conduct.CAUSED:
        case = "aqf-110-2" if asked.conduct is Conduct.CONCEALED else "aqf-110-1"
    else:
        case = "aqf-96-accident" if asked.liable is Liable.MANAGER else f"aqf-95-{GRADE_CASES[grade]}"
    cited.append(edition.citation.at(edition.held[case]["article"]))
    return Decimal(edition.held[case]["least"]), Decimal(edition.held[case]["most"])
