"""Ledgers: rows admitted or refused as the single act would, written as one batch."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, BadInputs
from anlan.kernel.events.models import EventRow
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import Declined
from anlan.kernel.journal.models import Entry, StepTaken
from anlan.modules.hazards import rows, services
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services._admission import Admission, Admitted
from anlan.modules.hazards.tests.conftest import TODAY, Cast, Story

pytestmark = pytest.mark.django_db
WORKS = "兴安works有限公司"


def row(**said: Any) -> dict[str, Any]:
    """A ledger row as read, with what is not said left blank."""
    raw = {"unit": WORKS, "description": "车间消防通道堆放杂物", "found_on": "2026.2.20", "category": "消防", **said}
    return rows.LEDGER.parse(raw).required()


def batch_of(cast: Cast, state: str = "running") -> Batch:
    """A batch about to be taken in."""
    batch = Batch(
        noun="hazards", state=state, file_name="隐患台账.xlsx", sha256="0" * 64, size=1, at=clock.now(),
        by=cast.user("town"), by_name="town", region=cast.regions["townA"], region_path=cast.regions["townA"].path,
    )  # fmt: skip
    batch.save(force_insert=True)
    return batch


def verdicts(cast: Cast, *given_rows: dict[str, Any]) -> list[Any]:
    """What the admission says of rows 2, 3 and so on."""
    return Admission(cast.town, base=cast.regions["townA"]).admit(list(enumerate(given_rows, 2)))


def test_rows_become_hazards_as_the_single_act_makes_them(cast: Cast) -> None:
    said = {"place": "一车间", "responsible": "张三", "proposed_due": "2026-03-20", "money_needed_yuan": "0.3万元"}
    (admitted,) = verdicts(cast, row(**said))
    services.intake_hazards(actor=cast.town, batch=batch_of(cast), admitted=[admitted])
    made = Hazard.plain.get()
    single = services.find_hazard(
        actor=cast.town, site=cast.sites["works"].pk, distinct=True, description="车间消防通道堆放杂物",
        found_on="2026.2.20", category="消防", **said,
    )  # fmt: skip
    differ = {"id", "number", "batch_id", "batch", "search_text", "words", "repeat_of_id"}
    fields = [f.attname for f in Hazard._meta.concrete_fields if f.attname not in differ]
    assert {f: getattr(made, f) for f in fields} == {f: getattr(Hazard.plain.get(pk=single.pk), f) for f in fields}
    deadlines = Deadline.plain.filter(subject_type="hazards.hazard").order_by("pk")
    keep = {"id", "subject_id", "subject_title"}
    first, second = ({k: v for k, v in vars(d).items() if k not in keep and k[0] != "_"} for d in deadlines)
    assert first == second
    assert StepTaken.objects.filter(step="find").count() == 2


def test_one_fact_and_one_event_a_batch(cast: Cast) -> None:
    admitted = verdicts(
        cast, row(), row(description="灭火器压力不足"), row(description="临时用电未审批", category="用电")
    )
    before = Entry.plain.count()
    batch = batch_of(cast)
    services.intake_hazards(actor=cast.town, batch=batch, admitted=admitted)
    assert Entry.plain.count() == before + 1
    event = EventRow.objects.get(event_type="hazards.HazardsImported")
    assert event.data["count"] == 3
    assert sorted(Hazard.plain.values_list("number", flat=True)) == [f"YH449801-2026-0000{n}" for n in (1, 2, 3)]
    services.intake_hazards(actor=cast.town, batch=batch, admitted=admitted)
    assert Hazard.plain.count() == 3, "a batch that is done is left as it is"


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"unit": "不在册企业"}, "unit"),
        ({"uscc": "91441481MA00000073"}, "uscc"),
        ({"site": "二厂"}, "site"),
        ({"progress": "已整改"}, "progress"),
        ({"unit": "兴安foreign有限公司"}, "unit"),
    ],
)
def test_rows_are_refused_by_column(cast: Cast, said: dict[str, str], column: str) -> None:
    (verdict,) = verdicts(cast, row(**said))
    assert isinstance(verdict, Declined)
    assert [p.column for p in verdict.problems] == [column]


def test_twins_on_file_and_in_the_same_file_are_refused(cast: Cast, story: Story) -> None:
    first, again = verdicts(cast, row(), row())
    assert isinstance(first, Admitted)
    assert isinstance(again, Declined)
    assert "#2" in again.problems[0].text
    services.intake_hazards(actor=cast.town, batch=batch_of(cast), admitted=[first])
    (third,) = verdicts(cast, row())
    assert isinstance(third, Declined)
    assert third.on_file == ("hazards.hazard", Hazard.plain.get().pk)


def test_a_settled_twin_makes_a_repeat(cast: Cast, story: Story) -> None:
    old = story.closed(story.general(story.found(description="车间消防通道堆放杂物", category="fire")))
    (verdict,) = verdicts(cast, row())
    assert isinstance(verdict, Admitted)
    assert verdict.repeat_of == old.pk


words = st.sampled_from(["车间消防通道堆放杂物", "灭火器压力不足", "配电箱无门", "短", "", "叉车无证驾驶" * 3])
dates = st.sampled_from(["2026-02-20", "2026.2.30", "20260220", "2027-01-01", "昨天"])
raw_rows = st.fixed_dictionaries(
    {
        "description": words,
        "found_on": dates,
        "category": st.sampled_from(["消防", "用电", "", "看不懂"]),
        "proposed_due": st.sampled_from(["", "2026-03-30", "2026-01-01", "下周"]),
        "proposed_grade": st.sampled_from(["", "一般", "重大", "特别"]),
        "money_needed_yuan": st.sampled_from(["", "3000", "三千", "-1"]),
        "lon": st.sampled_from(["", "115.7", "24.1"]),
        "lat": st.sampled_from(["", "24.1"]),
    }
)


@settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)  # fmt: skip
@given(raw=raw_rows)
def test_a_row_is_refused_exactly_when_the_single_act_refuses(cast: Cast, story: Story, raw: dict[str, str]) -> None:
    if not Hazard.plain.exists():
        story.found(description="灭火器压力不足", category="fire")
    parsed = rows.LEDGER.parse({"unit": WORKS, **raw})
    by_ledger = {p.column for p in parsed.problems}
    if parsed.values is not None:
        (verdict,) = verdicts(cast, parsed.values)
        by_ledger = {p.column for p in verdict.problems} if isinstance(verdict, Declined) else set()
    by_act: set[str] = set()
    point = transaction.savepoint()
    with clock.moved_to(TODAY):
        try:
            services.find_hazard(actor=cast.town, site=cast.sites["works"].pk, **raw)
        except BadInputs as why:
            by_act = set(why.by_column)
        except BadInput as why:
            by_act = {why.column}
    transaction.savepoint_rollback(point)
    # The single act asks "is it distinct?" where a ledger names the description.
    assert {"description" if c == "distinct" else c for c in by_act} == by_ledger


def test_the_ledger_is_read_as_offices_keep_it(cast: Cast, tmp_path: Any) -> None:
    import xlsxwriter

    from anlan.kernel.intake import Accepted, Rejected, read_ledger

    path = tmp_path / "隐患台账.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range("A1:H1", "城南镇2026年第一季度隐患排查治理台账")
    sheet.write_row(
        "A2",
        ["序号", "被检查单位", "存在的主要问题", "隐患等级", "检查日期", "整改期限", "整改资金（万元）", "整改情况"],
    )
    sheet.write_row("A3", [1, WORKS, "空压机安全阀未校验", "一般隐患", "2026年2月20日", "20260315", "0.5", "整改中"])
    sheet.write_row("A4", [2, WORKS, "有限空间未设警示标志", "重大", "２０２６．２．２１", "2026/3/20", "", "未整改"])
    sheet.write_row("A5", [3, WORKS, "坏", "一般", "2026-02-22", "", "", ""])
    sheet.write_row("A6", ["合计", "", "", "", "", "", 0.5, ""])
    book.close()
    outcomes = list(read_ledger(path, rows.LEDGER))
    accepted = [o for o in outcomes if isinstance(o, Accepted)]
    assert [(o.row, o.values["money_needed_yuan"], o.values["proposed_grade"]) for o in accepted] == [
        (3, 5000, "general"), (4, None, "major"),
    ]  # fmt: skip
    assert accepted[0].values["found_on"] == dt.date(2026, 2, 20)
    assert [o.row for o in outcomes if isinstance(o, Rejected)] == [5]
