"""Who gets through which door of the API: every operation × {nobody, another county, without the role, the right role}.

Generated from the description of the API, so that a new operation joins by itself. Nobody is answered 401; a record of
another county is not there (404), for reading and for acting, and nothing changes; collections answer without one word
of the other county; a body that refers to a foreign record is refused and the record is not named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.identity.models import User
from tests.cast import Cast, County
from tests.house.doors import (
    OWNED,
    PLATFORM,
    Operation,
    api_address,
    api_request,
    api_row,
    changed,
    leaks,
    names_another_record,
    operations,
    sings,
    state_of_the_house,
)

pytestmark = [pytest.mark.django_db]
ALL = operations()
# Operations that ask nobody who he is, each with the reason.
OPEN_TO_ALL: dict[str, str] = {
    "hazards_public": "the public list of what an office published: what is made known and nothing personal",
}
READS = [o for o in ALL if o.method == "get" and o.is_object]
COLLECTIONS = [o for o in ALL if o.method == "get" and not o.is_object and o.name not in OPEN_TO_ALL]
ACTS_ON = [o for o in ALL if o.method != "get" and o.is_object]
CREATING = [o for o in ALL if o.method != "get" and not o.is_object]
# A rule of law takes figures, not records: a "site" in its input is a word of the law, and nothing is stored.
REFERRING = [o for o in CREATING if names_another_record(o) and not o.name.startswith("rules_")]
# Collections in which nothing of the cast's other county stands by its name; each with the reason.
SILENT: dict[str, str] = {
    "office_jobs": "jobs carry numbers of records, no names",
    "office_rules": "no local rule is set in the cast",
    "registry_duplicates": "no two units of the cast look alike",
    "rules_list": "rules of law are the same for everybody and hold no records",
    "duty_now": "asks for a region of the caller; without one it names nobody",
    "statutes_editions": "laws are public and hold no records",
    "statutes_articles": "laws are public and hold no records",
    "statutes_figures": "figures of the law are public; a local one names a region as every paper of it does",
    "statutes_cite": "laws are public and hold no records",
    "cockpit_trend": "months and counts, no names",
    "chemicals_trace": "asks for a lot; without one it names nobody",
}
STRANGERS = ("county_officer", "town_officer", "unit_safety", "administrator")


def named(operation: Operation) -> str:
    return f"{operation.method}-{operation.name}"


@pytest.fixture(scope="module", autouse=True)
def _exemptions_are_printed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("")
        reporter.write_line(
            f"API doors: {len(READS) + len(ACTS_ON)} operations on records, {len(COLLECTIONS) + len(CREATING)} others; exempt:"
        )
        for name, why in [*SILENT.items(), *PLATFORM.items(), *OPEN_TO_ALL.items()]:
            reporter.write_line(f"  {name}: {why}")


def ask(client: Client, operation: Operation, county: County) -> Any:
    """Call an operation on a record of a county, with a body that refers to that county's records."""
    address, _row = api_address(operation, county)
    return getattr(client, operation.method)(address, **api_request(operation, county))


def platform(operation: Operation, county: County) -> bool:
    return operation.is_object and api_row(operation, county)._meta.label_lower in PLATFORM


def able(world: Cast, operation: Operation, county: County) -> list[User]:
    """Those of a county who hold an act's permission; anybody for a read."""
    act = operation.act
    return county.may([act.may] if act and isinstance(act.may, str) else act.may if act else ())


def test_every_operation_has_a_sample_and_asks_who_calls(world: Cast) -> None:
    assert len(ALL) > 100
    missing, open_to_all = [], []
    for operation in ALL:
        if not operation.secured and operation.name not in OPEN_TO_ALL:
            open_to_all.append(operation.name)
        for county in (world.here, world.there):
            try:
                api_address(operation, county)
                api_request(operation, county)
            except (LookupError, AttributeError, TypeError) as why:
                missing.append(f"{operation.name}: {why}")
    assert not open_to_all, "these ask nobody who he is"
    assert not missing, "\n".join(sorted(set(missing)))


@pytest.mark.parametrize("operation", [o for o in ALL if o.name not in OPEN_TO_ALL], ids=named)
def test_nobody_is_told_to_sign_in(world: Cast, operation: Operation) -> None:
    before = state_of_the_house() if operation.method != "get" else {}
    answer = ask(Client(), operation, world.there)
    assert answer.status_code == 401, answer.content[:200]
    wrong = getattr(Client(), operation.method)(
        api_address(operation, world.there)[0],
        headers={"Authorization": "Bearer anlan_guess"},
        **api_request(operation, world.there),
    )
    assert wrong.status_code == 401
    assert not leaks(answer, world)
    assert not before or not changed(before, state_of_the_house())


@pytest.mark.parametrize("operation", READS, ids=named)
def test_a_record_is_read_only_by_its_own(world: Cast, operation: Operation) -> None:
    if not platform(operation, world.there):
        for role in STRANGERS:
            far = ask(world.browser(world.here.of_role(role)), operation, world.there)
            assert far.status_code in (403, 404), f"{role}: {far.status_code}"
            assert not leaks(far, world), role
        seen = [ask(world.browser(world.here.of_role(r)), operation, world.there).status_code for r in STRANGERS]
        assert 404 in seen, "to whoever may read such records at all, a foreign one is not there"
    owner = api_row(operation, world.there) if operation.is_object else None
    users = (
        [User.objects.get(pk=owner.user_id)]
        if owner is not None and owner._meta.label_lower in OWNED
        else list(world.there.users.values())
    )
    mine = {u.username: ask(world.browser(u), operation, world.there).status_code for u in users}
    assert 200 in mine.values(), mine


@pytest.mark.parametrize("operation", ACTS_ON, ids=named)
def test_an_act_is_open_only_to_its_own(world: Cast, operation: Operation) -> None:
    if platform(operation, world.there):
        return
    before = state_of_the_house()
    for user in able(world, operation, world.here)[:3]:
        far = ask(world.browser(user), operation, world.there)
        assert far.status_code == 404, f"{user.username}: {far.status_code} {far.content[:200]!r}"
        assert not leaks(far, world)
    act = operation.act
    lacking = world.there.may_not([act.may] if isinstance(act.may, str) else act.may) if act else []
    for user in lacking[:2]:
        refused = ask(world.browser(user), operation, world.there)
        assert refused.status_code in (403, 404), f"{user.username}: {refused.status_code}"
    assert not changed(before, state_of_the_house())


@pytest.mark.parametrize("operation", COLLECTIONS, ids=named)
def test_a_collection_names_nothing_of_there(world: Cast, operation: Operation) -> None:
    address = api_address(operation, world.here)[0]
    there = world.there
    for query in (
        {}, {"region": there.town.path}, {"region": world.city.path}, {"q": there.unit.name[:4]}, {"site": str(there.site.pk)},
        {"page": "-1"}, {"region": "'\"><"},
    ):  # fmt: skip
        for role in ("county_officer", "unit_safety", "auditor"):
            answer = world.browser(world.here.of_role(role)).get(address, query)
            assert answer.status_code in (200, 403, 404, 422), f"{role} {query}: {answer.status_code}"
            assert not leaks(answer, world), f"{role} {query}"


@pytest.mark.parametrize("operation", [o for o in COLLECTIONS if o.name not in SILENT], ids=named)
def test_the_canary_sings_to_its_own(world: Cast, operation: Operation) -> None:
    """Were it silent, the silence above would mean nothing."""
    address = api_address(operation, world.there)[0]
    heard = [r for r, u in world.there.users.items() if sings(world.browser(u).get(address))]
    assert heard, f"nobody of there reads anything of there at {address}"


@pytest.mark.parametrize("operation", REFERRING, ids=named)
def test_a_body_takes_no_foreign_record(world: Cast, operation: Operation) -> None:
    users = able(world, operation, world.here) or [world.here.of_role("county_officer")]
    before = state_of_the_house()
    answer = ask(world.browser(users[0]), operation, world.there)
    assert answer.status_code in (403, 404, 422), f"{users[0].username}: {answer.status_code} {answer.content[:300]!r}"
    assert not leaks(answer, world)
    assert not changed(before, state_of_the_house())


@pytest.mark.parametrize("operation", [o for o in ACTS_ON if o.spec.get("requestBody", {}).get("required")], ids=named)
def test_a_body_that_is_none_is_refused_with_the_field(world: Cast, operation: Operation) -> None:
    users = able(world, operation, world.there)
    before = state_of_the_house()
    answer = getattr(world.browser(users[0]), operation.method)(
        api_address(operation, world.there)[0], data="{not json", content_type="application/json"
    )
    assert answer.status_code in (400, 403, 404, 409, 422), answer.status_code
    assert answer.headers["Content-Type"].startswith("application/json")
    assert not changed(before, state_of_the_house())
