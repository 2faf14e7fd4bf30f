"""易制毒化学品运输许可和备案: which paper the transport of a precursor of drugs needs, and for how long it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.permit_texts import DRUGS, DRUGS_2016, DRUGS_FROM
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording


class Reach(StrEnum):
    """How far a transport goes."""

    COUNTY = "county"
    CITY = "city"
    BEYOND = "beyond"


class Paper(StrEnum):
    """What it needs."""

    PERMIT = "permit"
    FILING = "filing"
    NONE = "none"


REACHES = {
    Reach.COUNTY: Wording("within one county", "同一县级行政区域内"),
    Reach.CITY: Wording("across counties of one city", "同一设区的市内跨县级行政区域"),
    Reach.BEYOND: Wording("beyond the city", "跨设区的市级行政区域"),
}
CLASSES = {
    "1": Wording("class I", "第一类"), "2": Wording("class II", "第二类"), "3": Wording("class III", "第三类"),
}  # fmt: skip
NO_PAPER = Wording("no transport permit or filing", "无须运输许可或者备案")


@dataclass(frozen=True, slots=True)
class Kind:
    """The paper of a class, who gives it, the months it holds (0: for one transport; None: not said), its clauses."""

    paper: Paper
    by: Wording
    months: int | None
    articles: tuple[str, ...]


KINDS = {
    "1": Kind(
        Paper.PERMIT,
        Wording("permit of the city's police at the place of dispatch", "运出地设区的市级公安机关运输许可证"),
        0, ("第二十条第一款", "第二十二条第一款"),
    ),
    "2": Kind(
        Paper.PERMIT,
        Wording("permit of the county's police at the place of dispatch", "运出地县级公安机关运输许可证"),
        3, ("第二十条第一款", "第二十二条第二款"),
    ),
    "3": Kind(
        Paper.FILING, Wording("filing with the county's police at the place of dispatch", "运出地县级公安机关备案证明"),
        None, ("第二十条第二款",),
    ),
}  # fmt: skip
HOLDS = {
    0: Wording("it holds for one transport", "一次有效"),
    3: Wording(
        "it holds 3 months, 12 after 6 months of safe transport",
        "3个月有效；6个月内运输安全状况良好的，发给12个月有效的",
    ),
}  # fmt: skip
EDITIONS: Editions[dict[str, Kind]] = Editions(
    "drug_transport", not_held(EVER, DRUGS_2016), held(DRUGS_FROM, DRUGS.at("第二十条第一款"), KINDS)
)


@dataclass(frozen=True, kw_only=True)
class Transport(Input):
    """What is sent how far."""

    drug_class: str = given("Class of the precursor of drugs", "易制毒化学品类别", choices=CLASSES)
    reach: Reach = given("How far it goes", "运输范围", choices=REACHES)
    key_area: bool = given(
        "From or within a key area against drugs", "国务院公安部门确定的禁毒形势严峻的重点地区", default=False,
        hint=Wording("there classes I and II need a permit across counties too",
                     "在重点地区跨县级行政区域运输第一类、第二类的，也须许可"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needed:
    """The paper, who gives it, and whether it holds for one transport only."""

    paper: Paper
    by: Wording
    once: bool


@rule(
    "drug_transport",
    Wording("Permit or filing for the transport of precursors of drugs", "易制毒化学品运输许可、备案"),
    theme="licensing",
    about=Wording(
        "which paper the transport of a precursor of drugs needs before it sets out, from whom, and how long it holds",
        "运输易制毒化学品启运前须取得的许可证或者备案证明、办理机关和有效期",
    ),
    takes=Transport,
    editions=EDITIONS,
    cites=lambda: (DRUGS.at(article) for kind in KINDS.values() for article in kind.articles),
    examples=(
        Example({"drug_class": "1", "reach": "beyond"}, dt.date(2026, 3, 1), {"paper": "permit", "once": True},
                "易制毒化学品管理条例 第二十条第一款"),
        Example({"drug_class": "2", "reach": "city"}, dt.date(2026, 3, 1), {"paper": "none"},
                "易制毒化学品管理条例 第二十条第一款"),
        Example({"drug_class": "2", "reach": "city", "key_area": True}, dt.date(2026, 3, 1),
                {"paper": "permit", "once": False}, "易制毒化学品管理条例 第二十条第一款"),
        Example({"drug_class": "3", "reach": "county"}, dt.date(2026, 3, 1), {"paper": "filing"},
                "易制毒化学品管理条例 第二十条第二款"),
    ),
    bounds=Wording(
        "samples and medicines free of a permit by article 23 and what patients carry by article 25 are not told apart",
        "第二十三条规定无须许可的样品、药品和第二十五条规定的随身携带药品，不作区分",
    ),
)  # fmt: skip
def drug_transport(asked: Transport, on: dt.date) -> Finding[Needed]:
    """Which paper a transport needs on a day.

    >>> drug_transport(Transport(drug_class="3", reach=Reach.COUNTY), dt.date(2026, 3, 1)).value.paper
    <Paper.FILING: 'filing'>
    """
    edition = EDITIONS.on(on)
    kind = edition.held[asked.drug_class]
    first, where = CLASSES[asked.drug_class], REACHES[asked.reach]
    cited = tuple(edition.citation.at(article) for article in kind.articles)
    free = asked.reach == Reach.COUNTY or (asked.reach == Reach.CITY and not asked.key_area)
    if kind.paper == Paper.PERMIT and free:
        said = Wording(f"{first}, {where}: {NO_PAPER}", f"{first.zh}，{where.zh}：{NO_PAPER.zh}")
        return Finding(Needed(Paper.NONE, NO_PAPER, False), cited[:1], {}, (said,))
    steps = [Wording(f"{first}, {where}: {kind.by}", f"{first.zh}，{where.zh}：{kind.by.zh}")]
    if kind.months is not None:
        steps.append(HOLDS[kind.months])
    return Finding(Needed(kind.paper, kind.by, kind.months == 0), cited, {}, tuple(steps))
