"""The worked journey by the HTTP API: a unit reports, the town returns, the county lists, time runs out, it is closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.deadlines.services import find
from anlan.kernel.deadlines.tasks import sweep
from anlan.modules.hazards import public
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.conftest import PLAN, SETTLED, Cast, picture
from anlan.modules.hazards.tests.test_rest import Caller

pytestmark = pytest.mark.django_db
SCOPES = ("hazards.*", "registry.view")


def good(answer: Any) -> Any:
    """The JSON of an answer that must have gone well."""
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_worked_journey(cast: Cast) -> None:
    safety, town, county = (Caller(cast, name, SCOPES) for name in ("safety", "town", "county"))
    leader = Caller(cast, "leader", ("hazards.*", "deadlines.*"))
    city_path = cast.regions["city"].path
    before = public.figures(cast.city, city_path)

    said = {
        "site": cast.sites["works"].pk,
        "description": "污水池清淤作业未审批，现场无监护人",
        "category": "confined_space",
    }
    told = good(safety.send("/report", "r1", **said, before=picture()))
    assert good(safety.send("/report", "r1", **said, before=picture()))["id"] == told["id"]
    at = f"/{told['id']}"
    assert {s["code"] for s in good(town.get(at))["steps"]} >= {"assess_general", "assess_major", "return_report"}

    good(town.post(f"{at}/return-report", reason="请补充部位"))
    good(safety.send(f"{at}/resubmit-report", place="污水池"))
    stale = town.post(f"{at}/assess-major", judgement="未先通风后检测", clause="industry_trade:13(2)", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "Stale")
    graded = good(town.post(f"{at}/assess-major", judgement="未先通风后检测", clause="industry_trade:13(2)"))
    assert (graded["state"], graded["grade"]) == ("planning", "major")
    skipped = safety.send(f"{at}/submit-rectification", measures="已整改", money_spent_yuan="0", after=picture("green"))
    assert (skipped.status_code, skipped.json()["code"]) == (409, "WrongStep")
    good(safety.post(f"{at}/submit-plan", settled=SETTLED, plan=PLAN, plan_due="2026-03-31", money_needed_yuan="30000"))
    assert good(county.post(f"{at}/approve-plan"))["rectify_due"] == "2026-03-31"
    terms = {"leader_name": "王五", "leader_title": "副县长", "due_on": "2026-04-10", "reason": "难度大"}
    assert town.post(f"{at}/list-hazard", level="county", **terms).status_code == 403
    listing = good(county.post(f"{at}/list-hazard", level="county", **terms))
    assert listing["number"].startswith("GP449801-2026-")

    with clock.moved_to(dt.date(2026, 4, 1)):
        sweep()
        hazard = Hazard.plain.get(pk=told["id"])
        assert find(hazard, "rectify").escalated_path == cast.regions["townA"].path
        assert public.figures(cast.city, city_path)["overdue"] == before["overdue"] + 1
        good(leader.post(f"{at}/urge-hazard", note="抓紧"))
        given = good(leader.post(f"{at}/instruct", text="务必本周整改到位", due_on="2026-04-03"))
        good(town.post(f"/instructions/{given['id']}/answer-instruction", answer="已约谈企业负责人"))
        good(
            safety.send(
                f"{at}/submit-rectification", measures="已整改", money_spent_yuan="28000", after=picture("green")
            )
        )
        own = safety.post(f"{at}/accept-rectification", opinion="合格")
        assert own.status_code == 403
        good(town.post(f"{at}/accept-rectification", opinion="现场核查合格"))
        lacking = town.post(f"{at}/close-hazard")
        assert {p["column"] for p in lacking.json()["problems"]} == {"reported_workers_on", "evaluated_on"}
        good(safety.send(f"{at}/report-major", receiver="workers", on="2026-04-01"))
        good(safety.send(
            f"{at}/record-evaluation", evaluated_on="2026-04-01", evaluated_by="专家组", evaluation="达到要求",
            evaluation_files=picture("blue", "r.png"),
        ))  # fmt: skip
        good(safety.post(f"/listings/{listing['id']}/request-delisting", evaluation="治理完成"))
        good(county.post(f"/listings/{listing['id']}/delist-hazard", answer="同意解除"))
        closed = good(town.post(f"{at}/close-hazard", opinion="同意销账"))
        assert closed["state"] == "closed"
        after = public.figures(cast.city, city_path)
        assert after["closed"] == before["closed"] + 1
    assert good(county.get("/listings"))["items"][0]["state"] == "delisted"


def test_transfer_by_code_and_foreign_callers(cast: Cast) -> None:
    town, sibling, foreign = (Caller(cast, name, SCOPES) for name in ("town", "sibling", "other_county"))
    said = {"site": cast.sites["works"].pk, "description": "楼梯护栏缺失", "category": "building"}
    told = good(town.send("/find", **said))
    offer = good(town.post(f"/{told['id']}/offer-transfer", region="449801102", reason="属地有误"))
    assert offer["to_path"] == cast.regions["townA2"].path
    assert foreign.post(f"/transfers/{offer['id']}/accept-transfer").status_code == 404
    assert foreign.get(f"/{told['id']}").status_code == 404
    assert good(foreign.get("/"))["items"] == []
    assert good(foreign.get("/transfers"))["items"] == []
    good(sibling.post(f"/transfers/{offer['id']}/accept-transfer"))
    assert Hazard.plain.get(pk=told["id"]).owner_path == cast.regions["townA2"].path
    assert Caller(cast, "town", ("registry.view",)).get("/").json()["items"] == []
