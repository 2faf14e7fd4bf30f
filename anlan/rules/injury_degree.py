"""伤害程度: the degree of an injury by the work days lost to it (GB/T 6441-1986, recall).

Minor up to 104 days, serious from 105; a death is entered with 6000. Whether GB 6441-2025 keeps this is not held.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.accident_class import BEFORE, NEW, NEW_FROM, OLD, OLD_FROM
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording


class Degree(StrEnum):
    """The degrees of an injury."""

    MINOR = "minor"
    SERIOUS = "serious"
    DEATH = "death"


DEGREES = {
    Degree.MINOR: Wording("minor injury", "轻伤"),
    Degree.SERIOUS: Wording("serious injury", "重伤"),
    Degree.DEATH: Wording("death", "死亡"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """From how many lost work days an injury is serious, and with how many a death is entered."""

    serious: int
    death: int


EDITIONS: Editions[Days] = Editions(
    "injury_degree",
    not_held(EVER, BEFORE),
    held(OLD_FROM, OLD.at("", Confidence.C), Days(105, 6000)),
    not_held(NEW_FROM, Citation(NEW.law, "（伤害程度）", valid_from=NEW_FROM, number=NEW.number)),
    label=Wording("degree of an injury", "伤害程度"),
)


@dataclass(frozen=True, kw_only=True)
class Injury(Input):
    """One person's injury."""

    lost_days: int | None = given("Work days lost", "损失工作日", unit="days", least=1, most=6000, default=None)
    died: bool = given("The person died", "是否死亡", default=False)
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)

    def consistent(self) -> None:
        """The days lost are needed unless the person died."""
        if self.lost_days is None and not self.died:
            raise BadInput(
                "lost_days",
                Wording("is missing", "缺失"),
                Wording("work days lost, from 1 to 6000, or died true", "损失工作日1至6000，或者 died 为 true"),
            )


@dataclass(frozen=True, slots=True)
class Judged:
    """The degree, its name, and the days entered for it."""

    degree: Degree
    name: Wording
    lost_days: int


@rule(
    "injury_degree",
    Wording("Degree of an injury", "伤害程度"),
    theme="accidents",
    about=Wording(
        "minor to 104 lost work days, serious from 105, a death counts 6000",
        "损失工作日1至104日为轻伤，105日以上为重伤，死亡按6000日计",
    ),
    takes=Injury,
    editions=EDITIONS,
    dated_by="occurred",
    examples=(
        Example({"lost_days": 104}, dt.date(2026, 6, 30), {"degree": "minor", "lost_days": 104},
                "GB/T 6441-1986（待核实）"),
        Example({"lost_days": 105}, dt.date(2026, 6, 30), {"degree": "serious"}, "GB/T 6441-1986（待核实）"),
        Example({"died": True}, dt.date(2026, 6, 30), {"degree": "death", "lost_days": 6000},
                "GB/T 6441-1986（待核实）"),
    ),
    bounds=Wording(
        "by lost work days only; acute industrial poisoning counts as a serious injury when an accident is graded",
        "仅按损失工作日判定；事故定级时，急性工业中毒计入重伤人数",
    ),
)  # fmt: skip
def injury_degree(asked: Injury, on: dt.date) -> Finding[Judged]:
    """The degree; ``on`` is the day of the accident.

    >>> injury_degree(Injury(lost_days=105), dt.date(2026, 6, 30)).value.name.zh
    '重伤'
    """
    edition = EDITIONS.on(on)
    days = edition.held
    if asked.died:
        degree, lost = Degree.DEATH, days.death
        step = Wording(f"died: entered with {lost} days", f"死亡，按{lost}日计")
    else:
        lost = asked.lost_days or 0
        serious = lost >= days.serious
        degree = Degree.SERIOUS if serious else Degree.MINOR
        step = Wording(
            f"{lost} work days lost, serious from {days.serious}", f"损失工作日{lost}日，{days.serious}日以上为重伤"
        )
    steps = (step, Wording(f"{DEGREES[degree]}", DEGREES[degree].zh))
    return Finding(Judged(degree, DEGREES[degree], lost), (edition.citation,), {}, steps)
