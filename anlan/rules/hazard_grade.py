"""事故隐患 graded and settled: what general and major mean, and what a plan and a report must contain.

Grading itself is a person's act; here are the definitions it rests on and the lists that make a record complete.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.wording import Wording

ORDER_16 = "安全生产事故隐患排查治理暂行规定"
ORDER_16_FROM = dt.date(2008, 2, 1)
LAW_2021_FROM = dt.date(2021, 9, 1)
LAW_NOTE = "2021 revision; its day of force is not printed in the copy read"


def order_16(article: str, confidence: Confidence, note: str = "") -> Citation:
    """One article of 安监总局令第16号, in force since 2008-02-01 and current in September 2026."""
    return Citation(ORDER_16, article, confidence, valid_from=ORDER_16_FROM, note=note)


def safety_law(article: str) -> Citation:
    """One article of 安全生产法 as revised in 2021."""
    return Citation("安全生产法", article, Confidence.A, valid_from=LAW_2021_FROM, note=LAW_NOTE)


DEFINITION = order_16("第三条", Confidence.B, "read in company rules that restate it")
PLAN = order_16("第十五条", Confidence.B)
REPORT = order_16("第十四条", Confidence.C)
SETTLED = Citation(
    "兴宁市关于推进安全生产领域改革发展的实施方案（征求意见稿）",
    "隐患整改“五落实”",
    Confidence.A,
    Level.CITY,
    note="wording of a draft for comment of 2018; the phrase is in general official use",
)
DOUBLE_REPORT = safety_law("第四十一条第二款")


class Grade(StrEnum):
    """The two grades of a hazard."""

    GENERAL = "general"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be stated: its field name, its wording and its clause."""

    code: str
    label: Wording
    clause: Citation


DEFINITIONS: Mapping[Grade, Item] = {
    Grade.GENERAL: Item(
        "general",
        Wording(
            "small in harm and in the work of correction, to be corrected as soon as found",
            "危害和整改难度较小，发现后能够立即整改排除",
        ),
        DEFINITION,
    ),
    Grade.MAJOR: Item(
        "major",
        Wording(
            "great in harm and work: needs a full or partial stop and some time, "
            "or outside causes keep the unit from removing it by itself",
            "危害和整改难度较大，须全部或者局部停产停业并经一定时间整改治理方能排除，"
            "或者因外部因素影响致使单位自身难以排除",
        ),
        DEFINITION,
    ),
}

SETTLED_ITEMS = (
    Item("responsibility", Wording("responsibility settled", "责任落实"), SETTLED),
    Item("funds", Wording("funds settled", "资金落实"), SETTLED),
    Item("measures", Wording("measures settled", "措施落实"), SETTLED),
    Item("time_limit", Wording("time limit settled", "时限落实"), SETTLED),
    Item("contingency", Wording("emergency plan settled", "预案落实"), SETTLED),
)
"""五落实."""

PLAN_ITEMS = (
    Item("goals", Wording("goals and tasks of the treatment", "治理的目标和任务"), PLAN),
    Item("methods", Wording("methods and measures", "采取的方法和措施"), PLAN),
    Item("resources", Wording("funds and materials", "经费和物资的落实"), PLAN),
    Item("people", Wording("bodies and people in charge", "负责治理的机构和人员"), PLAN),
    Item("time_limit", Wording("time limit and requirements", "治理的时限和要求"), PLAN),
    Item("safety", Wording("safety measures and emergency plan", "安全措施和应急预案"), PLAN),
)
"""The treatment plan of a major hazard (重大事故隐患治理方案)."""

REPORT_ITEMS = (
    Item("state", Wording("present state and causes", "隐患的现状及其产生原因"), REPORT),
    Item(
        "analysis", Wording("degree of harm and difficulty of correction", "隐患的危害程度和整改难易程度分析"), REPORT
    ),
    Item("plan", Wording("treatment plan", "隐患的治理方案"), REPORT),
)
"""The report of a major hazard (重大事故隐患报告)."""

REPORT_RECEIVERS = (
    Item("regulator", Wording("department in charge of supervision", "负有安全生产监督管理职责的部门"), DOUBLE_REPORT),
    Item("workers", Wording("workers' congress or meeting", "职工大会或者职工代表大会"), DOUBLE_REPORT),
)
"""双报告: a major hazard goes to both."""


def _blank(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, Sized) and len(value) == 0


def missing(items: tuple[Item, ...], given: Mapping[str, Any]) -> tuple[Item, ...]:
    """The items whose field is absent, blank or empty, in their order; zero and ``False`` are answers.

    >>> [i.label.zh for i in missing(SETTLED_ITEMS, {"responsibility": "张三", "funds": 0, "measures": " "})]
    ['措施落实', '时限落实', '预案落实']
    """
    return tuple(item for item in items if _blank(given.get(item.code)))


def missing_settled_items(given: Mapping[str, Any]) -> tuple[Item, ...]:
    """Which of the five (五落实) are not settled yet."""
    return missing(SETTLED_ITEMS, given)


def missing_plan_items(given: Mapping[str, Any]) -> tuple[Item, ...]:
    """Which of the six items a treatment plan still lacks (令16 第十五条).

    >>> given = {"goals": "消除", "methods": "加装泄爆片", "resources": "3万元", "people": "李四"}
    >>> [item.code for item in missing_plan_items(given)]
    ['time_limit', 'safety']
    """
    return missing(PLAN_ITEMS, given)


def missing_report_items(given: Mapping[str, Any]) -> tuple[Item, ...]:
    """Which of the three items a major-hazard report still lacks (令16 第十四条, to verify)."""
    return missing(REPORT_ITEMS, given)


def missing_report_receivers(given: Mapping[str, Any]) -> tuple[Item, ...]:
    """To whom a major hazard has not been reported yet (安全生产法 第四十一条)."""
    return missing(REPORT_RECEIVERS, given)
