"""应急预案的内容: what each kind of plan must hold, and what of it is missing (生产安全事故应急预案管理办法)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.emergency_plans import PLANS, PLANS_2016, PLANS_FROM
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording


class Plan(StrEnum):
    """The kinds of plans, and the annexes every plan has."""

    COMPREHENSIVE = "comprehensive"
    SPECIAL = "special"
    ON_SITE = "on_site"
    ANNEXES = "annexes"


PLANS_NAMED = {
    Plan.COMPREHENSIVE: Wording("comprehensive plan", "综合应急预案"),
    Plan.SPECIAL: Wording("special plan", "专项应急预案"),
    Plan.ON_SITE: Wording("on-site plan", "现场处置方案"),
    Plan.ANNEXES: Wording("annexes", "应急预案附件"),
}
ARTICLES = {
    Plan.COMPREHENSIVE: "第十三条",
    Plan.SPECIAL: "第十四条",
    Plan.ON_SITE: "第十五条",
    Plan.ANNEXES: "第十六条",
}
PARTS: dict[Plan, dict[str, Wording]] = {
    Plan.COMPREHENSIVE: {
        "organisation": Wording("organisation and duties", "应急组织机构及其职责"),
        "system": Wording("system of plans", "应急预案体系"),
        "risks": Wording("risks", "事故风险描述"),
        "reports": Wording("warning and reporting", "预警及信息报告"),
        "response": Wording("response", "应急响应"),
        "support": Wording("support", "保障措施"),
        "management": Wording("management of the plan", "应急预案管理"),
    },
    Plan.SPECIAL: {
        "command": Wording("command and duties", "应急指挥机构与职责"),
        "measures": Wording("procedures and measures", "处置程序和措施"),
    },
    Plan.ON_SITE: {
        "duties": Wording("duties", "应急工作职责"),
        "measures": Wording("measures", "应急处置措施"),
        "cautions": Wording("cautions", "注意事项"),
    },
    Plan.ANNEXES: {
        "reports": Wording("what is reported upwards", "向上级应急管理机构报告的内容"),
        "contacts": Wording("contacts", "应急组织机构和人员的联系方式"),
        "supplies": Wording("list of supplies", "应急物资储备清单"),
    },
}
EDITIONS: Editions[dict[Plan, dict[str, Wording]]] = Editions(
    "plan_parts", not_held(EVER, PLANS_2016), held(PLANS_FROM, PLANS.at("第十三条至第十六条"), PARTS)
)
ALL_PARTS = {code: name for parts in PARTS.values() for code, name in parts.items()}


@dataclass(frozen=True, kw_only=True)
class PlanHeld(Input):
    """A plan and the parts it has."""

    kind: Plan = given("Kind of plan", "预案种类", choices=PLANS_NAMED)
    parts: tuple[str, ...] = given("Parts it has", "已有内容", choices=ALL_PARTS, default=())

    def consistent(self) -> None:
        """Only parts of that kind."""
        for at, code in enumerate(self.parts):
            if code not in PARTS[self.kind]:
                accepted = PARTS[self.kind]
                raise BadInput(
                    f"parts[{at}]",
                    Wording(
                        f"is {code!r}, no part of a {PLANS_NAMED[self.kind]}",
                        f"为{code!r}，不属于{PLANS_NAMED[self.kind].zh}",
                    ),
                    Wording(", ".join(accepted), "、".join(accepted)),
                )


@dataclass(frozen=True, slots=True)
class Parts:
    """How many parts are asked for, those missing, and whether the plan is complete."""

    required: int
    missing: tuple[str, ...]
    complete: bool


@rule(
    "plan_parts",
    Wording("What an emergency plan must hold", "应急预案内容"),
    theme="emergency",
    about=Wording("the parts each kind of plan must have, and those missing", "各类应急预案应当具备的内容及缺项"),
    takes=PlanHeld,
    editions=EDITIONS,
    cites=lambda: (PLANS.at(article) for article in ARTICLES.values()),
    examples=(
        Example(
            {"kind": "on_site", "parts": ["duties", "measures"]},
            dt.date(2026, 3, 1),
            {"required": 3, "missing": ["cautions"], "complete": False},
            "令第88号 第十五条",
        ),
        Example(
            {"kind": "comprehensive"}, dt.date(2026, 3, 1), {"required": 7, "complete": False}, "令第88号 第十三条"
        ),
    ),
    bounds=Wording(
        "GB/T 29639-2020 adds a description of risks to the on-site plan; it is recommended, not required",
        "GB/T 29639-2020对现场处置方案另列事故风险描述，属推荐性标准",
    ),
)
def plan_parts(asked: PlanHeld, on: dt.date) -> Finding[Parts]:
    """What is missing; ``on`` is the day asked about.

    >>> plan_parts(PlanHeld(kind="special", parts=("command", "measures")), dt.date(2026, 3, 1)).value.complete
    True
    """
    edition = EDITIONS.on(on)
    wanted = edition.held[asked.kind]
    missing = tuple(code for code in wanted if code not in asked.parts)
    name = PLANS_NAMED[asked.kind]
    steps = [Wording(f"{name}: {len(wanted)} parts", f"{name.zh}应当包括{len(wanted)}项内容")]
    steps += [Wording(f"missing: {wanted[code]}", f"缺：{wanted[code].zh}") for code in missing]
    citation = edition.citation.at(ARTICLES[asked.kind])
    return Finding(Parts(len(wanted), missing, not missing), (citation,), {}, tuple(steps))
