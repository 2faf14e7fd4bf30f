"""举报: by when a tip-off is settled and its reward fetched, and how much the reward is.

安全生产领域举报奖励办法 (安监总财〔2018〕19号): the sums were read in secondary texts (B), its time limits are from
recall (C). Insiders get more, by a share each province sets: a parameter. The reporter's identity is kept secret.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.accident_clocks import ORDER_21, ORDER_21_FROM
from anlan.rules.accident_grade import GRADE_NAMES, Grade
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import Limit, Term, Unit, choices, cited_by, clock, editions_of, local, table, term
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

FROM = dt.date(2019, 1, 1)
REWARDS = Citation(
    "安全生产领域举报奖励办法",
    "",
    Confidence.B,
    valid_from=FROM,
    note="read in secondary texts; issued in 2018, its day is not held, answered from 2019",
    number="安监总财〔2018〕19号",
)
EARLIER = Citation(REWARDS.law, "（2019年前）", valid_to=FROM - dt.timedelta(days=1))
LIMITS = REWARDS.at("", Confidence.C)
DUTY = safety_law("第七十六条")
TAKEN = Wording("the day it was received", "接到举报之日")


def _by_order_21(limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the order on accident reports, from recall (C)."""
    before = Citation(ORDER_21.law, "施行前的规定", valid_to=ORDER_21_FROM - dt.timedelta(days=1))
    return (not_held(EVER, before), held(ORDER_21_FROM, ORDER_21.at("第十四条", Confidence.C), limit))


CLOCKS = table(
    clock(
        "tipoff_clock",
        "closing",
        Wording("Settling a tip-off", "举报事项办结"),
        Wording("the day it was accepted", "受理之日"),
        not_held(EVER, EARLIER),
        held(
            FROM,
            LIMITS,
            Limit(
                60,
                Unit.DAYS,
                more=30,
                roll=True,
                said=(
                    Wording(
                        "extended with the superior's approval; the reporter is told why",
                        "延长须经上一级批准，并告知举报人理由",
                    ),
                ),
            ),
        ),
    ),
    clock(
        "tipoff_clock",
        "collection",
        Wording("Fetching the reward, else it is waived", "领取奖励，逾期视为放弃"),
        Wording("the day the notice was received", "接到领奖通知之日"),
        not_held(EVER, EARLIER),
        held(FROM, LIMITS, Limit(60, Unit.DAYS, roll=True)),
    ),
    clock(
        "tipoff_clock",
        "accident_check",
        Wording("First check of a tip-off on an accident, told to the superior", "事故举报初步核实并向上级报告"),
        TAKEN,
        *_by_order_21(Limit(5, Unit.DAYS)),
    ),
    clock(
        "tipoff_clock",
        "accident_result",
        Wording("Result of a tip-off on an accident", "事故举报核实结果"),
        TAKEN,
        *_by_order_21(Limit(2, Unit.MONTHS)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class TipoffStep(Input):
    """Which limit, and the day it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")


@rule(
    "tipoff_clock",
    Wording("Time limits of a tip-off", "举报办理期限"),
    theme="credit",
    about=Wording("by when a tip-off is settled and its reward is fetched", "推算举报办结和领取奖励的期限"),
    takes=TipoffStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "closing", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-05-06", "raw": "2026-05-01", "extended": "2026-06-01"},
            "安监总财〔2018〕19号（待核实）",
        ),
        Example(
            {"step": "accident_check", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-03-07"},
            "令第21号 第十四条（待核实）",
        ),
    ),
    bounds=Wording(
        "a limit of thirty and thirty days was found nationally nowhere; a region that sets it does so by itself",
        "“30日加30日”未见于国家规定，如地方另有规定按本地规定执行",
    ),
)
def tipoff_clock(asked: TipoffStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> tipoff_clock(TipoffStep(step="collection", start=dt.date(2026, 1, 5)), dt.date(2026, 1, 5)).value.due
    datetime.date(2026, 3, 6)
    """
    return term(CLOCKS[asked.step], asked.start, on)


class Subject(StrEnum):
    """What was reported."""

    HAZARD = "hazard"
    CONCEALED = "concealed_accident"


@dataclass(frozen=True, slots=True)
class Sums:
    """The share of the fine, its least and most, and the sum for each concealed death by grade; yuan."""

    share: Decimal
    least: int
    most: int
    per_death: dict[Grade, int]


EDITIONS: Editions[Sums] = Editions(
    "tipoff_reward",
    not_held(EVER, EARLIER),
    held(
        FROM,
        REWARDS,
        Sums(
            Decimal("0.15"),
            3_000,
            300_000,
            {Grade.ORDINARY: 30_000, Grade.LARGER: 40_000, Grade.MAJOR: 50_000, Grade.EXTRAORDINARY: 60_000},
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Tipoff(Input):
    """What was reported and verified."""

    subject: Subject = given(
        "What was reported",
        "举报事项",
        choices={
            Subject.HAZARD: Wording("a major hazard or an illegal act", "重大事故隐患或者安全生产违法行为"),
            Subject.CONCEALED: Wording("a concealed or false report of an accident", "瞒报、谎报事故"),
        },
    )
    reported: dt.date | None = given("Day of the tip-off", "举报日期", default=None)
    fine_yuan: Decimal | None = given("Fine imposed", "行政处罚罚款金额", unit="yuan", least=0, default=None)
    concealed_deaths: int | None = given(
        "Concealed deaths verified", "经查实的瞒报死亡人数", unit="persons", least=0, default=None
    )
    grade: Grade | None = given("Grade of the accident", "事故等级", choices=GRADE_NAMES, default=None)
    insider_percent: Decimal | None = given(
        "Added for an insider, as the province sets it",
        "内部举报人员提高奖励的比例（本省规定）",
        unit="%",
        least=0,
        most=100,
        default=None,
    )

    def consistent(self) -> None:
        """Each kind needs its own figures."""
        needed = ("fine_yuan",) if self.subject is Subject.HAZARD else ("concealed_deaths", "grade")
        for name in needed:
            if getattr(self, name) is None:
                raise BadInput(
                    name,
                    Wording("is missing: the reward is reckoned from it", "缺失：奖励金额据此计算"),
                    Wording(", ".join(Grade), "、".join(one.label.zh for one in Grade))
                    if name == "grade"
                    else Wording("a number from 0", "不小于0的数字"),
                )
        if self.concealed_deaths == 0:
            raise BadInput(
                "concealed_deaths",
                Wording("is 0: the sum is set by each concealed death", "为0：奖励按查实瞒报死亡人数计算"),
                Wording("a whole number from 1", "不小于1的整数"),
            )


@dataclass(frozen=True, slots=True)
class Reward:
    """The reward in yuan, the sum before its least and most, and the reward with an insider's share."""

    reward_yuan: Decimal
    reckoned_yuan: Decimal
    with_insider_yuan: Decimal | None


@rule(
    "tipoff_reward",
    Wording("Reward for a tip-off", "举报奖励金额"),
    theme="credit",
    about=Wording(
        "15% of the fine, from 3,000 to 300,000 yuan; for concealed accidents a sum for each death, to 300,000 yuan",
        "按罚款金额的15%计算，最低3000元、最高30万元；瞒报谎报事故按查实死亡人数计算，最高30万元",
    ),
    takes=Tipoff,
    editions=EDITIONS,
    dated_by="reported",
    examples=(
        Example(
            {"subject": "hazard", "fine_yuan": 100_000},
            dt.date(2026, 3, 1),
            {"reward_yuan": 15_000},
            "安监总财〔2018〕19号",
        ),
        Example(
            {"subject": "hazard", "fine_yuan": 5_000},
            dt.date(2026, 3, 1),
            {"reward_yuan": 3_000},
            "安监总财〔2018〕19号",
        ),
        Example(
            {"subject": "hazard", "fine_yuan": 5_000_000},
            dt.date(2026, 3, 1),
            {"reward_yuan": 300_000},
            "安监总财〔2018〕19号",
        ),
        Example(
            {"subject": "concealed_accident", "grade": "larger", "concealed_deaths": 3},
            dt.date(2026, 3, 1),
            {"reward_yuan": 120_000},
            "安监总财〔2018〕19号",
        ),
        Example(
            {"subject": "concealed_accident", "grade": "ordinary", "concealed_deaths": 12, "insider_percent": 20},
            dt.date(2026, 3, 1),
            {"reward_yuan": 300_000, "reckoned_yuan": 360_000, "with_insider_yuan": 300_000},
            "安监总财〔2018〕19号",
        ),
    ),
    bounds=Wording(
        "several reporters: the first valid one, joint ones share; ordinary hazards are rewarded by local rules",
        "多人举报的奖励最先有效举报人，联名举报的由署名人协商分配；一般事故隐患举报按本地规定奖励",
    ),
)
def tipoff_reward(asked: Tipoff, on: dt.date) -> Finding[Reward]:
    """The reward; ``on`` is the day of the tip-off.

    >>> tipoff_reward(Tipoff(subject="hazard", fine_yuan=Decimal(20_001)), dt.date(2026, 3, 1)).value.reward_yuan
    Decimal('3000.15')
    """
    edition = EDITIONS.on(on)
    sums = edition.held
    citations = [edition.citation]
    if on >= LAW_2021_FROM:
        citations.append(DUTY)
    most = Decimal(sums.most)
    if asked.subject is Subject.HAZARD:
        fine = asked.fine_yuan or Decimal(0)
        reckoned = fine * sums.share
        least = Decimal(sums.least)
        steps = [Wording(f"{fine:,f} × 15% = {reckoned:,f} yuan", f"{fine:,f}元×15%={reckoned:,f}元")]
    else:
        each = Decimal(sums.per_death[asked.grade or Grade.ORDINARY])
        deaths = asked.concealed_deaths or 0
        reckoned = each * deaths
        least = Decimal(0)
        steps = [
            Wording(
                f"{deaths} concealed deaths × {each:,f} = {reckoned:,f} yuan",
                f"瞒报死亡{deaths}人×{each:,f}元={reckoned:,f}元",
            )
        ]
    reward = min(max(reckoned, least), most)
    if reward != reckoned:
        steps.append(
            Wording(
                f"held within {least:,f} and {most:,f}: {reward:,f}", f"限于{least:,f}元至{most:,f}元：{reward:,f}元"
            )
        )
    insider = None
    if asked.insider_percent is not None:
        insider = min(reward * (1 + asked.insider_percent / 100), most)
        citations.append(local("insider_percent", f"内部举报人员提高奖励{asked.insider_percent:f}%"))
        steps.append(
            Wording(
                f"for an insider {asked.insider_percent:f}% more, kept within {most:,f}: {insider:,f}",
                f"内部举报人员提高{asked.insider_percent:f}%，仍不超过{most:,f}元：{insider:,f}元",
            )
        )
    return Finding(Reward(reward, reckoned, insider), tuple(citations), {}, tuple(steps))
