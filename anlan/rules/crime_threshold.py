"""涉嫌犯罪移送提示: from which harm a case of neglected safety is handed to the police (法释〔2015〕22号 6, 7).

A cue, no judgement: whether somebody is responsible, and for what, is for those who decide the case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given, need_one_of
from anlan.rules.limits import UNDATED
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

THRESHOLD = Citation(
    "关于办理危害生产安全刑事案件适用法律若干问题的解释",
    "第六条",
    valid_from=UNDATED,
    note="its full title is recall; issued in 2015, its day is not held, answered from 2016",
    number="法释〔2015〕22号",
)
AGGRAVATED = THRESHOLD.at("第七条")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Deaths, serious injuries and direct loss (yuan) from which harm is serious, and from which it is grave."""

    serious: tuple[int, int, int]
    grave: tuple[int, int, int]


EDITIONS: Editions[Bounds] = Editions(
    "crime_threshold",
    not_held(EVER, Citation(THRESHOLD.law, "（2016年前）", valid_to=UNDATED - dt.timedelta(days=1))),
    held(UNDATED, THRESHOLD, Bounds((1, 3, 1_000_000), (3, 10, 5_000_000))),
)


@dataclass(frozen=True, kw_only=True)
class Harm(Input):
    """What the neglect caused."""

    deaths: int | None = given("Deaths", "死亡人数", unit="persons", least=0, default=None)
    serious_injuries: int | None = given("Serious injuries", "重伤人数", unit="persons", least=0, default=None)
    direct_loss_yuan: Decimal | None = given("Direct economic loss", "直接经济损失", unit="yuan", least=0, default=None)
    main_responsibility: bool = given("Mainly responsible for the accident", "负事故主要责任", default=False)
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)

    def consistent(self) -> None:
        """Some harm is counted: silence is no harm below the threshold."""
        need_one_of(self, "deaths", "serious_injuries", "direct_loss_yuan")


@dataclass(frozen=True, slots=True)
class Cue:
    """Whether the case is to be looked at for transfer, whether the harm is grave, and which numbers reached it."""

    transfer: bool
    grave: bool
    reached: tuple[str, ...]


@rule(
    "crime_threshold",
    Wording("Harm from which a case goes to the police", "涉嫌犯罪移送提示"),
    theme="enforcement",
    about=Wording(
        "one death, three serious injuries or a loss of one million yuan: look at the transfer of the case",
        "死亡1人、重伤3人或者直接经济损失100万元以上，提示按规定移送",
    ),
    takes=Harm,
    editions=EDITIONS,
    dated_by="occurred",
    examples=(
        Example({"deaths": 1}, dt.date(2026, 3, 1), {"transfer": True, "grave": False, "reached": ["deaths"]},
                "法释〔2015〕22号 第六条"),
        Example({"serious_injuries": 2, "direct_loss_yuan": 999_999}, dt.date(2026, 3, 1), {"transfer": False},
                "法释〔2015〕22号 第六条"),
        Example({"direct_loss_yuan": 5_000_000, "main_responsibility": True}, dt.date(2026, 3, 1), {"grave": True},
                "法释〔2015〕22号 第七条"),
    ),
    bounds=Wording(
        "later interpretations are not held; the police and the procuratorate decide",
        "后续司法解释尚未收录；是否立案由公安机关、检察机关决定",
    ),
)  # fmt: skip
def crime_threshold(asked: Harm, on: dt.date) -> Finding[Cue]:
    """The cue; ``on`` is the day of the accident.

    >>> crime_threshold(Harm(deaths=3, main_responsibility=True), dt.date(2026, 3, 1)).value.grave
    True
    """
    edition = EDITIONS.on(on)
    numbers: tuple[tuple[str, Wording, Decimal | int | None], ...] = (
        ("deaths", Wording("deaths", "死亡"), asked.deaths),
        ("serious_injuries", Wording("serious injuries", "重伤"), asked.serious_injuries),
        ("direct_loss_yuan", Wording("direct loss", "直接经济损失"), asked.direct_loss_yuan),
    )

    def reaching(bounds: tuple[int, int, int]) -> tuple[str, ...]:
        pairs = zip(numbers, bounds, strict=True)
        return tuple(name for (name, _, number), bound in pairs if number is not None and number >= bound)

    reached = reaching(edition.held.serious)
    grave = bool(reaching(edition.held.grave)) and asked.main_responsibility
    steps = [
        Wording(f"{label}: not given", f"{label.zh}未填")
        if number is None
        else Wording(f"{label}: {number:,} of {bound:,}", f"{label.zh}{number:,}，标准{bound:,}")
        for (_, label, number), bound in zip(numbers, edition.held.serious, strict=True)
    ]
    steps.append(
        Wording("to be looked at for transfer", "提示依法移送")
        if reached
        else Wording("below the threshold", "未达到移送提示标准")
    )
    if grave:
        steps.append(Wording("grave, with main responsibility", "情节特别恶劣，且负主要责任"))
    cited = (edition.citation, AGGRAVATED) if grave else (edition.citation,)
    return Finding(Cue(bool(reached), grave, reached), cited, {}, tuple(steps))
