"""What the papers of a hazard may say."""

from __future__ import annotations

import datetime as dt

from anlan.modules.hazards.documents import printed_clause
from anlan.modules.hazards.models import Hazard
from anlan.rules import hazard_list


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
