"""加处罚款、按日连续处罚、简易程序与听证、提请关闭: what a penalty comes to, and what its size asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.enforcement_texts import (
    ORDER_15,
    ORDER_18,
    ORDER_18_FROM,
    PENALTY,
    PENALTY_2017,
    PENALTY_FROM,
    SAFETY_2014,
)
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given, need_one_of
from anlan.rules.limits import UNDATED, months_before
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

ONE = dt.timedelta(days=1)
SURCHARGE = PENALTY.at("第七十二条第一款第一项")
SURCHARGE_STOPS = PENALTY.at("第七十三条第三款")
SURCHARGES: Editions[Decimal] = Editions(
    "penalty_surcharge", not_held(EVER, PENALTY_2017), held(PENALTY_FROM, SURCHARGE, Decimal("0.03"))
)


@dataclass(frozen=True, kw_only=True)
class UnpaidFine(Input):
    """A fine not paid in time."""

    fine_yuan: Decimal = given("Fine", "罚款数额", unit="yuan", above=0)
    due: dt.date = given("Last day to pay", "缴款期限届满日")
    paid: dt.date = given("Day of payment, or the day asked about", "缴款日或者计算截止日")
    stopped_days: int = given(
        "Days of review or suit, not counted", "行政复议或者诉讼期间日数（不予计算）", unit="days", least=0, default=0
    )

    def consistent(self) -> None:
        """Not more days stopped than there were."""
        late = max((self.paid - self.due).days, 0)
        if self.stopped_days > late:
            raise BadInput(
                "stopped_days",
                Wording(f"is {self.stopped_days}, of {late} days late", f"为{self.stopped_days}，逾期共{late}日"),
                Wording(f"0 to {late}", f"0至{late}"),
            )


@dataclass(frozen=True, slots=True)
class Surcharge:
    """Days that count, the surcharge, whether it reached the fine itself, and fine and surcharge together."""

    days: int
    surcharge_yuan: Decimal
    capped: bool
    total_yuan: Decimal


@rule(
    "penalty_surcharge",
    Wording("Surcharge on an unpaid fine", "加处罚款"),
    theme="enforcement",
    about=Wording(
        "three per cent of the fine for each day late, never more than the fine; review and suit stop it",
        "到期不缴纳罚款每日按罚款数额的百分之三加处，不超出罚款数额；复议、诉讼期间不予计算",
    ),
    takes=UnpaidFine,
    editions=SURCHARGES,
    dated_by="due",
    examples=(
        Example(
            {"fine_yuan": 50_000, "due": "2026-03-17", "paid": "2026-03-27"},
            dt.date(2026, 3, 17),
            {"days": 10, "surcharge_yuan": 15_000, "capped": False, "total_yuan": 65_000},
            "第七十二条第一款第一项",
        ),
        Example(
            {"fine_yuan": 50_000, "due": "2026-03-17", "paid": "2026-06-17", "stopped_days": 40},
            dt.date(2026, 3, 17),
            {"days": 52, "surcharge_yuan": 50_000, "capped": True},
            "第七十二条第一款第一项、第七十三条第三款",
        ),
    ),
)
def penalty_surcharge(asked: UnpaidFine, on: dt.date) -> Finding[Surcharge]:
    """The surcharge; ``on`` is the last day to pay.

    >>> asked = UnpaidFine(fine_yuan=100, due=dt.date(2026, 3, 2), paid=dt.date(2026, 3, 2))
    >>> penalty_surcharge(asked, dt.date(2026, 3, 2)).value.surcharge_yuan
    Decimal('0.00')
    """
    edition = SURCHARGES.on(on)
    late = max((asked.paid - asked.due).days, 0)
    days = late - asked.stopped_days
    full = asked.fine_yuan * edition.held * days
    surcharge = min(full, asked.fine_yuan)
    steps = [Wording(f"{late} days late", f"逾期{late}日")]
    citations: tuple[Citation, ...] = (edition.citation,)
    if asked.stopped_days:
        citations = (*citations, SURCHARGE_STOPS)
        steps.append(
            Wording(
                f"less {asked.stopped_days} days of review or suit: {days}",
                f"扣除复议或者诉讼期间{asked.stopped_days}日，计{days}日",
            )
        )
    steps.append(
        Wording(
            f"{asked.fine_yuan:,f} × 3% × {days} = {full:,f} yuan",
            f"{asked.fine_yuan:,f}元×3%×{days}日={full:,f}元",
        )
    )
    if full > asked.fine_yuan:
        steps.append(Wording(f"no more than the fine: {surcharge:,f} yuan", f"不得超出罚款数额，计{surcharge:,f}元"))
    value = Surcharge(days, surcharge, full > asked.fine_yuan, asked.fine_yuan + surcharge)
    return Finding(value, citations, {}, tuple(steps))


DAILY = safety_law("第一百一十二条")
DAILIES: Editions[None] = Editions("daily_penalty", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, DAILY, None))


@dataclass(frozen=True, kw_only=True)
class RefusedOrder(Input):
    """A unit fined and ordered to correct that refuses."""

    fine_yuan: Decimal = given("The first fine", "原处罚数额", unit="yuan", above=0)
    ordered: dt.date = given("Day of the order to correct", "作出责令改正之日")
    until: dt.date = given("Last day of the refusal", "拒不改正截止日")

    def consistent(self) -> None:
        """The refusal follows the order."""
        if self.until < self.ordered:
            raise BadInput(
                "until",
                Wording(f"is {self.until}, before the order", f"为{self.until}，早于责令改正之日"),
                Wording(f"a date from {self.ordered}", f"不早于{self.ordered}的日期"),
            )


@dataclass(frozen=True, slots=True)
class DailyPenalty:
    """From which day, for how many days, and what it comes to."""

    first_day: dt.date
    days: int
    total_yuan: Decimal


@rule(
    "daily_penalty",
    Wording("Penalty day by day", "按日连续处罚"),
    theme="enforcement",
    about=Wording(
        "from the day after the order to correct, the first fine again for every day the unit refuses",
        "自作出责令改正之日的次日起，按照原处罚数额按日连续处罚",
    ),
    takes=RefusedOrder,
    editions=DAILIES,
    dated_by="ordered",
    examples=(
        Example(
            {"fine_yuan": 20_000, "ordered": "2026-03-02", "until": "2026-03-12"},
            dt.date(2026, 3, 2),
            {"first_day": "2026-03-03", "days": 10, "total_yuan": 200_000},
            "第一百一十二条",
        ),
    ),
    bounds=Wording(
        "the law says the office may; whether it does is its decision", "法律规定为“可以”，是否实施由执法机关决定"
    ),
)
def daily_penalty(asked: RefusedOrder, on: dt.date) -> Finding[DailyPenalty]:
    """What the daily penalty comes to; ``on`` is the day of the order.

    >>> day = dt.date(2026, 3, 2)
    >>> daily_penalty(RefusedOrder(fine_yuan=1, ordered=day, until=day), day).value.days
    0
    """
    edition = DAILIES.on(on)
    days = (asked.until - asked.ordered).days
    total = asked.fine_yuan * days
    first = asked.ordered + ONE
    steps = (
        Wording(f"from {first} to {asked.until}: {days} days", f"自{first}至{asked.until}，计{days}日"),
        Wording(f"{asked.fine_yuan:,f} × {days} = {total:,f} yuan", f"{asked.fine_yuan:,f}元×{days}日={total:,f}元"),
    )
    return Finding(DailyPenalty(first, days, total), (edition.citation,), {}, steps)


class Party(StrEnum):
    """Who is penalised."""

    PERSON = "person"
    UNIT = "unit"


PARTIES = {Party.PERSON: Wording("a person", "公民（个人）"), Party.UNIT: Wording("a unit", "法人或者其他组织")}


@dataclass(frozen=True, slots=True)
class Simple:
    """Fines from which the simple procedure ends, and up to which cash may be collected, yuan."""

    person: int = 200
    unit: int = 3_000
    cash: int = 100


SIMPLE: Editions[Simple] = Editions(
    "penalty_procedure", not_held(EVER, PENALTY_2017), held(PENALTY_FROM, PENALTY.at("第五十一条"), Simple())
)
LARGE: Editions[dict[Party, int]] = Editions(
    "penalty_procedure: large fine",
    not_held(EVER, Citation(ORDER_15.law, "（2016年前文本）", number=ORDER_15.number)),
    held(UNDATED, ORDER_15.at("第三十三条"), {Party.PERSON: 20_000, Party.UNIT: 50_000}),
    not_held(ORDER_18_FROM, ORDER_18.at("较大数额罚款")),
    label=Wording("large fine", "较大数额罚款"),
)
HEARING = PENALTY.at("第六十三条第一款")
CASH = PENALTY.at("第六十八条第一项")
REVIEWED = PENALTY.at("第五十八条第一款第二项")


@dataclass(frozen=True, kw_only=True)
class Intended(Input):
    """A penalty as intended."""

    party: Party = given("Who is penalised", "当事人", choices=PARTIES)
    fine_yuan: Decimal | None = given(
        "Fine", "拟罚款数额", unit="yuan", least=0, default=None,
        hint=Wording("0 for a warning or a notice of criticism", "警告、通报批评填0"),
    )  # fmt: skip
    heavy: bool = given(
        "Large confiscation, licence lowered or revoked, stop, closure or ban",
        "没收较大数额违法所得或者较大价值非法财物、降低资质等级、吊销许可证件、责令停产停业、责令关闭、限制从业",
        default=False,
    )
    day: dt.date | None = given("Day of the act", "行为日期", default=None)
    large_fine_yuan: Decimal | None = given(
        "Large fine by the province's rule, if it set one",
        "本省规定的较大数额罚款标准",
        unit="yuan",
        above=0,
        default=None,
    )

    def consistent(self) -> None:
        """A penalty is intended: silence is no small fine."""
        need_one_of(self, "fine_yuan", "heavy")


@dataclass(frozen=True, slots=True)
class Procedure:
    """Whether it may be decided on the spot and cash taken; whether a hearing must be offered (``None``: not held)."""

    on_the_spot: bool
    cash: bool
    hearing: bool | None
    large_fine_yuan: Decimal | None
    legal_review_after_hearing: bool


@rule(
    "penalty_procedure",
    Wording("Simple procedure and hearing", "简易程序与听证"),
    theme="enforcement",
    about=Wording(
        "whether a penalty may be decided on the spot, cash may be taken, and a hearing must be offered",
        "判断拟作处罚能否适用简易程序、能否当场收缴、应否告知听证权利",
    ),
    takes=Intended,
    editions=(SIMPLE, LARGE),
    dated_by="day",
    examples=(
        Example(
            {"party": "unit", "fine_yuan": 3000},
            dt.date(2026, 3, 2),
            {"on_the_spot": True, "cash": False, "hearing": None},
            "行政处罚法 第五十一条；令第18号未收录",
        ),
        Example(
            {"party": "unit", "fine_yuan": 50_000},
            dt.date(2025, 6, 2),
            {"on_the_spot": False, "hearing": True, "large_fine_yuan": 50_000},
            "令第15号 第三十三条（待核实）",
        ),
        Example(
            {"party": "unit", "fine_yuan": 0, "heavy": True}, dt.date(2026, 3, 2), {"hearing": True}, "第六十三条第一款"
        ),
        Example(
            {"party": "person", "fine_yuan": 10_000, "large_fine_yuan": 10_000},
            dt.date(2026, 3, 2),
            {"hearing": True},
            "第六十三条第一款第一项",
        ),
    ),
    bounds=Wording(
        "from 2026-02-01 what a large fine is stands in order 18, which is not held: give the province's figure",
        "2026年2月1日起“较大数额罚款”标准以令第18号为准，其文本未收录；请填写本省规定的数额",
    ),
)
def penalty_procedure(asked: Intended, on: dt.date) -> Finding[Procedure]:
    """Which procedure the intended penalty asks for; ``on`` is its day.

    >>> penalty_procedure(Intended(party="person", fine_yuan=100), dt.date(2025, 3, 2)).value.cash
    True
    """
    edition = SIMPLE.on(on)
    bounds = edition.held
    most = bounds.person if asked.party is Party.PERSON else bounds.unit
    fine = asked.fine_yuan or Decimal(0)
    spot = fine <= most and not asked.heavy
    cash = spot and 0 < fine <= bounds.cash
    citations = [edition.citation, CASH, HEARING]
    can, can_zh = ("may", "可以") if spot else ("may not", "不得")
    steps = [
        Wording(
            f"{PARTIES[asked.party]}, fine {fine:,f} yuan, limit {most:,}: {can} be decided on the spot",
            f"{PARTIES[asked.party].zh}，拟罚款{fine:,f}元，限额{most:,}元：{can_zh}当场作出处罚决定",
        )
    ]
    large = asked.large_fine_yuan
    if large is not None:
        steps.append(Wording(f"large fine by the province: {large:,f} yuan", f"本省规定的较大数额罚款：{large:,f}元"))
    else:
        row = LARGE.at(on)
        if row.figures is not None:
            large = Decimal(row.figures[asked.party])
            citations.append(row.citation)
            steps.append(
                Wording(
                    f"large fine by order 15: {large:,f} yuan (to verify)",
                    f"令第15号较大数额罚款：{large:,f}元（待核实）",
                )
            )
        else:
            steps.append(
                Wording(
                    "what a large fine is, is not held for that day", "当日“较大数额罚款”标准文本未收录，请填写本省标准"
                )
            )
    hearing = True if asked.heavy else None if large is None else fine >= large
    said = {
        True: Wording("a hearing must be offered", "应当告知当事人有要求听证的权利"),
        False: Wording("no hearing need be offered", "不属于应当告知听证的情形"),
        None: Wording("whether a hearing must be offered is not settled", "应否告知听证权利尚不能确定"),
    }[hearing]
    steps.append(said)
    if hearing:
        citations.append(REVIEWED)
    return Finding(Procedure(spot, cash, hearing, large, hearing is True), tuple(citations), {}, tuple(steps))


CLOSURE = safety_law("第一百一十三条第一项")
CLOSURES: Editions[tuple[int, int, int, int]] = Editions(
    "closure_proposal", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, CLOSURE, (3, 180, 4, 12))
)


@dataclass(frozen=True, kw_only=True)
class Penalised(Input):
    """A unit with a major hazard and the days of its penalties under the safety law."""

    penalties: tuple[dt.date, ...] = given("Days of penalties", "受到安全生产法规定的行政处罚的日期")
    major_hazard: bool = given("A major hazard is there", "存在重大事故隐患")
    day: dt.date = given("Day asked about", "计算截止日")


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether closure is to be proposed, and the penalties in the last 180 days and in the last year."""

    propose: bool
    in_180_days: int
    in_one_year: int


@rule(
    "closure_proposal",
    Wording("When closure is to be proposed", "提请关闭"),
    theme="enforcement",
    about=Wording(
        "a major hazard and three penalties in 180 days or four in a year: the office proposes closure",
        "存在重大事故隐患，180日内三次或者一年内四次受到安全生产法规定的处罚的，应当提请关闭",
    ),
    takes=Penalised,
    editions=CLOSURES,
    dated_by="day",
    examples=(
        Example(
            {"penalties": ["2026-01-05", "2026-03-01", "2026-06-30"], "major_hazard": True, "day": "2026-06-30"},
            dt.date(2026, 6, 30),
            {"propose": True, "in_180_days": 3},
            "第一百一十三条第一项",
        ),
        Example(
            {"penalties": ["2026-01-01", "2026-03-01", "2026-06-30"], "major_hazard": True, "day": "2026-06-30"},
            dt.date(2026, 6, 30),
            {"propose": False, "in_180_days": 2, "in_one_year": 3},
            "第一百一十三条第一项",
        ),
    ),
    bounds=Wording(
        "only item 1; items 2 to 4 (unfit after a stop, major accident, refusal to stop) are facts a person finds",
        "仅计算第一项；第二项至第四项由承办人员认定",
    ),
)
def closure_proposal(asked: Penalised, on: dt.date) -> Finding[Closure]:
    """Whether closure is to be proposed; ``on`` is the day asked about.

    >>> closure_proposal(Penalised(penalties=(), major_hazard=True, day=LAW_2021_FROM), LAW_2021_FROM).value.propose
    False
    """
    edition = CLOSURES.on(on)
    three, days, four, months = edition.held
    recent, year = asked.day - dt.timedelta(days=days), months_before(asked.day, months)
    in_days = sum(recent < day <= asked.day for day in asked.penalties)
    in_year = sum(year < day <= asked.day for day in asked.penalties)
    propose = asked.major_hazard and (in_days >= three or in_year >= four)
    steps = (
        Wording(
            f"penalties after {recent} ({days} days): {in_days}; after {year} (a year): {in_year}",
            f"{recent}之后（{days}日内）受处罚{in_days}次；{year}之后（一年内）受处罚{in_year}次",
        ),
        Wording("closure is to be proposed", "应当提请地方人民政府予以关闭")
        if propose
        else Wording("item 1 is not met", "不符合第一项情形"),
    )
    return Finding(Closure(propose, in_days, in_year), (edition.citation,), {}, steps)
