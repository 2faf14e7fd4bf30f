"""One row is refused for the same reasons whichever way it comes: as an act, as a ledger's row."""

from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInputs
from anlan.kernel.intake.reading import read
from anlan.kernel.intake.services import NOUNS
from anlan.modules.registry.models import Unit
from anlan.modules.registry.rows.industry import own_words
from anlan.modules.registry.services import register_unit
from anlan.modules.registry.tests.conftest import City, code

CHOICES: dict[str, list[str]] = {
    "name": ["", "厂", "东江县龙田机械有限公司", "龙田机械有限责任公司", "东江县新来的加工厂"],
    "uscc": ["", "无", code(1), code(2), code(2)[:-1], "91OOO801MA00000O73", "1.23E+17"],
    "kind": ["", "企业", "个体户", "无证照场所", "宇宙公司"],
    "headcount": ["", "８６", "50人", "约50", "-3", "3.5", "1e9"],
    "founded": ["", "2016年3月5日", "20240305", "2024年3月", "2999-01-01", "昨天"],
    "county": ["", "东江县", "西江县", "北江县"],
    "town": ["", "城南镇", "河口镇", "998801002", "无名镇"],
    "village": ["", "和平村", "无名村"],
    "industry": ["", "3411", "C3411", "C34119", "做鞋的"],
    "sector": ["", "机械", "危化品", "看天"],
    "flags": ["", "粉尘涉爆、涉氨", "会飞"],
    "flag_dust": ["", "是", "否", "也许"],
    "lon": ["", "115.75", "24.15", "东"],
    "lat": ["", "24.15", "115.75"],
    "phone": ["", "13800138001", "138001380011380013802", "8888"],
    "scale": ["", "小型", "巨型"],
}


def as_act(actor: Actor, row: dict[str, str]) -> set[tuple[str, str]]:
    """Column and sentence of each problem the single act finds."""
    try:
        register_unit(actor=actor, data=row)
    except BadInputs as why:
        return {(p.column, p.message % p.params if p.params else p.message) for p in why.problems}
    return set()


def as_read(row: dict[str, str]) -> dict[str, str]:
    """The row as a ledger's reader hands it over: an industry in the office's own words is left empty, and said so."""
    return {**row, "industry": "" if own_words(row["industry"]) else row["industry"]}


def as_ledger(actor: Actor, row: dict[str, str]) -> tuple[set[tuple[str, str]], bool]:
    """Column and sentence of each problem the reading finds, and whether the row was admitted."""
    target = io.StringIO()
    table = csv.writer(target)
    table.writerow([*row, "备注"])
    table.writerow([*row.values(), "某"])
    reading = read(actor, NOUNS["enterprises"], target.getvalue().encode(), base=None)
    return {(p.problem.column, p.problem.text) for r in reading.refused for p in r.problems}, bool(reading.admitted)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}))
def test_a_row_is_refused_alike(row: dict[str, str], city: City, county: Actor, unit: Unit) -> None:
    batch, admitted = as_ledger(county, row)
    if not any(row.values()):
        return
    from django.db import transaction

    point = transaction.savepoint()
    single: Any = as_act(county, as_read(row))
    transaction.savepoint_rollback(point)
    assert single == batch, row
    assert admitted == (not single)
