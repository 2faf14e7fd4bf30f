"""处罚幅度: between which sums a fine lies, by clause, stage and whom it hits; measures that go with it.

The law sets the least and the most; how the range is divided (裁量基准) is for each authority to publish (行政处罚法
第三十四条): the share of the range is therefore given, never assumed. 以上 and 以下 include the number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held, not_in_force
from anlan.rules.enforcement_texts import PENALTY, PENALTY_FROM, SAFETY_2014
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import local
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

ONE = dt.timedelta(days=1)
EMERGENCY_FROM = dt.date(2019, 4, 1)
PERMIT_FROM = dt.date(2014, 7, 29)
COAL_FROM = dt.date(2024, 5, 1)
EQUIPMENT_FROM = dt.date(2014, 1, 1)
PLANS_FROM = dt.date(2019, 9, 1)
AGGRAVATED = safety_law("第一百一十四条第二款")
DISCRETION = PENALTY.at("第三十四条")


def _of(law: str) -> tuple[Mapping[str, str], ...]:
    return tuple(row for row in rows("penalty_brackets") if row["law"] == law)


def _editions(
    law: str, start: dt.date, citation: Citation, *, first: bool = False
) -> Editions[tuple[Mapping[str, str], ...]]:
    before = Citation(citation.law, "（此前文本）", valid_to=start - ONE)
    earlier: Edition[tuple[Mapping[str, str], ...]] = not_in_force(EVER, citation) if first else not_held(EVER, before)
    return Editions(f"penalty_bracket: {citation.law}", earlier, held(start, citation, _of(law)))


LAWS = {
    "aqf": Editions(
        "penalty_bracket: 安全生产法",
        not_held(EVER, SAFETY_2014),
        held(LAW_2021_FROM, safety_law("第六章"), _of("aqf")),
    ),
    "yjt": _editions(
        "yjt",
        EMERGENCY_FROM,
        Citation("生产安全事故应急条例", "第三十二条", valid_from=EMERGENCY_FROM, number="国务院令第708号"),
        first=True,
    ),
    "xkt": _editions("xkt", PERMIT_FROM, Citation("安全生产许可证条例", "第十九条", valid_from=PERMIT_FROM)),
    "mk": _editions(
        "mk", COAL_FROM, Citation("煤矿安全生产条例", "第六十一条第一款", valid_from=COAL_FROM), first=True
    ),
    "tz": _editions(
        "tz", EQUIPMENT_FROM, Citation("特种设备安全法", "第八十三条", valid_from=EQUIPMENT_FROM), first=True
    ),
    "r88": _editions(
        "r88",
        PLANS_FROM,
        Citation(
            "生产安全事故应急预案管理办法",
            "第四十五条",
            Confidence.C,
            valid_from=PLANS_FROM,
            number="安监总局令第88号，应急管理部令第2号修正",
        ),
    ),
}


def _cited() -> Iterator[Citation]:
    """The clause of every row, in each edition that answers."""
    for editions in LAWS.values():
        for edition in editions:
            for row in edition.figures or ():
                yield edition.citation.at(row["article"])


CASES = {row["case"]: Wording(row["act_en"], row["act_zh"]) for row in rows("penalty_brackets")}
LAW_OF = {row["case"]: row["law"] for row in rows("penalty_brackets")}


class Stage(StrEnum):
    """Before or after the order to correct was disregarded."""

    FIRST = "first"
    OVERDUE = "overdue"


class Subject(StrEnum):
    """Whom the penalty hits."""

    UNIT = "unit"
    RESPONSIBLE = "responsible"
    PRINCIPAL = "principal"
    MANAGER = "manager"
    INVESTOR = "investor"


STAGES = {
    Stage.FIRST: Wording("on discovery", "发现违法行为"),
    Stage.OVERDUE: Wording("not corrected in time, or refused", "逾期未改正、拒不改正或者拒不执行"),
}
SUBJECTS = {
    Subject.UNIT: Wording("the unit", "生产经营单位（机构）"),
    Subject.RESPONSIBLE: Wording("the persons directly responsible", "直接负责的主管人员和其他直接责任人员"),
    Subject.PRINCIPAL: Wording("the principal", "主要负责人"),
    Subject.MANAGER: Wording("other leaders and safety managers", "其他负责人和安全生产管理人员"),
    Subject.INVESTOR: Wording("the investor of a private business", "个人经营的投资人"),
}


@dataclass(frozen=True, kw_only=True)
class Breach(Input):
    """A breach by its clause, the stage, and whom the penalty hits."""

    case: str = given("Breach", "违法行为", choices=CASES)
    committed: dt.date | None = given("Day of the breach", "违法行为发生日期", default=None)
    stage: Stage = given("Stage", "阶段", choices=STAGES, default=Stage.FIRST)
    subject: Subject = given("Whom it hits", "处罚对象", choices=SUBJECTS, default=Subject.UNIT)
    gains_yuan: Decimal | None = given("Unlawful gains", "违法所得", unit="yuan", least=0, default=None)
    income_yuan: Decimal | None = given("Income of the year before", "上一年年收入", unit="yuan", least=0, default=None)
    aggravated: bool = given(
        "Particularly grave, with a particularly bad effect", "情节特别严重、影响特别恶劣", default=False
    )
    share_from: Decimal | None = given(
        "From this share of the range, by the authority's own scale",
        "裁量基准下限（占幅度的百分比）",
        unit="%",
        least=0,
        most=100,
        default=None,
    )
    share_to: Decimal | None = given(
        "To this share of the range, by the authority's own scale",
        "裁量基准上限（占幅度的百分比）",
        unit="%",
        least=0,
        most=100,
        default=None,
    )

    def consistent(self) -> None:
        """Both shares or none; the heavier multiple belongs to accidents only."""
        if (self.share_from is None) != (self.share_to is None):
            raise BadInput(
                "share_to" if self.share_to is None else "share_from",
                Wording("is missing beside the other", "缺失，应与另一项同时填写"),
                Wording("a number (%) from 0 to 100", "0至100的数字（%）"),
            )
        if self.share_from is not None and self.share_to is not None and self.share_to < self.share_from:
            raise BadInput(
                "share_to",
                Wording(f"is {self.share_to}, below share_from", f"为{self.share_to}，小于 share_from"),
                Wording(f"a number (%) from {self.share_from} to 100", f"{self.share_from}至100的数字（%）"),
            )
        if self.aggravated and not self.case.startswith("aqf-114-"):
            raise BadInput(
                "aggravated",
                Wording("is true", "为是"),
                Wording("false: only fines for accidents are multiplied", "否：仅事故罚款可以加倍"),
            )


@dataclass(frozen=True, slots=True)
class Bracket:
    """The range in yuan (``None``: no fine), the part of it by the authority's scale, and the measures beside it."""

    least_yuan: Decimal | None
    most_yuan: Decimal | None
    scaled_least_yuan: Decimal | None
    scaled_most_yuan: Decimal | None
    measures: Wording | None


def _row(asked: Breach, of: tuple[Mapping[str, str], ...]) -> Mapping[str, str]:
    mine = [row for row in of if row["case"] == asked.case]
    fits = [row for row in mine if (row["stage"], row["subject"]) == (asked.stage, asked.subject)]
    if not fits:
        there = sorted({f"{row['stage']} {row['subject']}" for row in mine})
        there_zh = sorted({f"{STAGES[Stage(r['stage'])].zh}·{SUBJECTS[Subject(r['subject'])].zh}" for r in mine})
        raise RuleBroken(
            Wording(
                f"{asked.case} sets nothing for {asked.stage} {asked.subject}; it does for: {', '.join(there)}",
                f"该条款未对“{STAGES[asked.stage].zh}·{SUBJECTS[asked.subject].zh}”设定处罚，已设定的有：{'、'.join(there_zh)}",
            )
        )
    if len(fits) == 1:
        return fits[0]
    if asked.gains_yuan is None:
        raise BadInput(
            "gains_yuan",
            Wording("is missing: the range depends on it", "缺失：处罚幅度取决于违法所得"),
            Wording("a number (yuan) from 0", "不小于0的数字（元）"),
        )
    when = "gain_from_100000" if asked.gains_yuan >= 100_000 else "gain_below_100000"
    return next(row for row in fits if row["when"] == when)


def _range(asked: Breach, row: Mapping[str, str]) -> tuple[Decimal, Decimal]:
    least, most = Decimal(row["least"]), Decimal(row["most"])
    if row["basis"] == "gain":
        gains = asked.gains_yuan or Decimal(0)
        return gains * least, gains * most
    if row["basis"] == "income_percent":
        if asked.income_yuan is None:
            raise BadInput(
                "income_yuan",
                Wording("is missing: the fine is a share of it", "缺失：罚款按上一年年收入的比例计算"),
                Wording("a number (yuan) from 0", "不小于0的数字（元）"),
            )
        return asked.income_yuan * least / 100, asked.income_yuan * most / 100
    return (least * 2, most * 5) if asked.aggravated else (least, most)


@rule(
    "penalty_bracket",
    Wording("Range of a fine", "行政处罚幅度"),
    theme="enforcement",
    about=Wording(
        "the least and the most a fine may be by its clause, and the part the authority's own scale leaves",
        "按违法条款、阶段和对象给出法定罚款幅度，并可按本机关裁量基准折算",
    ),
    takes=Breach,
    editions=tuple(LAWS.values()),
    cites=_cited,
    dated_by="committed",
    examples=(
        Example(
            {"case": "aqf-97"}, dt.date(2026, 3, 1), {"least_yuan": 0, "most_yuan": 100_000}, "安全生产法 第九十七条"
        ),
        Example(
            {"case": "aqf-97", "stage": "overdue", "share_from": 30, "share_to": 70},
            dt.date(2026, 3, 1),
            {"least_yuan": 100_000, "most_yuan": 200_000, "scaled_least_yuan": 130_000, "scaled_most_yuan": 170_000},
            "安全生产法 第九十七条；裁量基准为本地规定",
        ),
        Example(
            {"case": "aqf-95-2", "subject": "principal", "income_yuan": 300_000},
            dt.date(2026, 3, 1),
            {"least_yuan": 180_000, "most_yuan": 180_000},
            "安全生产法 第九十五条第二项",
        ),
        Example(
            {"case": "aqf-114-4", "aggravated": True},
            dt.date(2026, 3, 1),
            {"least_yuan": 20_000_000, "most_yuan": 100_000_000},
            "安全生产法 第一百一十四条第二款",
        ),
        Example(
            {"case": "aqf-103-1", "gains_yuan": 100_000},
            dt.date(2026, 3, 1),
            {"least_yuan": 200_000, "most_yuan": 500_000},
            "安全生产法 第一百零三条第一款",
        ),
    ),
    bounds=Wording(
        "lighter, reduced or no penalty (行政处罚法 32, 33) is a person's judgement, so is the milder later law (37)",
        "从轻、减轻或者不予处罚（行政处罚法第三十二条、第三十三条）以及从旧兼从轻（第三十七条）由承办人员判断",
    ),
)
def penalty_bracket(asked: Breach, on: dt.date) -> Finding[Bracket]:
    """The range of a fine; ``on`` is the day of the breach (行政处罚法 第三十七条).

    >>> day = dt.date(2026, 3, 1)
    >>> penalty_bracket(Breach(case="aqf-102", stage="overdue"), day).value.most_yuan is None
    True
    """
    edition = LAWS[LAW_OF[asked.case]].on(on)
    row = _row(asked, edition.held)
    citations = [edition.citation.at(row["article"])]
    act = CASES[asked.case]
    whom = SUBJECTS[asked.subject]
    steps = [
        Wording(f"{act}; {STAGES[asked.stage]}; {whom}", f"{act.zh}；{STAGES[asked.stage].zh}；{whom.zh}"),
    ]
    measures = Wording(row["with_en"], row["with_zh"]) if row["with_en"] else None
    if measures:
        steps.append(Wording(f"beside the fine: {measures}", f"并处：{measures.zh}"))
    if row["basis"] == "none":
        steps.append(Wording("no fine is set at this stage", "本阶段未设定罚款"))
        return Finding(Bracket(None, None, None, None, measures), tuple(citations), {}, tuple(steps))
    least, most = _range(asked, row)
    steps.append(Wording(f"from {least:,f} to {most:,f} yuan", f"罚款{least:,f}元以上{most:,f}元以下"))
    if asked.aggravated:
        citations.append(AGGRAVATED)
        steps.append(Wording("two to five times the range", "按前款罚款数额的二倍以上五倍以下"))
    low = high = None
    if asked.share_from is not None and asked.share_to is not None:
        low = least + (most - least) * asked.share_from / 100
        high = least + (most - least) * asked.share_to / 100
        share = f"{asked.share_from:f}%–{asked.share_to:f}%"
        citations.append(local("discretion_share", f"裁量基准{share}"))
        if on >= PENALTY_FROM:
            citations.append(DISCRETION)
        steps.append(
            Wording(
                f"by the authority's scale, {share} of the range: {low:,f} to {high:,f} yuan",
                f"按裁量基准取幅度的{share}：{low:,f}元至{high:,f}元",
            )
        )
    return Finding(Bracket(least, most, low, high, measures), tuple(citations), {}, tuple(steps))
