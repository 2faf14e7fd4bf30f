"""重大事故隐患判定标准 by the edition of a day: what is in force, and the clauses a description points at.

The lists stand in ``hazard_list``. A list of which nothing is held refuses; so does the time before the first that is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from anlan.rules import hazard_list
from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held
from anlan.rules.hazard_list import SECTORS, HazardSet, Status
from anlan.rules.inputs import Input, given
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

ONE = dt.timedelta(days=1)
PROPOSED = 5
SUBJECTS = {
    code: SECTORS.get(code, Wording("Industry and trade", "工贸"))
    for code in dict.fromkeys(one.code for one in hazard_list.sets())
}


def _edition(start: dt.date | None, of: list[HazardSet]) -> Edition[tuple[HazardSet, ...]]:
    """The edition that begins on a day: held where titles of a list in force are."""
    on = start or dt.date.min
    valid = tuple(one for one in of if one.in_force(on))
    known = tuple(one for one in valid if one.status is not Status.NOT_HELD)
    if known:
        return held(start, known[-1].citation(), known)
    if valid:
        return not_held(start, valid[-1].citation())
    later = next(one for one in of if one.begins > on)
    earlier = f"（{later.begins:%Y-%m-%d}前的文本）" if later.valid_from else f"（{later.begins.year}年前的文本）"
    return not_held(start, Citation(later.title.zh, earlier, later.confidence, valid_to=later.begins - ONE))


def _editions(subject: str) -> Editions[tuple[HazardSet, ...]]:
    of = [one for one in hazard_list.sets() if one.code == subject]
    starts = {one.begins for one in of} | {one.valid_to + ONE for one in of if one.valid_to}
    rows = [_edition(start, of) for start in (EVER, *sorted(starts))]
    return Editions(f"hazard_criteria: {subject}", *rows)


EDITIONS = {subject: _editions(subject) for subject in SUBJECTS}


@dataclass(frozen=True, kw_only=True)
class Described(Input):
    """A subject, and a hazard in an inspector's words, if there is one."""

    subject: str = given("Subject of the list", "适用领域", choices=SUBJECTS)
    text: str | None = given("Description of the hazard", "隐患描述", longest=2000, default=None)
    found: dt.date | None = given("Day it was found", "发现日期", default=None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in force: its title, number, how many items it has, and from when."""

    title: Wording
    document_number: str
    item_count: int | None
    in_force_from: dt.date | None


@dataclass(frozen=True, slots=True)
class Pointed:
    """A clause to open and read: its code, its place as printed, our short title, the share of its words found."""

    code: str
    clause: str
    title: Wording
    share: Decimal
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """The lists in force, and the clauses a description points at, the nearest first; a person decides."""

    lists: tuple[Listed, ...]
    proposed: tuple[Pointed, ...]


@rule(
    "hazard_criteria",
    Wording("Criteria of major hazards", "重大事故隐患判定标准"),
    theme="hazards",
    about=Wording(
        "which list of criteria is in force for a subject, and which of its clauses a description points at",
        "查取某一领域当日有效的判定标准，并按隐患描述提示可能对应的条款",
    ),
    takes=Described,
    editions=tuple(EDITIONS.values()),
    dated_by="found",
    examples=(
        Example(
            {"subject": "industry_trade"},
            dt.date(2026, 5, 1),
            {"lists": [{"document_number": "应急管理部令第10号", "item_count": 65}], "proposed": []},
            "令第10号 第三条至第十四条",
        ),
        Example(
            {"subject": "industry_trade", "text": "污水池清淤作业未办理有限空间作业审批，现场无监护人"},
            dt.date(2026, 5, 1),
            {"lists": [{"item_count": 65}]},
            "令第10号 第十三条",
        ),
        Example(
            {"subject": "chemicals"},
            dt.date(2026, 9, 30),
            {"lists": [{"document_number": "安监总管三〔2017〕121号"}, {"document_number": "AQ 3067-2026"}]},
            "AQ 3067-2026",
        ),
        Example(
            {"subject": "mine_underground"},
            dt.date(2024, 4, 23),
            {"lists": [{"item_count": 32}, {"item_count": 4}]},
            "矿安〔2022〕88号、矿安〔2024〕41号",
        ),
    ),
    bounds=Wording(
        "the system proposes, a person reads the clause and decides; titles are our own short ones, the conditions "
        "stand in the official texts",
        "系统仅提示条款，由人员阅读原文后判定；条目标题为自拟简称，判定条件以正式文本为准",
    ),
)
def hazard_criteria(asked: Described, on: dt.date) -> Finding[Criteria]:
    """The lists in force for the subject; ``on`` is the day the hazard was found.

    >>> hazard_criteria(Described(subject="coal"), dt.date(2026, 7, 1))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.NotHeld: no text held: 《煤矿重大事故隐患判定标准（应急管理部令第21号）》 on 2026-07-01
    """
    valid = EDITIONS[asked.subject].on(on).held
    lists = tuple(Listed(one.title, one.number, one.items, one.valid_from) for one in valid)
    steps = [
        Wording(
            f"{one.title} ({one.number}): {one.items} items, held as short titles",
            f"《{one.title.zh}》（{one.number}）：共{one.items}项，仅收录条目简称",
        )
        for one in valid
    ]
    proposed: tuple[Pointed, ...] = ()
    if asked.text is not None:
        proposed = tuple(
            Pointed(
                found.clause.code,
                str(found.clause.citation),
                found.clause.title,
                Decimal(str(found.score)),
                found.words,
            )
            for found in hazard_list.propose(asked.text, on=on, limit=PROPOSED, set=asked.subject)
        )
        steps += [
            Wording(f"{one.clause} {one.title}: look at it", f"{one.clause}{one.title.zh}：提示核对")
            for one in proposed
        ] or [Wording("its words point at no clause", "未提示对应条款")]
        steps.append(Wording("a person decides", "由人员判定"))
    return Finding(Criteria(lists, proposed), tuple(one.citation() for one in valid), {}, tuple(steps))
