"""The main story in a real browser: from the photo of a hazard to the city's numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.kernel.deadlines import tasks as deadlines
from anlan.kernel.deadlines.models import Deadline
from anlan.modules.hazards.models import Hazard, Listing
from anlan.rules.hazard_grade import PLAN_ITEMS, SETTLED_ITEMS
from tests.cast import Cast, picture

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]


def photo(colour: str = "red") -> Any:
    """A picture as a camera gives it."""
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": picture(colour).read()}


def step(page: Page, hazard: Hazard, slug: str, **fields: Any) -> None:
    """Open the record, press the step's button, fill in the dialog, send it; the dialog leads back to the record."""
    page.goto(f"/hazards/{hazard.pk}/")
    companion = slug if "/" in slug else f"{hazard.pk}/{slug}"
    page.locator(f"a[href$='/hazards/{companion}/']").first.click()
    dialog = page.locator("#dialogs dialog[open]")
    expect(dialog).to_be_visible()
    for name, value in fields.items():
        control = dialog.locator(f"[name='{name}']")
        if isinstance(value, dict):
            dialog.locator(f"input[type=file][name='{name}']").set_input_files(value)
        elif control.first.get_attribute("type") == "radio":
            dialog.locator(f"[name='{name}'][value='{value}']").check(force=True)
        else:
            control.first.fill(str(value))
    dialog.locator("button[type=submit]").last.click()
    expect(page.locator("#dialogs dialog[open]")).to_have_count(0)
    page.wait_for_load_state()


def state_of(hazard: Hazard) -> str:
    """Where the record stands."""
    return Hazard.plain.get(pk=hazard.pk).state


def figure(page: Page, name: str) -> int:
    """A figure of the city, asked in the officer's own browser session."""
    told = page.request.get("/api/v1/cockpit/summary")
    assert told.status == 200, told.text()
    return int(told.json()["figures"][name] if "figures" in told.json() else told.json()[name])


def test_from_report_to_closing(cast: Cast, enter: Enter, hands: Any) -> None:
    here = cast.here
    unit, town, second = enter(here.users["unit_safety"]), enter(here.users["town_officer"]), enter(here.users["town_officer_2"])
    county, county2 = enter(here.users["county_officer"]), enter(here.users["county_officer_2"])
    city = enter(cast.city_officer)
    open_before, closed_before = figure(city, "open"), figure(city, "closed_year")

    # The enterprise reports with a photo.
    unit.goto("/hazards/report/")
    unit.locator("textarea[name=description]").fill("污水池作业未先通风后检测")
    unit.locator("input[type=file][name=before]").set_input_files(photo())
    unit.locator("main form button[type=submit]").last.click()
    expect(unit).to_have_url(re.compile(r"/hazards/\d+/$"))
    hazard = Hazard.plain.get()
    expect(unit.locator("main")).to_contain_text(hazard.number)
    assert figure(city, "open") == open_before + 1

    # The town returns it once, the enterprise completes it, the town assesses it as major.
    step(town, hazard, "return-report", reason="请写明具体位置")
    assert state_of(hazard) == "returned_report"
    step(unit, hazard, "resubmit-report", place="厂区东侧污水池")
    step(town, hazard, "assess-major", judgement="有限空间作业，可能造成群死群伤")
    plan = {f"settled_{i.code}": "已落实到人" for i in SETTLED_ITEMS} | {f"plan_{i.code}": "按方案执行" for i in PLAN_ITEMS}
    limit = clock.today() + dt.timedelta(days=10)
    step(unit, hazard, "submit-plan", **plan, plan_due=limit.isoformat(), money_needed_yuan="30000")
    step(county, hazard, "approve-plan", opinion="同意")
    assert state_of(hazard) == "rectifying"

    # The county lists it for supervision.
    step(
        county, hazard, "list-for-supervision", level="county", reason="整改难度大", leader_name="王五",
        leader_title="副县长", due_on=limit.isoformat(),
    )  # fmt: skip
    assert Hazard.plain.get(pk=hazard.pk).listing_level == "county"

    # The time runs out: the sweep escalates it to the level above, who reads it on the page of what is due.
    with clock.moved_to(limit + dt.timedelta(days=5)):
        assert deadlines.sweep() > 0
        late = Deadline.plain.get(subject_type="hazards.hazard", subject_id=str(hazard.pk), kind="rectify")
        assert late.escalations > 0 and late.escalated_path
        town.goto("/deadlines/?when=overdue&all=1")
        expect(town.locator("main")).to_contain_text(hazard.title)
        assert figure(city, "overdue") == 1

        # Rectified, reported twice, evaluated; accepted by another person; removed from the list; closed by a second one.
        for receiver in ("regulator", "workers"):
            step(unit, hazard, "report-major", receiver=receiver, on=clock.today().isoformat())
        step(unit, hazard, "submit-rectification", measures="已安装风机和检测报警器", money_spent_yuan="28000", after=photo("green"))
        assert state_of(hazard) == "in_review"
        step(
            unit, hazard, "evaluate", evaluated_on=clock.today().isoformat(), evaluated_by="专家组", evaluation="达到治理要求",
            evaluation_files=photo("blue"),
        )  # fmt: skip
        step(town, hazard, "accept", opinion="现场核查合格")
        listing = Listing.plain.get()
        step(county, hazard, f"listings/{listing.pk}/request-delisting", evaluation="已整改并经评估")
        step(county2, hazard, f"listings/{listing.pk}/delist", answer="同意摘牌")
        step(second, hazard, "close", opinion="同意销账")
        assert state_of(hazard) == "closed"

        # The city's numbers move, on the cockpit as in the figures.
        assert (figure(city, "open"), figure(city, "closed_year")) == (open_before, closed_before + 1)
        city.goto("/cockpit/")
        expect(city.locator("main")).to_contain_text("100")
        city.goto(f"/hazards/{hazard.pk}/")
        expect(city.locator("#timeline")).to_contain_text("王五")
