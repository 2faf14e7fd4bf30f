"""风险评价方法 LEC、LS、MES: scores, bands and the four colours. Industry methods, no statute.

安全生产法 第四条、第四十一条 ask for graded control and name no method. Scales and bands are those textbooks and the
guides of enterprises print (confidence C); a deployment may agree on others. Sources print the bounds of LEC's bands
on either side (“>320”, “160–320”): ``lower_inclusive`` says which side a score on the bound falls on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

METHODS = {
    "lec": Citation("作业条件危险性评价法（LEC）", "", Confidence.C, Level.METHOD, note="Graham and Kinney"),
    "ls": Citation("风险矩阵法（LS）", "", Confidence.C, Level.METHOD),
    "mes": Citation("MES评价法", "", Confidence.C, Level.METHOD),
}
FOUR_COLOURS = Citation(
    "双重预防机制意见",
    "",
    Confidence.C,
    valid_from=dt.date(2016, 10, 9),
    note="short title; its day of issue is from memory",
    number="安委办〔2016〕11号",
)


def coloured(cited: Citation, on: dt.date) -> tuple[Citation, ...]:
    """A method's citation, with that of the four colours from the day they were issued."""
    return (cited, FOUR_COLOURS) if FOUR_COLOURS.in_force(on) else (cited,)


class RiskLevel(StrEnum):
    """The four levels, the gravest first."""

    MAJOR = "major"
    LARGER = "larger"
    GENERAL = "general"
    LOW = "low"

    @property
    def label(self) -> Wording:
        """The level's name."""
        return LEVELS[self][0]

    @property
    def colour(self) -> Colour:
        """Its colour."""
        return list(Colour)[list(RiskLevel).index(self)]

    @property
    def control(self) -> Wording:
        """The lowest level of the enterprise that controls it; those above control it too."""
        return LEVELS[self][1]


class Colour(StrEnum):
    """The four colours, the gravest first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def level(self) -> RiskLevel:
        """The level it shows."""
        return list(RiskLevel)[list(Colour).index(self)]

    @property
    def rank(self) -> int:
        """3 for red to 0 for blue."""
        return 3 - list(Colour).index(self)


LEVELS = {
    RiskLevel.MAJOR: (Wording("major risk", "重大风险"), Wording("company, its principal responsible", "公司（厂）级")),
    RiskLevel.LARGER: (Wording("larger risk", "较大风险"), Wording("company or department", "公司、部门级")),
    RiskLevel.GENERAL: (Wording("general risk", "一般风险"), Wording("workshop or department", "部门、车间级")),
    RiskLevel.LOW: (Wording("low risk", "低风险"), Wording("team or post", "班组、岗位级")),
}
COLOURS = {
    Colour.RED: Wording("red", "红色"),
    Colour.ORANGE: Wording("orange", "橙色"),
    Colour.YELLOW: Wording("yellow", "黄色"),
    Colour.BLUE: Wording("blue", "蓝色"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a method: its lower bound, its level and its name."""

    lower: Decimal
    level: RiskLevel
    band: int
    name: Wording


@dataclass(frozen=True, slots=True)
class Method:
    """A method's scales (factor → value → meaning) and its bands, the gravest first."""

    scales: dict[str, dict[Decimal, Wording]]
    bands: tuple[Band, ...]

    def band_of(self, score: Decimal, *, lower_inclusive: bool = True) -> Band:
        """The band of a score."""
        for band in self.bands:
            if score > band.lower or (lower_inclusive and score == band.lower):
                return band
        return self.bands[-1]


@cache
def method(name: str) -> Method:
    """A method's tables.

    >>> method("lec").band_of(Decimal(320)).level.label.zh
    '重大风险'
    """
    scales: dict[str, dict[Decimal, Wording]] = {}
    for row in rows("risk_scales"):
        if row["method"] == name:
            scales.setdefault(row["factor"], {})[Decimal(row["value"])] = Wording(row["en"], row["zh"])
    bands = tuple(
        Band(Decimal(r["lower"]), RiskLevel(r["level"]), int(r["band"]), Wording(r["en"], r["zh"]))
        for r in rows("risk_bands")
        if r["method"] == name
    )
    return Method(scales, bands)


EDITIONS = {name: Editions(f"risk_{name}", held(EVER, cited, method(name))) for name, cited in METHODS.items()}


def _on_scale(asked: Input, name: str) -> None:
    wrong = []
    for factor, scale in method(name).scales.items():
        value = getattr(asked, factor)
        if value not in scale:
            accepted = Wording(
                ", ".join(f"{v:f}" for v in scale), "、".join(f"{v:f}（{said.zh}）" for v, said in scale.items())
            )
            wrong.append(BadInput(factor, Wording(f"is {value:f}", f"为{value:f}"), accepted))
    if wrong:
        raise BadInput(wrong[0].field, wrong[0].why, wrong[0].accepted, wrong[1:])


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its band (1 is the gravest), level, colour, and the lowest level that controls it."""

    score: Decimal
    band: int
    band_name: Wording
    level: RiskLevel
    level_name: Wording
    colour: Colour
    control: Wording


def _scored(name: str, asked: Input, on: dt.date, letter: str, *, lower_inclusive: bool = True) -> Finding[Scored]:
    edition = EDITIONS[name].on(on)
    table = edition.held
    factors = {factor: Decimal(getattr(asked, factor)) for factor in table.scales}
    score = Decimal(1)
    for value in factors.values():
        score *= value
    band = table.band_of(score, lower_inclusive=lower_inclusive)
    en = [f"{f} = {v:f}: {table.scales[f][v]}" for f, v in factors.items()]
    zh = [f"{f}＝{v:f}：{table.scales[f][v].zh}" for f, v in factors.items()]
    formula = " × ".join(factors)
    numbers = " × ".join(f"{v:f}" for v in factors.values())
    steps = [Wording(a, b) for a, b in zip(en, zh, strict=True)]
    steps.append(Wording(f"{letter} = {formula} = {numbers} = {score:f}", f"{letter}＝{formula}＝{numbers}＝{score:f}"))
    colour = band.level.colour
    steps.append(
        Wording(
            f"from {band.lower:f}: {band.name}, {band.level.label}, {COLOURS[colour]}",
            f"{band.lower:f}起：{band.name.zh}，{band.level.label.zh}，{COLOURS[colour].zh}",
        )
    )
    found = Scored(score, band.band, band.name, band.level, band.level.label, colour, band.level.control)
    return Finding(found, coloured(edition.citation, on), {}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class Lec(Input):
    """The three factors of LEC, each a value of its scale."""

    L: Decimal = given("Likelihood", "事故发生的可能性", above=0)
    E: Decimal = given("Exposure", "暴露于危险环境的频繁程度", above=0)
    C: Decimal = given("Consequence", "事故后果的严重程度", above=0)
    lower_inclusive: bool = given("A score on a bound belongs to the graver band", "临界值归入较高一级", default=True)

    def consistent(self) -> None:
        """Each factor is a value of its scale."""
        _on_scale(self, "lec")


@rule(
    "risk_lec",
    Wording("Risk by LEC", "作业条件危险性评价（LEC法）"),
    theme="risk",
    about=Wording("D = L × E × C, its band and colour", "D＝L×E×C，及其风险等级和颜色"),
    takes=Lec,
    editions=EDITIONS["lec"],
    method=True,
    examples=(
        Example(
            {"L": 3, "E": 6, "C": 15}, dt.date(2026, 3, 1), {"score": 270, "level": "larger", "colour": "orange"}, "LEC"
        ),
        Example(
            {"L": 1, "E": 3, "C": 7},
            dt.date(2026, 3, 1),
            {"score": 21, "band": 4, "colour": "blue"},
            "LEC, 20 ≤ D < 70",
        ),
    ),
    bounds=Wording(
        "not for work whose factors are not those of the scales; the law names no method",
        "取值限于量表所列；法律未指定评价方法，量表和分级可由单位另行约定",
    ),
)
def risk_lec(asked: Lec, on: dt.date) -> Finding[Scored]:
    """D, its band, level and colour.

    >>> risk_lec(Lec(L=Decimal(6), E=Decimal(6), C=Decimal(15)), dt.date(2026, 3, 1)).value.colour.value
    'red'
    """
    return _scored("lec", asked, on, "D", lower_inclusive=asked.lower_inclusive)


@dataclass(frozen=True, kw_only=True)
class Mes(Input):
    """The three factors of MES, each a value of its scale."""

    M: Decimal = given("Control measures", "控制措施状态", above=0)
    E: Decimal = given("Exposure", "人体暴露的频繁程度", above=0)
    S: Decimal = given("Severity", "事故后果", above=0)

    def consistent(self) -> None:
        """Each factor is a value of its scale."""
        _on_scale(self, "mes")


@rule(
    "risk_mes",
    Wording("Risk by MES", "MES法风险评价"),
    theme="risk",
    about=Wording("R = M × E × S, its class and colour", "R＝M×E×S，及其风险等级和颜色"),
    takes=Mes,
    editions=EDITIONS["mes"],
    method=True,
    examples=(
        Example({"M": 5, "E": 6, "S": 8}, dt.date(2026, 3, 1), {"score": 240, "band": 1, "colour": "red"}, "MES"),
        Example(
            {"M": 1, "E": 6, "S": 8}, dt.date(2026, 3, 1), {"score": 48, "band": 4, "colour": "blue"}, "MES, 20–48"
        ),
    ),
    bounds=Wording(
        "scores between the printed bands fall to the lower bound they reach",
        "印行分级之间的空档按达到的下限归级；法律未指定评价方法",
    ),
)
def risk_mes(asked: Mes, on: dt.date) -> Finding[Scored]:
    """R, its class, level and colour."""
    return _scored("mes", asked, on, "R")


@dataclass(frozen=True, kw_only=True)
class Matrix(Input):
    """Likelihood and severity from 1 to 5; ``colours`` replaces the default map, row by row."""

    L: int = given("Likelihood", "可能性", least=1, most=5)
    S: int = given("Severity", "严重性", least=1, most=5)
    colours: tuple[Colour, ...] = given(
        "Colours of the 25 cells, if the guide in use has its own",
        "自定义矩阵的25格颜色",
        hint=Wording("row by row: L = 1 with S = 1 to 5, then L = 2", "逐行填写：L＝1时S＝1至5，依次类推"),
        choices=COLOURS,
        in_order=True,
        default=(),
    )

    def consistent(self) -> None:
        """A map of one's own has 25 cells, and no cell is milder than one with less likelihood or severity."""
        if not self.colours:
            return
        if len(self.colours) != 25:
            raise BadInput(
                "colours",
                Wording(f"has {len(self.colours)} cells", f"有{len(self.colours)}格"),
                Wording("25 cells", "25格"),
            )
        ranks = [colour.rank for colour in self.colours]
        for at, rank in enumerate(ranks):
            for step in ([1] if at % 5 < 4 else []) + ([5] if at < 20 else []):
                if ranks[at + step] < rank:
                    raise BadInput(
                        f"colours[{at + step}]",
                        Wording("is milder than a cell of less risk", "低于风险更小的格"),
                        Wording("colours that never grow milder with L or S", "颜色随L、S增大不降低"),
                    )


@rule(
    "risk_ls",
    Wording("Risk by the matrix of likelihood and severity", "风险矩阵评价（LS法）"),
    theme="risk",
    about=Wording("R = L × S, or the colour of the cell in a matrix of one's own", "R＝L×S，或按自定义矩阵取色"),
    takes=Matrix,
    editions=EDITIONS["ls"],
    method=True,
    examples=(
        Example({"L": 4, "S": 5}, dt.date(2026, 3, 1), {"score": 20, "colour": "red"}, "LS"),
        Example({"L": 3, "S": 4}, dt.date(2026, 3, 1), {"score": 12, "colour": "yellow"}, "LS, 9–12"),
    ),
    bounds=Wording(
        "guides of provinces print uneven matrices; give its 25 colours",
        "各地指南矩阵不尽相同，可填写25格颜色；法律未指定评价方法",
    ),
)
def risk_ls(asked: Matrix, on: dt.date) -> Finding[Scored]:
    """R, its band, level and colour.

    >>> risk_ls(Matrix(L=3, S=5), dt.date(2026, 3, 1)).value.colour.value
    'orange'
    """
    if not asked.colours:
        return _scored("ls", asked, on, "R")
    cited = EDITIONS["ls"].on(on).citation
    colour = asked.colours[(asked.L - 1) * 5 + asked.S - 1]
    level = colour.level
    name = Wording("cell of the given matrix", "自定义矩阵格")
    said = Wording(
        f"cell L = {asked.L}, S = {asked.S} of the given matrix: {COLOURS[colour]}",
        f"自定义矩阵L＝{asked.L}、S＝{asked.S}格：{COLOURS[colour].zh}",
    )
    value = Scored(Decimal(asked.L * asked.S), 4 - colour.rank, name, level, level.label, colour, level.control)
    return Finding(value, coloured(cited, on), {}, (said,))
