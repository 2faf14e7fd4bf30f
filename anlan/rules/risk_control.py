"""管控层级与隐患反复: who controls a risk at the least, and when hazards that come back make it graver.

Neither is statute. The lowest level of control follows the practice of 安委办〔2016〕11号 and provincial rules after it
(confidence C): the upper level controls everything the levels below control. That hazards found again and again on
one risk point raise it by a level is a convention of this platform; its threshold is a parameter of the deployment.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.risk_scores import COLOURS, Colour, RiskLevel, coloured
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

CONTROL = Citation("风险分级管控层级", "", Confidence.C, Level.METHOD, note="practice after 安委办〔2016〕11号")
REPEATED = Citation(
    "本地规定", "：隐患反复的风险点升级管控", Confidence.A, Level.LOCAL, note="a convention of this platform"
)
DAY = dt.date(2026, 3, 1)


class ControlLevel(StrEnum):
    """The level of the enterprise that controls a risk, the highest first."""

    COMPANY = "company"
    WORKSHOP = "workshop"
    TEAM = "team"
    POST = "post"

    @property
    def rank(self) -> int:
        """3 for the company to 0 for the post."""
        return 3 - list(ControlLevel).index(self)


CONTROLS = {
    ControlLevel.COMPANY: Wording("company", "公司（厂）级"),
    ControlLevel.WORKSHOP: Wording("workshop or department", "车间（部门）级"),
    ControlLevel.TEAM: Wording("team", "班组级"),
    ControlLevel.POST: Wording("post", "岗位级"),
}
LOWEST = {
    RiskLevel.MAJOR: ControlLevel.COMPANY,
    RiskLevel.LARGER: ControlLevel.WORKSHOP,
    RiskLevel.GENERAL: ControlLevel.WORKSHOP,
    RiskLevel.LOW: ControlLevel.POST,
}
CONTROL_EDITIONS = Editions("risk_control", held(EVER, CONTROL, LOWEST))
REPEATED_EDITIONS = Editions("risk_repeated", held(EVER, REPEATED, 1))


@dataclass(frozen=True, kw_only=True)
class Controlled(Input):
    """A risk's colour and who controls it."""

    colour: Colour = given("Colour of the risk", "风险颜色", choices=COLOURS)
    control_level: ControlLevel = given("Level that controls it", "管控层级", choices=CONTROLS)

    def consistent(self) -> None:
        """The level is not below the lowest one for the colour."""
        lowest = LOWEST[self.colour.level]
        if self.control_level.rank < lowest.rank:
            enough = [level for level in ControlLevel if level.rank >= lowest.rank]
            raise BadInput(
                "control_level",
                Wording(
                    f"is {CONTROLS[self.control_level]}, too low for a {self.colour.level.label}",
                    f"为{CONTROLS[self.control_level].zh}，低于{self.colour.level.label.zh}的最低管控层级",
                ),
                Wording(", ".join(CONTROLS[one] for one in enough), "、".join(CONTROLS[one].zh for one in enough)),
            )


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls a risk: the level given, and the lowest one its colour allows."""

    control_level: ControlLevel
    lowest: ControlLevel


@rule(
    "risk_control",
    Wording("Who controls a risk", "风险管控层级"),
    theme="risk",
    about=Wording(
        "the lowest level of the enterprise that may control a risk of a colour", "各级风险的最低管控层级"
    ),
    takes=Controlled,
    editions=CONTROL_EDITIONS,
    method=True,
    examples=(
        Example(
            {"colour": "red", "control_level": "company"}, DAY, {"lowest": "company"}, "重大风险"
        ),
        Example({"colour": "blue", "control_level": "team"}, DAY, {"lowest": "post"}, "低风险"),
    ),
    bounds=Wording(
        "the law asks for graded control and names no levels; an enterprise may control higher up",
        "法律要求分级管控而未规定层级；单位可以提级管控",
    ),
)  # fmt: skip
def risk_control(asked: Controlled, on: dt.date) -> Finding[Control]:
    """The level that controls a risk, and the lowest that may.

    >>> risk_control(Controlled(colour=Colour.ORANGE, control_level=ControlLevel.COMPANY), DAY).value.lowest.value
    'workshop'
    """
    edition = CONTROL_EDITIONS.on(on)
    lowest = edition.held[asked.colour.level]
    step = Wording(
        f"{asked.colour.level.label}: {CONTROLS[lowest]} at the least; controlled by {CONTROLS[asked.control_level]}",
        f"{asked.colour.level.label.zh}：最低为{CONTROLS[lowest].zh}；由{CONTROLS[asked.control_level].zh}管控",
    )
    return Finding(Control(asked.control_level, lowest), coloured(edition.citation, on), {}, (step,))


@dataclass(frozen=True, kw_only=True)
class Repeated(Input):
    """Hazards found on one risk point within a stretch of days."""

    colour: Colour = given("Colour shown now", "当前颜色", choices=COLOURS)
    hazards: int = given("Hazards found since it was assessed or raised", "评估或者升级以来发现的隐患数", least=0)
    threshold: int = given("Hazards that raise it", "升级所需隐患数", least=1, default=3)
    days: int = given("Days looked back", "回看天数", unit="days", least=1, default=180)


@dataclass(frozen=True, slots=True)
class Raised:
    """Whether the level is raised, and the colour to be shown."""

    raised: bool
    colour: Colour


@rule(
    "risk_repeated",
    Wording("Hazards that come back raise a risk", "隐患反复的风险升级"),
    theme="risk",
    about=Wording(
        "a risk point on which hazards are found again and again is shown one level graver",
        "反复出现隐患的风险点提高一级管控",
    ),
    takes=Repeated,
    editions=REPEATED_EDITIONS,
    method=True,
    examples=(
        Example({"colour": "yellow", "hazards": 3}, DAY, {"raised": True, "colour": "orange"}, "3起"),
        Example({"colour": "yellow", "hazards": 2}, DAY, {"raised": False, "colour": "yellow"}, "2起"),
        Example({"colour": "red", "hazards": 9}, DAY, {"raised": False, "colour": "red"}, "已为红色"),
    ),
    bounds=Wording(
        "no statute says so; only a new assessment lowers the level again",
        "法律未作规定，此处为本平台约定，可由属地另行规定；仅经重新评估方可降级",
    ),
)
def risk_repeated(asked: Repeated, on: dt.date) -> Finding[Raised]:
    """One level graver from the threshold on; red stays red."""
    edition = REPEATED_EDITIONS.on(on)
    steps = [
        Wording(
            f"{asked.hazards} hazards within {asked.days} days, {asked.threshold} raise the level",
            f"{asked.days}日内发现隐患{asked.hazards}起，达到{asked.threshold}起升级",
        )
    ]
    enough = asked.hazards >= asked.threshold
    raised = enough and asked.colour is not Colour.RED
    colour = list(Colour)[list(Colour).index(asked.colour) - edition.held] if raised else asked.colour
    steps.append(
        Wording(f"from {asked.colour} to {colour}", f"由{COLOURS[asked.colour].zh}升为{COLOURS[colour].zh}")
        if raised
        else Wording(f"stays {colour}", f"维持{COLOURS[colour].zh}")
    )
    return Finding(Raised(raised, colour), (edition.citation,), {}, tuple(steps))


__all__ = ["CONTROLS", "LOWEST", "Control", "ControlLevel", "Controlled", "Raised", "Repeated",
           "risk_control", "risk_repeated"]  # fmt: skip
