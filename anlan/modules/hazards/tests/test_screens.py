"""The screens: every page for the right reader, the journey by forms, papers, ledgers, nothing foreign."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from anlan.kernel.errors import RuleBroken
from anlan.kernel.journal.models import Entry
from anlan.modules.hazards import documents, services
from anlan.modules.hazards.models import Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.tests.conftest import PLAN, SETTLED, Cast, Story, picture
from anlan.modules.hazards.tests.test_table import AT, NEXT, WAYS
from anlan.modules.hazards.urls import urlpatterns
from anlan.ui import timeline
from anlan.ui.pages import ENDPOINTS

pytestmark = pytest.mark.django_db
assert urlpatterns  # loading the addresses enters the pages in the register


def browser(cast: Cast, name: str) -> Client:
    """A signed-in browser."""
    client = Client()
    user = cast.user(name)
    user.must_change_password = False
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def problems(page: Any) -> list[str]:
    """What a form page complains about."""
    return re.findall(r"(?:invalid-feedback|error)[^>]*>(.{0,200})", page.content.decode())


@pytest.mark.parametrize("step", NEXT, ids=lambda s: s.code)
def test_the_form_of_every_step_opens_for_the_right_person_alone(step: Any, cast: Cast, story: Story) -> None:
    way = WAYS[step.code]
    hazard = way[0](story)
    address = ENDPOINTS[f"hazards:{step.code.replace('_', '-')}"].address(hazard)
    page = browser(cast, way[1]).get(address)
    assert page.status_code == 200
    assert step.clause.article in page.content.decode()
    assert browser(cast, "other_county").get(address).status_code == 404
    assert browser(cast, "auditor").get(address).status_code in (403, 404)


@pytest.mark.parametrize("state", AT)
def test_the_record_shows_in_every_state(state: str, cast: Cast, story: Story) -> None:
    hazard = AT[state](story)
    for name in ("town", "worker", "leader"):
        page = browser(cast, name).get(f"/hazards/{hazard.pk}/")
        assert page.status_code == 200, name
        assert hazard.number in page.content.decode()
        assert "style=" not in page.content.decode()
    assert browser(cast, "town").get(f"/hazards/{hazard.pk}/print/").status_code == 200
    assert browser(cast, "other_county").get(f"/hazards/{hazard.pk}/").status_code == 404


def test_the_journey_by_forms(cast: Cast, fresh: Any) -> None:
    worker, town = browser(cast, "worker"), browser(cast, "town")
    form = {
        "site": cast.sites["works"].pk,
        "description": "配电箱未接地，门缺失",
        "category": "electrical",
        "found_on": "2026-03-02",
        "key": "once",
    }
    for _ in range(2):
        sent = worker.post("/hazards/report/", {**form, "before": picture()})
        assert sent.status_code == 302, problems(sent)
    hazard = Hazard.plain.get()
    assert sent["Location"] == f"/hazards/{hazard.pk}/"
    twin = worker.post("/hazards/report/", {**form, "key": "twice"})
    assert twin.status_code == 422
    assert hazard.number in twin.content.decode()
    assert 'type="checkbox" name="distinct"' in twin.content.decode(), "the question comes with the twin"
    assert 'type="checkbox" name="distinct"' not in worker.get("/hazards/report/").content.decode()

    assert town.post(f"/hazards/{hazard.pk}/return-report/", {"reason": "请补充部位", "version": 1}).status_code == 302
    stale = town.post(f"/hazards/{hazard.pk}/return-report/", {"reason": "再退一次", "version": 1})
    assert stale.status_code == 409
    values = {
        "title": hazard.title,
        "description": hazard.description,
        "category": "electrical",
        "place": "一车间",
        "found_on": "2026-03-02",
    }
    assert worker.post(f"/hazards/{hazard.pk}/resubmit-report/", values).status_code == 302
    lacking = town.post(f"/hazards/{hazard.pk}/assess-major/", {"judgement": ""})
    assert lacking.status_code == 422
    assert (
        town.post(
            f"/hazards/{hazard.pk}/assess-major/", {"judgement": "整体配电缺陷", "clause": "industry_trade:3(2)"}
        ).status_code
        == 302
    )
    safety = browser(cast, "safety")
    plan = {f"settled_{k}": v for k, v in SETTLED.items()} | {f"plan_{k}": v for k, v in PLAN.items()}
    assert safety.post(f"/hazards/{hazard.pk}/submit-plan/", {**plan, "plan_due": "2026-03-31"}).status_code == 302
    county = browser(cast, "county")
    assert county.post(f"/hazards/{hazard.pk}/approve-plan/", {}).status_code == 302
    listing = {
        "level": "county", "leader_name": "王五", "leader_title": "副县长", "due_on": "2026-04-10", "reason": "难度大",
        "published": "on",
    }  # fmt: skip
    assert county.post(f"/hazards/{hazard.pk}/list-for-supervision/", listing).status_code == 302
    assert "王五" in town.get(f"/hazards/{hazard.pk}/").content.decode()
    assert "王五" in county.get("/hazards/listings/").content.decode()
    rectified = {"measures": "已接地", "money_spent_yuan": "1200", "after": picture("green")}
    assert safety.post(f"/hazards/{hazard.pk}/submit-rectification/", rectified).status_code == 302
    assert town.post(f"/hazards/{hazard.pk}/accept/", {"opinion": "合格"}).status_code == 302
    refused = town.post(f"/hazards/{hazard.pk}/close/", {})
    assert refused.status_code == 422
    assert "职工" in refused.content.decode() or "workers" in refused.content.decode()
    for receiver in ("regulator", "workers"):
        assert (
            safety.post(f"/hazards/{hazard.pk}/report-major/", {"receiver": receiver, "on": "2026-03-02"}).status_code
            == 302
        )
    evaluated = {
        "evaluated_on": "2026-03-02", "evaluated_by": "专家组", "evaluation": "达到要求",
        "evaluation_files": picture("blue", "r.png"),
    }  # fmt: skip
    assert safety.post(f"/hazards/{hazard.pk}/evaluate/", evaluated).status_code == 302
    one = Listing.plain.get()
    assert safety.post(f"/hazards/listings/{one.pk}/request-delisting/", {"evaluation": "治理完成"}).status_code == 302
    assert county.post(f"/hazards/listings/{one.pk}/delist/", {"answer": "同意"}).status_code == 302
    assert town.post(f"/hazards/{hazard.pk}/close/", {}).status_code == 302
    assert fresh(hazard).state == "closed"


def test_companions_by_forms(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    town, sibling, leader = browser(cast, "town"), browser(cast, "sibling"), browser(cast, "leader")
    region = cast.regions["townA2"]
    assert town.get(f"/hazards/{hazard.pk}/offer/").status_code == 200
    assert town.post(f"/hazards/{hazard.pk}/offer/", {"region": region.pk, "reason": "属地有误"}).status_code == 302
    offer = Transfer.plain.get()
    assert f"/hazards/transfers/{offer.pk}/take-over/" in sibling.get(f"/hazards/{hazard.pk}/").content.decode()
    assert sibling.post(f"/hazards/transfers/{offer.pk}/take-over/", {})["Location"] == f"/hazards/{hazard.pk}/"
    assert fresh(hazard).owner_path == region.path
    assert (
        leader.post(f"/hazards/{hazard.pk}/instruct/", {"text": "尽快办结", "due_on": "2026-03-09"}).status_code == 302
    )
    given = Instruction.plain.get()
    assert leader.get(f"/hazards/instructions/{given.pk}/")["Location"] == f"/hazards/{hazard.pk}/"
    assert sibling.post(f"/hazards/instructions/{given.pk}/answer/", {"answer": "已安排三日内完成"}).status_code == 302
    assert leader.post(f"/hazards/{hazard.pk}/urge/", {"note": "抓紧"}).status_code == 302
    assert browser(cast, "other_county").get(f"/hazards/instructions/{given.pk}/").status_code == 404


def test_lists_hold_nothing_foreign(cast: Cast, story: Story) -> None:
    mine = story.found(description="空压机安全阀未校验")
    foreign = services.find_hazard(
        actor=cast.other_county, site=cast.sites["foreign"].pk, description="金丝雀隐患不应外泄", category="fire"
    )
    town = browser(cast, "town")
    for address in ("/hazards/?all=1", "/hazards/?q=金丝雀", "/hazards/print/", "/hazards/listings/"):
        page = town.get(address)
        assert page.status_code == 200, address
        assert foreign.number not in page.content.decode(), address
        assert "金丝雀隐患" not in page.content.decode(), address
    assert mine.number in town.get("/hazards/?q=安全阀").content.decode()
    assert mine.number not in town.get("/hazards/?overdue=on").content.decode()


def test_the_ledger_as_a_workbook(cast: Cast, story: Story) -> None:
    from python_calamine import CalamineWorkbook

    story.closed()
    got = browser(cast, "town").get("/hazards/export.xlsx")
    assert got.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(got.streaming_content))).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert len(rows[1]) > 20
    assert "YH449801-2026-00001" in rows[2]
    assert browser(cast, "worker").get("/hazards/export.xlsx").status_code == 403


def test_papers(cast: Cast, story: Story) -> None:
    import pypdf

    hazard = story.found()
    town = browser(cast, "town")
    with pytest.raises(RuleBroken):
        documents.notice_pdf(cast.town, hazard.pk)
    assert town.get(f"/hazards/{hazard.pk}/notice.pdf").status_code == 422
    story.general(hazard, due=dt.date(2026, 3, 9), requirements="设监护人，先通风后检测 #set $x$")
    got = town.get(f"/hazards/{hazard.pk}/notice.pdf")
    assert got["Content-Type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(got.content))
    text = "".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) == 1
    for part in ("责令限期整改", "ZG449801-2026-00001", "2026", "有限公司", "第六十五条", "#set $x$"):
        assert part in text, part
    story.rectified(hazard)
    sheet = pypdf.PdfReader(io.BytesIO(town.get(f"/hazards/{hazard.pk}/sheet.pdf").content))
    assert "事故隐患治理登记表" in sheet.pages[0].extract_text()
    assert len(sheet.pages[0].images) == 1
    assert browser(cast, "other_county").get(f"/hazards/{hazard.pk}/notice.pdf").status_code == 404


def test_many_at_once_and_each_refused_row_is_named(cast: Cast, story: Story, fresh: Any) -> None:
    open_one, other = story.found(), story.found(description="楼梯护栏缺失", category="building")
    services.assess_general(actor=cast.town, hazard=other)
    town = browser(cast, "town")
    asked = {
        "ids": [open_one.pk, other.pk],
        "confirmed": "1",
        "due": "2026-03-09",
        "requirements": "限期整改",
        "key": "b1",
    }
    begun = town.post("/hazards/bulk/assess/", asked)
    assert begun.status_code == 302
    town.post(begun["Location"])
    page = town.get(begun["Location"]).content.decode()
    assert other.number in page
    assert fresh(open_one).state == "rectifying"
    assert fresh(open_one).order_number


def test_panels_and_search(cast: Cast, story: Story) -> None:
    from anlan.modules.hazards import panels
    from anlan.ui import panels as ui_panels

    hazard = story.found()
    assert [hit.title for hit in panels.find(cast.town, "污水池", 5)] == [str(hazard)]
    assert panels.find(cast.other_county, "污水池", 5) == []
    assert panels.overdue(cast.town) == 0
    (panel,) = [p for p in ui_panels.of("registry.site", cast.town) if p.code == "hazards"]
    assert panel.rows is not None
    assert list(panel.rows(cast.town, cast.sites["works"])) == [hazard]


def main_button(page: Any) -> str:
    """Where the main button of a record leads."""
    head = page.content.decode().partition('class="page-head-actions"')[2].partition("</header>")[0]
    found = re.search(r'class="btn btn-primary" href="[^"]*/([a-z-]+)/"', head)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("state", "who", "button"),
    [
        ("registered", "town", "assess-general"),
        ("planning", "safety", "submit-plan"),
        ("plan_review", "county", "approve-plan"),
        ("rectifying", "safety", "submit-rectification"),
        ("in_review", "town", "accept"),
        ("accepted", "county", "close"),
    ],
)
def test_the_main_button_carries_the_matter_forward(
    state: str, who: str, button: str, cast: Cast, story: Story
) -> None:
    hazard = AT[state](story)
    shown = browser(cast, who).get(f"/hazards/{hazard.pk}/")
    assert main_button(shown) == button
    beside = [one["step"].code for one in shown.context["side_steps"]]
    assert not {"merge", "propose_withdrawal", "regrade_general", "regrade_major"} & {
        one["step"].code for one in shown.context["step_actions"]
    }
    assert all(code in ("merge", "propose_withdrawal", "regrade_general", "regrade_major") for code in beside)


def test_whoever_can_only_lower_the_grade_has_no_main_button(cast: Cast, story: Story) -> None:
    hazard = AT["planning"](story)
    for name in ("town", "county"):
        assert main_button(browser(cast, name).get(f"/hazards/{hazard.pk}/")) in ("", "submit-plan")


def test_the_lists_open_on_what_is_under_way(cast: Cast, story: Story) -> None:
    county = browser(cast, "county")
    listed = county.get("/hazards/listings/")
    assert "暂无挂牌督办的隐患" in listed.content.decode()
    hazard = AT["accepted"](story)
    page = county.get("/hazards/")
    assert page.context["tabs"][0]["active"]
    assert hazard.number in page.content.decode()
    assert "/ui/intake/hazards/new/" in browser(cast, "town").get("/hazards/").content.decode()


def test_a_correction_is_told_in_the_readers_words(cast: Cast, story: Story) -> None:
    hazard = story.found()
    services.correct_hazard(actor=cast.town, hazard=hazard, category="electrical", place="二车间")
    (entry,) = Entry.plain.filter(fact_type="hazards.HazardCorrected")
    told = timeline.told([entry])[0]
    assert told.title == "变更：隐患部位、类别"
    assert {(c.label, c.after) for c in told.changes} == {("隐患部位", "二车间"), ("类别", "用电安全")}
    with override("en"):
        assert timeline.told([entry])[0].title == "Changed Place on the site, Category"
