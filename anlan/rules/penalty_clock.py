"""行政处罚程序的期限: filing, evidence, hearing, decision, service, payment, publication, rectification.

"二日""三日""五日""七日" of 行政处罚法 are working days (第八十五条); 15 days, 90 days and years are natural. What
only the order on safety penalties says is order 15 until 31 January 2026; order 18 is in force since and not held.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, held, not_held
from anlan.rules.enforcement_texts import (
    PENALTY_DAYS,
    by_order,
    by_penalty_law,
    by_safety_law,
)
from anlan.rules.inputs import Input, given
from anlan.rules.limits import (
    Limit,
    Sense,
    Term,
    Unit,
    choices,
    cited_by,
    clock,
    editions_of,
    require_moment,
    table,
    term,
)
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "penalty_clock"
DRAW_FROM = dt.date(2020, 1, 1)
DRAW = Citation(
    "国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见",
    "",
    Confidence.C,
    valid_from=DRAW_FROM,
    note="issued in 2019, its day is not held; answered from 2020",
    number="国发〔2019〕5号",
)
OTHER_TEXTS = Wording(
    "unless another law, regulation or rule sets another limit: order 15 did until 2026-01-31 (decision_by_order); "
    "order 18, in force from 2026-02-01, is not held",
    "法律、法规、规章另有规定的从其规定：2026年1月31日前令第15号另有规定（见 decision_by_order）；"
    "2026年2月1日起施行的令第18号文本未收录",
)
SUPERIOR = Wording(
    "a particularly grave or complex case: with the superior's approval up to 180 days from filing (to verify)",
    "案情特别复杂的，报上一级批准可延长至立案之日起180日（待核实）",
)


def _working(number: int, *, back: bool = False) -> Limit:
    return Limit(number, Unit.WORKING_DAYS, back=back, counted=PENALTY_DAYS)


FILED = Wording("the day of filing", "立案之日")
DECIDED = Wording("the day of the decision", "作出处罚决定之日")
ORDERED_BY = Wording("the last day of the order to rectify", "责令整改期限届满之日")
CLOCKS = table(
    clock(
        NAME,
        "liability",
        Wording("No penalty if not discovered within", "违法行为追究时效"),
        Wording("the day of the act, or its end if it went on", "违法行为发生之日，连续或者继续的自行为终了之日"),
        *by_penalty_law("第三十六条第一款", Limit(2, Unit.YEARS)),
    ),
    clock(
        NAME,
        "liability_with_harm",
        Wording(
            "No penalty if not discovered within (life, health or financial safety, with harmful results)",
            "违法行为追究时效（涉及公民生命健康安全、金融安全且有危害后果）",
        ),
        Wording("the day of the act, or its end if it went on", "违法行为发生之日，连续或者继续的自行为终了之日"),
        *by_penalty_law("第三十六条第一款", Limit(5, Unit.YEARS)),
    ),
    clock(
        NAME,
        "filing_urgent",
        Wording("Filing after an urgent investigation", "紧急情况先行调查后补办立案"),
        Wording("the day the investigation began", "开始调查之日"),
        *by_order("", Limit(5, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "preserved_evidence",
        Wording("Deciding on evidence registered and kept", "先行登记保存证据作出处理决定"),
        Wording("the day it was registered", "登记保存之日"),
        *by_penalty_law("第五十六条", _working(7)),
    ),
    clock(
        NAME,
        "hearing_request",
        Wording("Asking for a hearing", "当事人要求听证"),
        Wording("the day the right was told", "行政机关告知之日"),
        *by_penalty_law("第六十四条第一项", _working(5)),
    ),
    clock(
        NAME,
        "hearing_notice",
        Wording("Telling time and place of the hearing", "通知听证时间、地点"),
        Wording("the day of the hearing, counted back", "举行听证之日（倒算）"),
        *by_penalty_law("第六十四条第二项", _working(7, back=True)),
    ),
    clock(
        NAME,
        "decision",
        Wording("Decision on the penalty", "作出行政处罚决定"),
        FILED,
        *by_penalty_law("第六十条", Limit(90, Unit.DAYS, roll=True, said=(OTHER_TEXTS,))),
    ),
    clock(
        NAME,
        "decision_by_order",
        Wording("Decision on the penalty, by the order on safety penalties", "作出行政处罚决定（处罚办法规定的期限）"),
        FILED,
        *by_order("", Limit(30, Unit.DAYS, more=60, roll=True, said=(SUPERIOR,))),
    ),
    clock(
        NAME,
        "service",
        Wording("Serving the decision when the party was absent", "当事人不在场时送达处罚决定书"),
        Wording("the day it was announced", "宣告之日"),
        *by_penalty_law("第六十一条第一款", _working(7)),
    ),
    clock(
        NAME,
        "payment",
        Wording("Paying the fine", "缴纳罚款"),
        Wording("the day the decision was received", "收到处罚决定书之日"),
        *by_penalty_law("第六十七条第三款", Limit(15, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "cash_to_agency",
        Wording("Handing fines collected on the spot to the agency", "当场收缴的罚款交至行政机关"),
        Wording("the day of collection", "收缴之日"),
        *by_penalty_law("第七十一条", _working(2)),
    ),
    clock(
        NAME,
        "cash_to_bank",
        Wording("Agency paying collected fines to the bank", "行政机关将罚款缴付指定银行"),
        Wording("the day the agency received them", "行政机关收到之日"),
        *by_penalty_law("第七十一条", _working(2)),
    ),
    clock(
        NAME,
        "publication",
        Wording("Publishing the penalty", "处罚决定在公示系统公开曝光"),
        DECIDED,
        *by_safety_law("第七十八条第二款", Limit(7, Unit.WORKING_DAYS)),
    ),
    clock(
        NAME,
        "retraction",
        Wording(
            "Withdrawing a published decision that was changed or annulled", "撤回已变更、撤销的公开处罚信息并说明理由"
        ),
        Wording("the day it was changed or annulled", "被变更、撤销、确认违法或者无效之日"),
        *by_penalty_law("第四十八条第二款", _working(3)),
    ),
    clock(
        NAME,
        "large_penalty_filing",
        Wording("Filing a large penalty with the upper office", "重大行政处罚报上一级备案"),
        DECIDED,
        *by_order("", Limit(10, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "extension_request",
        Wording("Asking to extend an order to rectify", "申请延长责令整改期限"),
        ORDERED_BY,
        *by_order("第二十一条", Limit(10, Unit.DAYS, back=True, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "extension_answer",
        Wording("Answering the request to extend, in writing", "书面答复延长整改期限的申请"),
        Wording("the day of the request", "收到申请之日"),
        *by_order("第二十一条", Limit(5, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "recheck",
        Wording("Re-check of a rectification", "整改复查"),
        Wording("the unit's request or the end of the time limit", "收到复查申请或者整改期限届满之日"),
        *by_order("第二十一条", Limit(10, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "power_cut_notice",
        Wording("Telling the unit before power is cut", "停止供电前通知生产经营单位"),
        Wording("the hour of the cut, counted back", "停止供电之时（倒算）"),
        *by_safety_law("第七十条第二款", Limit(24, Unit.HOURS, back=True)),
    ),
    clock(
        NAME,
        "draw_result",
        Wording("Publishing the result of a check drawn by lot", "公开随机抽查结果"),
        Wording("the day the check ended", "抽查任务完成之日"),
        not_held(EVER, Citation(DRAW.law, "（2020年前）", number=DRAW.number)),
        held(DRAW_FROM, DRAW, Limit(20, Unit.WORKING_DAYS)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class PenaltyStep(Input):
    """Which limit of a penalty case, and the day it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")
    moment: dt.datetime | None = given("Hour it is counted from", "起算时刻", default=None)

    def consistent(self) -> None:
        """A limit in hours needs the hour."""
        require_moment(CLOCKS, self.step, self.start, self.moment)


@rule(
    NAME,
    Wording("Time limits of a penalty case", "行政处罚期限"),
    theme="enforcement",
    about=Wording(
        "the last day of each step of a penalty case, from discovery to payment and publication",
        "计算行政处罚从发现、立案、听证、决定、送达到缴款、公开各环节的期限",
    ),
    takes=PenaltyStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "payment", "start": "2026-09-20"},
            dt.date(2026, 9, 20),
            {"due": "2026-10-08", "raw": "2026-10-05", "provisional": False},
            "行政处罚法 第六十七条第三款",
        ),
        Example(
            {"step": "decision", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-06-01"},
            "行政处罚法 第六十条",
        ),
        Example(
            {"step": "decision_by_order", "start": "2026-01-30"},
            dt.date(2026, 1, 30),
            {"due": "2026-03-02", "extended": "2026-04-30"},
            "令第15号（待核实）",
        ),
        Example(
            {"step": "publication", "start": "2026-09-24"},
            dt.date(2026, 9, 24),
            {"due": "2026-10-12"},
            "安全生产法 第七十八条第二款",
        ),
        Example(
            {"step": "power_cut_notice", "start": "2026-03-02", "moment": "2026-03-02T10:00"},
            dt.date(2026, 3, 2),
            {"due": "2026-03-01T10:00+08:00"},
            "安全生产法 第七十条第二款",
        ),
    ),
    bounds=Wording(
        "what the order on safety penalties sets is not held from 2026-02-01 (order 18); the holiday rolls a natural "
        "limit forward by 民法典 203 (to verify)",
        "2026年2月1日起《安全生产违法行为行政处罚办法》（令第18号）规定的期限文本未收录；自然日期限届满日遇休息日依《民法典》第二百零三条顺延（待核实）",
    ),
)
def penalty_clock(asked: PenaltyStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> penalty_clock(PenaltyStep(step="service", start=dt.date(2026, 3, 2)), dt.date(2026, 3, 2)).value.due
    datetime.date(2026, 3, 11)
    >>> penalty_clock(PenaltyStep(step="recheck", start=dt.date(2026, 2, 1)), dt.date(2026, 2, 1))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.NotHeld: no text held: 《安全生产违法行为行政处罚办法》（应急管理部令第18号） on 2026-02-01
    """
    return term(CLOCKS[asked.step], asked.start, on, moment=asked.moment)
