"""Charts and maps: the data the front end draws, within the reader's scope, in his language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from anlan.ui import charts, maps
from tests.ui.conftest import CANARY


def test_charts_speak_the_readers_language() -> None:
    def made() -> Any:
        return charts.bar(
            [_("Overdue")], charts.Series(_("Due today"), [Decimal("2.5")], "red"), urls=["/due/"], unit=_("days")
        )

    with translation.override("zh-hans"):
        option = made()
    assert option["xAxis"]["data"] == ["已逾期"] and option["series"][0]["name"] == "今日到期"
    assert option["series"][0]["data"] == [2.5] and option["series"][0]["tone"] == "red"
    assert option["anlan"] == {"urls": ["/due/"], "unit": "天"}
    with translation.override("en"):
        assert made()["xAxis"]["data"] == ["Overdue"]


def test_kinds_of_charts() -> None:
    flat = charts.stacked(["a", "b"], charts.Series("x", [1, None]), charts.Series("y", [2, 3]), flat=True)
    assert flat["yAxis"]["data"] == ["a", "b"] and {s["stack"] for s in flat["series"]} == {"all"}
    assert charts.line(["1"], charts.Series("x", [None]), area=True)["series"][0]["areaStyle"]
    donut = charts.donut([("a", 3, "red"), ("b", 0, "blue"), ("c", 1, "")], urls=["/a", "/b", "/c"])
    assert [d["name"] for d in donut["series"][0]["data"]] == ["a", "c"]
    assert (
        donut["series"][0]["data"][0]["itemStyle"] == {"color": "tone:red"}
        and donut["series"][0]["data"][1]["url"] == "/c"
    )


def test_a_map_of_regions_stays_within_reach(cast: Any, actor: Any) -> None:
    shades = (maps.Shade(0, "green", "none"), maps.Shade(5, "red", "many"))
    values = {cast.here.path: 7, cast.there.path: 9}
    data = maps.regions(
        actor(cast.county_officer), "hazards.view", cast.city.path, values, shades=shades, url=lambda r: f"/x/{r.path}"
    )
    features = data["layers"][0]["data"]["features"]
    assert [f["properties"]["name"] for f in features] == ["临江县"]
    assert features[0]["properties"]["tone"] == "red" and features[0]["geometry"]["type"] == "Polygon"
    assert CANARY not in str(data)
    assert len(data["legend"]) == 2
    assert (
        maps.regions(actor(cast.nobody), "hazards.view", cast.city.path, values)["layers"][0]["data"]["features"] == []
    )


def test_outlines_shrink() -> None:
    ring = [[115 + i / 1000, 24 + (i % 2) / 100_000] for i in range(200)] + [[115.2, 24.3], [115.0, 24.0]]
    small = maps.simplified({"type": "Polygon", "coordinates": [ring]})
    assert len(small["coordinates"][0]) < 10
    assert all(len(str(c).partition(".")[2]) <= 5 for point in small["coordinates"][0] for c in point)


def test_points(cast: Any, paper: Any) -> None:
    rows = [paper(cast.town, "厂", lon=115.1234567, lat=24.1), paper(cast.town, "无位置")]
    layer = maps.points(rows, name=str, url=lambda p: f"/papers/{p.pk}/", tone=lambda p: "red", lines=lambda p: ["a"])
    assert layer["cluster"] and len(layer["data"]["features"]) == 1
    assert layer["data"]["features"][0]["geometry"]["coordinates"] == [115.123457, 24.1]
    assert maps.point_data(None, 24.0, label="x") is None
    assert maps.point_data(115.1, 24.1, label="x")["bounds"]


def test_data_pages_are_scoped(cast: Any, paper: Any, sign_in: Any, client: Any) -> None:
    paper(cast.town, "青溪厂")
    paper(cast.far_town, f"{CANARY}厂")
    assert sign_in(cast.town_officer).get("/papers/data/").json() == {"count": 1, "titles": ["青溪厂"]}
    assert client.get("/papers/data/").status_code == 302
    assert sign_in(cast.nobody).get("/papers/data/").status_code == 403
