"""Figures to verify: every one of confidence C or D is marked, settable, and used where a jurisdiction set another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from anlan.rules import book, figures
from anlan.rules.answer import as_json
from anlan.rules.citation import Level
from anlan.rules.editions import State
from anlan.rules.figures import FIGURES, Figure, LocalFigure, agrees, by_local
from anlan.rules.indicator import KINDS
from anlan.rules.inputs import slots
from anlan.rules.noise_exposure import Factor, physical_limits
from anlan.rules.refusal import BadInput
from anlan.rules.risk_scores import method

SOURCE = "某省〔2026〕1号第三条"
NEAR = dt.date(2026, 3, 2)
every = pytest.mark.parametrize("code", sorted(FIGURES))

# Editions to verify in which no number of the law stands, each with the reason.
NO_FIGURE = {
    "hazard_due: report of a major hazard": "whether the order applied",
    "hazard_due: statistics, review before restart": "whether the order applied; its days are figures of their own",
    "hazard_factor": "codes and names",
    "major_hazard_common_classes": "categories of substances",
    "noise_formula": "a formula over the normal working day of eight hours, which the standard prints",
    "penalty_bracket: 生产安全事故应急预案管理办法": "the order sets the range by reference",
    "risk_control": "which level controls which colour",
    "risk_direct": "circumstances, each yes or no",
    "risk_residual": "residual may not exceed inherent",
}


def day_of(figure: Figure) -> dt.date:
    """A day on which the figure answers."""
    return NEAR if figure.end is None or figure.end >= NEAR else figure.end - dt.timedelta(days=40)


def other(figure: Figure) -> Decimal:
    """Another number than the table's, far enough to make a difference."""
    return Decimal(15) if figure.code == "hazard_due.yearly_statistics" else figure.default * 2


def questions(figure: Figure) -> Iterator[dict[str, Any]]:
    """What may be asked of the rule so that the figure matters."""
    code, on = figure.code, day_of(figure).isoformat()
    rule, *path = code.split(".")
    last, fields = path[-1] if path else "", {slot.name for slot in slots(book.RULES[rule].input)}
    n = int(figure.default)
    if {"step", "start"} <= fields:
        yield {"step": path[0], "start": on}
    elif rule == "certificate_due":
        yield {"kind": path[0], "issued": "2023-04-01" if last == "review_months" else on}
    elif rule == "accident_fine":
        names = {"deaths": "deaths", "injuries": "serious_injuries", "loss_yuan": "direct_loss_yuan"}
        reached = ({"direct_loss_yuan": 1}, {"deaths": 1}, {"deaths": 2})[int(path[1])]
        yield {names[last]: n} if last in names else dict(reached)
    elif rule == "accident_statistics":
        yield {last: n}
    elif rule == "accident_report_due":
        yield {"grade": "ordinary" if last == "again_other" else "major", "occurred": f"{on}T08:00"}
    elif rule == "credit_grade":
        yield {"score": n}
    elif rule == "hazard_due":
        yield {"clock": path[0], "start": on}
    elif rule == "training_hours":
        yield {"trainee": path[0], "first": path[1] == "first"}
    elif rule == "health_staffing":
        yield {"severe": False, "employees": n + 1}
    elif rule == "indicator":
        yield {"indicator": path[0], "deaths": 1, KINDS[path[0]].field: 1000}
    elif rule == "injury_rate":
        yield {"rate": last, "persons": 1, "hours_worked" if "hours" in last else "mean_staff": 1000}
    elif rule == "injury_degree":
        yield {"died": True} if last == "death" else {"lost_days": n}
    elif rule == "standardisation":
        yield {"score": n if last in ("one", "two", "three") else 95, "published": on, "revoked": on}
    elif rule == "unit_duty_due":
        yield {"duty": path[0], "since": "2026-01-01", "answered": [on]}
        yield {"duty": path[0], "since": "2020-01-01"}
    elif rule == "major_hazard_duties":
        yield {"level": 1}
    elif rule == "physical_limit":
        yield {"factor": path[0], "condition": physical_limits(Factor(path[0]))[int(path[1]) - 1].condition}
    elif rule == "reporting_period":
        yield {"report": path[0], "day": on}
    elif rule == "penalty_procedure":
        yield {"party": last, "fine_yuan": n}
    elif rule == "exposure_limit":
        yield {"substance": code.removeprefix("exposure_limit.").rpartition(".")[0]}
    elif rule.startswith("risk_"):
        scales = method(rule.removeprefix("risk_")).scales
        for row in itertools.product(*scales.values()):
            yield dict(zip(scales, row, strict=True))


def local(figure: Figure, **more: Any) -> dict[str, list[LocalFigure]]:
    on = day_of(figure) - dt.timedelta(days=60)
    return {figure.code: [LocalFigure(other(figure), SOURCE, on, place="某县", **more)]}


@every
def test_every_figure_is_marked_settable_and_used(code: str) -> None:
    figure = FIGURES[code]
    assert figure.rule in book.RULES
    assert figure.citation.to_verify and figure.label.zh and str(figure.label)
    assert figure.checked(other(figure)) == other(figure), "within what may be set"
    on = day_of(figure)
    for given in questions(figure):
        plain = book.apply(figure.rule, given, on)
        answer = book.apply(figure.rule, given, on, local=local(figure))
        if as_json(plain)["value"] != as_json(answer)["value"]:
            break
    else:
        pytest.fail(f"{code}: nothing asked makes a difference")
    assert not plain.settled and any(clause["to_verify"] for clause in as_json(plain)["citations"])
    cited = [clause for clause in answer.citations if clause.level is Level.LOCAL and SOURCE in str(clause)]
    assert len(cited) == 1 and "某县" in str(cited[0]), "the finding names the local figure and its source"
    assert any(SOURCE in step and str(figure.label) in step for step in answer.steps)
    assert book.apply(figure.rule, given, on) == plain, "the default answer is unchanged"


def test_every_edition_to_verify_has_its_figures_in_the_list() -> None:
    without = {
        of.matter
        for rule in book.RULES.values()
        for of in rule.editions
        for row in of
        if row.state is State.HELD and row.citation.to_verify
        and not any(code == of.code or code.startswith(f"{of.code}.") for code in FIGURES)
    }  # fmt: skip
    assert without == set(NO_FIGURE)


def test_every_row_to_verify_of_the_tables_of_limits_is_in_the_list() -> None:
    from anlan.rules.gbz21 import agents

    for agent in agents():
        named = [f"exposure_limit.{agent.name}.{kind}" for kind in ("mac", "pc_twa", "pc_stel", "pc_twa_respirable")
                 if getattr(agent, kind.partition(".")[0])]  # fmt: skip
        assert all((code in FIGURES) is agent.citation.to_verify for code in named), agent.name


def test_a_figure_counts_in_its_days_only() -> None:
    figure = FIGURES["permit_clock.design_review.number"]
    table = {figure.code: [LocalFigure(Decimal(15), SOURCE, dt.date(2026, 3, 1), dt.date(2026, 3, 31))]}

    def number(day: str) -> int:
        found = book.apply("permit_clock", {"step": "design_review", "start": day}, local=table)
        return int(found.value.number)

    assert [number(day) for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")] == [20, 15, 15, 20]


def test_the_first_that_counts_goes_before() -> None:
    figure = FIGURES["credit_grade.a_from"]
    near, far = (LocalFigure(Decimal(n), SOURCE, dt.date(2026, 1, 1)) for n in (95, 85))
    answer = book.apply("credit_grade", {"score": 90}, "2026-03-01", local={figure.code: [near, far]})
    assert answer.value == {"grade": "B"}
    assert book.apply("credit_grade", {"score": 90, "a_from": 88}, "2026-03-01", local={figure.code: [near]}).value == {
        "grade": "A"
    }, "what is given goes before what is set"


def test_a_settled_figure_is_no_parameter() -> None:
    code = "penalty_clock.payment.number"
    assert code not in FIGURES
    found = book.apply("penalty_clock", {"step": "payment", "start": "2026-09-20"}, local={
        code: [LocalFigure(Decimal(1), SOURCE, dt.date(2020, 1, 1))]})  # fmt: skip
    assert found.value.number == 15


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("injury_degree.serious", "0"), ("injury_degree.serious", "-3"), ("injury_degree.serious", "10.5"),
        ("injury_degree.serious", "99999999"), ("exposure_limit.百菌清.mac", "0"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_meant_is_refused(code: str, number: str) -> None:
    with pytest.raises(BadInput) as refused:
        agrees(code, Decimal(number), NEAR)
    assert refused.value.field == "value"


def test_figures_of_one_table_stay_in_their_order() -> None:
    with pytest.raises(BadInput, match="other figures"):
        agrees("standardisation.two", Decimal(95), NEAR)
    with by_local({"standardisation.one": [LocalFigure(Decimal(98), SOURCE, dt.date(2026, 1, 1))]}):
        agrees("standardisation.two", Decimal(95), NEAR)
    with pytest.raises(BadInput, match="other figures"):
        agrees("accident_fine.parts_of_the_ordinary_grade.0.least", Decimal(600_000), NEAR)


def test_a_rule_asked_by_another_passes_on_what_it_used() -> None:
    figure = FIGURES["injury_degree.death"]
    with figures.noting() as around, by_local(local(figure)):
        book.apply("injury_degree", {"died": True}, day_of(figure))
    assert set(around) == {figure.code}


def test_a_figure_is_no_more_than_its_fields() -> None:
    assert {field.name for field in dataclasses.fields(LocalFigure)} == {"value", "source", "start", "end", "place"}
