"""The same story by the API: tokens, idempotency keys, versions, one refusal on the way."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.deadlines import tasks as deadlines
from anlan.modules.hazards.models import Hazard
from anlan.rules.hazard_grade import PLAN_ITEMS, SETTLED_ITEMS
from tests.cast import Cast, build, picture, token_of

pytestmark = pytest.mark.django_db


class Caller:
    """Somebody's program: a token and the last version seen."""

    def __init__(self, cast: Cast, name: str) -> None:
        user = cast.city_officer if name == "city" else cast.here.users[name]
        self.headers = {"Authorization": f"Bearer {token_of(user)}"}
        self.client = Client()

    def get(self, path: str) -> Any:
        """Read."""
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, status: int = 200, key: str = "", files: dict[str, Any] | None = None, **body: Any) -> Any:
        """Act; with files as a multipart form."""
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        sent: Any = {**body, **(files or {})}
        more: dict[str, Any] = {"data": sent} if files is not None else {"data": json.dumps(sent), "content_type": "application/json"}
        answer = self.client.post(f"/api/v1{path}", headers=headers, **more)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def test_from_report_to_closing(db: None) -> None:
    cast = build(records=False)
    unit, town, second = Caller(cast, "unit_safety"), Caller(cast, "town_officer"), Caller(cast, "town_officer_2")
    county, county2, city = Caller(cast, "county_officer"), Caller(cast, "county_officer_2"), Caller(cast, "city")
    before = city.get("/cockpit/summary")

    words = {"site": cast.here.site.pk, "description": "污水池作业未先通风后检测", "category": "confined_space"}
    made = unit.post("/hazards/report", key="r-1", files={"before": [picture()]}, **words)
    again = unit.post("/hazards/report", key="r-1", files={"before": [picture()]}, **words)
    assert made["id"] == again["id"] and Hazard.plain.count() == 1, "a repeated request acts once"
    assert [f["purpose"] for f in made["files"]] == ["before"]
    at = f"/hazards/{made['id']}"

    returned = town.post(f"{at}/return-report", reason="请写明具体位置", version=made["version"])
    stale = second.post(f"{at}/return-report", 409, reason="再次退回", version=made["version"])
    assert stale["code"] == "Stale" and stale["message"]
    unit.post(f"{at}/resubmit-report", files={}, place="厂区东侧污水池", version=returned["version"])
    town.post(f"{at}/assess-major", judgement="有限空间作业，可能造成群死群伤")
    limit = clock.today() + dt.timedelta(days=10)
    unit.post(
        f"{at}/submit-plan", settled={i.code: "已落实到人" for i in SETTLED_ITEMS}, plan={i.code: "按方案执行" for i in PLAN_ITEMS},
        plan_due=limit.isoformat(), money_needed_yuan="30000",
    )  # fmt: skip
    refused = town.post(f"{at}/submit-rectification", 409, files={"after": [picture()]}, measures="x", money_spent_yuan="0")
    assert refused["message"], "a step out of turn is refused with a sentence"
    county.post(f"{at}/approve-plan", opinion="同意")
    listing = county.post(
        f"{at}/list-hazard", level="county", reason="整改难度大", leader_name="王五", leader_title="副县长", due_on=limit.isoformat()
    )

    with clock.moved_to(limit + dt.timedelta(days=5)):
        assert deadlines.sweep() > 0
        record = city.get(at)
        assert record["overdue"] and any(d["overdue"] for d in record["deadlines"])
        assert city.get("/hazards/?overdue=true")["total"] == 1
        today = clock.today().isoformat()
        for receiver in ("regulator", "workers"):
            unit.post(f"{at}/report-major", files={}, receiver=receiver, on=today)
        unit.post(f"{at}/submit-rectification", files={"after": [picture("green")]}, measures="已安装风机", money_spent_yuan="28000")
        unit.post(
            f"{at}/record-evaluation", files={"evaluation_files": [picture("blue")]}, evaluated_on=today, evaluated_by="专家组",
            evaluation="达到治理要求",
        )  # fmt: skip
        town.post(f"{at}/accept-rectification", opinion="现场核查合格")
        county.post(f"/hazards/listings/{listing['id']}/request-delisting", evaluation="已整改并经评估")
        county2.post(f"/hazards/listings/{listing['id']}/delist-hazard", answer="同意摘牌")
        closed = second.post(f"{at}/close-hazard", opinion="同意销账")
        assert closed["state"] == "closed" and closed["closed_at"]
        after = city.get("/cockpit/summary")
        assert before != after, "the city's numbers move"
        assert len(closed["journal"]) >= 12
