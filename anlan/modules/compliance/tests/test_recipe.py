"""A sector line is added by the rows the guide prints, and by nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.identity.models import Grant, User
from anlan.modules.compliance import selectors, services
from anlan.modules.compliance.models import Workspace
from anlan.modules.compliance.tests.conftest import SYSTEM, Scene, signed_in
from anlan.modules.statutes import public as statutes
from anlan.rules import sector_line, tables, unit_duties
from anlan.rules.uscc import make_valid
from tests.cast import picture

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "sector-lines.md"
PRINTED = re.compile(r"^ *`(\w+)\.csv`\n\n *```csv\n(.*?)^ *```", re.S | re.M)
KEPT = (
    sector_line.sector_lines, unit_duties.duty_texts, unit_duties.unit_duty_table, unit_duties.evidence_kinds,
    unit_duties.evidence_for,
)  # fmt: skip


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The tables with the guide's rows behind their own, as they are read after a restart."""
    printed = {name: textwrap.dedent(rows) for name, rows in PRINTED.findall(GUIDE.read_text("utf-8"))}

    def rows(name: str) -> tuple[Mapping[str, str], ...]:
        held = tables.rows(name)
        more = csv.reader(printed.get(name, "").splitlines())
        return (*held, *(dict(zip(held[0], values, strict=True)) for values in more))

    for module in (sector_line, unit_duties):
        monkeypatch.setattr(module, "rows", rows)
    for one in KEPT:
        one.cache_clear()
    yield printed
    for one in KEPT:
        one.cache_clear()


def test_the_guides_example_makes_a_line_without_code(added: dict[str, str], scene: Scene) -> None:
    assert set(added) == {"sector_lines", "duty_texts", "unit_duties", "evidence_duties"}
    data = {
        "name": "安州建筑工程公司", "uscc": make_valid("91998801", 77), "sector": "construction", "address": "港前路77号",
        "headcount": 30,
    }  # fmt: skip
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
    people = {}
    for name, role, grant in (
        ("builder", "unit_safety", {"holder": site.holder}),
        ("works_line", "county_officer", {"region": scene.county, "sector": "construction"}),
    ):
        people[name] = User.objects.create_user(name, None, name=name)
        Grant.objects.create(user=people[name], role=role, valid_from=dt.date(2026, 1, 1), **grant)
    workspace = services.open_workspace(actor=SYSTEM, unit=unit.pk, since=dt.date(2024, 1, 1))

    # The department sees its own line with its duties and clauses, the line in each town, and no other line.
    office = signed_in(people["works_line"])
    page = office.get("/compliance/lines/").content.decode()
    assert 'id="line-construction"' in page and 'id="line-industry_trade"' not in page
    for told in (
        "建筑施工",
        "管理人员和作业人员每年至少一次安全生产教育培训",
        "建设工程安全生产管理条例",
        "第三十六条第二款",
    ):
        assert told in page
    towns = office.get("/compliance/lines/towns/?line=construction").content.decode()
    assert f"sector=construction&amp;region={scene.town.path}" in towns
    assert office.get("/compliance/lines/towns/?line=industry_trade").status_code == 404
    listed = office.get("/compliance/?all=1").content.decode()
    assert "安州建筑工程公司" in listed and scene.unit.name not in listed

    # The duty is asked of the line's units alone, and a paper answers it.
    def told_of(one: Workspace) -> dict[str, str]:
        return {t.duty.code: t.standing.value for t in selectors.duties_of(Workspace.plain.get(pk=one.pk))}

    assert told_of(workspace)["works_training"] == "missed" and "works_training" not in told_of(scene.workspace)
    client = signed_in(people["builder"])
    sent: dict[str, Any] = {
        "kind": "training", "told_on": clock.today().isoformat(), "persons": "30", "managers_hours": "12",
        "papers": picture("green", "a.png"),
    }  # fmt: skip
    done = client.post(f"/compliance/{workspace.pk}/hand-in/", sent)
    assert done.status_code == 302, done.content.decode()[:500]
    assert told_of(workspace)["works_training"] == "met"


def test_an_office_issues_a_list_for_the_new_line_and_its_units_go_by_it(added: dict[str, str], scene: Scene) -> None:
    text = "# 安州市施工现场检查办法\n\n第一条 施工单位每日检查施工现场。\n\n第二条 本办法自2024年5月1日起施行。\n"
    statutes.load_text(actor=SYSTEM, text=text, source="安州市施工现场检查办法(2024-04-01).md", kind="local")
    ACTS["statutes.put_check_list"].function(
        actor=scene.actor("county_officer"), region=scene.county, title="施工现场检查表", sector="construction",
        rows="《安州市施工现场检查办法》第一条\t每日检查施工现场\t查阅记录\t检查记录",
    )  # fmt: skip
    page = signed_in(scene.users["county_officer"]).get("/compliance/lines/").content.decode()
    line = page.split('id="line-construction"')[1].split('id="line-')[0]
    assert "施工现场检查表" in line
    offered = dict(selectors.lists_offered(scene.actor("unit_safety"), scene.workspace))
    assert any("施工现场检查表" in name for name in offered.values())


def test_a_row_that_does_not_fit_is_named_by_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "sector_lines.csv").write_text("code,en,zh\nconstruction,Construction\n", encoding="utf-8")
    monkeypatch.setattr(tables, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"sector_lines\.csv line 2: 2 values for 3 columns"):
        tables.rows.__wrapped__("sector_lines")
