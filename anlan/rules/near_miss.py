"""较大涉险事故: an event in which nobody need have died, yet which is reported like a larger accident.

安监总局令第21号 第二十六条, read in secondary texts (B); how often it is reported again is recall (C).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.accident_clocks import ORDER_21, ORDER_21_AGAIN, ORDER_21_FROM
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given, need_one_of
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NEAR_MISS = ORDER_21.at("第二十六条", Confidence.B)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which number of persons: at risk, trapped or missing, evacuated."""

    at_risk: int
    trapped: int
    evacuated: int


EDITIONS: Editions[Bounds] = Editions(
    "near_miss",
    not_held(EVER, Citation(ORDER_21.law, "施行前的规定", valid_to=ORDER_21_FROM - dt.timedelta(days=1))),
    held(ORDER_21_FROM, NEAR_MISS, Bounds(10, 3, 500)),
)


@dataclass(frozen=True, kw_only=True)
class Happening(Input):
    """What happened, by those it endangered."""

    at_risk: int | None = given("Persons at risk", "涉险人数", unit="persons", least=0, default=None)
    trapped_or_missing: int | None = given(
        "Persons trapped or missing", "被困或者下落不明人数", unit="persons", least=0, default=None
    )
    evacuated: int | None = given(
        "Persons evacuated in emergency", "紧急疏散人数", unit="persons", least=0, default=None
    )
    serious_pollution: bool = given("Serious pollution of the environment", "对环境造成严重污染", default=False)
    key_site: bool = given("Safety of a key site or facility endangered", "危及重要场所和设施安全", default=False)
    other: bool = given("Any other event judged to be one", "其他较大涉险事故", default=False)
    occurred: dt.date | None = given("Day it happened", "发生日期", default=None)

    def consistent(self) -> None:
        """Something is said of what happened: silence is no event that is not of the class."""
        need_one_of(self, "at_risk", "trapped_or_missing", "evacuated", "serious_pollution", "key_site", "other")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Whether it is a near miss of the class, by which criteria, and how often a day it is reported again."""

    near_miss: bool
    met: tuple[str, ...]
    again_per_day: int | None


@rule(
    "near_miss",
    Wording("Near miss of the larger class", "较大涉险事故认定"),
    theme="accidents",
    about=Wording(
        "whether an event is reported as a larger near miss: ten at risk, three trapped, five hundred evacuated …",
        "是否属于较大涉险事故：涉险10人以上、被困或者下落不明3人以上、紧急疏散500人以上等",
    ),
    takes=Happening,
    editions=EDITIONS,
    dated_by="occurred",
    examples=(
        Example({"trapped_or_missing": 3}, dt.date(2026, 3, 1),
                {"near_miss": True, "met": ["trapped_or_missing"], "again_per_day": 1}, "令第21号 第二十六条"),
        Example({"at_risk": 9, "evacuated": 499}, dt.date(2026, 3, 1), {"near_miss": False, "met": []},
                "令第21号 第二十六条"),
    ),
    bounds=Wording(
        "whether a site is a key one and an event another of the class is a person's judgement",
        "是否属于重要场所和设施、是否属于其他较大涉险事故由人员判断",
    ),
)  # fmt: skip
def near_miss(asked: Happening, on: dt.date) -> Finding[NearMiss]:
    """Whether the event is of the class; ``on`` is its day.

    >>> near_miss(Happening(at_risk=10), dt.date(2026, 3, 1)).value.met
    ('at_risk',)
    """
    edition = EDITIONS.on(on)
    bounds = edition.held
    counted = (
        ("at_risk", Wording("at risk", "涉险"), asked.at_risk, bounds.at_risk),
        ("trapped_or_missing", Wording("trapped or missing", "被困或者下落不明"),
         asked.trapped_or_missing, bounds.trapped),
        ("evacuated", Wording("evacuated", "紧急疏散"), asked.evacuated, bounds.evacuated),
    )  # fmt: skip
    said = (
        ("serious_pollution", Wording("serious pollution", "造成环境严重污染"), asked.serious_pollution),
        ("key_site", Wording("a key site endangered", "危及重要场所和设施安全"), asked.key_site),
        ("other", Wording("another event of the class", "其他较大涉险事故"), asked.other),
    )
    steps, met = [], []
    for name, label, number, bound in counted:
        if number is None:
            steps.append(Wording(f"{label}: not given", f"{label.zh}人数未填"))
            continue
        reached = number >= bound
        en, zh = ("reached", "达到") if reached else ("not reached", "未达到")
        steps.append(Wording(f"{label}: {number} of {bound}: {en}", f"{label.zh}{number}人，标准{bound}人以上：{zh}"))
        met += [name] if reached else []
    for name, label, holds in said:
        if holds:
            steps.append(Wording(f"{label}", label.zh))
            met.append(name)
    yes = bool(met)
    ends = ("a larger near miss", "属于较大涉险事故") if yes else ("not of the class", "不属于较大涉险事故")
    steps.append(Wording(*ends))
    cited = (edition.citation, ORDER_21_AGAIN) if yes else (edition.citation,)
    if yes:
        steps.append(Wording("reported again at least once a day", "续报每日不少于1次"))
    return Finding(NearMiss(yes, tuple(met), 1 if yes else None), cited, {}, tuple(steps))
