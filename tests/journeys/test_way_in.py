"""A way in for everyone, in a real browser: four hundred invitations, three claims, one hand-over."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.deadlines.services import start
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.journal.models import Entry
from anlan.modules.registry import services as registry
from anlan.modules.welcome.models import Invitation, Round
from anlan.rules.uscc import make_valid
from tests.cast import LINE, SYSTEM, Cast

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
MANY = 400
SECRET = "Deng-gao-2026"
CODE = re.compile(r"^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$")


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()


def pick(page: Page, field: str, typed: str) -> None:
    """Choose a record in a box that is found by typing."""
    box = page.locator(f"#id_{field}")
    box.click()
    box.press_sequentially(typed)
    page.get_by_role("option").filter(has_text=typed).first.click()


def claim(page: Page, address: str, unit: Any, who: dict[str, str]) -> None:
    """Open the link of a slip and claim the unit's file."""
    page.goto(address)
    page.locator("#id_number").fill(unit.uscc)
    page.locator("#id_name").fill(who["name"])
    page.locator("#id_phone").fill(who["phone"])
    page.locator("#id_username").fill(who["username"])
    page.locator("#id_password").fill(SECRET)
    page.locator("#id_again").fill(SECRET)
    send(page)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/account/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(password)
    send(page)
    expect(page).not_to_have_url(re.compile("/account/login"))


def test_four_hundred_invitations_three_claims_one_hand_over(cast: Cast, enter: Enter) -> None:
    here = cast.here
    officer, successor = here.users["town_officer"], here.users["town_officer_2"]
    units = [
        registry.register_unit(
            actor=SYSTEM, region=here.village,
            data={"name": f"青溪第{n}五金加工厂", "uscc": make_valid("91998801", 1000 + n), "sector": LINE},
        )
        for n in range(MANY)
    ]  # fmt: skip

    # Four hundred in one go: the whole filtered list, one confirmation, one page of slips.
    page = enter(officer)
    page.goto("/welcome/units/?fresh=on")
    expect(page.locator("#list")).to_contain_text("400")
    page.locator("[data-pick-all]").first.check()
    page.locator(".bulk-bar .link-button").click()
    page.locator("button[formaction*='/bulk/invite/']").first.click()
    expect(page.locator("main")).to_contain_text("400")
    send(page)
    slips = page.locator(".slip")
    expect(slips).to_have_count(MANY)
    assert page.locator(".slip svg").count() == MANY
    codes = [text.strip() for text in page.locator(".slip .slip-code").all_inner_texts()]
    assert len(set(codes)) == MANY and all(CODE.match(code) for code in codes)
    names = page.locator(".slip h2").all_inner_texts()
    by_name = dict(zip(names, codes, strict=True))
    assert Invitation.plain.filter(state="open").count() == MANY and Round.plain.get().invited == MANY
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == MANY / 8, "eight slips to a sheet of A4"
    page.goto("/welcome/units/?fresh=on")
    expect(page.locator("main")).to_contain_text("没有符合条件的记录")

    # Three claims, each in a browser of its own, before anybody is signed in.
    for number, name in enumerate(("陈大文", "林小满", "何立新")):
        unit = units[number]
        visitor = enter(None, width=380 if number == 0 else 1280)
        who = {"name": name, "phone": f"1380013810{number}", "username": f"principal{number}"}
        address = f"/welcome/claim/{by_name[unit.name]}/"
        if number == 0:
            claim(visitor, address, units[9], who)
            expect(visitor.locator("main")).to_contain_text("入驻码与企业编号不符或已失效")
            assert not [r for r in Axe().run(visitor).response["violations"] if r["impact"] in ("serious", "critical")]
        claim(visitor, address, unit, who)
        expect(visitor.locator("main")).to_contain_text("认领成功")
        claim(visitor, address, unit, {**who, "username": f"again{number}"})
        expect(visitor.locator("main")).to_contain_text("已失效")
    page.goto("/welcome/?state=claimed")
    for name in ("陈大文", "林小满", "何立新"):
        expect(page.locator("#list")).to_contain_text(name)
    assert Invitation.plain.filter(state="claimed").count() == 3

    # The first of them names his safety manager, who sets his first password with the slip.
    boss = enter(None)
    sign_in(boss, "principal0", SECRET)
    boss.goto("/welcome/people/safety/")
    boss.locator("#id_name").fill("何安全")
    boss.locator("#id_username").fill("hesafe")
    boss.locator("#id_phone").fill("13922087641")
    send(boss)
    code = boss.locator("#slip-secret").inner_text().strip()
    assert CODE.match(code)
    fresh = enter(None)
    fresh.goto("/welcome/recover/")
    fresh.locator("#id_username").fill("hesafe")
    fresh.locator("#id_code").fill(code)
    fresh.locator("#id_password").fill(SECRET)
    fresh.locator("#id_again").fill(SECRET)
    send(fresh)
    expect(fresh.locator("main")).to_contain_text("密码已设置")
    sign_in(fresh, "hesafe", SECRET)
    assert Grant.objects.get(user__username="hesafe").role == "unit_safety"

    # One hand-over: what was named for the officer goes to the successor, and his authority ends.
    item = start(
        Work(actor=SYSTEM, act="tests"), Invitation.plain.get(unit=units[5]), kind="tests.visit", label="Rectify",
        due=clock.today() + dt.timedelta(days=5), duty="hazards.review", desk_path=here.town.path, assignee=officer,
        title="青溪第5五金加工厂上门指导",
    )  # fmt: skip
    page.goto("/office/hand-over/")
    expect(page.locator("main")).to_contain_text("青溪第5五金加工厂上门指导")
    pick(page, "to", successor.name)
    page.locator("#id_reason").fill("调任县应急管理局")
    send(page)
    expect(page).to_have_url(re.compile("/$"))
    item.refresh_from_db()
    assert item.assignee == successor
    assert item in due_for(actor_for(User.objects.get(pk=successor.pk)))
    assert Grant.objects.get(user=officer).valid_to == clock.today()
    assert Entry.plain.filter(fact_type="identity.HandedOver", subject_id=str(officer.pk)).count() == 1
    with clock.moved_to(clock.now() + dt.timedelta(days=1)):
        assert not actor_for(officer).grants
        assert Invitation.objects.visible_to(actor_for(successor)).filter(state="open").count() == MANY - 3
