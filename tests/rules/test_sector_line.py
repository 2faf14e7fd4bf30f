"""A sector line is data: its flags, lists, duties of plans and figures all exist."""

from __future__ import annotations

import pytest

from anlan.modules.registry.choices import Flag, Sector
from anlan.rules import hazard_list
from anlan.rules.obligations import obligation
from anlan.rules.sector_line import FIGURES, SectorLine, sector_lines
from anlan.rules.unit_duties import evidence_for
from anlan.rules.unit_marks import MARKS, Mark


@pytest.mark.parametrize("line", sector_lines().values(), ids=lambda line: line.code)
def test_whatever_a_line_names_there_is(line: SectorLine) -> None:
    assert line.code in Sector.values
    assert set(line.flags) <= set(Flag.values)
    assert set(line.indicators) <= set(FIGURES)
    assert line.lists and set(line.lists) <= set(hazard_list.SECTORS)
    assert all(obligation(number).id == number for number in line.obligations)
    assert line.duties, "some duty is the line's own"


def test_every_line_and_flag_of_the_registry_may_bind_a_duty() -> None:
    every = {*Sector.values, *Flag.values} - {Sector.OTHER.value}
    assert every <= {mark.value for mark in Mark}, "a duty of such a line would need code"
    assert set(MARKS) == set(Mark)


def test_three_lines_are_whole() -> None:
    lines = sector_lines()
    assert {"chem", "industry_trade", "mining"} <= set(lines)
    assert {"dust", "ammonia"} <= set(lines["industry_trade"].lists)
    own = {duty.code for duty in lines["industry_trade"].duties}
    assert {"dust_cleaning", "ammonia_check"} <= own
    assert "hazchem_evaluation" in {duty.code for duty in lines["chem"].duties}


@pytest.mark.parametrize(
    ("code", "law"), [("mining", "矿山安全法"), ("fireworks", "烟花爆竹安全管理条例"), ("chem", "危险化学品安全法")]
)
def test_a_line_has_duties_of_its_own_text_and_each_is_answered_by_a_paper(code: str, law: str) -> None:
    own = [duty for duty in sector_lines()[code].duties if duty.citation.law == law]
    assert own, "a line without duties of its own is no line"
    others = [line for line in sector_lines().values() if line.code != code]
    assert not {d.code for d in own} & {d.code for line in others for d in line.duties}
    assert all(evidence_for(duty.code) for duty in own)
