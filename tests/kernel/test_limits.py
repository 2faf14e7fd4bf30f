"""How often is too often: counts in the database, an account by itself, an address only where nobody is signed in."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from anlan.kernel.clock import moved_to, now
from anlan.kernel.errors import BadInput, TooMany
from anlan.kernel.identity import services
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User
from anlan.kernel.limits.address import address_of
from anlan.kernel.limits.declared import DECLARED, check_settings
from anlan.kernel.limits.models import Tally
from anlan.kernel.limits.services import count, spend, wait
from anlan.kernel.limits.tasks import clear_tallies
from tests.kernel.conftest import City, make_person

SECRET, WRONG = "Correct-Horse-9", "Wrong-Horse-9"


@pytest.fixture
def few(settings: Any) -> None:
    """Limits small enough to be reached."""
    settings.LIMITS = dict.fromkeys(DECLARED, 3)


def sign_in(name: str, password: str, address: str = "192.0.2.1") -> Any:
    return Client(REMOTE_ADDR=address).post(reverse("account_login"), {"login": name, "password": password})


def test_a_window_begins_with_the_first_and_ends_by_itself(db: None, few: None) -> None:
    assert [count("search", "user:1") for _ in range(3)] == [0, 0, 0]
    assert 0 < count("search", "user:1") <= 60
    assert count("search", "user:2") == 0, "another account is counted by itself"
    assert count("export", "user:1") == 0, "and another limit"
    with pytest.raises(TooMany) as refused:
        spend("search", "user:1")
    assert 0 < refused.value.seconds <= 60
    with moved_to(now() + dt.timedelta(seconds=61)):
        assert wait(("search", "user:1")) == 0
        assert count("search", "user:1") == 0
        clear_tallies(0)
        assert Tally.objects.count() == 2, "only the windows that are over are forgotten"
    assert "user" not in json.dumps(list(Tally.objects.values("key")))


def test_what_a_deployment_sets_is_checked(settings: Any) -> None:
    settings.LIMITS = {"api": 6000}
    assert not check_settings()
    settings.LIMITS = {"ip": 1, "api": 0, "search": "9", "export": True}
    assert len(check_settings()) == 4


@pytest.mark.parametrize(
    ("proxies", "said", "believed"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "<script>", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings: Any, proxies: int, said: str, believed: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=said)
    assert address_of(request) == believed


def test_behind_a_proxy_one_callers_mistakes_are_not_everybodys(city: City, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    make_person("worker", city.a1, username="zhang", password=SECRET)
    through = {"REMOTE_ADDR": "127.0.0.1"}
    for _ in range(5):
        Client(**through).post(
            reverse("account_login"), {"login": "zhang", "password": WRONG}, HTTP_X_FORWARDED_FOR="192.0.2.66"
        )
    own = Client(**through).post(
        reverse("account_login"), {"login": "zhang", "password": SECRET}, HTTP_X_FORWARDED_FOR="192.0.2.7"
    )
    assert own.status_code == 302, "the lock-out counts the caller, not the proxy all of them come through"


def test_many_names_tried_from_one_address(city: City, few: None) -> None:
    make_person("worker", city.a1, username="zhang", password=SECRET)
    assert [sign_in(f"nobody{n}", WRONG).status_code for n in range(3)] == [200] * 3
    shut = sign_in("zhang", SECRET)
    assert shut.status_code == 429
    assert 0 < int(shut["Retry-After"]) <= 900
    assert sign_in("zhang", SECRET, "192.0.2.2").status_code == 302, "elsewhere nothing is shut"


def test_one_account_tried_from_many_addresses(city: City, few: None) -> None:
    make_person("worker", city.a1, username="zhang", password=SECRET)
    assert sign_in("zhang", SECRET, "192.0.2.200").status_code == 302
    assert [sign_in("Zhang", WRONG, f"192.0.2.{n}").status_code for n in range(3)] == [200] * 3
    assert sign_in("zhang", SECRET, "192.0.2.9").status_code == 429
    assert sign_in("zhang", SECRET, "192.0.2.200").status_code == 302, "where the owner signed in of late he still does"


def test_right_passwords_are_never_counted(city: City, few: None) -> None:
    for n in range(6):
        make_person("worker", city.a1, username=f"zhang{n}", password=SECRET)
    assert {sign_in(f"zhang{n}", SECRET).status_code for n in range(6)} == {302}, "a whole office behind one address"


def test_the_second_factor_is_counted_in_one_place_for_all_processes(db: None) -> None:
    assert cache.add("used-code", "y", timeout=30)
    assert not cache.add("used-code", "y", timeout=30), "a code is good once, whichever process is asked"
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


class TestKeysForOneself:
    def test_nobody_hands_himself_a_key(self, city: City) -> None:
        user = make_person("administrator", city.a)
        for key in (services.issue_recovery, services.reset_password):
            with pytest.raises(BadInput) as refused:
                key(actor=actor_for(user), user=user)
            assert refused.value.column == "user"
        with pytest.raises(BadInput):
            services.remove_second_factor(actor=actor_for(user), user=user, reason="手机遗失")

    def test_nobody_gives_himself_an_authority(self, city: City) -> None:
        user, other = make_person("administrator", city.a), make_person("administrator", city.a)
        with pytest.raises(BadInput) as refused:
            services.give_grant(actor=actor_for(user), user=user, role="city_officer", region=city.a)
        assert refused.value.column == "user"
        assert not actor_for(user).may("hazards.view")
        services.give_grant(actor=actor_for(other), user=user, role="city_officer", region=city.a)
        assert actor_for(User.objects.get(pk=user.pk)).may("hazards.view")

    def test_only_so_many_keys_an_hour(self, city: City, few: None) -> None:
        admin = actor_for(make_person("administrator", city.a))
        others = [make_person("worker", city.a1) for _ in range(4)]
        for user in others[:3]:
            services.issue_recovery(actor=admin, user=user)
        with pytest.raises(TooMany):
            services.issue_recovery(actor=admin, user=others[3])


def test_a_session_ends_however_much_it_is_used(city: City, settings: Any) -> None:
    make_person("worker", city.a1, username="zhang", password=SECRET)
    client = Client()
    client.post(reverse("account_login"), {"login": "zhang", "password": SECRET})
    began = now()
    session = client.session
    session["something"] = "written by a message"
    session.save()
    assert session.get_expiry_date() - began <= dt.timedelta(seconds=settings.SESSION_COOKIE_AGE + 5)
    with moved_to(began + dt.timedelta(hours=7)):
        again = client.session
        again["something"] = "written again"
        again.save()
        assert again.get_expiry_date() - began <= dt.timedelta(seconds=settings.SESSION_COOKIE_AGE + 5)
