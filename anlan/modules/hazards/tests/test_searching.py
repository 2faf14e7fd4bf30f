"""Hazards are found by the initials of their unit's name and by the end of its people's telephones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from anlan.kernel import clock, counting
from anlan.kernel.counting import cut, swept
from anlan.kernel.errors import TooOften
from anlan.kernel.identity.sealing import tail_index
from anlan.kernel.scope import within
from anlan.kernel.searching import Statistics, latest, month_word, months_of, place_words, places_of
from anlan.modules.hazards import selectors, services
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.test_rest import Caller
from anlan.modules.registry.public import enter_person
from anlan.rules.overlap import bigrams

pytestmark = pytest.mark.django_db


def found(actor: Any, text: str) -> list[int]:
    """As the list's search box finds them."""
    rows = selectors.matching(selectors.hazards(actor), text, selectors.by_phone(actor))
    return sorted(rows.values_list("pk", flat=True))


@pytest.fixture
def hazard(story: Any) -> Hazard:
    made: Hazard = story.found()
    return made


@pytest.mark.parametrize("text", ["xaworks", "XAW", "ｘａｗｏｒｋｓ", "yxgs", "yc", "污水 yxgs", "worksyc"])
def test_initials_of_unit_and_site_find_its_hazards(cast: Any, hazard: Hazard, text: str) -> None:
    assert found(cast.town, text) == [hazard.pk]
    assert found(cast.other_county, text) == []
    assert set(hazard.words) == set(bigrams(hazard.search_text))


@pytest.mark.parametrize("text", ["xad", "zzyx", "污水 qq"])
def test_initials_of_another_find_nothing(cast: Any, hazard: Hazard, text: str) -> None:
    assert found(cast.town, text) == []


def test_a_new_name_brings_its_initials(cast: Any, hazard: Hazard) -> None:
    from anlan.modules.hazards.public import find_hazards_again

    unit = cast.sites["works"].unit
    type(unit).plain.filter(pk=unit.pk).update(name="东江龙田机械厂")
    find_hazards_again(cast.county, unit_id=unit.pk)
    assert found(cast.town, "djltjxc") == [hazard.pk]


def test_the_end_of_a_telephone_finds_the_hazards_of_the_unit_or_the_site(
    cast: Any, story: Any, hazard: Hazard
) -> None:
    works, depot = cast.sites["works"], cast.sites["depot"]
    enter_person(cast.county, works.unit_id, name="陈大文", phone="13800130371", post="principal")
    apps.get_model("registry.Person")(
        unit=depot.unit, site=depot, name="李小明", holder=depot.holder, region_path=depot.region_path,
        sector=depot.sector, phone_tail=tail_index("13900138862"),
    ).save()  # fmt: skip
    other = selectors.hazards(cast.town).exclude(pk=hazard.pk)
    assert not other.exists()
    assert found(cast.town, "0371") == found(cast.town, "０３７１") == found(cast.town, "污水 0371") == [hazard.pk]
    assert found(cast.town, "0372") == found(cast.town, "8862") == found(cast.town, "栏杆 0371") == []
    assert found(cast.other_county, "0371") == []
    second = found_at(cast, depot)
    assert found(cast.town, "8862") == [second.pk]


def found_at(cast: Any, site: Any) -> Hazard:
    made: Hazard = services.find_hazard(
        actor=cast.inspector, site=site, description="仓库消防通道堵塞，疏散标志缺失", category="fire", distinct=True,
    )  # fmt: skip
    return made


def test_the_list_and_the_api_find_by_it_too(cast: Any, hazard: Hazard) -> None:
    works = cast.sites["works"]
    enter_person(cast.county, works.unit_id, name="陈大文", phone="13800130371", post="principal")
    client = Client()
    client.force_login(cast.user("town"), backend="allauth.account.auth_backends.AuthenticationBackend")
    for text, count in (("0371", 1), ("0372", 0), ("xaw", 1)):
        page = client.get("/hazards/", {"q": text, "all": "1"})
        assert page.status_code == 200 and page.context["total"] == count, text
        assert len(Caller(cast, "town").get(f"/?q={text}").json()["items"]) == count, text


def test_a_page_and_its_number_are_read_at_once_and_in_order(
    cast: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [found_at(cast, cast.sites["depot"]).pk for _ in range(3)]
    other = services.find_hazard(
        actor=cast.inspector, site=cast.sites["works"], description="污水池护栏缺失", category="fire"
    ).pk
    rows = selectors.matching(selectors.hazards(cast.town), "消防通道").order_by("-found_on", "-pk")
    with django_assert_num_queries(1):
        assert swept(rows, 0, 2) == (made[:0:-1], 3)
    assert swept(rows, 2, 4) == (made[:1], 3) and swept(rows, 4, 6) is None, "a page past the end counts nothing"
    assert swept(selectors.hazards(cast.town).order_by("-pk"), 0, 2) is None, "nothing is looked for"
    assert list(cut(rows, 1, 3)) == list(rows[1:3])
    assert "OVER" in str(cut(rows, 0, 2).query) and "OVER" not in str(cut(rows.order_by(), 0, 2).query)
    client = Client()
    client.force_login(cast.user("town"), backend="allauth.account.auth_backends.AuthenticationBackend")
    for number, keys in (("1", made[:0:-1]), ("2", made[:1]), ("9", made[:1]), ("last", made[:0:-1]), ("no", made[:0:-1])):
        monkeypatch.setattr("anlan.ui.pages.lists.SIZES", (2,))
        page = client.get("/hazards/", {"q": "消防通道", "all": "1", "size": "2", "page": number})
        assert [row.record.pk for row in page.context["table"].paginated_rows] == keys, number
        assert page.context["total"] == 3 and other not in keys
    assert counting.counted(rows) == 3


def test_each_way_of_seeing_is_looked_up_with_its_place(cast: Any) -> None:
    """By the word alone or with each place beside it: the same rows, whoever asks and wherever a hazard is dealt with."""
    works, depot = cast.sites["works"], cast.sites["depot"]
    made = [found_at(cast, depot), services.find_hazard(actor=cast.inspector, site=works, description="车间消防通道堵塞")]
    places = {name: cast.regions[name].path for name in ("city", "countyA", "countyB", "townA", "townA2", "townB")}
    readers = [cast.town, cast.sibling, cast.county, cast.other_county, cast.city, cast.fireline, cast.principal]
    first, second = (Hazard.plain.filter(pk=one.pk) for one in made)
    for region, owner, offered in (
        ("townA", "townA", ""), ("townA", "countyA", ""), ("townA", "townB", ""), ("townB", "townA2", "countyA"),
        ("countyA", "city", "townB"), ("townA2", "townA2", "countyB"),
    ):  # fmt: skip
        first.update(region_path=places[region], owner_path=places[owner], offered_path=places.get(offered, ""))
        second.update(region_path=places[owner], owner_path=places[region], owner_sector="fire")
        for reader in readers:
            seen = selectors.hazards(reader)
            expected = sorted(row.pk for row in seen if "消防通道" in row.search_text)
            assert found(reader, "消防通道") == found(reader, "消防") == expected, (region, owner, offered, reader)
            rows = selectors.matching(seen, "消防")
            assert counting.counted(rows) == len(expected)
            for name, path in places.items():
                inside = sorted(pk for pk in expected if Hazard.plain.get(pk=pk).region_path.startswith(path))
                narrowed = rows.filter(within("region_path", path))
                assert sorted(narrowed.values_list("pk", flat=True)) == inside, name
                assert counting.counted(narrowed) == len(inside), name


@pytest.mark.parametrize("depth", range(1, 9))
def test_the_places_and_the_month_of_a_row_are_those_it_is_asked_for(depth: int) -> None:
    path = "".join(f"{level:04}" for level in range(1, depth + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hazards_placed(ARRAY['消防', '通道']::varchar[], '2025-12-31', %s::varchar), "
            "hazards_placed('{}', '2026-01-01', %s::varchar)", [path, path],
        )  # fmt: skip
        kept, next_day = map(set, cursor.fetchone())
    month, next_month = month_word(dt.date(2025, 12, 31)), month_word(dt.date(2026, 1, 1))
    assert kept == {"消防", "通道", *place_words(path), month}
    assert next_day == {*place_words(path), next_month} and month != next_month
    where = Hazard.plain.filter(within("region_path", path)).query.where
    (asked,) = places_of(where.children, Hazard._meta.db_table)
    assert asked in kept and asked == "@" + path[:24]


@pytest.mark.parametrize(
    ("begun", "months"),
    [
        ("2026-02-28", ["2026-02", "2026-03"]), ("2026-02-01", ["2026-02", "2026-03"]), ("2026-03-01", ["2026-03"]),
        ("2026-01-31", ["2026-01", "2026-02", "2026-03"]), ("2025-12-01", ["2025-12", "2026-01", "2026-02", "2026-03"]),
        ("2025-11-30", []), ("2026-04-01", []),
    ],
)  # fmt: skip
def test_the_months_since_a_day_reach_into_the_next(begun: str, months: list[str]) -> None:
    with clock.moved_to(dt.datetime(2026, 2, 28, 23, 59, tzinfo=clock.CHINA)):
        where = Hazard.plain.filter(found_on__gte=dt.date.fromisoformat(begun)).query.where
        expected = [month_word(dt.date.fromisoformat(f"{month}-01")) for month in months]
        assert months_of(where.children, Hazard._meta.db_table, "found_on") == expected
        assert months_of(where.children, Hazard._meta.db_table, "due_at") == []


def test_the_first_page_of_many_is_that_of_all(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest months tried first, whatever lies in them: the same rows as those of everything, in the same order."""
    made = [found_at(cast, cast.sites["depot"]).pk for _ in range(9)]
    for pk, days in zip(made, (0, 0, 3, 20, 33, 40, 70, 200, 900), strict=True):
        Hazard.plain.filter(pk=pk).update(found_on=clock.today() - dt.timedelta(days=days))
    Hazard.plain.filter(pk=made[2]).update(region_path=cast.regions["countyB"].path)  # seen by its owner alone
    tried = []
    known = Statistics(1e6, {"消防": 0.01, **dict.fromkeys(map(month_word, days_back(70)), 0.5)})
    monkeypatch.setattr("anlan.kernel.searching.statistics", lambda table, kept_in: known)
    monkeypatch.setattr("anlan.kernel.searching.has_order_index", lambda query: False)
    monkeypatch.setattr("anlan.kernel.counting.latest", lambda rows, most: tried.append(latest(rows, most)) or tried[-1])
    for reader in ("town", "county", "city", "other_county"):
        rows = selectors.matching(selectors.hazards(getattr(cast, reader)), "消防").order_by("-found_on", "-pk")
        everything = list(rows.values_list("pk", flat=True))
        assert everything == ([made[2]] if reader == "other_county" else [made[i] for i in (1, 0, 2, 3, 4, 5, 6, 7, 8)])
        for first, last in ((0, 1), (0, 3), (2, 4), (0, 5), (3, 7), (0, 8), (8, 10), (20, 25)):
            assert [row.pk for row in cut(rows, first, last)] == everything[first:last], (reader, first, last)
    assert all(few is not None for few in tried) and len(tried) == 32
    narrowed = rows.filter(found_on__gte=clock.today() - dt.timedelta(days=25))
    assert "#" in str(cut(narrowed, 0, 1).query) and latest(rows.order_by("found_on"), 1) is None
    known.shares["消防"] = 1e-6
    assert latest(rows, 1) is None, "a few are read at once"


def days_back(days: int) -> list[dt.date]:
    return [clock.today() - dt.timedelta(days=number) for number in range(days)]


def test_looking_is_rationed_and_only_for_readers_of_the_registry(
    cast: Any, hazard: Hazard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anlan.modules.registry.services.looking.MOST", 2)
    assert found(cast.town, "7001") == found(cast.town, "7002") == []
    with pytest.raises(TooOften):
        found(cast.town, "7003")
    assert found(cast.town, "70034") == [], "five digits are no telephone's end"
    look = apps.get_model("registry.PhoneLook")
    looks = look.objects.count()
    blind = cast.county
    monkeypatch.setattr(type(blind), "may", lambda self, permission, record=None: permission != "registry.view")
    assert selectors.by_phone(blind)("0371").children == [] and look.objects.count() == looks
