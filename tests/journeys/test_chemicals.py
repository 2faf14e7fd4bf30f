"""A tonne of methanol followed from tank to user to waste in a real browser, and a false figure found by the balance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import Page, expect

from anlan.kernel import clock
from anlan.kernel.identity.actors import actor_for
from anlan.modules.chemicals import services
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Stock, Substance, fill_catalogue
from anlan.modules.registry import services as registry
from anlan.rules.uscc import make_valid
from tests.cast import SYSTEM, Cast, make_user

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
STOCK, FINDING = re.compile(r"/chemicals/stocks/\d+/$"), re.compile(r"/chemicals/findings/\d+/$")
LOT = "J20261101"


class Works:
    """A unit with places and somebody who keeps its ledger."""

    def __init__(self, cast: Cast, serial: int, name: str, *places: tuple[str, str]) -> None:
        data = {"name": name, "uscc": make_valid("91998801", serial), "sector": "chem", "address": f"化工路{serial}号"}
        self.unit = registry.register_unit(actor=SYSTEM, data=data, region=cast.here.village)
        self.site = apps.get_model("registry.Site").plain.get(unit_id=self.unit.pk)
        self.user = make_user(f"works{serial}", f"{name}安全员", "unit_safety", holder=self.site.holder)
        self.places = {
            label: services.add_place(actor=actor_for(self.user), site=self.site.pk, kind=kind, name=label)
            for kind, label in places
        }

    def stock(self, place: str) -> Stock:
        """The methanol at one of its places."""
        return Stock.plain.get(place=self.places[place], substance__code="67-56-1")


def fill(page: Page, address: str, **values: Any) -> None:
    """Fill in a form and send it."""
    page.goto(address)
    main = page.locator("main")
    for name, value in values.items():
        control = main.locator(f"[name={name}]")
        if control.evaluate("c => c.tagName") == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(str(value))
    main.locator("form button[type=submit]").last.click()


def test_a_tonne_is_followed_and_a_false_figure_found(cast: Cast, enter: Enter) -> None:
    fill_catalogue()
    methanol = Substance.plain.get(code="67-56-1")
    maker = Works(cast, 21, "澜江甲醇厂", ("tank", "T-101"))
    user = Works(cast, 22, "澜江涂料厂", ("warehouse", "原料库"), ("waste", "危废间"))
    handler = Works(cast, 23, "澜江环保处置公司", ("waste", "暂存库"))
    today = clock.today()
    day = (today - dt.timedelta(days=3)).isoformat()
    services.record_movement(
        actor=actor_for(maker.user), place=maker.places["T-101"].pk, substance=methanol.pk, kind="produced",
        kg=Decimal(20_000), on=today - dt.timedelta(days=9), lot=LOT,
    )  # fmt: skip

    at_works = enter(maker.user)
    fill(
        at_works, f"/chemicals/stocks/{maker.stock('T-101').pk}/send/", purpose="sold", kg=1000, on=day,
        to_code=user.unit.uscc, lot=LOT, carrier="顺达危运", plate="粤M12345",
    )  # fmt: skip
    expect(at_works.locator("main")).to_contain_text("运输途中")
    paper = Consignment.plain.get()

    at_user = enter(user.user)
    fill(at_user, f"/chemicals/consignments/{paper.pk}/receive/", place=user.places["原料库"].pk, kg=1000, on=day)
    expect(at_user).to_have_url(STOCK)
    services.record_movement(
        actor=actor_for(user.user), place=user.places["原料库"].pk, substance=methanol.pk, kind="used", kg=Decimal(950),
        on=today - dt.timedelta(days=2), lot=LOT,
    )  # fmt: skip
    later = (today - dt.timedelta(days=1)).isoformat()
    fill(
        at_user, f"/chemicals/stocks/{user.stock('原料库').pk}/move/", to=user.places["危废间"].pk, kg=50, on=later, lot=LOT
    )
    expect(at_user).to_have_url(STOCK)
    fill(
        at_user, f"/chemicals/stocks/{user.stock('危废间').pk}/send/", purpose="disposed", kg=50, on=later,
        to_code=handler.unit.uscc, lot=LOT,
    )  # fmt: skip
    expect(at_user.locator("main")).to_contain_text("废物处置")
    away = Consignment.plain.get(purpose="disposed")
    services.receive_consignment(
        actor=actor_for(handler.user), consignment=away.pk, place=handler.places["暂存库"].pk, kg=Decimal(50), on=today
    )
    services.record_movement(
        actor=actor_for(handler.user), place=handler.places["暂存库"].pk, substance=methanol.pk, kind="disposed",
        kg=Decimal(50), on=today, lot=LOT, note="焚烧",
    )  # fmt: skip

    officer = enter(cast.here.users["town_officer"])
    officer.goto(f"/chemicals/trace/?lot={LOT}")
    for told in ("澜江甲醇厂", "澜江涂料厂", "澜江环保处置公司", "每一千克均有去向"):
        expect(officer.locator("main")).to_contain_text(told)

    # A sale of 5,400 kg is entered as 540; the stocktaking finds it, the correction clears it.
    fill(
        at_works, f"/chemicals/stocks/{maker.stock('T-101').pk}/send/", purpose="sold", kg=540, on=later,
        to_name="外市树脂公司",
    )  # fmt: skip
    expect(at_works.locator("main")).to_contain_text("已运往域外")
    fill(at_works, f"/chemicals/stocks/{maker.stock('T-101').pk}/count/", counted_kg=13_600, on=today.isoformat())
    expect(at_works).to_have_url(STOCK)
    officer.goto("/chemicals/findings/")
    officer.get_by_role("link", name="甲醇", exact=True).first.click()
    expect(officer).to_have_url(FINDING)
    expect(officer.locator("main")).to_contain_text("短少4,860千克")
    expect(officer.locator("main")).to_contain_text("按5,400千克计即平衡")
    sale = Movement.plain.get(counterpart="外市树脂公司")
    fill(at_works, f"/chemicals/movements/{sale.pk}/correct/", kg=5_400, reason="少录一位，磅单5400千克")
    expect(at_works).to_have_url(STOCK)
    expect(at_works.locator("main")).to_contain_text("13,600")
    assert Finding.plain.get().state == "cleared"
    assert Movement.plain.get(pk=sale.pk).kg == -540, "nothing was edited"
