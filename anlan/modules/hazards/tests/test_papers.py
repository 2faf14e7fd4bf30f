"""What the papers of a hazard may say."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.journal.models import StepTaken
from anlan.modules.hazards.documents import printed_clause
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.workflow import HAZARD
from anlan.rules import hazard_list
from anlan.ui.pages.steps import clause_of


def test_a_paper_names_the_clause_and_prints_no_words_of_ours() -> None:
    clause = hazard_list.clause("industry_trade", "13(2)", dt.date(2026, 1, 1))
    hazard = Hazard(
        clause_set="industry_trade", clause_version=clause.version, clause_code=clause.code,
        clause=f"{clause.citation} {clause.title.zh}",
    )  # fmt: skip
    assert printed_clause(hazard) == "《工贸企业重大事故隐患判定标准（应急管理部令第10号）》第十三条第（二）项"
    assert clause.title.zh not in printed_clause(hazard)


def test_a_clause_typed_by_hand_is_printed_as_it_was_typed() -> None:
    hazard = Hazard(clause_set="coal", clause_version="2026", clause="《煤矿重大事故隐患判定标准》第五条")
    assert printed_clause(hazard) == "《煤矿重大事故隐患判定标准》第五条"


def test_the_bar_of_a_record_cites_the_clause_of_the_day_of_each_step() -> None:
    for day in (dt.date(2021, 8, 31), dt.date(2026, 3, 1)):
        taken = StepTaken(step="close", at=clock.end_of(day))
        shown = clause_of(HAZARD, taken)
        assert f"on={day}" in shown["clause_url"]
        assert ("第四十一条" not in shown["clause"]) == (day.year == 2021), shown
