"""安全信用: the list of gravely untrustworthy units, grades of units, standardisation, liability insurance.

令11 (in force 2023-10-01) was read in secondary texts: its period and conditions are B, articles are not held. What
grade A to D means no national text settles: the score's bounds are parameters of the deployment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules import figures
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.citation import Level as LawLevel
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given, need_one_of
from anlan.rules.limits import local, months_before
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

ONE = dt.timedelta(days=1)
LIST_FROM = dt.date(2023, 10, 1)
LIST = Citation(
    "安全生产严重失信主体名单管理办法",
    "",
    Confidence.B,
    valid_from=LIST_FROM,
    note="read in secondary texts; articles not held",
    number="应急管理部令第11号",
)
LIST_2017 = Citation(
    "对安全生产领域失信行为开展联合惩戒的实施办法", "", valid_to=LIST_FROM - ONE, number="安监总办〔2017〕49号"
)
EFFECTS = safety_law("第七十八条第一款")


@dataclass(frozen=True, slots=True)
class Period:
    """Months on the list, and after how many months removal may be asked for."""

    months: int
    early_months: int


PERIODS: Editions[Period] = Editions("credit_list", not_held(EVER, LIST_2017), held(LIST_FROM, LIST, Period(36, 12)))


@dataclass(frozen=True, kw_only=True)
class Listed(Input):
    """A unit or person on the list, and what bears on early removal."""

    listed: dt.date = given("Day of entry", "列入日期")
    day: dt.date = given("Day asked about", "查询日期")
    penalty_performed: bool = given("The penalty is performed", "已履行行政处罚", default=False)
    harm_removed: bool = given("The harm is removed", "已消除危害后果", default=False)
    new_breach: bool = given("A new grave breach since", "列入后再次发生严重失信行为", default=False)

    def consistent(self) -> None:
        """Asked about after the entry."""
        if self.day < self.listed:
            raise BadInput(
                "day",
                Wording(f"is {self.day}, before the entry", f"为{self.day}，早于列入日期"),
                Wording(f"a date from {self.listed}", f"不早于{self.listed}的日期"),
            )


@dataclass(frozen=True, slots=True)
class Listing:
    """The day it is taken off, the first day removal may be asked for, whether it may be now, whether it stands."""

    ends: dt.date
    early_from: dt.date
    may_ask: bool
    stands: bool


@rule(
    "credit_list",
    Wording("Period on the list of gravely untrustworthy units", "严重失信主体名单期限"),
    theme="credit",
    about=Wording(
        "three years on the list; removal may be asked for after twelve months when all is put right",
        "列入满三年移出；列入满十二个月且符合条件的可以申请提前移出",
    ),
    takes=Listed,
    editions=PERIODS,
    dated_by="listed",
    examples=(
        Example(
            {"listed": "2024-03-01", "day": "2025-03-01", "penalty_performed": True, "harm_removed": True},
            dt.date(2024, 3, 1),
            {"ends": "2027-03-01", "early_from": "2025-03-01", "may_ask": True, "stands": True},
            "令第11号",
        ),
        Example(
            {"listed": "2024-03-01", "day": "2027-03-01"},
            dt.date(2024, 3, 1),
            {"may_ask": False, "stands": False},
            "令第11号",
        ),
    ),
    bounds=Wording(
        "by when a request for early removal is accepted and answered is not held; its conditions are to be verified",
        "申请提前移出的受理、决定期限文本未收录，其条件待核实",
    ),
)
def credit_list(asked: Listed, on: dt.date) -> Finding[Listing]:
    """How long the entry stands; ``on`` is the day of entry.

    >>> asked = Listed(listed=LIST_FROM, day=LIST_FROM)
    >>> credit_list(asked, LIST_FROM).value.ends
    datetime.date(2026, 10, 1)
    """
    edition = PERIODS.on(on)
    period = edition.held
    ends = add_months(asked.listed, period.months, roll=False).due
    early = add_months(asked.listed, period.early_months, roll=False).due
    stands = asked.day < ends
    right = asked.penalty_performed and asked.harm_removed and not asked.new_breach
    may = stands and right and asked.day >= early
    steps = (
        Wording(
            f"listed on {asked.listed}, three years: taken off on {ends}", f"{asked.listed}列入，满3年：{ends}移出"
        ),
        Wording(f"removal may be asked for from {early}", f"自{early}起可以申请提前移出"),
        Wording("the conditions are met", "符合申请条件")
        if may
        else Wording("the conditions are not met", "不符合申请条件"),
    )
    return Finding(Listing(ends, early, may, stands), (edition.citation, EFFECTS), {}, steps)


class Condition(StrEnum):
    """What puts a unit on the list."""

    GRAVE_ACCIDENT = "grave_accident"
    TWO_LARGER = "two_larger_accidents"
    RAISED_FINE = "raised_fine"
    CONCEALED = "concealed"
    NO_RESCUE = "no_rescue"
    NO_PERMIT = "no_permit"
    LENT_LICENCE = "lent_licence"
    EVADED = "evaded_penalty"
    OTHER = "other_grave_acts"


CONDITIONS = {
    Condition.GRAVE_ACCIDENT: (
        Wording("major or extraordinarily serious accident", "发生重大、特别重大生产安全事故"),
        "B",
    ),
    Condition.TWO_LARGER: (
        Wording("two larger accidents within twelve months", "12个月内累计发生2起以上较大事故"),
        "B",
    ),
    Condition.RAISED_FINE: (
        Wording("fine for an accident raised two to five times", "事故罚款按二倍以上五倍以下加处"),
        "B",
    ),
    Condition.CONCEALED: (Wording("accident concealed or falsely reported", "瞒报、谎报生产安全事故"), "B"),
    Condition.NO_RESCUE: (
        Wording("principal did not rescue, left or fled", "主要负责人不立即组织抢救、擅离职守或者逃匿"),
        "B",
    ),
    Condition.NO_PERMIT: (
        Wording("operating without or with a revoked permit", "未取得许可或者许可被暂扣、吊销仍从事生产经营"),
        "B",
    ),
    Condition.LENT_LICENCE: (
        Wording("agency lent its licence or gave false reports", "机构租借资质、挂靠、出具虚假报告"),
        "B",
    ),
    Condition.EVADED: (
        Wording("able to perform a penalty but refuses or evades it", "有能力履行而拒不履行、逃避行政处罚"),
        "C",
    ),
    Condition.OTHER: (Wording("other grave acts", "其他严重失信行为"), "C"),
}
ENTRIES: Editions[None] = Editions("credit_entry", not_held(EVER, LIST_2017), held(LIST_FROM, LIST, None))


@dataclass(frozen=True, kw_only=True)
class Acts(Input):
    """What a unit did."""

    day: dt.date = given("Day asked about", "判断日期")
    larger_accidents: tuple[dt.date, ...] | None = given("Days of larger accidents", "较大事故发生日期", default=None)
    acts: tuple[Condition, ...] | None = given(
        "What else was found",
        "经认定的其他情形",
        choices={one: name for one, (name, _) in CONDITIONS.items()},
        default=None,
    )

    def consistent(self) -> None:
        """Something was looked at, and be it that there was none (an empty list): silence clears nobody."""
        need_one_of(self, "larger_accidents", "acts")


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether an entry is to be proposed, and by which conditions; a person decides after notice."""

    propose: bool
    conditions: tuple[str, ...]


@rule(
    "credit_entry",
    Wording("What puts a unit on the list", "严重失信主体名单列入情形"),
    theme="credit",
    about=Wording(
        "the conditions met, accidents counted over the last twelve months",
        "判断是否符合列入情形，较大事故按12个月滚动计算",
    ),
    takes=Acts,
    editions=ENTRIES,
    dated_by="day",
    examples=(
        Example(
            {"day": "2026-03-01", "larger_accidents": ["2025-03-02", "2026-02-28"]},
            dt.date(2026, 3, 1),
            {"propose": True, "conditions": ["two_larger_accidents"]},
            "令第11号",
        ),
        Example(
            {"day": "2026-03-01", "larger_accidents": ["2025-03-01", "2026-02-28"]},
            dt.date(2026, 3, 1),
            {"propose": False},
            "令第11号",
        ),
    ),
    bounds=Wording(
        "the office that imposed the penalty decides, after notice, in writing",
        "由作出处罚的部门事先告知后书面决定列入",
    ),
)
def credit_entry(asked: Acts, on: dt.date) -> Finding[Entry]:
    """The conditions met; ``on`` is the day asked about.

    >>> credit_entry(Acts(day=LIST_FROM, acts=("concealed",)), LIST_FROM).value.propose
    True
    """
    edition = ENTRIES.on(on)
    since = months_before(asked.day, 12)
    larger = sum(since < day <= asked.day for day in asked.larger_accidents or ())
    met = set(asked.acts or ()) | ({Condition.TWO_LARGER} if larger >= 2 else set())
    ordered = sorted(met, key=list(Condition).index)
    recalled = any(CONDITIONS[one][1] == "C" for one in ordered)
    steps = [Wording(f"larger accidents after {since}: {larger}", f"{since}之后较大事故{larger}起")]
    steps += [CONDITIONS[one][0] for one in ordered] or [Wording("no condition is met", "不符合列入情形")]
    citation = edition.citation.at("", Confidence.C) if recalled else edition.citation
    return Finding(Entry(bool(ordered), tuple(ordered)), (citation,), {}, tuple(steps))


NOT_FROM_A_TEXT = "bounds by default are not from any text"
DEFAULT_BOUNDS = Citation("本地规定", "：分级分值", Confidence.D, LawLevel.LOCAL, note=NOT_FROM_A_TEXT)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which score a unit is of a grade."""

    a_from: Decimal = Decimal(90)
    b_from: Decimal = Decimal(80)
    c_from: Decimal = Decimal(60)

    def __iter__(self) -> Iterator[Decimal]:
        return iter((self.a_from, self.b_from, self.c_from))


BOUNDS = Bounds()
figures.enter("credit_grade", BOUNDS, Wording("grade", "信用分级"), DEFAULT_BOUNDS)
BY_FIGURE = Wording("90, 80 and 60 unless set locally", "未填按90、80、60分，另有本地设定的从其设定")
GRADES: Editions[None] = Editions(
    "credit_grade",
    not_held(EVER, Citation("安全生产法", "（2021年修正前）", valid_to=LAW_2021_FROM - ONE)),
    held(LAW_2021_FROM, safety_law("第六十二条第二款"), None),
)


@dataclass(frozen=True, kw_only=True)
class Scored(Input):
    """A unit's score and what overrides it; the bounds are the deployment's own."""

    score: Decimal = given("Score", "得分", least=0, most=100)
    a_from: Decimal | None = given("A from", "A级下限", least=0, most=100, hint=BY_FIGURE, default=None)
    b_from: Decimal | None = given("B from", "B级下限", least=0, most=100, hint=BY_FIGURE, default=None)
    c_from: Decimal | None = given("C from", "C级下限", least=0, most=100, hint=BY_FIGURE, default=None)
    fatal_in_a_year: bool = given("Fatal accident within a year", "一年内发生死亡事故", default=False)
    on_the_list: bool = given("On the list of gravely untrustworthy units", "列入严重失信主体名单", default=False)
    open_major_hazard: bool = given("Open major hazard", "存在未消除的重大事故隐患", default=False)

    def consistent(self) -> None:
        """The bounds fall from A to C."""
        a, b, c = (own if own is not None else kept for own, kept in zip(self._own, BOUNDS, strict=True))
        if not a >= b >= c:
            raise BadInput(
                "b_from",
                Wording(f"is {b}, not between c_from and a_from", f"为{b}，不在C级与A级下限之间"),
                Wording(f"a number from {c} to {a}", f"{c}至{a}的数字"),
            )

    @property
    def _own(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        return self.a_from, self.b_from, self.c_from

    def bounds(self, on: dt.date) -> tuple[Decimal, ...]:
        """The bounds of A, B and C: those given, else those in force on the day."""
        kept = figures.laid("credit_grade", BOUNDS, on)
        return tuple(own if own is not None else each for own, each in zip(self._own, kept, strict=True))


@rule(
    "credit_grade",
    Wording("Grade of a unit for supervision by class", "企业安全信用分级"),
    theme="credit",
    about=Wording(
        "A to D by score, with what overrides it; no national score exists, the bounds are local",
        "按得分和一票否决情形分为A、B、C、D级；国家未规定统一分值，均为本地参数",
    ),
    takes=Scored,
    editions=GRADES,
    examples=(
        Example({"score": 92}, dt.date(2026, 3, 1), {"grade": "A"}, "本地参数（待核实）"),
        Example({"score": 92, "open_major_hazard": True}, dt.date(2026, 3, 1), {"grade": "C"}, "本地参数（待核实）"),
        Example({"score": 92, "fatal_in_a_year": True}, dt.date(2026, 3, 1), {"grade": "D"}, "本地参数（待核实）"),
    ),
    bounds=Wording("every bound is a parameter to be verified", "各分值和否决情形均为参数，待核实"),
)
def credit_grade(asked: Scored, on: dt.date) -> Finding[dict[str, str]]:
    """The grade; ``on`` is the day asked about.

    >>> credit_grade(Scored(score=Decimal("79.9")), dt.date(2026, 3, 1)).value
    {'grade': 'C'}
    """
    edition = GRADES.on(on)
    a, b, c = asked.bounds(on)
    grade = next((name for name, bound in zip("ABC", (a, b, c), strict=True) if asked.score >= bound), "D")
    steps = [Wording(f"score {asked.score:f}: {grade}", f"得分{asked.score:f}：{grade}级")]
    if asked.open_major_hazard and grade in "AB":
        grade = "C"
        steps.append(Wording("an open major hazard: C at the best", "存在未消除的重大事故隐患：最高C级"))
    if asked.fatal_in_a_year or asked.on_the_list:
        grade = "D"
        steps.append(
            Wording("a fatal accident within a year, or on the list: D", "一年内发生死亡事故或者列入名单：D级")
        )
    parameter = local("credit_grade_bounds", f"分级分值A≥{a:f}、B≥{b:f}、C≥{c:f}")
    bounds = Citation(parameter.law, parameter.article, Confidence.D, parameter.level, note=NOT_FROM_A_TEXT)
    return Finding({"grade": grade}, (edition.citation, bounds), {}, tuple(steps))
