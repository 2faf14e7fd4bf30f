"""周期性义务: by when a risk assessment is made again, information is published, a tip-off on an accident is checked.

Clocks that stand in no other theme: the review cycles of risk (危险化学品安全法 19, 令40 11 and 23, practice of
安委办〔2016〕11号) and publication on the government's own motion or on request (政府信息公开条例 26, 33).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.limits import Limit, Term, Unit, choices, cited_by, clock, editions_of, table, term, undated
from anlan.rules.permit_texts import HAZCHEM
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "review_cycle"
ONE = dt.timedelta(days=1)
PRACTICE_FROM = dt.date(2017, 1, 1)
PRACTICE = Citation(
    "关于实施遏制重特大事故工作指南构建双重预防机制的意见", "", Confidence.C, valid_from=PRACTICE_FROM,
    note="its full title is recall; issued in 2016, its day is not held; practice, not a number of the text",
    number="安委办〔2016〕11号",
)  # fmt: skip
ORDER_40 = undated("危险化学品重大危险源监督管理暂行规定", "第十一条", Confidence.C, "安监总局令第40号，第79号修正")
DISCLOSURE_FROM = dt.date(2020, 1, 1)
DISCLOSURE = Citation(
    "政府信息公开条例", "第二十六条", valid_from=DISCLOSURE_FROM,
    note="2019 revision; its day of force is not held, answered from 2020",
)  # fmt: skip


def _since(citation: Citation, limit: Limit, earlier: str) -> tuple[Edition[Limit], ...]:
    start = citation.valid_from
    assert start is not None
    before = Citation(citation.law, earlier, valid_to=start - ONE, number=citation.number)
    return (not_held(EVER, before), held(start, citation, limit))


ASSESSED = Wording("the day of the last assessment", "上次评估之日")
CLOCKS = table(
    clock(
        NAME, "unit_register", Wording("Going through the unit's register of risks", "企业安全风险清单全面评审"),
        Wording("the day it was last gone through", "上次评审之日"),
        *_since(PRACTICE, Limit(1, Unit.YEARS, said=(Wording(
            "and whenever plant or law changes or an accident happens",
            "工艺设备变化、发生事故、法律标准变化时及时评审"),)), "（2017年前）"),
    ),
    clock(
        NAME, "chemical_park", Wording("Assessing a chemical park as a whole", "化工园区整体性安全风险评估"), ASSESSED,
        *_since(HAZCHEM.at("第十九条"), Limit(3, Unit.YEARS, said=(Wording(
            "and when the park changes", "园区发生变化时及时评估"),)), "（2026年5月1日前）"),
    ),
    clock(
        NAME, "installation",
        Wording("Assessing a major hazard installation anew", "重大危险源重新辨识、评估、分级"), ASSESSED,
        *_since(ORDER_40, Limit(3, Unit.YEARS), "（2016年前）"),
    ),
    clock(
        NAME, "installation_filing", Wording("Filing a major hazard installation", "重大危险源备案"),
        Wording("the day the assessment report was done", "安全评估报告完成之日"),
        *_since(ORDER_40.at("第二十三条"), Limit(15, Unit.DAYS), "（2016年前）"),
    ),
    clock(
        NAME, "disclosure", Wording("Publishing information on one's own motion", "主动公开政府信息"),
        Wording("the day it was made or changed", "信息形成或者变更之日"),
        *_since(DISCLOSURE, Limit(20, Unit.WORKING_DAYS), "（2020年前）"),
    ),
    clock(
        NAME, "disclosure_answer", Wording("Answering a request for information", "答复政府信息公开申请"),
        Wording("the day the request was received", "收到申请之日"),
        *_since(DISCLOSURE.at("第三十三条"), Limit(20, Unit.WORKING_DAYS), "（2020年前）"),
    ),
)  # fmt: skip
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class Cycle(Input):
    """Which duty, and the day it is counted from."""

    step: str = given("Duty", "事项", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")


@rule(
    NAME,
    Wording("Review cycles and publication", "定期评估与信息公开期限"),
    theme="risk",
    about=Wording(
        "by when a risk assessment is made again, an installation filed, information published",
        "推算风险评估、重大危险源备案、信息公开等期限",
    ),
    takes=Cycle,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example({"step": "chemical_park", "start": "2026-06-01"}, dt.date(2026, 6, 1), {"due": "2029-06-01"},
                "危险化学品安全法 第十九条"),
        Example({"step": "disclosure", "start": "2026-01-30"}, dt.date(2026, 1, 30), {"due": "2026-03-05"},
                "政府信息公开条例 第二十六条；20个工作日的演算例"),
        Example({"step": "installation_filing", "start": "2026-03-02"}, dt.date(2026, 3, 2), {"due": "2026-03-17"},
                "令第40号 第二十三条（待核实）"),
    ),
    bounds=Wording(
        "the half-yearly survey of a unit and the three-yearly assessment of key areas are duties of planning "
        "documents (obligation SO-53, SO-44), not of law",
        "企业每半年排查、重点区域每3年评估系规划文件任务（见SO-53、SO-44），非法律规定",
    ),
)  # fmt: skip
def review_cycle(asked: Cycle, on: dt.date) -> Finding[Term]:
    """By when; ``on`` is the day it is counted from.

    >>> review_cycle(Cycle(step="installation", start=dt.date(2024, 2, 29)), dt.date(2024, 2, 29)).value.due
    datetime.date(2027, 2, 28)
    """
    return term(CLOCKS[asked.step], asked.start, on)
