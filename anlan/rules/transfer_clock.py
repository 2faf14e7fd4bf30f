"""行刑衔接的期限: handing a case that may be a crime to the police (行政执法机关移送涉嫌犯罪案件的规定, 2020).

Its days are not said to be working days and are counted as natural days, unrolled: the earlier and safer day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Finding
from anlan.rules.enforcement_texts import NATURAL_UNSAID, by_transfer_rules
from anlan.rules.inputs import Input, given
from anlan.rules.limits import Limit, Term, Unit, choices, cited_by, clock, editions_of, require_moment, table, term
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "transfer_clock"
THREE_DAYS = Limit(3, Unit.DAYS, said=(NATURAL_UNSAID,))
ADVISE = Wording("the day the answer was received", "收到复议决定通知书之日")
CLOCKS = table(
    clock(
        NAME,
        "decision",
        Wording("Head deciding whether to transfer", "负责人决定是否批准移送"),
        Wording("the day of the report", "接到报告之日"),
        *by_transfer_rules("第五条第二款", THREE_DAYS),
    ),
    clock(
        NAME,
        "handover",
        Wording("Transferring to the police of the same level", "向同级公安机关移送"),
        Wording("the hour of the approval", "决定批准之时"),
        *by_transfer_rules("第五条第二款", Limit(24, Unit.HOURS)),
    ),
    clock(
        NAME,
        "forwarding",
        Wording("Police forwarding to the office in charge", "公安机关转送有管辖权的机关"),
        Wording("the hour of the transfer", "接受移送之时"),
        *by_transfer_rules("第七条", Limit(24, Unit.HOURS)),
    ),
    clock(
        NAME,
        "police_decision",
        Wording("Police deciding whether to file", "公安机关决定是否立案"),
        Wording("the day the case was taken over", "接受移送案件之日"),
        *by_transfer_rules("第八条", THREE_DAYS),
    ),
    clock(
        NAME,
        "objection",
        Wording("Asking the police to decide again", "提请公安机关复议"),
        Wording("the day the refusal was received", "接到不予立案通知书之日"),
        *by_transfer_rules("第九条第一款", THREE_DAYS),
    ),
    clock(
        NAME,
        "objection_answer",
        Wording("Police answering the request", "公安机关作出复议决定"),
        Wording("the day the request was received", "收到提请复议文件之日"),
        *by_transfer_rules("第九条第二款", THREE_DAYS),
    ),
    clock(
        NAME,
        "prosecutor",
        Wording("Advising the procuratorate to supervise", "建议人民检察院立案监督"),
        ADVISE,
        *by_transfer_rules("第九条第二款", THREE_DAYS),
    ),
    clock(
        NAME,
        "items",
        Wording("Handing over the items and papers of a filed case", "移交涉案物品和材料"),
        Wording("the day the notice of filing was received", "接到立案通知书之日"),
        *by_transfer_rules("第十二条", THREE_DAYS),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class TransferStep(Input):
    """Which limit, and the day or hour it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")
    moment: dt.datetime | None = given("Hour it is counted from", "起算时刻", default=None)

    def consistent(self) -> None:
        """A limit in hours needs the hour."""
        require_moment(CLOCKS, self.step, self.start, self.moment)


@rule(
    NAME,
    Wording("Time limits of transferring a case to the police", "涉嫌犯罪案件移送期限"),
    theme="enforcement",
    about=Wording(
        "the last day or hour of each step between the office, the police and the procuratorate",
        "计算行政执法机关、公安机关、人民检察院之间移送案件各环节的期限",
    ),
    takes=TransferStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "decision", "start": "2026-03-05"}, dt.date(2026, 3, 5), {"due": "2026-03-08"}, "第五条第二款"
        ),
        Example(
            {"step": "handover", "start": "2026-03-05", "moment": "2026-03-05T16:00"},
            dt.date(2026, 3, 5),
            {"due": "2026-03-06T16:00+08:00"},
            "第五条第二款",
        ),
    ),
    bounds=Wording(
        "the joint notice on safety cases (应急〔2019〕54号) adds steps of the police that were not read",
        "《安全生产行政执法与刑事司法衔接工作办法》（应急〔2019〕54号）另有规定，文本未收录",
    ),
)
def transfer_clock(asked: TransferStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> transfer_clock(TransferStep(step="items", start=dt.date(2026, 3, 5)), dt.date(2026, 3, 5)).value.due
    datetime.date(2026, 3, 8)
    """
    return term(CLOCKS[asked.step], asked.start, on, moment=asked.moment)
