"""事故报告与调查报告的内容、事故调查组的组成: what each must hold, and what of it is missing (条例 12, 22, 30)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.accident_clocks import EARLIER
from anlan.rules.accident_grade import IN_FORCE, REGULATION
from anlan.rules.citation import Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording


class Paper(StrEnum):
    """The report of an accident, the report of its investigation, and the team that investigates."""

    REPORT = "report"
    INVESTIGATION_REPORT = "investigation_report"
    TEAM = "team"


PAPERS = {
    Paper.REPORT: Wording("report of an accident", "事故报告"),
    Paper.INVESTIGATION_REPORT: Wording("report of the investigation", "事故调查报告"),
    Paper.TEAM: Wording("investigation team", "事故调查组"),
}
ARTICLES = {
    Paper.REPORT: "第十二条",
    Paper.INVESTIGATION_REPORT: "第三十条第一款",
    Paper.TEAM: "第二十二条第二款",
}
PARTS: dict[Paper, dict[str, Wording]] = {
    Paper.REPORT: {
        "unit": Wording("the unit", "事故发生单位概况"),
        "time_and_place": Wording("time, place and scene", "发生时间、地点和现场情况"),
        "course": Wording("course in short", "简要经过"),
        "casualties": Wording(
            "casualties so far or possible, the missing included, and the first estimate of direct loss",
            "已经或者可能造成的伤亡人数（含下落不明人数）和初步估计的直接经济损失",
        ),
        "measures": Wording("measures taken", "已经采取的措施"),
        "other": Wording("anything else to be reported", "其他应当报告的情况"),
    },
    Paper.INVESTIGATION_REPORT: {
        "unit": Wording("the unit", "事故发生单位概况"),
        "course": Wording("course and rescue", "事故发生经过和救援情况"),
        "casualties": Wording("casualties and direct loss", "人员伤亡和直接经济损失"),
        "causes": Wording("causes and nature", "事故原因和性质"),
        "responsibility": Wording("responsibility and proposals on those responsible", "责任认定和对责任者的处理建议"),
        "prevention": Wording("prevention and correction", "防范和整改措施"),
    },
    Paper.TEAM: {
        "government": Wording("government", "有关人民政府"),
        "emergency_management": Wording("office of emergency management", "应急管理部门"),
        "sector_regulator": Wording("regulator of the sector", "负有安全生产监督管理职责的有关部门"),
        "supervision": Wording("supervisory commission", "监察机关"),
        "public_security": Wording("public security", "公安机关"),
        "trade_union": Wording("trade union", "工会"),
        "procuratorate": Wording("procuratorate, invited", "人民检察院（应当邀请）"),
    },
}
EDITIONS: Editions[dict[Paper, dict[str, Wording]]] = Editions(
    "accident_papers", not_held(EVER, EARLIER), held(IN_FORCE, REGULATION.at("第十二条、第二十二条、第三十条"), PARTS)
)
ALL_PARTS = {code: name for parts in PARTS.values() for code, name in parts.items()}


@dataclass(frozen=True, kw_only=True)
class PaperHeld(Input):
    """A paper or a team, and the parts it has."""

    kind: Paper = given("Which", "种类", choices=PAPERS)
    parts: tuple[str, ...] = given("Parts it has", "已有内容（成员单位）", choices=ALL_PARTS, default=())
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)

    def consistent(self) -> None:
        """Only parts of that kind."""
        accepted = PARTS[self.kind]
        for at, code in enumerate(self.parts):
            if code not in accepted:
                raise BadInput(
                    f"parts[{at}]",
                    Wording(f"is {code!r}, no part of it", f"为{code!r}，不属于{PAPERS[self.kind].zh}"),
                    Wording(", ".join(accepted), "、".join(accepted)),
                )


@dataclass(frozen=True, slots=True)
class Held:
    """How many parts are asked for, those missing, and whether it is complete."""

    required: int
    missing: tuple[str, ...]
    complete: bool


@rule(
    "accident_papers",
    Wording("What the papers of an accident must hold", "事故报告和调查报告的内容"),
    theme="accidents",
    about=Wording(
        "the parts of a report, of an investigation report and of an investigation team, and those missing",
        "事故报告、事故调查报告应当包括的内容和事故调查组的组成，以及缺项",
    ),
    takes=PaperHeld,
    editions=EDITIONS,
    cites=lambda: (REGULATION.at(article) for article in ARTICLES.values()),
    dated_by="occurred",
    examples=(
        Example({"kind": "report"}, dt.date(2026, 3, 1), {"required": 6, "complete": False}, "第十二条"),
        Example(
            {"kind": "investigation_report", "parts": ["unit", "course", "casualties", "causes", "responsibility"]},
            dt.date(2026, 3, 1),
            {"required": 6, "missing": ["prevention"], "complete": False},
            "第三十条第一款",
        ),
        Example({"kind": "team"}, dt.date(2026, 3, 1), {"required": 7}, "第二十二条第二款"),
    ),
    bounds=Wording(
        "members have no direct interest in the accident (article 23); experts may be engaged beside them",
        "调查组成员与所调查的事故没有直接利害关系（第二十三条），可以聘请有关专家参与",
    ),
)
def accident_papers(asked: PaperHeld, on: dt.date) -> Finding[Held]:
    """What is missing; ``on`` is the day of the accident.

    >>> accident_papers(PaperHeld(kind="report", parts=("unit",)), dt.date(2026, 3, 1)).value.missing[0]
    'time_and_place'
    """
    edition = EDITIONS.on(on)
    wanted = edition.held[asked.kind]
    missing = tuple(code for code in wanted if code not in asked.parts)
    name = PAPERS[asked.kind]
    steps = [Wording(f"{name}: {len(wanted)} parts", f"{name.zh}应当包括{len(wanted)}项")]
    steps += [Wording(f"missing: {wanted[code]}", f"缺：{wanted[code].zh}") for code in missing]
    citation = edition.citation.at(ARTICLES[asked.kind])
    return Finding(Held(len(wanted), missing, not missing), (citation,), {}, tuple(steps))
