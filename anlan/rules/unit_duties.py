"""生产经营单位的法定履责事项: which duties bind a unit, when each is due again, and which evidence answers which.

A table (``data/unit_duties.csv``): the clause, whom it binds, its cycle. Where a text names no period one is taken and
said in the duty's condition, for a deployment to change. ``data/evidence_duties.csv`` says which piece of evidence
answers which duties: it is handed in once and satisfies them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

from anlan.rules import figures
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.emergency_plans import PLANS, REGULATION
from anlan.rules.enforcement_texts import SAFETY_2014
from anlan.rules.hazard_grade import LAW_2021_FROM, order_16, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import undated
from anlan.rules.obligations import obligation
from anlan.rules.permit_texts import CHEMICALS, HAZCHEM, HAZCHEM_FROM
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.standardisation import GRADING
from anlan.rules.tables import day, parts, rows
from anlan.rules.training_hours import ORDER_3
from anlan.rules.unit_marks import MARKS, Mark
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

ONE = dt.timedelta(days=1)
OF_OTHER_RULES: dict[str, Citation] = {
    "training": ORDER_3, "plans": PLANS, "emergency": REGULATION, "grading": GRADING, "hazchem": HAZCHEM,
}  # fmt: skip
"""Texts that other rules rest on too, by the word the table names them by; the others stand in ``duty_texts.csv``."""
EARLIER: dict[str, Citation] = {
    "hazchem_evaluation": replace(
        CHEMICALS.at("第二十二条第一款", Confidence.A), valid_to=HAZCHEM_FROM - ONE, note="before the law of 2026-05-01"
    ),
}  # the clause that asked the same before
PERIODS: dict[str, Citation] = {
    "certified_heads": undated("安全生产培训管理办法", "", Confidence.C, "安监总局令第44号"),
    "emergency_plan": PLANS.at("第三十五条", Confidence.C),
}  # the text a period rests on where the clause of the duty names none
OWN_TERM = frozenset({"certified_heads", "injury_insurance", "liability_insurance", "insurance_aim"})
STAFF_LIMIT = 100  # 安全生产法 24


class Cycle(StrEnum):
    """How a duty returns: not at all, by calendar periods, or from the day it was last answered."""

    STANDING = "standing"
    CALENDAR = "calendar"
    ROLLING = "rolling"


CYCLES = {
    Cycle.STANDING: Wording("standing", "长期"),
    Cycle.CALENDAR: Wording("by calendar periods", "按自然周期"),
    Cycle.ROLLING: Wording("from the last time", "自上次起算"),
}


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """One duty: its clause, its cycle in ``months``, ``by`` a day of the year, or ``after`` days past the period."""

    code: str
    what: Wording
    condition: Wording | None
    cycle: Cycle
    months: int
    by: str
    after: int
    citation: Citation
    obligation: str
    binds: frozenset[Mark]
    unless: frozenset[Mark]

    def clause(self, on: dt.date) -> Citation:
        """The clause that asks for it on a day: the one in force, or the one of the table."""
        earlier = EARLIER.get(self.code)
        return earlier if earlier is not None and earlier.in_force(on) else self.citation

    def cited(self, on: dt.date) -> tuple[Citation, ...]:
        """The clause that asks for it on a day, and the text its period rests on where that is another."""
        period = PERIODS.get(self.code)
        return (self.clause(on), period) if period is not None else (self.clause(on),)


def _marks(text: str) -> frozenset[Mark]:
    return frozenset(Mark(one) for one in parts(text))


def _citation(row: Mapping[str, str]) -> Citation:
    if row["obligation"]:
        return obligation(row["obligation"]).citations[0]
    if row["law"] == "safety":
        return safety_law(row["article"])
    if row["law"] == "order_16":
        return order_16(row["article"], Confidence(row["confidence"]))
    return duty_texts()[row["law"]].at(row["article"], Confidence(row["confidence"]))


@cache
def duty_texts() -> Mapping[str, Citation]:
    """The texts duties rest on, by the word the table names them by; a new one is a row of ``data/duty_texts.csv``.

    >>> duty_texts()["mines"].law
    '矿山安全法'
    """
    read = {
        row["code"]: Citation(row["law"], "", valid_from=day(row["valid_from"]), number=row["number"])
        for row in rows("duty_texts")
    }
    return {**OF_OTHER_RULES, **read}


@cache
def unit_duty_table() -> Mapping[str, UnitDuty]:
    """Every duty by its code, in the order of the table.

    >>> unit_duty_table()["drill_half_year"].citation.article
    '第八条第二款'
    """
    return {
        row["code"]: UnitDuty(
            row["code"], Wording(row["what_en"], row["what_zh"]),
            Wording(row["condition_en"], row["condition_zh"]) if row["condition_en"] else None,
            Cycle(row["cycle"]), int(row["months"]), row["by"], int(row["after"]), _citation(row), row["obligation"],
            _marks(row["binds"]), _marks(row["unless"]),
        )
        for row in rows("unit_duties")
    }  # fmt: skip


def _period_of(duty: UnitDuty) -> tuple[str, Citation]:
    """Under which code the period of a duty is kept among the figures to verify, and the text it rests on."""
    return f"unit_duty_due.{duty.code}", PERIODS.get(duty.code, duty.citation)


@dataclass(frozen=True, slots=True)
class Period:
    """The months of a duty's cycle, and the days after a period within which it is answered."""

    period_months: int
    after: int


def _enter_periods() -> None:
    for duty in unit_duty_table().values():
        code, text = _period_of(duty)
        start = text.valid_from or LAW_2021_FROM
        figures.enter(code, Period(duty.months, duty.after), duty.what, text, start=start, end=text.valid_to)


def duty_on(code: str, on: dt.date) -> UnitDuty:
    """A duty of the table with its period as it counts on a day, by the local figures handed over, if any.

    >>> duty_on("quarterly_statistics", dt.date(2026, 3, 1)).after
    15
    """
    duty = unit_duty_table()[code]
    held_period = Period(duty.months, duty.after)
    period = figures.laid(_period_of(duty)[0], held_period, on)
    if period == held_period:
        return duty
    return replace(duty, months=period.period_months, after=period.after)


def cited_duties() -> tuple[Citation, ...]:
    """The clause of every duty, the one before it, and the texts periods rest on."""
    return (*(duty.citation for duty in unit_duty_table().values()), *EARLIER.values(), *PERIODS.values())


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence: its name, the facts it may state, and the duties it answers (with the fact each asks for)."""

    code: str
    name: Wording
    facts: tuple[str, ...]
    answers: tuple[tuple[str, str, Decimal | None], ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """The facts some duty asks for."""
        return tuple(dict.fromkeys(fact for _, fact, _ in self.answers if fact))

    def satisfied(self, facts: Mapping[str, Decimal | int | None]) -> tuple[str, ...]:
        """The codes of the duties it answers with these facts.

        >>> evidence_kinds()["drill"].satisfied({"comprehensive": 0, "on_site": 1})
        ('drill_half_year', 'drill_on_site', 'drills_of_plan')
        """
        held: list[str] = []
        for duty, fact, least in self.answers:
            value = facts.get(fact) if fact else None
            if not fact or (value is not None and (least is None or value >= least)):
                held.append(duty)
        return tuple(held)


@cache
def evidence_kinds() -> Mapping[str, EvidenceKind]:
    """Every kind of evidence by its code."""
    answers: dict[str, list[tuple[str, str, Decimal | None]]] = {}
    for row in rows("evidence_duties"):
        answers.setdefault(row["evidence"], []).append(
            (row["duty"], row["fact"], Decimal(row["least"]) if row["least"] else None)
        )
    return {
        row["code"]: EvidenceKind(
            row["code"], Wording(row["en"], row["zh"]), parts(row["facts"]), tuple(answers[row["code"]])
        )
        for row in rows("evidence_kinds")
    }


@cache
def evidence_for(duty: str) -> tuple[EvidenceKind, ...]:
    """The kinds of evidence that answer a duty.

    >>> [kind.code for kind in evidence_for("drill_year")]
    ['drill']
    """
    return tuple(kind for kind in evidence_kinds().values() if any(code == duty for code, _, _ in kind.answers))


LAW = safety_law("第二十一条")
_enter_periods()
EDITIONS: Editions[int] = Editions("unit_duties", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, LAW, STAFF_LIMIT))


@dataclass(frozen=True, kw_only=True)
class UnitMarks(Input):
    """A unit: what marks it, how many it employs, and which numbered duties of plans bind it."""

    marks: tuple[Mark, ...] = given("Lines and marks of the unit", "行业条线和风险特征", choices=MARKS, default=())
    employees: int | None = given("Employees", "从业人员数", least=0, most=1_000_000, default=None)
    obligations: tuple[str, ...] = given("Duties of plans that bind", "适用的规划任务编号", longest=6, default=())


@rule(
    "unit_duties",
    Wording("What the law asks of a unit", "生产经营单位法定履责事项"),
    theme="enterprises",
    about=Wording(
        "the duties that bind a unit by its lines, marks and size, each with its clause and cycle",
        "按行业条线、风险特征和从业人员数列出单位应当履行的事项、依据和周期",
    ),
    takes=UnitMarks,
    editions=EDITIONS,
    cites=cited_duties,
    examples=(
        Example(
            {"marks": ["crowded"], "employees": 30}, dt.date(2026, 3, 1),
            ["responsibility", "safety_manager", "training_record", "managers_training", "spending", "risk_grading",
             "told_to_workers", "quarterly_statistics", "yearly_statistics", "self_check", "injury_insurance",
             "emergency_plan", "drill_half_year", "drill_year", "drill_on_site", "fire_test", "standardisation"],
            "安全生产法 第二十四条第二款；生产安全事故应急条例 第八条第二款",
        ),
    ),
    bounds=Wording(
        "a duty's condition is given, not evaluated; texts that are not held are to be verified",
        "适用条件列出备查，不作判断；未收录全文的依据待核实",
    ),
)  # fmt: skip
def unit_duties(asked: UnitMarks, on: dt.date) -> Finding[tuple[str, ...]]:
    """The codes of the duties that bind a unit, in the order of the table.

    >>> found = unit_duties(UnitMarks(marks=("chem",), employees=12), dt.date(2026, 3, 1)).value
    >>> "safety_body" in found, "safety_manager" in found, "dust_cleaning" in found
    (True, False, False)
    """
    limit = EDITIONS.on(on).held
    marks = set(asked.marks) | ({Mark.OVER_100} if (asked.employees or 0) > limit else set())
    found = [duty for duty in unit_duty_table().values() if _binding(duty, marks, asked.obligations, on)]
    steps = [_why(duty, marks, on) for duty in found]
    if asked.employees is None:
        steps.append(Wording("staff is not given: taken as 100 or fewer", "未载明从业人员数，按100人以下"))
    cited = tuple(dict.fromkeys(clause for duty in found for clause in duty.cited(on)))
    return Finding(tuple(duty.code for duty in found), cited, {}, tuple(steps))


def _binding(duty: UnitDuty, marks: Iterable[Mark], obligations: tuple[str, ...], on: dt.date) -> bool:
    if duty.obligation and duty.obligation not in obligations:
        return False
    if not duty.obligation and not duty.clause(on).in_force(on):
        return False
    held_marks = frozenset(marks)
    return (not duty.binds or bool(duty.binds & held_marks)) and not duty.unless & held_marks


def _why(duty: UnitDuty, marks: set[Mark], on: dt.date) -> Wording:
    by = sorted(duty.binds & marks)
    said = Wording(", ".join(MARKS[one] for one in by), "、".join(MARKS[one].zh for one in by)) if by else None
    en = f"{duty.what} ({duty.clause(on)})" + (f": {said}" if said else "")
    zh = f"{duty.what.zh}（{duty.clause(on)}）" + (f"：{said.zh}" if said else "")
    return Wording(en, zh)


class Standing(StrEnum):
    """How a duty of a unit stands."""

    MET = "met"
    AT_RISK = "at_risk"
    MISSED = "missed"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class DutyDue:
    """How a duty stands, the day it is due (``None``: no day), and the first day on which that may be otherwise."""

    standing: Standing
    due: dt.date | None
    changes: dt.date | None


@dataclass(frozen=True, kw_only=True)
class LastAnswer(Input):
    """A duty, since when it is asked of the unit, and the evidence that answered it last."""

    duty: str = given("Duty", "履责事项", longest=40)
    since: dt.date = given("Asked since", "起算日期")
    answered: tuple[dt.date, ...] = given("Days the evidence tells of", "凭证所属日期", default=())
    valid_to: dt.date | None = given("Last day of the latest evidence", "最近凭证有效期至", default=None)

    def consistent(self) -> None:
        """A duty of the table."""
        if self.duty not in unit_duty_table():
            names = ", ".join(unit_duty_table())
            raise BadInput("duty", Wording(f"is {self.duty!r}", f"为{self.duty!r}"), Wording(names, names))


DUE_EDITIONS: Editions[bool] = Editions("unit_duty_due", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, LAW, True))


@rule(
    "unit_duty_due",
    Wording("When a duty of a unit is due", "履责事项到期与状态"),
    theme="enterprises",
    about=Wording(
        "met, at risk, missed or no data, from the days the evidence tells of, and the day it is due",
        "按凭证所属日期判断已落实、有风险、未落实或者无数据，并给出到期日",
    ),
    takes=LastAnswer,
    editions=DUE_EDITIONS,
    cites=cited_duties,
    examples=(
        Example(
            {"duty": "drill_half_year", "since": "2025-01-01", "answered": ["2026-03-01"]}, dt.date(2026, 8, 1),
            {"standing": "at_risk", "due": "2026-12-31"}, "生产安全事故应急条例 第八条第二款",
        ),
        Example(
            {"duty": "drill_half_year", "since": "2025-01-01", "answered": ["2025-11-02"]}, dt.date(2026, 8, 1),
            {"standing": "missed", "due": "2026-06-30"}, "生产安全事故应急条例 第八条第二款",
        ),
    ),
    bounds=Wording(
        "periods that no text names are taken; they are said in the duty's condition",
        "文件未定周期的按所述口径掌握，见各事项适用条件",
    ),
)  # fmt: skip
def unit_duty_due(asked: LastAnswer, on: dt.date) -> Finding[DutyDue]:
    """How a duty stands on a day.

    >>> last = LastAnswer(duty="self_check", since=dt.date(2026, 1, 1), answered=(dt.date(2026, 3, 5),))
    >>> unit_duty_due(last, dt.date(2026, 4, 6)).value.standing
    <Standing.MISSED: 'missed'>
    """
    DUE_EDITIONS.on(on)
    duty = duty_on(asked.duty, on)
    days = sorted(day for day in asked.answered if day <= on)
    if duty.cycle is Cycle.STANDING:
        told = _standing(days, asked.valid_to, on)
    elif duty.cycle is Cycle.ROLLING:
        told = _rolling(duty, days, asked, on)
    else:
        told = _calendar(duty, [day - dt.timedelta(days=duty.after) for day in days], asked.since, on)
    last = str(days[-1]) if days else "–"
    said = Wording(
        f"{CYCLES[duty.cycle]}, last {last}, due {told.due or '–'}: {told.standing}",
        f"{CYCLES[duty.cycle].zh}，最近{last}，期限{told.due or '无'}：{STANDINGS[told.standing].zh}",
    )
    return Finding(told, duty.cited(on), {}, (said,))


STANDINGS = {
    Standing.MET: Wording("met", "已落实"),
    Standing.AT_RISK: Wording("at risk", "待落实"),
    Standing.MISSED: Wording("missed", "逾期未落实"),
    Standing.NO_DATA: Wording("no data", "无数据"),
}


def _standing(days: list[dt.date], valid_to: dt.date | None, on: dt.date) -> DutyDue:
    if not days:
        return DutyDue(Standing.NO_DATA, None, None)
    if valid_to is not None and on > valid_to:
        return DutyDue(Standing.MISSED, valid_to, None)
    return DutyDue(Standing.MET, valid_to, valid_to + ONE if valid_to else None)


def _rolling(duty: UnitDuty, days: list[dt.date], asked: LastAnswer, on: dt.date) -> DutyDue:
    due = add_months(days[-1] if days else asked.since, duty.months, roll=False).due
    if days and asked.valid_to is not None:
        due = asked.valid_to if duty.code in OWN_TERM else min(due, asked.valid_to)
    if on > due:
        return DutyDue(Standing.MISSED, due, None)
    return DutyDue(Standing.MET if days else Standing.AT_RISK, due, due + ONE)


def _period(duty: UnitDuty, day: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """First and last day of the period a day lies in, and the day its evidence is due."""
    first = dt.date(day.year, (day.month - 1) // duty.months * duty.months + 1, 1)
    last = add_months(first, duty.months, roll=False).due - ONE
    if duty.by:
        month, number = (int(part) for part in duty.by.split("-"))
        return first, last, dt.date(first.year, month, number)
    return first, last, last + dt.timedelta(days=duty.after)


def _calendar(duty: UnitDuty, days: list[dt.date], since: dt.date, on: dt.date) -> DutyDue:
    """Days are those of the period the evidence tells of: a report of the days after a period is that period's."""
    first, last, due = _period(duty, on)
    if any(first <= day <= last for day in days):
        return DutyDue(Standing.MET, due, last + ONE)
    before, ended, was_due = _period(duty, first - ONE)
    if since <= before and not any(before <= day <= ended for day in days):
        if on > was_due:
            return DutyDue(Standing.MISSED, was_due, None)
        earlier, closed, over = _period(duty, before - ONE)
        if since <= earlier and not any(earlier <= day <= closed for day in days):
            return DutyDue(Standing.MISSED, over, None)  # what was missed is not made good by the days after a period
        return DutyDue(Standing.AT_RISK, was_due, was_due + ONE)
    if on > due:
        if since > due:  # asked for the first time after its day
            return DutyDue(Standing.AT_RISK, last, last + ONE)
        return DutyDue(Standing.MISSED, due, last + ONE)
    return DutyDue(Standing.AT_RISK, due, due + ONE)
