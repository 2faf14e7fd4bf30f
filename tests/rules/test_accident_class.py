"""The classes of accidents, old until 30 June 2026 and new from 1 July."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.rules.accident_class import NEW_FROM, Classed, accident_class
from anlan.rules.citation import NotHeld
from anlan.rules.refusal import BadInput
from anlan.rules.tables import parts, rows

OLD_DAY = NEW_FROM - dt.timedelta(days=1)


def test_there_are_twenty_old_classes_and_twenty_seven_new_ones() -> None:
    old = [row for row in rows("accident_classes") if row["standard"] == "GB/T 6441-1986"]
    new = [row for row in rows("accident_classes") if row["standard"] == "GB 6441-2025"]
    assert [row["code"] for row in old] == [f"{number:02d}" for number in range(1, 21)]
    assert [row["order"] for row in new] == [str(number) for number in range(1, 28)]
    assert not any(row["code"] for row in new)
    assert {one for row in old for one in parts(row["becomes"])} <= {row["name_zh"] for row in new}


@pytest.mark.parametrize("row", rows("accident_classes"), ids=lambda row: f"{row['standard']} {row['name_zh']}")
def test_every_class_is_found_on_a_day_of_its_standard(row: dict[str, str]) -> None:
    day = OLD_DAY if row["code"] else NEW_FROM
    found = accident_class(Classed(accident_class=row["name_zh"]), day)
    assert (found.value.name.zh, found.value.standard) == (row["name_zh"], row["standard"])
    assert str(found.value.order) == row["order"]


@pytest.mark.parametrize(
    ("old", "new"), [("11", "坍塌"), ("瓦斯爆炸", "可燃气体爆炸"), ("16", "容器爆炸"), ("20", "其他")]
)
def test_an_old_class_with_one_heir_is_carried_over(old: str, new: str) -> None:
    assert accident_class(Classed(accident_class=old), NEW_FROM).value.name.zh == new


@pytest.mark.parametrize("old", ["02", "火药爆炸", "其他爆炸", "19"])
def test_an_old_class_without_one_is_for_a_person_to_choose(old: str) -> None:
    assert not accident_class(Classed(accident_class=old), OLD_DAY).value.one_heir
    with pytest.raises(BadInput, match="which became several; accepted:"):
        accident_class(Classed(accident_class=old), NEW_FROM)


def test_a_new_class_is_unknown_before_its_day() -> None:
    with pytest.raises(BadInput, match="accident_class: is '粉尘爆炸'; accepted: 物体打击, 车辆伤害"):
        accident_class(Classed(accident_class="粉尘爆炸"), OLD_DAY)
    with pytest.raises(BadInput, match="accepted: 物体打击, 厂（场）内车辆致害"):
        accident_class(Classed(accident_class="21"), NEW_FROM)
    with pytest.raises(NotHeld):
        accident_class(Classed(accident_class="01"), dt.date(1987, 12, 31))
