"""定期报送: the period a regular report belongs to, where the text says how often and names no day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held, not_in_force
from anlan.rules.hazard_grade import ORDER_16_FROM, order_16
from anlan.rules.inputs import Input, given
from anlan.rules.limits import UNDATED, undated
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

COAL_FROM = dt.date(2024, 5, 1)
COAL = Citation("煤矿安全生产条例", "第三十五条第二款", valid_from=COAL_FROM)
PASSED_UP = order_16("第二十四条", Confidence.C)
INSTALLATIONS = undated(
    "危险化学品重大危险源监督管理暂行规定", "第二十三条", Confidence.C, "安监总局令第40号，第79号修正"
)


class Report(StrEnum):
    """The reports."""

    COAL_MAJOR_HAZARDS = "coal_major_hazards"
    HAZARDS_TO_PROVINCE = "hazards_to_province"
    HAZARDS_TO_MINISTRY = "hazards_to_ministry"
    INSTALLATIONS_TO_CITY = "installations_to_city"
    INSTALLATIONS_TO_PROVINCE = "installations_to_province"


REPORTS = {
    Report.COAL_MAJOR_HAZARDS: Wording(
        "coal company to the regulator and the mine inspectorate: treatment of major hazards, signed",
        "煤矿企业：重大事故隐患排查治理情况书面报告（负责人签字）",
    ),
    Report.HAZARDS_TO_PROVINCE: Wording(
        "regulators up to the province: statistics of major hazards", "监管部门逐级报至省级：重大事故隐患统计"
    ),
    Report.HAZARDS_TO_MINISTRY: Wording(
        "province to the ministry: statistics of major hazards", "省级报应急管理部：重大事故隐患统计"
    ),
    Report.INSTALLATIONS_TO_CITY: Wording(
        "county to city: filings of installations of level 1 and 2", "县级报设区的市级：一级、二级重大危险源备案情况"
    ),
    Report.INSTALLATIONS_TO_PROVINCE: Wording(
        "city to province: filings of installations of level 1", "设区的市级报省级：一级重大危险源备案情况"
    ),
}


def _of(report: Report, start: dt.date, citation: Citation, months: int, *, first: bool = False) -> Editions[int]:
    before: Edition[int] = (
        not_in_force(EVER, citation)
        if first
        else not_held(EVER, Citation(citation.law, "（2016年前）", valid_to=start - dt.timedelta(days=1)))
    )
    return Editions(f"reporting_period: {report}", before, held(start, citation, months), label=REPORTS[report])


EDITIONS = {
    Report.COAL_MAJOR_HAZARDS: _of(Report.COAL_MAJOR_HAZARDS, COAL_FROM, COAL, 3, first=True),
    Report.HAZARDS_TO_PROVINCE: _of(Report.HAZARDS_TO_PROVINCE, ORDER_16_FROM, PASSED_UP, 3, first=True),
    Report.HAZARDS_TO_MINISTRY: _of(Report.HAZARDS_TO_MINISTRY, ORDER_16_FROM, PASSED_UP, 6, first=True),
    Report.INSTALLATIONS_TO_CITY: _of(Report.INSTALLATIONS_TO_CITY, UNDATED, INSTALLATIONS, 3),
    Report.INSTALLATIONS_TO_PROVINCE: _of(Report.INSTALLATIONS_TO_PROVINCE, UNDATED, INSTALLATIONS, 6),
}


@dataclass(frozen=True, kw_only=True)
class Reported(Input):
    """Which report, and a day of its period."""

    report: Report = given("Report", "报送事项", choices=REPORTS)
    day: dt.date = given("A day of the period", "报送期内任一日")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of the calendar period, and its length in months."""

    first: dt.date
    last: dt.date
    months: int


@rule(
    "reporting_period",
    Wording("Periods of regular reports", "定期报送周期"),
    theme="hazards",
    about=Wording(
        "the calendar quarter or half-year within which a regular report is made",
        "定期报告所属的自然季度或者半年",
    ),
    takes=Reported,
    editions=tuple(EDITIONS.values()),
    dated_by="day",
    examples=(
        Example({"report": "coal_major_hazards", "day": "2026-08-15"}, dt.date(2026, 8, 15),
                {"first": "2026-07-01", "last": "2026-09-30", "months": 3}, "煤矿安全生产条例 第三十五条第二款"),
        Example({"report": "hazards_to_ministry", "day": "2026-08-15"}, dt.date(2026, 8, 15),
                {"first": "2026-07-01", "last": "2026-12-31"}, "令第16号 第二十四条（待核实）"),
    ),
    bounds=Wording(
        "the texts say how often and name no day: the period's last day is shown, a local rule may set an earlier one",
        "文本仅规定报送频次、未规定具体日期：此处为该周期最后一日，地方可以规定更早的日期",
    ),
)  # fmt: skip
def reporting_period(asked: Reported, on: dt.date) -> Finding[Period]:
    """The period; ``on`` is a day of it.

    >>> day = dt.date(2026, 1, 1)
    >>> reporting_period(Reported(report="hazards_to_province", day=day), day).value.last
    datetime.date(2026, 3, 31)
    """
    edition = EDITIONS[asked.report].on(on)
    months = edition.held
    first = dt.date(asked.day.year, (asked.day.month - 1) // months * months + 1, 1)
    last = add_months(first, months, roll=False).due - dt.timedelta(days=1)
    said = REPORTS[asked.report]
    steps = (
        Wording(f"{said}: once in {months} months", f"{said.zh}：每{months}个月1次"),
        Wording(f"calendar period from {first} to {last}", f"自然周期：{first}至{last}"),
    )
    return Finding(Period(first, last, months), (edition.citation,), {}, steps)
