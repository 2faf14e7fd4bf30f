"""事故类别: the 20 classes of GB/T 6441-1986, and the 27 of GB 6441-2025 from 1 July 2026.

The codes of the new standard are not held, so its classes go by name. An old class that became several has no single
heir: the rule names them and a person chooses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

NEW_FROM = dt.date(2026, 7, 1)
OLD_FROM = dt.date(1988, 1, 1)
OLD = Citation(
    "企业职工伤亡事故分类",
    "",
    Confidence.B,
    valid_from=OLD_FROM,
    valid_to=NEW_FROM - dt.timedelta(days=1),
    note="issued in 1986, its day of force is not held; codes printed 01–09 and 010–020 are written with two digits",
    number="GB/T 6441-1986",
)
NEW = Citation(
    "生产安全事故分类与编码",
    "",
    Confidence.B,
    valid_from=NEW_FROM,
    note="names and order in a secondary text; codes not held",
    number="GB 6441-2025",
)
BEFORE = Citation(
    "企业职工伤亡事故分类", "（施行日期未收录）", valid_to=OLD_FROM - dt.timedelta(days=1), number=OLD.number
)


def _of(standard: str) -> tuple[Mapping[str, str], ...]:
    return tuple(row for row in rows("accident_classes") if row["standard"] == standard)


EDITIONS: Editions[tuple[Mapping[str, str], ...]] = Editions(
    "accident_class",
    not_held(EVER, BEFORE),
    held(OLD_FROM, OLD, _of(OLD.number)),
    held(NEW_FROM, NEW, _of(NEW.number)),
)


@dataclass(frozen=True, kw_only=True)
class Classed(Input):
    """A class by its name, or by its old two-digit code."""

    accident_class: str = given("Class, by name or old code", "事故类别名称或者旧代码", longest=20)
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)


@dataclass(frozen=True, slots=True)
class AccidentClass:
    """The class by the standard of its day; ``code`` where held; ``becomes`` the classes of the new standard."""

    standard: str
    order: int
    code: str | None
    name: Wording
    becomes: tuple[str, ...]
    one_heir: bool


def _found(row: Mapping[str, str]) -> AccidentClass:
    becomes = parts(row["becomes"]) or (row["name_zh"],)
    name = Wording(row["name_en"], row["name_zh"])
    return AccidentClass(row["standard"], int(row["order"]), row["code"] or None, name, becomes, row["lossy"] == "0")


@rule(
    "accident_class",
    Wording("Class of an accident", "事故类别"),
    theme="accidents",
    about=Wording(
        "the class of an accident by the standard in force on its day: 20 classes, 27 from 2026-07-01",
        "按事故发生之日有效的标准确定类别：20类，2026年7月1日起为27类",
    ),
    takes=Classed,
    editions=EDITIONS,
    dated_by="occurred",
    examples=(
        Example(
            {"accident_class": "02", "occurred": "2026-06-30"},
            dt.date(2026, 6, 30),
            {
                "code": "02",
                "name": "vehicle",
                "becomes": ["厂（场）内车辆致害", "道路（轨道）车辆致害"],
                "one_heir": False,
            },
            "GB/T 6441-1986",
        ),
        Example(
            {"accident_class": "粉尘爆炸", "occurred": "2026-07-01"},
            dt.date(2026, 7, 1),
            {"standard": "GB 6441-2025", "order": 18, "code": None},
            "GB 6441-2025",
        ),
        Example(
            {"accident_class": "透水", "occurred": "2026-07-01"},
            dt.date(2026, 7, 1),
            {"standard": "GB 6441-2025", "name": "inrush of water"},
            "GB 6441-2025",
        ),
    ),
    bounds=Wording(
        "the codes of GB 6441-2025 are not held; which new class an old one becomes is a public project's reading",
        "GB 6441-2025官方编码未收录；新旧类别对应关系为公开项目的整理，供参考",
    ),
)
def accident_class(asked: Classed, on: dt.date) -> Finding[AccidentClass]:
    """The class; ``on`` is the day of the accident.

    >>> accident_class(Classed(accident_class="11"), dt.date(2026, 7, 1)).value.name.zh
    '坍塌'
    """
    edition = EDITIONS.on(on)
    by_name = {row["name_zh"]: row for row in edition.held} | {row["code"]: row for row in edition.held if row["code"]}
    row = by_name.get(asked.accident_class)
    steps = [Wording(f"standard of {on}: {edition.citation.number}", f"{on}有效的标准：{edition.citation.number}")]
    if row is None:
        row = _heir(asked.accident_class, by_name)
        steps.append(
            Wording(
                f"{asked.accident_class} of {OLD.number} became {row['name_zh']}",
                f"{OLD.number}的“{asked.accident_class}”对应“{row['name_zh']}”",
            )
        )
    steps.append(Wording(f"class {row['order']}: {row['name_en']}", f"第{row['order']}类：{row['name_zh']}"))
    return Finding(_found(row), (edition.citation,), {}, tuple(steps))


def _heir(name: str, by_name: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The one class an old name or code became; ``BadInput`` where there is none, or several."""
    of = next((row for row in _of(OLD.number) if name in (row["name_zh"], row["code"])), None)
    if of is None or not all(one in by_name for one in parts(of["becomes"])):
        names = sorted(
            {row["name_zh"]: int(row["order"]) for row in by_name.values()}.items(), key=lambda pair: pair[1]
        )
        accepted = [one for one, _ in names]
        raise BadInput(
            "accident_class",
            Wording(f"is {name!r}", f"为{name!r}"),
            Wording(", ".join(accepted), "、".join(accepted)),
        )
    becomes = parts(of["becomes"])
    if of["lossy"] == "1":
        raise BadInput(
            "accident_class",
            Wording(f"is {name!r} of {OLD.number}, which became several", f"为{OLD.number}的{name!r}，新标准已拆分"),
            Wording(", ".join(becomes), "、".join(becomes)),
        )
    return by_name[becomes[0]]
