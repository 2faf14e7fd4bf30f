"""行政复议与行政诉讼的期限: application, check, reply, decision; suit, filing, judgment, appeal.

3, 5, 7 and 10 days of 行政复议法 are working days (第八十八条第二款); 30 and 60 days, and every limit of 行政诉讼法,
are natural. A penalty is carried out meanwhile (行政处罚法 第七十三条第一款), while its surcharge stops.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Finding
from anlan.rules.enforcement_texts import REVIEW_DAYS as DAYS
from anlan.rules.enforcement_texts import by_review_law, by_suit_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import Limit, Term, Unit, choices, cited_by, clock, editions_of, table, term
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "remedy_clock"
KNOWN = Wording("the day the act was known or should have been", "知道或者应当知道行政行为之日")
ACCEPTED = Wording("the day the application was accepted", "受理复议申请之日")
RECEIVED = Wording("the day the application arrived", "收到复议申请之日")
COPY = Wording("the day the copy was received", "收到申请书副本之日")
CLOCKS = table(
    clock(
        NAME,
        "review_application",
        Wording("Applying for administrative review", "申请行政复议"),
        KNOWN,
        *by_review_law("第二十条第一款", Limit(60, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "review_application_untold",
        Wording(
            "Applying for review when the right was never told, at the longest", "未告知复议权利时申请复议的最长期限"
        ),
        Wording("the day the content of the act was known", "知道或者应当知道行政行为内容之日"),
        *by_review_law("第二十条第三款", Limit(1, Unit.YEARS, roll=True)),
    ),
    clock(
        NAME,
        "review_check",
        Wording("Checking whether to accept", "审查是否受理"),
        RECEIVED,
        *by_review_law("第三十条第一款", Limit(5, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_supplement_notice",
        Wording("Telling what is missing", "通知补正"),
        RECEIVED,
        *by_review_law("第三十一条第一款", Limit(5, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_supplement",
        Wording("Handing in what is missing", "提交补正材料"),
        Wording("the day the notice was received", "收到补正通知之日"),
        *by_review_law("第三十一条第二款", Limit(10, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_copy",
        Wording("Sending the copy to the respondent", "发送申请书副本"),
        ACCEPTED,
        *by_review_law("第四十八条", Limit(7, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_reply",
        Wording("Reply of the respondent with its evidence", "被申请人书面答复并提交证据、依据"),
        COPY,
        *by_review_law("第四十八条", Limit(10, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_copy_simple",
        Wording("Sending the copy, simplified procedure", "发送申请书副本（简易程序）"),
        ACCEPTED,
        *by_review_law("第五十四条第一款", Limit(3, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_reply_simple",
        Wording("Reply of the respondent, simplified procedure", "被申请人书面答复（简易程序）"),
        COPY,
        *by_review_law("第五十四条第一款", Limit(5, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "review_decision",
        Wording("Decision on the review", "作出行政复议决定"),
        ACCEPTED,
        *by_review_law("第六十二条第一款", Limit(60, Unit.DAYS, more=30, roll=True)),
    ),
    clock(
        NAME,
        "review_decision_simple",
        Wording("Decision on the review, simplified procedure", "作出行政复议决定（简易程序）"),
        ACCEPTED,
        *by_review_law("第六十二条第二款", Limit(30, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "suit",
        Wording("Suit without review", "直接提起行政诉讼"),
        KNOWN,
        *by_suit_law("第四十六条第一款", Limit(6, Unit.MONTHS, roll=True)),
    ),
    clock(
        NAME,
        "suit_longest",
        Wording("Suit at the longest", "提起行政诉讼的最长期限"),
        Wording("the day of the act", "行政行为作出之日"),
        *by_suit_law("第四十六条第二款", Limit(5, Unit.YEARS, roll=True)),
    ),
    clock(
        NAME,
        "suit_after_review",
        Wording("Suit after the review", "不服复议决定提起诉讼"),
        Wording(
            "the day the decision was received, or the review's time ran out", "收到复议决定书之日，或者复议期满之日"
        ),
        *by_suit_law("第四十五条", Limit(15, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "suit_filing",
        Wording("Court deciding whether to file the case", "人民法院决定是否立案"),
        Wording("the day the complaint was received", "收到起诉状之日"),
        *by_suit_law("第五十一条第二款", Limit(7, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "first_judgment",
        Wording("Judgment of first instance", "第一审判决"),
        Wording("the day the case was filed", "立案之日"),
        *by_suit_law("第八十一条", Limit(6, Unit.MONTHS, roll=True)),
    ),
    clock(
        NAME,
        "appeal",
        Wording("Appeal against a judgment", "对第一审判决上诉"),
        Wording("the day the judgment was served", "判决书送达之日"),
        *by_suit_law("第八十五条", Limit(15, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "appeal_ruling",
        Wording("Appeal against a ruling", "对第一审裁定上诉"),
        Wording("the day the ruling was served", "裁定书送达之日"),
        *by_suit_law("第八十五条", Limit(10, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "final_judgment",
        Wording("Judgment on the appeal", "终审判决"),
        Wording("the day the appeal was received", "收到上诉状之日"),
        *by_suit_law("第八十八条", Limit(3, Unit.MONTHS, roll=True)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class RemedyStep(Input):
    """Which limit, and the day it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")


@rule(
    NAME,
    Wording("Time limits of review and litigation", "行政复议和行政诉讼期限"),
    theme="enforcement",
    about=Wording(
        "the last day of each step of administrative review and of a suit against an administrative act",
        "计算行政复议和行政诉讼各环节的期限",
    ),
    takes=RemedyStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "review_application", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-05-06", "raw": "2026-05-01"},
            "行政复议法 第二十条第一款",
        ),
        Example(
            {"step": "review_reply", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-03-16", "unit": "working_days"},
            "行政复议法 第四十八条、第八十八条第二款",
        ),
        Example(
            {"step": "suit", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-09-02"},
            "行政诉讼法 第四十六条第一款",
        ),
    ),
    bounds=Wording(
        "acts over real estate and laws that set other limits are left out",
        "因不动产提起的案件和法律另有规定的期限不在此列",
    ),
)
def remedy_clock(asked: RemedyStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> remedy_clock(RemedyStep(step="suit_after_review", start=dt.date(2026, 3, 2)), dt.date(2026, 3, 2)).value.due
    datetime.date(2026, 3, 17)
    """
    return term(CLOCKS[asked.step], asked.start, on)
