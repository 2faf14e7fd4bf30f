"""The texts enforcement rests on, each with its days of force: 处罚法, 强制法, 复议法, 诉讼法, 移送规定, 令15, 令18.

安全生产违法行为行政处罚办法: order 15 ended with 31 January 2026, order 18 began on 1 February 2026 and its text is
not held, so whatever only the order says is not held from that day. What the law itself says goes on.
"""

from __future__ import annotations

import datetime as dt

from anlan.rules.citation import Citation, Confidence
from anlan.rules.editions import EVER, Edition, held, not_held, not_in_force
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.limits import UNDATED, UNDATED_NOTE, Limit
from anlan.rules.wording import Wording

PENALTY_FROM = dt.date(2021, 7, 15)
PENALTY = Citation("行政处罚法", "第八十六条", valid_from=PENALTY_FROM)
PENALTY_2017 = Citation("行政处罚法", "（2017年修正本）", valid_to=PENALTY_FROM - dt.timedelta(days=1))
PENALTY_DAYS = PENALTY.at("第八十五条")
SAFETY_2014 = Citation("安全生产法", "（2021年修正前）", valid_to=LAW_2021_FROM - dt.timedelta(days=1))

ORDER_18_FROM = dt.date(2026, 2, 1)
ORDER_15 = Citation(
    "安全生产违法行为行政处罚办法",
    "",
    Confidence.C,
    valid_from=UNDATED,
    valid_to=ORDER_18_FROM - dt.timedelta(days=1),
    note=UNDATED_NOTE,
    number="安监总局令第15号",
)
ORDER_18 = Citation(
    "安全生产违法行为行政处罚办法",
    "",
    Confidence.B,
    valid_from=ORDER_18_FROM,
    note="in force; its text is not held",
    number="应急管理部令第18号",
)

COERCION_FROM = dt.date(2012, 1, 1)
COERCION = Citation("行政强制法", "第七十一条", valid_from=COERCION_FROM)
COERCION_DAYS = COERCION.at("第六十九条")

REVIEW_FROM = dt.date(2024, 1, 1)
REVIEW = Citation("行政复议法", "第九十条", valid_from=REVIEW_FROM)
REVIEW_2017 = Citation("行政复议法", "（2023年修订前）", valid_to=REVIEW_FROM - dt.timedelta(days=1))
REVIEW_DAYS = REVIEW.at("第八十八条第二款")

SUIT_FROM = dt.date(2017, 7, 1)
SUIT = Citation(
    "行政诉讼法",
    "第四十六条第一款",
    valid_from=SUIT_FROM,
    note="2017 revision; its day of force is not printed in the copy read",
)
SUIT_2014 = Citation("行政诉讼法", "（2017年修正前）", valid_to=SUIT_FROM - dt.timedelta(days=1))

TRANSFER_FROM = dt.date(2020, 8, 7)
TRANSFER = Citation(
    "行政执法机关移送涉嫌犯罪案件的规定", "第五条第二款", valid_from=TRANSFER_FROM, number="国务院令第730号修正"
)
TRANSFER_2001 = Citation(
    "行政执法机关移送涉嫌犯罪案件的规定", "（2020年修正前）", valid_to=TRANSFER_FROM - dt.timedelta(days=1)
)
NATURAL_UNSAID = Wording(
    "the text does not say working days; natural days are counted", "条文未规定为工作日，按自然日计算"
)


def by_penalty_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 行政处罚法 2021; the edition before it is not held."""
    return (not_held(EVER, PENALTY_2017), held(PENALTY_FROM, PENALTY.at(article), limit))


def by_order(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step only the order sets: order 15 from recall (C), order 18 not held."""
    early = Citation(ORDER_15.law, "（2016年前文本）", valid_to=UNDATED - dt.timedelta(days=1), number=ORDER_15.number)
    return (
        not_held(EVER, early),
        held(UNDATED, ORDER_15.at(article), limit),
        not_held(ORDER_18_FROM, ORDER_18),
    )


def by_safety_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 安全生产法 as revised in 2021; the edition before it is not held."""
    return (not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, safety_law(article), limit))


def by_coercion_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 行政强制法, which there was not before 2012."""
    return (not_in_force(EVER, COERCION), held(COERCION_FROM, COERCION.at(article), limit))


def by_review_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 行政复议法 2023; the edition before it is not held."""
    return (not_held(EVER, REVIEW_2017), held(REVIEW_FROM, REVIEW.at(article), limit))


def by_suit_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 行政诉讼法 2017; the edition before it is not held."""
    return (not_held(EVER, SUIT_2014), held(SUIT_FROM, SUIT.at(article), limit))


def by_transfer_rules(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the rules on transfer as amended in 2020; those of 2001 are not held."""
    return (not_held(EVER, TRANSFER_2001), held(TRANSFER_FROM, TRANSFER.at(article), limit))
