"""Accounts, posts, authorities and tokens: who may give what, and when it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to, now, today
from anlan.kernel.errors import AlreadyDone, BadInput, NotAllowed, NotFound
from anlan.kernel.identity import selectors, services
from anlan.kernel.identity.actors import (
    actor_for,
    actor_for_token,
    holders_of,
    permissions_of,
    valid_grants,
)
from anlan.kernel.identity.holders import holders_within, place_of_holder
from anlan.kernel.identity.models import ApiToken, Grant, GrantKind, Post, User
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import about
from anlan.kernel.notify.models import Message
from tests.kernel.conftest import SYSTEM, City, make_person, plain_actor
from tests.kernel.sample.models import Holding

WHY = "a test"
ADMIN = frozenset({"identity.users", "identity.grants", "office.view", "identity.break_glass", "account.own"})
SECRET = "Correct-Horse-9"
DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(city: City) -> Actor:
    return plain_actor(city.a.path, ADMIN)


@pytest.fixture
def outsider(city: City) -> Actor:
    return plain_actor(city.b.path, ADMIN)


@pytest.fixture
def holding(city: City) -> Holding:
    return Holding.objects.create(region_path=city.v1.path, name="厂", holder="unit-1")


class TestAccounts:
    def test_opened(self, city: City, admin: Actor) -> None:
        user = services.add_user(
            actor=admin, username=" Zhang.San ", name=" 张三 ", email="z@example.org", password=SECRET, region=city.a1
        )
        assert (user.username, user.name, user.must_change_password, user.region_path) == (
            "Zhang.San",
            "张三",
            True,
            city.a1.path,
        )
        assert user.check_password(SECRET)
        assert User.objects.get_by_natural_key("ZHANG.SAN") == user
        (entry,) = about(user)
        assert (entry.fact_type, entry.region_path) == ("identity.UserAdded", city.a1.path)
        assert services.add_user(actor=admin, username="li", name="李四").region_path == city.a.path

    @pytest.mark.parametrize(
        ("column", "given"),
        [
            ("username", {"username": " "}),
            ("username", {"username": "a b"}),
            ("username", {"username": "TAKEN"}),
            ("name", {"name": ""}),
            ("email", {"email": "nobody"}),
        ],
    )
    def test_bad_input(self, city: City, admin: Actor, column: str, given: dict[str, Any]) -> None:
        make_person(username="taken")
        with pytest.raises(BadInput) as refused:
            services.add_user(actor=admin, **{"username": "new", "name": "新", **given})
        assert refused.value.column == column
        assert User.objects.count() == 1

    def test_only_within_reach(self, city: City, admin: Actor, outsider: Actor) -> None:
        with pytest.raises(NotAllowed):
            services.add_user(actor=outsider, username="new", name="新", region=city.a)
        user = make_person("worker", city.a1)
        for doing in (
            lambda: services.reset_password(actor=outsider, user=user),
            lambda: services.close_user(actor=outsider, user=user, reason="x"),
            lambda: services.remove_second_factor(actor=outsider, user=user, reason="x"),
            lambda: services.reopen_user(actor=outsider, user=user, reason="x"),
        ):
            with pytest.raises(NotFound):
                doing()
        Grant.objects.create(user=user, role="worker", region=city.b, valid_from=today())
        with pytest.raises(NotAllowed):
            services.reset_password(actor=admin, user=user)
        assert services.reset_password(actor=plain_actor(city.root.path, ADMIN), user=user)

    def test_an_account_without_any_place_is_for_the_root(self, city: City, admin: Actor) -> None:
        user = make_person()
        with pytest.raises(NotFound):
            services.reset_password(actor=admin, user=user)
        assert services.reset_password(actor=plain_actor(city.root.path, ADMIN), user=user)

    def test_a_units_people_are_managed_where_the_unit_lies(
        self, city: City, admin: Actor, outsider: Actor, holding: Holding
    ) -> None:
        user = make_person("own_worker", holder="unit-1")
        with pytest.raises(NotFound):
            services.reset_password(actor=outsider, user=user)
        assert services.reset_password(actor=admin, user=user)
        assert place_of_holder("unit-1") == city.v1.path
        assert place_of_holder("unit-9") == ""
        assert [h["holder"] for h in holders_within(admin, "office.view")] == ["unit-1"]  # type: ignore[index]
        assert list(holders_within(outsider, "office.view")) == []

    def test_a_one_time_password(self, city: City, admin: Actor) -> None:
        user = make_person("worker", city.a1, password=SECRET)
        token, _ = services.issue_token(actor=actor_for(user), user=user, name="x", scopes=["sample.view"])
        secret = services.reset_password(actor=admin, user=user, key="r")
        services.check_password(secret)
        user.refresh_from_db()
        token.refresh_from_db()
        assert user.check_password(secret)
        assert not user.check_password(SECRET)
        assert user.must_change_password
        assert token.revoked_at is not None
        with pytest.raises(AlreadyDone):
            services.reset_password(actor=admin, user=user, key="r")
        assert secret not in str(list(Entry.objects.everything(why=WHY).values()))
        with pytest.raises(BadInput):
            services.check_password("short")

    def test_closed_and_opened_again(self, city: City, admin: Actor) -> None:
        user = make_person("worker", city.a1, password=SECRET)
        Grant.objects.create(user=user, role="checker", region=city.a1, valid_from=today() + 30 * DAY)
        Grant.objects.create(user=user, role="head", region=city.a1, valid_from=today(), valid_to=today() + 9 * DAY)
        with pytest.raises(BadInput):
            services.close_user(actor=admin, user=user, reason=" ")
        services.close_user(actor=admin, user=user, reason="调离")
        services.close_user(actor=admin, user=user, reason="调离")
        user.refresh_from_db()
        assert not user.is_active
        assert actor_for(user) == Actor.nobody()
        assert not valid_grants().filter(user=user).exists()
        assert not valid_grants(today() + 31 * DAY).filter(user=user).exists(), "what was still to come does not come"
        facts = [e.fact_type for e in about(user)]
        assert (facts.count("identity.UserClosed"), facts.count("identity.GrantEnded")) == (1, 3)
        with pytest.raises(BadInput):
            services.reset_password(actor=admin, user=user)
        with pytest.raises(BadInput):
            services.give_grant(actor=admin, user=user, role="worker", region=city.a1)
        services.reopen_user(actor=admin, user=user, reason="调回")
        user.refresh_from_db()
        assert user.is_active
        assert not user.has_usable_password()
        assert actor_for(user).grants == ()

    def test_nobody_closes_himself(self, city: City) -> None:
        user = make_person("administrator", city.root)
        with pytest.raises(BadInput, match="your own account"):
            services.close_user(actor=actor_for(user), user=user, reason="x")

    def test_two_of_one_name_at_once(self, city: City, admin: Actor) -> None:
        make_person(username="same")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user("SAME", name="x")


class TestAuthorities:
    def test_given_and_ended_at_once(self, city: City, admin: Actor) -> None:
        user = make_person()
        grant = services.give_grant(actor=admin, user=user, role="worker", region=city.a1, reason="任命")
        assert services.give_grant(actor=admin, user=user, role="worker", region=city.a1) == grant
        assert actor_for(user).may_at("sample.fix", city.v1.path)
        services.end_grant(actor=admin, grant=grant, reason="免职")
        services.end_grant(actor=admin, grant=grant, reason="免职")
        assert actor_for(user).grants == (), "it ends at once, on its first day as well"
        grant.refresh_from_db()
        assert grant.valid_to == today() - DAY
        assert [e.fact_type for e in about(user)] == ["identity.GrantEnded", "identity.GrantGiven"]
        assert about(user)[0].region_path == city.a1.path
        assert grant.pgh_event_model.objects.filter(pgh_obj_id=grant.pk).count() == 2

    def test_within_its_days(self, city: City, admin: Actor) -> None:
        user = make_person()
        services.give_grant(
            actor=admin, user=user, role="worker", region=city.a1, kind=GrantKind.TEMPORARY,
            valid_from=today() + DAY, valid_to=today() + 3 * DAY,
        )  # fmt: skip
        seen = []
        for days in range(5):
            with moved_to(now() + days * DAY):
                seen.append(bool(actor_for(user).grants))
        assert seen == [False, True, True, True, False]

    def test_what_is_held_already(self, city: City, admin: Actor) -> None:
        user = make_person()
        wanted = {"actor": admin, "user": user, "role": "worker", "region": city.a1}
        short = services.give_grant(**wanted, kind=GrantKind.TEMPORARY, valid_to=today() + 3 * DAY)
        assert services.give_grant(**wanted, kind=GrantKind.TEMPORARY, valid_to=today() + 2 * DAY) == short
        longer = services.give_grant(**wanted, kind=GrantKind.TEMPORARY, valid_to=today() + 9 * DAY)
        for_good = services.give_grant(**wanted)
        assert len({short, longer, for_good}) == 3
        assert services.give_grant(**wanted, kind=GrantKind.TEMPORARY, valid_to=today() + 9 * DAY) in {longer, for_good}

    @pytest.mark.parametrize(
        ("column", "given"),
        [
            ("role", {"role": "king"}),
            ("role", {"role": "own_worker"}),
            ("role", {"region": None, "holder": "unit-1"}),
            ("region", {"region": None}),
            ("region", {"holder": "unit-1"}),
            ("valid_to", {"kind": GrantKind.TEMPORARY}),
            ("valid_to", {"valid_to": dt.date(2020, 1, 1)}),
            ("kind", {"kind": GrantKind.EMERGENCY}),
        ],
    )
    def test_bad_input(self, city: City, admin: Actor, holding: Holding, column: str, given: dict[str, Any]) -> None:
        with pytest.raises(BadInput) as refused:
            services.give_grant(actor=admin, **{"user": make_person(), "role": "worker", "region": city.a1, **given})
        assert refused.value.column == column

    def test_nobody_gives_what_he_has_no_reach_over(
        self, city: City, admin: Actor, outsider: Actor, holding: Holding
    ) -> None:
        user = make_person()
        in_line = plain_actor(city.a.path, ADMIN, sector="mines")
        for actor, given in (
            (outsider, {"role": "worker", "region": city.a1}),
            (admin, {"role": "worker", "region": city.root}),
            (in_line, {"role": "worker", "region": city.a1}),
            (in_line, {"role": "worker", "region": city.a1, "sector": "chemicals"}),
            (outsider, {"role": "own_worker", "holder": "unit-1"}),
            (admin, {"role": "own_worker", "holder": "unknown"}),
        ):
            with pytest.raises(NotAllowed):
                services.give_grant(actor=actor, user=user, **given)
        assert services.give_grant(actor=in_line, user=user, role="worker", region=city.a1, sector="mines")
        unit = services.give_grant(actor=admin, user=user, role="own_worker", holder="unit-1")
        assert unit.kind == GrantKind.UNIT
        with pytest.raises(NotFound):
            services.end_grant(actor=outsider, grant=unit, reason="x")
        services.end_grant(actor=admin, grant=unit, reason="x")
        assert about(user)[0].region_path == city.v1.path

    def test_posts(self, city: City, admin: Actor, outsider: Actor) -> None:
        wanted = {"region": city.a1, "office": "应急办", "title": "安监员", "role": "worker", "sector": "mines"}
        post = services.add_post(actor=admin, **wanted)
        assert services.add_post(actor=admin, **wanted) == post
        with pytest.raises(BadInput):
            services.add_post(actor=admin, **{**wanted, "role": "checker"})
        with pytest.raises(BadInput):
            services.add_post(actor=admin, **{**wanted, "office": " "})
        with pytest.raises(NotAllowed):
            services.add_post(actor=outsider, **wanted)
        user = make_person()
        grant = services.give_grant(actor=admin, user=user, post=post)
        assert (grant.role, grant.region, grant.sector, grant.post) == ("worker", city.a1, "mines", post)
        with pytest.raises(BadInput, match="still holds"):
            services.close_post(actor=admin, post=post, reason="x")
        services.end_grant(actor=admin, grant=grant, reason="x")
        with pytest.raises(BadInput):
            services.close_post(actor=admin, post=post, reason="")
        services.close_post(actor=admin, post=post, reason="撤并")
        services.close_post(actor=admin, post=post, reason="撤并")
        with pytest.raises(BadInput):
            services.give_grant(actor=admin, user=user, post=post)
        assert [e.fact_type for e in about(post)] == ["identity.PostClosed", "identity.PostAdded"]
        assert str(post) == "应急办 · 安监员"

    def test_the_database_refuses_crooked_ones(self, city: City) -> None:
        user = make_person()
        for crooked in (
            {"region": None, "holder": ""},
            {"region": city.a, "holder": "u"},
            {"region": city.a, "valid_to": today() - 2 * DAY},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Grant.objects.create(user=user, role="worker", **{"valid_from": today(), **crooked})

    def test_a_closed_region(self, city: City, admin: Actor) -> None:
        from anlan.kernel.regions.services import merge_region

        merge_region(actor=SYSTEM, region=city.a1, into=city.a2, on=today(), basis="x")
        city.a1.refresh_from_db()
        with pytest.raises(BadInput, match="no longer in force"):
            services.give_grant(actor=admin, user=make_person(), role="worker", region=city.a1)


class TestBreakingTheGlass:
    def test_for_hours_and_seen_by_others(self, city: City) -> None:
        rescuer, above = make_person("administrator", city.a), make_person("administrator", city.root)
        reason = "化工园区爆炸，须立即调阅全部隐患"
        wanted = {"region": city.a1, "role": "city_officer", "hours": 2, "reason": reason}
        grant = services.break_glass(actor=actor_for(rescuer), **wanted)
        assert services.break_glass(actor=actor_for(rescuer), **wanted) == grant
        assert actor_for(rescuer).may_at("hazards.view", city.v1.path)
        assert not actor_for(rescuer).may_at("hazards.view", city.a2.path)
        with moved_to(now() + dt.timedelta(hours=2, minutes=1)):
            assert not actor_for(rescuer).may_at("hazards.view", city.v1.path)
        entry = about(rescuer)[0]
        assert (entry.fact_type, entry.region_path, entry.data["reason"]) == (
            "identity.GlassBroken",
            city.a1.path,
            reason,
        )
        assert Message.objects.get().user == above
        assert Message.objects.get().urgent

    @pytest.mark.parametrize(
        ("column", "given"),
        [
            ("hours", {"hours": 25}),
            ("hours", {"hours": 0}),
            ("reason", {"reason": "急"}),
            ("role", {"role": "own_worker"}),
        ],
    )
    def test_bad_input(self, city: City, column: str, given: dict[str, Any]) -> None:
        actor = actor_for(make_person("administrator", city.a))
        wanted = {"region": city.a1, "role": "leader", "hours": 2, "reason": "发生较大事故，需要指挥"}
        with pytest.raises(BadInput) as refused:
            services.break_glass(actor=actor, **{**wanted, **given})
        assert refused.value.column == column

    def test_who_may_not(self, city: City) -> None:
        wanted = {"region": city.b, "role": "leader", "hours": 2, "reason": "发生较大事故，需要指挥"}
        user = make_person("administrator", city.a)
        by_token = Actor(
            key="user:1", name="", user_id=user.pk, grants=actor_for(user).grants, scopes=frozenset({"identity.*"})
        )
        for actor in (actor_for(user), SYSTEM, actor_for(make_person("worker", city.b))):
            with pytest.raises(NotAllowed):
                services.break_glass(actor=actor, **wanted)
        with pytest.raises(NotAllowed):
            services.break_glass(actor=by_token, **{**wanted, "region": city.a})


class TestTokens:
    def test_shown_once_and_kept_as_a_digest(self, city: City) -> None:
        user = make_person("worker", city.a1)
        token, secret = services.issue_token(actor=actor_for(user), user=user, name="导出", scopes=["sample.view"])
        actor = actor_for_token(secret)
        assert actor is not None
        assert (actor.user_id, actor.scopes) == (user.pk, frozenset({"sample.view"}))
        assert actor.may("sample.view")
        assert not actor.may("sample.fix")
        token.refresh_from_db()
        assert token.last_used_on == today()
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(t)::text FROM identity_apitoken t")
            assert secret not in cursor.fetchone()[0]

    def test_when_it_does_not_count(self, city: City) -> None:
        user = make_person("worker", city.a1)
        token, secret = services.issue_token(actor=actor_for(user), user=user, name="x", scopes=["sample.*"], days=10)
        assert actor_for_token("anlan_wrong") is None
        with moved_to(now() + 11 * DAY):
            assert actor_for_token(secret) is None
        user.must_change_password = True
        user.save()
        assert actor_for_token(secret) is None
        user.must_change_password, user.is_active = False, False
        user.save()
        assert actor_for_token(secret) is None
        user.is_active = True
        user.save()
        assert actor_for_token(secret) is not None
        services.revoke_token(actor=actor_for(user), token=token)
        services.revoke_token(actor=actor_for(user), token=token)
        assert actor_for_token(secret) is None
        assert [e.fact_type for e in about(user)] == ["identity.TokenRevoked", "identity.TokenIssued"]
        assert list(selectors.own_tokens(actor_for(user))) == [token]

    def test_only_ones_own_and_no_more_than_one_holds(self, city: City) -> None:
        user, other = make_person("worker", city.a1), make_person("worker", city.a1)
        own = actor_for(user)
        with pytest.raises(NotAllowed):
            services.issue_token(actor=own, user=other, name="x", scopes=["sample.view"])
        for column, given in (
            ("name", {"name": " "}), ("scopes", {"scopes": []}), ("scopes", {"scopes": ["regions.change"]}),
            ("scopes", {"scopes": ["regions.*"]}), ("days", {"days": 0}), ("days", {"days": 367}),
        ):  # fmt: skip
            with pytest.raises(BadInput) as refused:
                services.issue_token(actor=own, user=user, **{"name": "x", "scopes": ["sample.view"], **given})
            assert refused.value.column == column
        token, secret = services.issue_token(actor=own, user=user, name="x", scopes=["account.own"])
        with pytest.raises(NotFound):
            services.revoke_token(actor=actor_for(other), token=token)
        by_token = actor_for_token(secret)
        with pytest.raises(NotAllowed):
            services.issue_token(actor=by_token, user=user, name="y", scopes=["sample.view"])
        assert ApiToken.objects.count() == 1


class TestReading:
    def test_within_ones_own_jurisdiction(self, city: City, admin: Actor, outsider: Actor, holding: Holding) -> None:
        here, there = make_person("worker", city.a1), make_person("worker", city.b1)
        unit_man = make_person("own_worker", holder="unit-1")
        kept = make_person(region_path=city.a2.path)
        assert set(selectors.users(admin)) == {here, unit_man, kept}
        assert set(selectors.users(outsider)) == {there}
        assert set(selectors.users(SYSTEM)) == {here, there, unit_man, kept}
        assert set(selectors.users(admin, path=city.a2.path)) == {kept}
        assert {g.user for g in selectors.grants(admin)} == {here, unit_man}
        assert not selectors.users(Actor.nobody()).exists()
        assert not selectors.users(plain_actor(city.a.path)).exists(), "without the permission nobody is listed"
        Post.objects.create(region=city.a1, office="应急办", title="主任", role="worker")
        assert selectors.posts(admin).count() == 1
        assert not selectors.posts(outsider).exists()

    def test_on_a_day_and_expiring(self, city: City, admin: Actor) -> None:
        user = make_person("worker", city.a1)
        soon = Grant.objects.create(
            user=user, role="checker", region=city.a1, valid_from=today(), valid_to=today() + 10 * DAY
        )
        assert list(selectors.expiring(admin)) == [soon]
        assert list(selectors.expiring(admin, days=5)) == []
        assert selectors.grants_on(admin).count() == 2
        assert selectors.grants_on(admin, today() + 11 * DAY).count() == 1
        assert selectors.grants_on(admin, path=city.a2.path).count() == 0

    def test_who_is_addressed(self, city: City) -> None:
        town, line, above = (
            make_person("worker", city.a1),
            make_person("worker", city.a1, sector="mines"),
            make_person("worker", city.a),
        )
        gone = make_person("worker", city.a1, is_active=False)
        assert list(holders_of("sample.fix", path=city.a1.path)) == [town]
        assert list(holders_of("sample.fix", path=city.a1.path, sector="mines")) == [town, line]
        assert list(holders_of("sample.fix", path=city.a.path)) == [above]
        assert list(holders_of("sample.nothing", path=city.a1.path)) == []
        assert gone not in holders_of("sample.fix", path=city.a1.path)
        assert permissions_of("king") == frozenset()

    def test_an_actor_is_made_afresh(self, city: City, admin: Actor) -> None:
        """Nothing remembers who somebody was: an authority counts from the next request on."""
        user = make_person()
        assert actor_for(user).grants == ()
        services.give_grant(actor=admin, user=user, role="worker", region=city.a1)
        assert len(actor_for(user).grants) == 1

    def test_no_such_row(self, city: City, admin: Actor) -> None:
        for doing, target in (
            (services.end_grant, "grant"),
            (services.close_post, "post"),
            (services.close_user, "user"),
        ):
            with pytest.raises(NotFound):
                doing(actor=admin, **{target: 0}, reason="x")


def test_titles_of_the_kinds(acting: Callable[..., Actor], city: City) -> None:
    assert acting("worker", city.a1).roles == {"worker"}
    assert acting("own_worker", holder="unit-1").holders == {"unit-1"}
