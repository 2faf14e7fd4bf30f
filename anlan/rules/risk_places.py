"""风险直接判定、固有与剩余风险、区域颜色: what is red without a score, what measures achieve, what a place shows.

None of it is statute. Direct judgement is the practice of provincial guides (confidence C). How the colours of
villages, towns, counties and a city follow from what lies in them is a convention of this platform, stated in every
answer: the gravest colour of any part (``highest``), or the gravest that a share of the parts reaches (``share``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given, need_one_of
from anlan.rules.refusal import BadInput
from anlan.rules.risk_scores import COLOURS, Colour, RiskLevel, coloured
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

DIRECT = Citation("风险直接判定", "", Confidence.C, Level.METHOD, note="practice of provincial guides")
RESIDUAL = Citation("固有风险与剩余风险", "", Confidence.C, Level.METHOD)
PLACES = Citation("本地规定", "：区域风险颜色汇总办法", Confidence.A, Level.LOCAL, note="a convention of this platform")
DAY = dt.date(2026, 3, 1)

DIRECT_EDITIONS = Editions("risk_direct", held(EVER, DIRECT, 10))
RESIDUAL_EDITIONS = Editions("risk_residual", held(EVER, RESIDUAL, True))
PLACE_EDITIONS = Editions("risk_place", held(EVER, PLACES, Decimal(20)))


@dataclass(frozen=True, kw_only=True)
class Circumstances(Input):
    """What makes a risk major without a score."""

    serious_breach: bool = given(
        "Serious breach of law or a mandatory standard", "严重违反法律法规或者强制性标准", default=False
    )
    past_accident: bool = given(
        "Death or serious injury happened and its cause is still there",
        "曾发生死亡或者重伤事故且事故原因依然存在",
        default=False,
    )
    major_hazard_installation: bool = given(
        "Is a major hazard installation of hazardous chemicals", "属于危险化学品重大危险源", default=False
    )
    people_in_danger: int | None = given(
        "People at work in the dangerous place", "危险场所作业人数", unit="persons", least=0, default=None
    )

    def consistent(self) -> None:
        """Something is said of the circumstances: silence is no risk that is not major."""
        need_one_of(self, "people_in_danger", "serious_breach", "past_accident", "major_hazard_installation")


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether it is major by direct judgement, and by which circumstances; otherwise a method must score it."""

    major: bool
    by: tuple[str, ...]
    colour: Colour | None


@rule(
    "risk_direct",
    Wording("Major risk by direct judgement", "重大风险直接判定"),
    theme="risk",
    about=Wording(
        "red without a score, where one of the circumstances holds", "符合情形之一的直接判定为重大风险（红色）"
    ),
    takes=Circumstances,
    editions=DIRECT_EDITIONS,
    method=True,
    examples=(
        Example({"people_in_danger": 10}, DAY, {"major": True, "by": ["people_in_danger"], "colour": "red"}, "≥ 10 人"),
        Example({"people_in_danger": 9}, DAY, {"major": False, "colour": None}, "< 10 人"),
    ),
    bounds=Wording("provinces list the circumstances differently", "各省列举的情形不尽相同"),
)
def risk_direct(asked: Circumstances, on: dt.date) -> Finding[Judged]:
    """Whether a risk is major whatever it scores."""
    edition = DIRECT_EDITIONS.on(on)
    many = asked.people_in_danger is not None and asked.people_in_danger >= edition.held
    holds = {
        "serious_breach": (asked.serious_breach, Wording("serious breach", "严重违反法律法规或者强制性标准")),
        "past_accident": (
            asked.past_accident,
            Wording("an accident's cause is still there", "曾发生事故且原因依然存在"),
        ),
        "major_hazard_installation": (
            asked.major_hazard_installation,
            Wording("major hazard installation", "危险化学品重大危险源"),
        ),
        "people_in_danger": (
            many,
            Wording(
                f"{asked.people_in_danger} people, {edition.held} or more",
                f"作业{asked.people_in_danger}人，达到{edition.held}人",
            ),
        ),
    }
    by = tuple(name for name, (true, _) in holds.items() if true)
    steps = [said for true, said in holds.values() if true]
    steps.append(
        Wording("major risk, red", "直接判定为重大风险，红色")
        if by
        else Wording("none holds: score it by a method", "不符合直接判定情形，应按评价方法评定")
    )
    return Finding(Judged(bool(by), by, Colour.RED if by else None), coloured(edition.citation, on), {}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class BeforeAndAfter(Input):
    """A risk without its measures, and with them; scores, where given, are of one method."""

    inherent: Colour = given("Inherent risk, without measures", "固有风险（未采取措施）", choices=COLOURS)
    residual: Colour = given("Residual risk, with measures", "剩余风险（采取措施后）", choices=COLOURS)
    inherent_score: Decimal | None = given("Score of the inherent risk", "固有风险分值", least=0, default=None)
    residual_score: Decimal | None = given("Score of the residual risk", "剩余风险分值", least=0, default=None)

    def consistent(self) -> None:
        """Measures do not make a risk graver."""
        if self.residual.rank > self.inherent.rank:
            raise BadInput(
                "residual",
                Wording(
                    f"is {self.residual}, graver than the inherent risk {self.inherent}",
                    f"为{COLOURS[self.residual].zh}，高于固有风险{COLOURS[self.inherent].zh}",
                ),
                Wording(
                    ", ".join(c for c in Colour if c.rank <= self.inherent.rank),
                    "、".join(COLOURS[c].zh for c in Colour if c.rank <= self.inherent.rank),
                ),
            )
        if (self.inherent_score is None) != (self.residual_score is None):
            missing = "inherent_score" if self.inherent_score is None else "residual_score"
            raise BadInput(
                missing, Wording("is missing: give both scores or none", "缺失：两个分值须同时填写或者均不填写")
            )
        before, after = self.inherent_score, self.residual_score
        if before is not None and after is not None and after > before:
            raise BadInput(
                "residual_score",
                Wording(f"is {after:f}, above the inherent score", f"为{after:f}，高于固有风险分值"),
                Wording(f"0 to {before:f}", f"0至{before:f}"),
            )


@dataclass(frozen=True, slots=True)
class Achieved:
    """What the measures achieved: levels lowered, and the share of the score taken away (``None`` without scores)."""

    inherent: RiskLevel
    residual: RiskLevel
    lowered_levels: int
    score_cut: Decimal | None
    shown: Colour


@rule(
    "risk_residual",
    Wording("Inherent and residual risk", "固有风险与剩余风险"),
    theme="risk",
    about=Wording(
        "what measures achieve; a residual risk may not exceed the inherent one",
        "控制措施的效果；剩余风险不得高于固有风险",
    ),
    takes=BeforeAndAfter,
    editions=RESIDUAL_EDITIONS,
    method=True,
    examples=(
        Example(
            {"inherent": "red", "residual": "yellow", "inherent_score": 540, "residual_score": 90}, DAY,
            {"lowered_levels": 2, "score_cut": 0.8333, "shown": "yellow"}, "LEC 540 → 90", digits=4,
        ),
    ),
)  # fmt: skip
def risk_residual(asked: BeforeAndAfter, on: dt.date) -> Finding[Achieved]:
    """What the measures of a risk achieve; a map shows the residual colour, the ledger keeps both."""
    edition = RESIDUAL_EDITIONS.on(on)
    lowered = asked.inherent.rank - asked.residual.rank
    cut = None
    if asked.inherent_score and asked.residual_score is not None:
        cut = (asked.inherent_score - asked.residual_score) / asked.inherent_score
    steps = [
        Wording(
            f"from {asked.inherent} to {asked.residual}: {lowered} levels lower",
            f"由{COLOURS[asked.inherent].zh}降至{COLOURS[asked.residual].zh}，降低{lowered}级",
        )
    ]
    if not lowered:
        steps.append(Wording("the measures do not lower the level", "措施未降低风险等级"))
    value = Achieved(asked.inherent.level, asked.residual.level, lowered, cut, asked.residual)
    return Finding(value, (edition.citation,), {}, tuple(steps))


class Convention(StrEnum):
    """How a place's colour follows from its parts."""

    HIGHEST = "highest"
    SHARE = "share"


CONVENTIONS = {
    Convention.HIGHEST: Wording("the gravest colour of any part", "就高：取各组成部分中的最高颜色"),
    Convention.SHARE: Wording("the gravest colour a share of the parts reaches", "占比：取达到规定占比的最高颜色"),
}


@dataclass(frozen=True, kw_only=True)
class Part(Input):
    """A part of a place: risk point, village, town or county; ``colour`` is left out where it was not assessed."""

    name: str | None = given("Name", "名称", default=None)
    colour: Colour | None = given("Colour", "颜色", choices=COLOURS, default=None)
    weight: Decimal = given("Weight", "权重", above=0, default=Decimal(1))


@dataclass(frozen=True, kw_only=True)
class Place(Input):
    """A place and its parts."""

    parts: tuple[Part, ...] = given("Parts of the place", "组成部分")
    convention: Convention = given("Convention", "汇总方式", choices=CONVENTIONS, default=Convention.HIGHEST)
    share_percent: Decimal = given(
        "Share that decides, for `share`",
        "决定颜色的占比（占比方式）",
        unit="%",
        above=0,
        most=100,
        default=Decimal(20),
    )

    def consistent(self) -> None:
        """At least one part was assessed."""
        if not any(part.colour for part in self.parts):
            raise BadInput(
                "parts",
                Wording("holds no assessed part: no colour is made up", "没有已评定的组成部分，不得推定颜色"),
                Wording("at least one part with a colour", "至少一个组成部分有颜色"),
            )


@dataclass(frozen=True, slots=True)
class Shown:
    """A place's colour, the parts by colour, how many were not assessed, and the names of those that decided."""

    colour: Colour
    level: RiskLevel
    counts: dict[str, int]
    not_assessed: int
    decided_by: tuple[str, ...]


@rule(
    "risk_place",
    Wording("Colour of a village, town, county or city", "区域风险颜色汇总"),
    theme="risk",
    about=Wording(
        "a place's colour from the colours of its parts, by a stated convention",
        "按明示的汇总方式由组成部分的颜色得出区域颜色",
    ),
    takes=Place,
    editions=PLACE_EDITIONS,
    method=True,
    examples=(
        Example(
            {"parts": [{"name": "东村", "colour": "red"}, {"name": "西村", "colour": "blue"}, {"name": "南村"}]}, DAY,
            {"colour": "red", "not_assessed": 1, "decided_by": ["东村"]}, "就高",
        ),
        Example(
            {
                "parts": [{"colour": "red"}] + [{"colour": "yellow"}] * 3 + [{"colour": "blue"}] * 6,
                "convention": "share",
            },
            DAY, {"colour": "yellow", "counts": {"red": 1, "yellow": 3, "blue": 6}}, "占比 20%",
        ),
    ),
    bounds=Wording(
        "no statute says how places are coloured", "法律未规定区域颜色的汇总方式，此处为本平台约定，可由属地另行规定"
    ),
)  # fmt: skip
def risk_place(asked: Place, on: dt.date) -> Finding[Shown]:
    """The colour of a place; parts not assessed are counted and never taken for blue."""
    edition = PLACE_EDITIONS.on(on)
    known = [(part, part.colour) for part in asked.parts if part.colour is not None]
    counted = Counter(str(colour) for _, colour in known)
    total = sum(part.weight for part, _ in known)
    steps = [CONVENTIONS[asked.convention]]
    if asked.convention is Convention.HIGHEST:
        colour = max((colour for _, colour in known), key=lambda one: one.rank)
    else:
        colour, reached = Colour.BLUE, Decimal(0)
        for candidate in Colour:
            reached += sum(part.weight for part, one in known if one is candidate)
            percent = reached * 100 / total
            steps.append(
                Wording(
                    f"{candidate} or graver: {percent:.2f} %, needed {asked.share_percent:f} %",
                    f"{COLOURS[candidate].zh}及以上占{percent:.2f}%，规定占比{asked.share_percent:f}%",
                )
            )
            if reached * 100 >= asked.share_percent * total:
                colour = candidate
                break
    unknown = len(asked.parts) - len(known)
    if unknown:
        steps.append(Wording(f"{unknown} parts not assessed, left out", f"{unknown}个组成部分未评定，未计入"))
    steps.append(Wording(f"the place is {colour}", f"区域颜色：{COLOURS[colour].zh}"))
    by = tuple(part.name for part, one in known if one.rank >= colour.rank and part.name)
    counts = {str(one): counted[one] for one in Colour if counted[one]}
    return Finding(Shown(colour, colour.level, counts, unknown, by), coloured(edition.citation, on), {}, tuple(steps))
