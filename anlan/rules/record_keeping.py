"""危险化学品记录的保存期限: how long records of sales and of containers are kept; longer by the law of 2026-05-01."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Finding
from anlan.rules.inputs import Input, given
from anlan.rules.limits import Limit, Sense, Term, Unit, choices, cited_by, clock, editions_of, table, term
from anlan.rules.permit_texts import by_drug_precursors, hazchem_only
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "record_keeping"
MADE = Wording("the day of the record", "记录形成之日")


def _years(number: int) -> Limit:
    return Limit(number, Unit.YEARS, sense=Sense.AFTER)


CLOCKS = table(
    clock(
        NAME,
        "sale_records",
        Wording("Records of sales of highly toxic or explosive-prone chemicals", "剧毒、易制爆危险化学品销售记录"),
        MADE,
        *hazchem_only("第四十一条第一款", _years(1), "", _years(3)),
    ),
    clock(
        NAME,
        "drug_sale_ledger",
        Wording("Ledger of sales of precursors of drugs", "易制毒化学品销售台账和证明材料复印件"),
        MADE,
        *by_drug_precursors("第十九条第一款", _years(2)),
    ),
    clock(
        NAME,
        "drug_use_ledger",
        Wording("Ledger of the use of precursors of drugs of class I", "第一类易制毒化学品使用台账"),
        MADE,
        *by_drug_precursors("第十九条第二款", _years(2)),
    ),
    clock(
        NAME,
        "container_checks",
        Wording("Records of checks of reused containers", "重复使用的危险化学品包装物、容器检查记录"),
        MADE,
        *hazchem_only("第十八条第三款", _years(2), "", _years(3)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class Record(Input):
    """Which record, and the day it was made."""

    step: str = given("Record", "记录", choices=LABELS)
    start: dt.date = given("Day of the record", "记录日期")


@rule(
    NAME,
    Wording("How long records of hazardous chemicals are kept", "危险化学品记录保存期限"),
    theme="licensing",
    about=Wording(
        "until when a record of sales or of containers is kept at the least, by the text of its day",
        "推算销售记录、容器检查记录的最短保存期限，按记录形成之日有效的文本",
    ),
    takes=Record,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "sale_records", "start": "2026-04-30"},
            dt.date(2026, 4, 30),
            {"due": "2027-04-30", "sense": "after"},
            "危险化学品安全管理条例 第四十一条第一款",
        ),
        Example(
            {"step": "sale_records", "start": "2026-05-01"},
            dt.date(2026, 5, 1),
            {"due": "2029-05-01", "sense": "after"},
            "危险化学品安全法",
        ),
    ),
    bounds=Wording(
        "whether records made before 2026-05-01 are to be kept longer since then is not held",
        "2026年5月1日前形成的记录是否改按新法延长保存，文本未收录",
    ),
)
def record_keeping(asked: Record, on: dt.date) -> Finding[Term]:
    """Until when the record is kept; ``on`` is the day it was made.

    >>> record_keeping(Record(step="container_checks", start=dt.date(2024, 2, 29)), dt.date(2024, 2, 29)).value.due
    datetime.date(2026, 2, 28)
    """
    return term(CLOCKS[asked.step], asked.start, on)
