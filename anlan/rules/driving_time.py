"""危险化学品运输驾驶时间: how long a driver may drive at a stretch, and how long he rests (危险化学品安全法)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.permit_texts import CHEMICALS, HAZCHEM, HAZCHEM_FROM
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

BY_THE_LAW = HAZCHEM.at("")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Minutes at the wheel by day and by night, and minutes of rest between."""

    day: int
    night: int
    rest: int


EDITIONS: Editions[Bounds] = Editions(
    "driving_time",
    not_held(EVER, Citation(CHEMICALS.law, "（驾驶时间）", valid_to=HAZCHEM_FROM - dt.timedelta(days=1))),
    held(HAZCHEM_FROM, BY_THE_LAW, Bounds(240, 120, 20)),
)


@dataclass(frozen=True, kw_only=True)
class Drive(Input):
    """A stretch at the wheel of a vehicle with hazardous chemicals."""

    minutes: int = given("Minutes at the wheel without a rest", "连续驾驶时间", unit="minutes", least=0, most=2880)
    night: bool = given("At night", "夜间", default=False)
    rest_minutes: int | None = given("Rest that followed", "随后休息时间", unit="minutes", least=0, default=None)
    day: dt.date | None = given("Day of the drive", "行驶日期", default=None)


@dataclass(frozen=True, slots=True)
class Driven:
    """Whether it was within the limits, the most minutes allowed, those left, and whether the rest was long enough."""

    within: bool
    most_minutes: int
    minutes_left: int
    rested: bool | None


@rule(
    "driving_time",
    Wording("Driving time with hazardous chemicals", "危险化学品运输连续驾驶时间"),
    theme="licensing",
    about=Wording(
        "four hours by day, two by night at a stretch, with at least twenty minutes of rest",
        "日间连续驾驶不超过4小时、夜间不超过2小时，每次休息不少于20分钟",
    ),
    takes=Drive,
    editions=EDITIONS,
    dated_by="day",
    examples=(
        Example({"minutes": 241}, dt.date(2026, 6, 1), {"within": False, "most_minutes": 240, "minutes_left": 0},
                "危险化学品安全法"),
        Example({"minutes": 120, "night": True, "rest_minutes": 20}, dt.date(2026, 6, 1),
                {"within": True, "rested": True}, "危险化学品安全法"),
    ),
    bounds=Wording(
        "the article of the law is not held; which hours are night is for the authority",
        "条文序号尚未收录；夜间时段按主管部门规定",
    ),
)  # fmt: skip
def driving_time(asked: Drive, on: dt.date) -> Finding[Driven]:
    """Whether the stretch was lawful; ``on`` is its day.

    >>> driving_time(Drive(minutes=100), dt.date(2026, 6, 1)).value.minutes_left
    140
    """
    edition = EDITIONS.on(on)
    bounds = edition.held
    most = bounds.night if asked.night else bounds.day
    rested = None if asked.rest_minutes is None else asked.rest_minutes >= bounds.rest
    within = asked.minutes <= most and rested is not False
    steps = [
        Wording(f"{asked.minutes} of at most {most} minutes", f"连续驾驶{asked.minutes}分钟，上限{most}分钟"),
    ]
    if asked.rest_minutes is not None:
        steps.append(
            Wording(
                f"rest of {asked.rest_minutes} minutes, at least {bounds.rest}",
                f"休息{asked.rest_minutes}分钟，不少于{bounds.rest}分钟",
            )
        )
    value = Driven(within, most, max(most - asked.minutes, 0), rested)
    return Finding(value, (edition.citation,), {}, tuple(steps))
