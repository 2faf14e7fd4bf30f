"""Who gets through which door: every page × {nobody, another county, the right county without the role, the right role}.

Generated from the resolver, so that a new address joins by itself. An object answers 302, 404, 404 or 403, 200; a
collection answers 200 to everybody who holds its permission, without one word of the other county. What is sent by
whoever may not send it changes no row of any table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.identity.models import User
from anlan.ui.pages.base import Endpoint
from tests.cast import CANARY, Cast, County
from tests.house.doors import (
    BAD_QUERY,
    EXEMPT,
    FOREIGN_QUERIES,
    GENEROUS,
    NAMES_REGIONS,
    NOT_YET,
    PLATFORM,
    PUBLIC,
    Door,
    changed,
    doors,
    endpoints,
    is_exempt,
    leaks,
    resolver_names,
    sings,
    state_of_the_house,
)

pytestmark = [pytest.mark.django_db]
ALL = endpoints()
OBJECTS = [e for e in ALL if {"pk", "run"} & set(e.parameters)]
COLLECTIONS = [e for e in ALL if e not in OBJECTS]


MOST = 3  # people of one kind who try one door
QUESTIONERS = ("county_officer", "unit_safety")  # those who try every query, one of an office, one of a unit


def named(endpoint: Endpoint) -> str:
    return endpoint.name


@pytest.fixture(scope="module", autouse=True)
def _exemptions_are_printed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("")
        reporter.write_line(f"doors: {len(OBJECTS)} addresses of records, {len(COLLECTIONS)} others; exempt:")
        for name, why in [*EXEMPT.items(), *PLATFORM.items(), *NOT_YET.items(), *NAMES_REGIONS.items()]:
            reporter.write_line(f"  {name}: {why}")


def ask(client: Client, door: Door, data: dict[str, str] | None = None, **headers: str) -> Any:
    """GET, or POST where GET is not taken."""
    method = client.get if "GET" in door.endpoint.methods else client.post
    return method(door.address, data or {}, headers=headers)


def to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and "/account/login" in response["Location"]


def strangers(cast: Cast, door: Door) -> list[User]:
    """Those of here who could do it, were the record theirs."""
    return door.holders(cast.here) or [cast.here.of_role("county_officer")]


def without_role(cast: Cast, door: Door) -> User:
    """Somebody of there whose role does not hold the permission; where every role does, somebody without a role."""
    lacking = [u for group in door.needs for u in cast.there.may_not(group)]
    return lacking[0] if lacking else cast.nobody


def right_one(door: Door, county: County) -> User:
    """Somebody who may: the owner, or a role that holds the permission on that record."""
    if door.owner is not None:
        return door.owner
    found = door.holders(county, on_it=True)
    if not door.needs and hasattr(type(door.row), "view_permission"):
        found = county.may((type(door.row).view_permission,), door.row)
    assert found, f"{door.endpoint.name}: no role of the cast may do this; give one the permission in roles.py"
    return found[0]


def test_every_address_is_a_door_or_exempt() -> None:
    known = {e.name for e in ALL}
    loose = [n for n in resolver_names() if n not in known and not n.startswith("api:") and not is_exempt(n)]
    assert not loose, f"neither pages of the register nor exempt (tests/house/doors.py): {loose}"
    idle = [e for e in EXEMPT if not any(is_exempt(n) and (n == e or e.endswith("*")) for n in resolver_names())]
    assert not idle, f"exempt, but there is no such address: {idle}"
    twice = [n for n, count in Counter(n for n in resolver_names() if not is_exempt(n)).items() if count > 1 and not n.startswith("api:")]
    assert not twice, twice


def test_every_address_has_a_sample(world: Cast) -> None:
    missing = []
    for endpoint in ALL:
        for county in (world.here, world.there):
            try:
                if not doors(endpoint, county):
                    missing.append(f"{endpoint.name}: no value for one of its parameters")
            except LookupError as why:
                missing.append(str(why))
    assert not missing, "\n".join(sorted(set(missing)))


@pytest.mark.parametrize("endpoint", OBJECTS, ids=named)
def test_an_object_opens_only_to_its_own(world: Cast, endpoint: Endpoint) -> None:
    for door in doors(endpoint, world.there):
        nobody = ask(Client(), door)
        if endpoint.public:  # laws are open to everybody; an office's own list is not there for a visitor
            assert nobody.status_code == (200 if endpoint.model._meta.label_lower in PUBLIC else 404), door.address  # type: ignore[union-attr]
            assert not leaks(nobody, world), f"nobody: {door.address}"
        else:
            assert to_sign_in(nobody), f"nobody: {door.address}"
        platform = endpoint.model is not None and endpoint.model._meta.label_lower in PLATFORM
        for user in [] if platform else strangers(world, door)[:MOST]:
            far = ask(world.browser(user), door)
            assert far.status_code == 404, f"another county, {user.username}: {far.status_code} {door.address}"
            assert not leaks(far, world), f"{user.username}: {door.address}"
        powerless = ask(world.browser(without_role(world, door)), door)
        assert powerless.status_code in ((200,) if endpoint.public and platform else (403, 404)), f"without the role: {powerless.status_code} {door.address}"
        untold = endpoint.name.endswith("-timeline") and not endpoint.page.timeline
        if "GET" in endpoint.methods and not untold and "/none/" not in door.address and endpoint.name not in NOT_YET:
            mine = ask(world.browser(right_one(door, world.there)), door)
            fine = mine.status_code == 200 or (mine.status_code == 302 and not to_sign_in(mine))
            assert fine, f"{right_one(door, world.there).username}: {mine.status_code} {door.address}"


@pytest.mark.parametrize("endpoint", OBJECTS, ids=named)
def test_an_object_of_here_names_nothing_of_there(world: Cast, endpoint: Endpoint) -> None:
    if "GET" not in endpoint.methods:
        return
    for door in doors(endpoint, world.here):
        if endpoint.model is not None and endpoint.model._meta.label_lower in PLATFORM:
            return
        readers = [door.owner] if door.owner else door.holders(world.here, on_it=True)[:MOST]
        for user in readers:
            answer = world.browser(user).get(door.address)
            assert answer.status_code < 500
            assert not leaks(answer, world, endpoint.name), f"{user.username}: {door.address}"


@pytest.mark.parametrize("endpoint", [e for e in OBJECTS if "POST" in e.methods], ids=named)
def test_what_a_stranger_sends_changes_nothing(world: Cast, endpoint: Endpoint) -> None:
    for door in doors(endpoint, world.there):
        if endpoint.model is not None and endpoint.model._meta.label_lower in PLATFORM:
            return
        senders = [strangers(world, door)[0], without_role(world, door)]
        clients = [Client(), *[world.browser(u) for u in senders]]
        before = state_of_the_house()
        answers = [c.post(door.address, GENEROUS) for c in clients]
        assert to_sign_in(answers[0]), door.address
        assert answers[1].status_code == 404, f"another county: {answers[1].status_code} {door.address}"
        assert answers[2].status_code in (403, 404), f"without the role: {answers[2].status_code} {door.address}"
        assert not any(leaks(a, world) for a in answers[:2])
        assert not changed(before, state_of_the_house()), door.address


@pytest.mark.parametrize("endpoint", [e for e in OBJECTS if "POST" in e.methods and e.kind in ("form", "step")], ids=named)
def test_bad_input_names_the_field_and_stores_nothing(world: Cast, endpoint: Endpoint) -> None:
    form = getattr(endpoint.page, "form", None)
    if form is None:
        return
    for door in doors(endpoint, world.there):
        client = world.browser(right_one(door, world.there))
        required = [n for n, f in form.base_fields.items() if f.required]
        before = state_of_the_house()
        answer = client.post(door.address, dict.fromkeys(required, "\x00"))
        assert answer.status_code in (200, 302, 403, 409, 422), f"{answer.status_code} {door.address}"
        if required:
            assert answer.status_code in (403, 409, 422), f"{answer.status_code} {door.address}"
            assert not changed(before, state_of_the_house()), door.address
        if answer.status_code == 422 and required:
            errors = answer.context["form"].errors
            assert errors and all(errors.values()), f"no word about what is wrong: {door.address}"


@pytest.mark.parametrize("endpoint", COLLECTIONS, ids=named)
def test_a_collection_names_nothing_of_there(world: Cast, endpoint: Endpoint) -> None:
    queries = FOREIGN_QUERIES(world)
    for door in doors(endpoint, world.there):
        nobody = ask(Client(), door)
        assert nobody.status_code == 200 if endpoint.public else to_sign_in(nobody), f"nobody: {door.address}"
        assert not leaks(nobody, world, endpoint.name), f"nobody: {door.address}"
        for name, user in world.here.users.items():
            client = world.browser(user)
            allowed = endpoint.public or not endpoint.permission or world.here.as_played(user).may_any(endpoint.permission)
            plain = ask(client, door)
            expected = (200, 302, 422) if "GET" not in endpoint.methods else (200,)
            inner = (*expected, 403, 404) if "code" in endpoint.parameters or "noun" in endpoint.parameters else expected
            good = plain.status_code in inner if allowed else plain.status_code == 403
            assert good, f"{name}: {plain.status_code} {door.address}"
            assert not leaks(plain, world, endpoint.name), f"{name}: {door.address}"
            if allowed:
                for query in [*queries[1:], BAD_QUERY] if name in QUESTIONERS else ():
                    answer = ask(client, door, query)
                    assert answer.status_code < 500, f"{name}: {door.address}?{query}"
                    assert not leaks(answer, world, endpoint.name), f"{name}: {door.address}?{query}"
                if endpoint.kind == "list":
                    part = ask(client, door, HX_Request="true", HX_Target="list")
                    assert part.status_code == 200 and not leaks(part, world, endpoint.name)
        bare = ask(world.browser(world.nobody), door)
        assert not leaks(bare, world, endpoint.name) and bare.status_code < 500


@pytest.mark.parametrize("endpoint", [e for e in COLLECTIONS if e.kind in ("list", "export", "print")], ids=named)
def test_the_canary_sings_to_its_own(world: Cast, endpoint: Endpoint) -> None:
    """Were it silent, the silence of the other tests would mean nothing; what is public has no canary."""
    if endpoint.model is not None and endpoint.model._meta.label_lower in PUBLIC:
        return
    for door in doors(endpoint, world.there):
        heard = [u.username for u in world.there.may(endpoint.permission) if sings(ask(world.browser(u), door, {"all": "1"}))]
        assert heard, f"nobody of there reads anything of there at {door.address}"


@pytest.mark.parametrize("endpoint", [e for e in COLLECTIONS if "POST" in e.methods and getattr(e.page, "form", None)], ids=named)
def test_a_form_takes_no_foreign_record(world: Cast, endpoint: Endpoint) -> None:
    """A record or region of the other county, typed into a form of here, is refused at its field and not named."""
    there = world.there
    for door in doors(endpoint, there):
        user = strangers(world, door)[0]
        fields = endpoint.page.form.base_fields
        sent = {n: GENEROUS.get(n, "需要处理的情况说明") for n, f in fields.items()}
        sent |= {"site": str(there.site.pk), "unit": str(there.unit.pk), "region": there.town.path, "town": there.town.path}
        client = world.browser(user)
        before = state_of_the_house()
        answer = client.post(door.address, {k: v for k, v in sent.items() if k in fields or k == "confirmed"})
        if {"site", "unit", "region", "town"} & set(fields):
            assert answer.status_code in (403, 404, 422), f"{answer.status_code} {door.address}"
            assert not changed(before, state_of_the_house()), door.address
        assert answer.status_code < 500 and not leaks(answer, world), door.address


def test_bulk_acts_refuse_foreign_rows_unnamed(world: Cast) -> None:
    """A foreign row slipped into a bulk act is shown by nothing, refused without its name and left as it is."""
    officer = world.browser(world.here.of_role("town_officer"))
    foreign = world.there.hazards["rectifying"]
    asked = officer.post("/hazards/bulk/urge/", {"ids": [str(foreign.pk)]})
    assert asked.status_code == 200 and not leaks(asked, world)
    begun = officer.post("/hazards/bulk/urge/", {"ids": [str(foreign.pk)], "confirmed": "1", "note": "抓紧", "key": "bulk"})
    done = officer.post(begun["Location"], follow=True)
    assert done.context["run"].acted == 0 and len(done.context["refused"]) == 1
    assert not leaks(done, world)
    assert type(foreign).plain.get(pk=foreign.pk).version == foreign.version


def test_the_cast_is_complete(world: Cast) -> None:
    """Every role acts on both sides, and every state of the process is there."""
    from django.conf import settings

    from anlan.modules.hazards.models import Hazard

    for county in (world.here, world.there):
        assert {r for r in settings.ANLAN_ROLES if r != "city_officer"} <= set(county.users)
        states = {h.state for h in county.hazards.values()}
        assert states == {s.code for s in Hazard.process.states}
    assert CANARY in world.there.unit.name and CANARY not in world.here.unit.name
