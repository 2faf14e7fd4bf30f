"""重大危险源的安全管理要求与备案: what an installation of a level must have and do, and what its filing holds.

By 危险化学品重大危险源监督管理暂行规定 (order 40) as amended. Its full text is not held: most duties are known from
parts of it and are marked 待核实. The conditions of a duty are for a person to judge; they are given, not evaluated.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from anlan.rules import figures
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.rule import Example, rule
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

IN_FORCE = dt.date(2015, 7, 1)
ORDER_40 = Citation(
    "危险化学品重大危险源监督管理暂行规定",
    "",
    Confidence.C,
    valid_from=IN_FORCE,
    number="国家安全生产监督管理总局令第40号",
    note="full text not held; day of force of the amendment from memory; whether re-issued under the law of 2026-05-01 "
    "is not known",
)
BEFORE = Citation("危险化学品重大危险源监督管理暂行规定", "（修正前）", valid_to=dt.date(2015, 6, 30))
CRITERIA = Citation(
    "化工和危险化学品生产经营单位重大生产安全事故隐患判定标准（试行）",
    "",
    Confidence.A,
    number="安监总管三〔2017〕121号",
)
CRITERIA_WHOLE_YEAR = dt.date(2018, 1, 1)  # its day of issue within 2017 is not held
RESPONSIBILITY = Citation(
    "危险化学品企业重大危险源安全包保责任制办法（试行）", "", Confidence.C, number="应急厅〔2021〕12号"
)


class Who(StrEnum):
    """Who owes the duty."""

    UNIT = "unit"
    COUNTY = "county"
    CITY = "city"


WHO_NAMES = {
    Who.UNIT: Wording("the unit", "危险化学品单位"),
    Who.COUNTY: Wording("the county department", "县级部门"),
    Who.CITY: Wording("the city department", "设区的市级部门"),
}
UNIT_WORDS = {
    "year": Wording("years", "年"),
    "day": Wording("days", "日"),
    "set": Wording("sets", "套"),
    "per_year": Wording("a year", "次/年"),
    "per_half_year": Wording("each half-year", "次/半年"),
    "per_quarter": Wording("each quarter", "次/季度"),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One requirement: whom it binds, at which levels, under which condition, and its figure, if it has one."""

    entry: int
    who: Who
    levels: tuple[int, ...]
    condition: Wording | None
    what: Wording
    figure: int | None
    unit: Wording | None
    number: str
    article: str
    confidence: Confidence

    @property
    def citation(self) -> Citation:
        """Its clause."""
        return (CRITERIA if self.number == CRITERIA.number else ORDER_40).at(self.article, self.confidence)


@cache
def duties() -> tuple[Duty, ...]:
    """Every requirement, in the order of the articles.

    >>> len(duties()), [duty.entry for duty in duties() if duty.confidence is Confidence.A]
    (26, [14, 16])
    """
    return tuple(
        Duty(
            int(row["entry"]),
            Who(row["who"]),
            tuple(int(level) for level in parts(row["levels"])),
            Wording(row["condition_en"], row["condition_zh"]) if row["condition_en"] else None,
            Wording(row["what_en"], row["what_zh"]),
            int(row["figure"]) if row["figure"] else None,
            UNIT_WORDS[row["unit"]] if row["unit"] else None,
            row["number"],
            row["article"],
            Confidence(row["confidence"]),
        )
        for row in rows("major_hazard_duties")
    )


def _code(duty: Duty) -> str:
    return f"major_hazard_duties.{duty.entry}"


for _duty in duties():
    figures.enter(_code(_duty), _duty, figures.short(_duty.what), _duty.citation, start=IN_FORCE, unit=_duty.unit)


def figure_on(entry: int, on: dt.date) -> tuple[int, Citation | None]:
    """The figure of a numbered duty on a day, and the local one's citation where a jurisdiction set one.

    >>> figure_on(23, dt.date(2026, 3, 1))
    (15, None)
    """
    duty = next(one for one in duties() if one.entry == entry and one.figure is not None)
    with figures.noting() as used:
        found = figures.laid(_code(duty), duty, on).figure
    assert found is not None
    return found, next((figures.cited_local(code, one) for code, one in used.items()), None)


class Form(StrEnum):
    """The forms and the archive of a major hazard installation."""

    APPLICATION = "application"
    FEATURES = "features"
    ARCHIVE = "archive"
    RESPONSIBILITY = "responsibility"


FORM_NAMES = {
    Form.APPLICATION: Wording("filing application", "危险化学品重大危险源备案申请表"),
    Form.FEATURES: Wording("table of basic features", "危险化学品重大危险源基本特征表"),
    Form.ARCHIVE: Wording("archive", "重大危险源档案"),
    Form.RESPONSIBILITY: Wording("responsibility by name", "重大危险源安全包保责任制"),
}


@dataclass(frozen=True, slots=True)
class FilingField:
    """One field: the part of the form it stands in (repeated for each ``chemical``), its kind, unit and choices."""

    entry: int
    form: Form
    part: str
    label: Wording
    kind: str
    unit: str | None
    choices: tuple[str, ...]
    citation: Citation


@cache
def filing_fields(form: Form | None = None) -> tuple[FilingField, ...]:
    """The fields of one form, or of all, in order.

    >>> [len(filing_fields(form)) for form in Form], len(filing_fields())
    ([20, 27, 14, 7], 68)
    >>> filing_fields(Form.FEATURES)[11].label.zh
    'R值'
    """
    return tuple(
        FilingField(
            int(row["entry"]),
            Form(row["form"]),
            row["part"],
            Wording(row["field_en"], row["field_zh"]),
            row["kind"],
            row["unit"] or None,
            parts(row["choices"]),
            (RESPONSIBILITY if row["number"] == RESPONSIBILITY.number else ORDER_40).at(
                row["article"], Confidence(row["confidence"])
            ),
        )
        for row in rows("major_hazard_filing")
        if form is None or row["form"] == form
    )


EDITIONS: Editions[int] = Editions("major_hazard_duties", not_held(EVER, BEFORE), held(IN_FORCE, ORDER_40, 26))


@dataclass(frozen=True, kw_only=True)
class Graded(Input):
    """A major hazard installation by its level, and whose duties are asked."""

    level: int = given("Level of the installation, 1 to 4", "重大危险源级别（1至4）", least=1, most=4)
    who: Who | None = given("Whose duties", "义务主体", choices=WHO_NAMES, default=None)


@rule(
    "major_hazard_duties",
    Wording("Duties that follow from a major hazard installation's level", "重大危险源分级管理要求"),
    theme="major_hazards",
    about=Wording(
        "storage, monitoring, drill and filing requirements of an installation of that level, with their conditions",
        "按级别列出重大危险源监测监控、应急、备案等要求及其适用条件",
    ),
    takes=Graded,
    editions=EDITIONS,
    cites=lambda: (duty.citation for duty in duties()),
    examples=(
        Example({"level": 4, "who": "city"}, dt.date(2026, 3, 1), [], "第二十三条（仅一级）"),
        Example(
            {"level": 2, "who": "county"},
            dt.date(2026, 3, 1),
            [{"article": "第二十三条", "figure": 1, "unit": "each quarter"}],
            "第二十三条",
        ),
        Example(
            {"level": 1, "who": "city"}, dt.date(2026, 3, 1), [{"article": "第二十三条", "figure": 1}], "第二十三条"
        ),
    ),
    bounds=Wording(
        "the full text of order 40 and GB 17681-2024 are not held; a condition is given, not evaluated",
        "《危险化学品重大危险源监督管理暂行规定》全文及GB 17681-2024未收录；适用条件列出备查，不作判断",
    ),
)
def major_hazard_duties(asked: Graded, on: dt.date) -> Finding[tuple[Duty, ...]]:
    """The duties at a level; none below S = 1, where there is no level.

    >>> first = major_hazard_duties(Graded(level=1), dt.date(2026, 3, 1)).value
    >>> fourth = major_hazard_duties(Graded(level=4), dt.date(2026, 3, 1)).value
    >>> len(first), len(fourth), set(fourth) < set(first)
    (26, 18, True)
    """
    EDITIONS.on(on)
    found = tuple(
        figures.laid(_code(duty), duty, on)
        for duty in duties()
        if asked.level in duty.levels
        and asked.who in (None, duty.who)
        and (duty.number != CRITERIA.number or on >= CRITERIA_WHOLE_YEAR)
    )
    steps = [_said(duty) for duty in found]
    if not found:
        steps = [
            Wording(f"no duty is held for level {asked.level}", f"{'一二三四'[asked.level - 1]}级重大危险源无此类要求")
        ]
    cited = tuple(dict.fromkeys(duty.citation for duty in found)) or (ORDER_40,)
    return Finding(found, cited, {}, tuple(steps))


def _said(duty: Duty) -> Wording:
    """A duty as a sentence: who, under which condition, what, how much."""
    who = WHO_NAMES[duty.who]
    en = f"{who}" + (f", where {duty.condition}" if duty.condition else "") + f": {duty.what}"
    zh = who.zh + (f"（{duty.condition.zh}）" if duty.condition else "") + f"：{duty.what.zh}"
    if duty.figure is not None and duty.unit is not None:
        en, zh = f"{en}: {duty.figure} {duty.unit}", f"{zh}：{duty.figure}{duty.unit.zh}"
    return Wording(f"{en} ({duty.article})", f"{zh}（{duty.article}）")
