"""工作场所化学有害因素职业接触限值: MAC, PC-TWA and PC-STEL of an agent, and whether what was measured keeps them.

C-TWA is reckoned from samples over a working day of 8 hours: Σ C·T / 8. Agents that act alike on the same organ are
judged together: Σ C/L may not exceed 1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from anlan.rules import gbz21
from anlan.rules.citation import Citation, Finding
from anlan.rules.gbz21 import AMENDMENT, BENZENE_EDITIONS, EDITIONS, STANDARD, UNITS, Agent, of_day
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

WORKDAY_HOURS = 8
NOT_HELD = Wording(
    "not held: excursion and peak limits, skin, sensitizer and carcinogen marks, factors for long shifts, biological "
    "limits, Amendment No. 2, and the day Amendment No. 1 (benzene) came into force: say amendment_1",
    "未收录：超限倍数与峰接触浓度、皮肤吸收和致敏致癌标识、长时间工作的折减因子、生物接触限值、第2号修改单，"
    "以及第1号修改单（苯）的施行日期（须填 amendment_1）",
)


class Dust(StrEnum):
    """Which dust was sampled."""

    TOTAL = "total"
    RESPIRABLE = "respirable"


@dataclass(frozen=True, kw_only=True)
class Sample(Input):
    """One sample: its concentration, in the unit of the exposure, and how long the worker was so exposed."""

    concentration: Decimal = given("Concentration", "浓度", least=0)
    hours: Decimal = given("Duration", "接触时间", unit="hours", above=0, most=24)


@dataclass(frozen=True, kw_only=True)
class Exposure(Input):
    """An agent, and what was measured, if anything: each figure in ``unit``, which must be the limit's own."""

    substance: str | None = given("Agent as GBZ 2.1 names it", "有害因素名称", default=None)
    cas: str | None = given("CAS number", "CAS 号", default=None, longest=15)
    unit: str | None = given("Unit of the figures below", "下列数值的单位", choices=UNITS, default=None)
    highest: Decimal | None = given("Highest concentration, C-ME", "最高浓度（C-ME）", least=0, default=None)
    twa: Decimal | None = given("8-hour average, C-TWA", "时间加权平均接触浓度（C-TWA）", least=0, default=None)
    samples: tuple[Sample, ...] = given(
        "Samples of the day, instead of the average", "当日各段采样（代替C-TWA）", default=()
    )
    short_term: Decimal | None = given(
        "15-minute average, C-STE", "短时间接触浓度（C-STE，15分钟）", least=0, default=None
    )
    fraction: Dust = given(
        "Dust sampled",
        "粉尘类别",
        choices={
            Dust.TOTAL: Wording("total dust", "总尘"),
            Dust.RESPIRABLE: Wording("respirable dust", "呼尘"),
        },
        default=Dust.TOTAL,
    )
    amendment_1: bool | None = given(
        "Whether Amendment No. 1 was in force (benzene only)", "第1号修改单是否已施行（仅用于苯）", default=None
    )

    def consistent(self) -> None:
        """The agent is known, and the figures are of the kind and unit its limits have."""
        agent = self.agent
        if self.twa is not None and self.samples:
            raise BadInput(
                "samples", Wording("are given beside twa", "与 twa 重复"), Wording("either of them", "二者择一")
            )
        hours = sum(sample.hours for sample in self.samples)
        if hours > 24:
            raise BadInput(
                "samples", Wording(f"last {hours} h", f"合计{hours}小时"), Wording("at most 24 h", "不超过24小时")
            )
        measured = {
            "highest": (self.highest, agent.mac, "MAC"),
            "twa": (self.twa, agent.pc_twa or agent.pc_twa_respirable, "PC-TWA"),
            "samples": (self.samples or None, agent.pc_twa or agent.pc_twa_respirable, "PC-TWA"),
            "short_term": (self.short_term, agent.pc_stel, "PC-STEL"),
        }
        has = ", ".join(name for name, limit in _limits(agent) if limit is not None)
        for field, (figure, limit, kind) in measured.items():
            if figure is not None and limit is None:
                raise BadInput(
                    field,
                    Wording(f"is given, but {agent.name} has no {kind}", f"已填，但{agent.name}无{kind}"),
                    Wording(f"what its limits ask: {has}", f"与其限值对应的数值：{has}"),
                )
        figures = [field for field, (figure, _, _) in measured.items() if figure is not None]
        if self.unit is not None and not figures:
            raise BadInput(
                "unit",
                Wording("is given without a figure", "已填单位，未填数值"),
                Wording("no unit, or a figure beside it: " + ", ".join(measured), "不填单位，或者同时填写数值"),
            )
        if figures and self.unit != agent.unit:
            raise BadInput(
                "unit",
                Wording(f"is {self.unit}", f"为{self.unit}") if self.unit else Wording("is missing", "缺失"),
                Wording(agent.unit, agent.unit),
            )

    @property
    def agent(self) -> Agent:
        """The agent's row."""
        return gbz21.agent(self.substance, self.cas)


def _limits(agent: Agent) -> tuple[tuple[str, Decimal | None], ...]:
    return (
        ("MAC", agent.mac),
        ("PC-TWA", agent.pc_twa),
        ("PC-STEL", agent.pc_stel),
        ("PC-TWA (respirable)", agent.pc_twa_respirable),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure beside its limit; ``within`` is true up to and including the limit."""

    limit: str
    measured: Fraction
    allowed: Decimal
    ratio: Fraction
    within: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The limits in ``unit``, the average reckoned from samples, the comparisons; ``within`` is ``None`` without."""

    substance: str
    cas: str | None
    unit: str
    mac: Decimal | None
    pc_twa: Decimal | None
    pc_stel: Decimal | None
    pc_twa_respirable: Decimal | None
    twa: Fraction | None
    comparisons: tuple[Comparison, ...]
    within: bool | None


def time_weighted(samples: tuple[Sample, ...]) -> Fraction:
    """Σ C·T / 8, in the samples' unit.

    >>> time_weighted((Sample(concentration=Decimal(400), hours=Decimal(3)), Sample(concentration=160, hours=2),
    ...     Sample(concentration=120, hours=3)))
    Fraction(235, 1)
    """
    return sum((Fraction(s.concentration) * Fraction(s.hours) for s in samples), Fraction(0)) / WORKDAY_HOURS


def shown(number: Fraction | Decimal) -> str:
    """A figure for reading, to six decimals at most."""
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


EXAMPLES = (
    Example(
        {"substance": "氨"}, dt.date(2026, 3, 1), {"pc_twa": 20, "pc_stel": 30, "mac": None, "unit": "mg/m3"}, "表1 氨"
    ),
    Example(
        {
            "cas": "108-88-3",
            "unit": "mg/m3",
            "samples": [{"concentration": 60, "hours": 4}, {"concentration": 30, "hours": 4}],
            "short_term": 110,
        },
        dt.date(2026, 3, 1),
        {
            "twa": 45,
            "within": False,
            "comparisons": [{"limit": "PC-TWA", "within": True}, {"limit": "PC-STEL", "within": False}],
        },
        "表1 甲苯：(60×4+30×4)/8",
    ),
    Example(
        {"substance": "氯", "unit": "mg/m3", "highest": 1}, dt.date(2026, 3, 1), {"mac": 1, "within": True}, "表1 氯"
    ),
    Example(
        {"substance": "矽尘(游离SiO2含量>80%)", "unit": "mg/m3", "twa": "0.25", "fraction": "respirable"},
        dt.date(2026, 3, 1),
        {"pc_twa": 0.5, "pc_twa_respirable": 0.2, "within": False},
        "表2 矽尘",
    ),
    Example(
        {"substance": "苯", "amendment_1": True}, dt.date(2026, 3, 1), {"pc_twa": 3, "pc_stel": 6}, "第1号修改单 苯"
    ),
)


@rule(
    "exposure_limit",
    Wording("Occupational exposure limit of a chemical agent or dust", "工作场所化学有害因素和粉尘职业接触限值"),
    theme="occupational_health",
    about=Wording(
        "MAC, PC-TWA and PC-STEL of an agent, and whether the concentrations measured keep them",
        "查取MAC、PC-TWA、PC-STEL，并判定接触浓度是否符合限值",
    ),
    takes=Exposure,
    editions=(EDITIONS, BENZENE_EDITIONS),
    examples=EXAMPLES,
    bounds=NOT_HELD,
)
def exposure_limit(asked: Exposure, on: dt.date) -> Finding[Judged]:
    """The limits of an agent, and what was measured beside them.

    >>> exposure_limit(Exposure(substance="硫化氢"), dt.date(2024, 1, 1)).value.mac
    Decimal('10')
    >>> Exposure(substance="铅")
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.BadInput: substance: is 铅: no limit is held for it; accepted: a name as GBZ 2.1 prints it \
(Table 1 or 2), or its CAS number
    """
    agent = of_day(asked.agent, on, asked.amendment_1)
    average = None if asked.twa is None else Fraction(asked.twa)
    steps: list[Wording] = []
    for name, limit in _limits(agent):
        if limit is not None:
            steps.append(
                Wording(f"{agent.name}: {name} {limit:f} {agent.unit}", f"{agent.name}：{name}＝{limit:f} {agent.unit}")
            )
    if agent.also_printed:
        steps.append(
            Wording(
                f"another copy prints {agent.also_printed}: not resolved", f"另有文本载为{agent.also_printed}，尚未核定"
            )
        )
    if asked.samples:
        average = time_weighted(asked.samples)
        terms = " + ".join(f"{s.concentration:f}×{s.hours:f}" for s in asked.samples)
        steps.append(
            Wording(
                f"C-TWA = ({terms}) / 8 = {shown(average)} {agent.unit}",
                f"C-TWA＝（{terms}）÷8＝{shown(average)} {agent.unit}",
            )
        )
    comparisons = tuple(_compared(agent, asked, average))
    for one in comparisons:
        verdict = Wording("within", "符合") if one.within else Wording("exceeded", "超过限值")
        measured, allowed = shown(one.measured), f"{one.limit} {one.allowed:f} {agent.unit}"
        steps.append(Wording(f"{measured} against {allowed}: {verdict}", f"{measured}，限值{allowed}：{verdict.zh}"))
    value = Judged(
        asked.agent.name, agent.cas or None, agent.unit, agent.mac, agent.pc_twa, agent.pc_stel,
        agent.pc_twa_respirable, average, comparisons, all(c.within for c in comparisons) if comparisons else None,
    )  # fmt: skip
    cited: tuple[Citation, ...] = (agent.citation,)
    if agent.name == gbz21.AMENDED:
        cited = (AMENDMENT, agent.citation)
    return Finding(value, (*cited, STANDARD) if asked.samples else cited, {}, tuple(steps))


def _compared(agent: Agent, asked: Exposure, average: Fraction | None) -> list[Comparison]:
    respirable = agent.dust and asked.fraction is Dust.RESPIRABLE
    allowed = agent.pc_twa_respirable if respirable else agent.pc_twa
    if average is not None and allowed is None:
        raise BadInput(
            "fraction",
            Wording(
                f"is {asked.fraction}, for which {agent.name} has no limit",
                f"为{asked.fraction}，{agent.name}无相应限值",
            ),
            Wording("total" if respirable else "respirable", "total" if respirable else "respirable"),
        )
    pairs = (
        ("MAC", asked.highest, agent.mac),
        ("PC-TWA", average, allowed),
        ("PC-STEL", asked.short_term, agent.pc_stel),
    )
    return [
        Comparison(
            name, Fraction(figure), limit, Fraction(figure) / Fraction(limit), Fraction(figure) <= Fraction(limit)
        )
        for name, figure, limit in pairs
        if figure is not None and limit is not None
    ]


@dataclass(frozen=True, kw_only=True)
class Component(Input):
    """One agent of a mixture with its concentration: C-TWA, or the highest where the agent has a MAC."""

    concentration: Decimal = given("Concentration", "接触浓度", least=0)
    unit: str = given("Its unit", "单位", choices=UNITS)
    substance: str | None = given("Agent as GBZ 2.1 names it", "有害因素名称", default=None)
    cas: str | None = given("CAS number", "CAS 号", default=None, longest=15)
    amendment_1: bool | None = given(
        "Whether Amendment No. 1 was in force (benzene only)", "第1号修改单是否已施行（仅用于苯）", default=None
    )

    def consistent(self) -> None:
        """The agent is known and the unit is its limit's."""
        agent = gbz21.agent(self.substance, self.cas)
        if self.unit != agent.unit:
            raise BadInput("unit", Wording(f"is {self.unit}", f"为{self.unit}"), Wording(agent.unit, agent.unit))


@dataclass(frozen=True, kw_only=True)
class Mixture(Input):
    """Agents that act alike on the same organ or system, to be judged together."""

    agents: tuple[Component, ...] = given("Agents acting alike", "具有相似毒作用的有害因素")

    def consistent(self) -> None:
        """There are at least two, each once."""
        if len(self.agents) < 2:
            raise BadInput(
                "agents", Wording("are fewer than two", "少于两种"), Wording("two agents or more", "两种以上")
            )
        names = [gbz21.agent(one.substance, one.cas).name for one in self.agents]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise BadInput(
                    f"agents[{at}]", Wording(f"is {name} again", f"{name}重复"), Wording("each once", "每种一次")
                )


@dataclass(frozen=True, slots=True)
class Mixed:
    """Σ C/L and whether it keeps 1; ``shares`` gives each C/L by name."""

    ratio: Fraction
    within: bool
    shares: dict[str, Fraction]


@rule(
    "exposure_mixture",
    Wording("Exposure to several agents that act alike", "相似毒作用有害因素混合接触判定"),
    theme="occupational_health",
    about=Wording("whether Σ C/L of the agents stays within 1", "混合接触比值ΣC/L是否不大于1"),
    takes=Mixture,
    editions=EDITIONS,
    examples=(
        Example(
            {
                "agents": [
                    {"substance": "甲苯", "concentration": 30, "unit": "mg/m3"},
                    {"substance": "二甲苯", "concentration": 25, "unit": "mg/m3"},
                ]
            },
            dt.date(2026, 3, 1),
            {"ratio": 1.1, "within": False},
            "30/50+25/50",
        ),
    ),
    bounds=Wording(
        "only for agents that act alike on the same organ or system, which a person judges; the clause of the mixture "
        "rule was not read",
        "仅适用于共同作用于同一器官、系统或者具有相似毒作用的因素，由人员判定；混合接触规定的条文未读到原文",
    ),
)
def exposure_mixture(asked: Mixture, on: dt.date) -> Finding[Mixed]:
    """Σ C/L over the agents: by PC-TWA, or by MAC where that is the agent's limit."""
    EDITIONS.on(on)
    shares: dict[str, Fraction] = {}
    steps, cited = [], [STANDARD]
    for one in asked.agents:
        agent = of_day(gbz21.agent(one.substance, one.cas), on, one.amendment_1)
        limit = agent.pc_twa or agent.mac or agent.pc_twa_respirable or Decimal(1)
        kind = "PC-TWA" if agent.mac is None else "MAC"
        share = Fraction(one.concentration) / Fraction(limit)
        shares[agent.name] = share
        cited.append(agent.citation)
        steps.append(
            Wording(
                f"{agent.name}: {one.concentration:f} / {kind} {limit:f} {agent.unit} = {shown(share)}",
                f"{agent.name}：{one.concentration:f}÷{kind} {limit:f} {agent.unit}＝{shown(share)}",
            )
        )
    ratio = sum(shares.values(), Fraction(0))
    kept = ratio <= 1
    steps.append(
        Wording(
            f"Σ C/L = {shown(ratio)}: {'within 1' if kept else 'above 1, exceeded'}",
            f"ΣC/L＝{shown(ratio)}：{'不大于1，符合' if kept else '大于1，超过限值'}",
        )
    )
    return Finding(Mixed(ratio, kept, shares), tuple(dict.fromkeys(cited)), {}, tuple(steps))
