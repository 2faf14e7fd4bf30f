"""The sentences under ``flows``: what the registry announces, hazards follow, once."""

from __future__ import annotations

from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.deadlines.services import find
from anlan.kernel.events.bus import FLOWS, deliver
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.conftest import Cast, Story
from anlan.modules.registry import public as registry

pytestmark = pytest.mark.django_db


def announce(event: Any, subject: Any) -> EventRow:
    """An event row as the bus writes it."""
    from anlan.kernel import clock

    return EventRow.objects.create(
        event_type=event.type_name(), data=event.as_data(), at=clock.now(), subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk), actor_key="user:1",
    )  # fmt: skip


def test_every_sentence_listens() -> None:
    names = {flow.name for listening in FLOWS.values() for flow in listening}
    assert {
        "merged_site_carries_hazards", "merged_unit_carries_hazards", "moved_site_carries_hazards",
        "changed_line_carries_hazards", "renamed_unit_finds_hazards",
    } <= names  # fmt: skip


def test_a_merged_site_carries_its_hazards_once(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    old, new = cast.sites["works"], cast.sites["depot"]
    type(old).plain.filter(pk=old.pk).update(merged_into=new)
    event = registry.SitesMerged(
        old_id=old.pk, new_id=new.pk, old_holder=old.holder, new_holder=new.holder, old_path=old.region_path,
        new_path=new.region_path, old_name=old.name, reason="重复建档",
    )  # fmt: skip
    row = announce(event, new)
    assert deliver(str(row.pk), "merged_site_carries_hazards")
    assert not deliver(str(row.pk), "merged_site_carries_hazards")
    hazard = fresh(hazard)
    assert (hazard.site_id, hazard.holder, hazard.sector) == (new.pk, new.holder, "chem")
    assert find(hazard, "rectify").desk_holder == new.holder


def test_another_line_answers_for_the_hazards_too(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    site = cast.sites["works"]
    type(site).plain.filter(pk=site.pk).update(sector="fire")
    event = registry.SectorChanged(before="industry_trade", after="fire", before_label="a", after_label="b")
    deliver(str(announce(event, site).pk), "changed_line_carries_hazards")
    assert (fresh(hazard).sector, fresh(hazard).owner_sector) == ("fire", "fire")
    assert Hazard.objects.visible_to(cast.fireline).filter(pk=hazard.pk).exists()


def test_a_renamed_unit_is_found_by_its_new_name(cast: Cast, story: Story) -> None:
    from anlan.modules.hazards import selectors

    hazard = story.found()
    unit = cast.sites["works"].unit
    type(unit).plain.filter(pk=unit.pk).update(name="东升化工有限公司")
    deliver(str(announce(registry.UnitRenamed(before="a", after="b"), unit).pk), "renamed_unit_finds_hazards")
    assert selectors.matching(selectors.hazards(cast.town), "东升化工").get() == hazard
    assert Actor.system("x").is_system


def test_a_renamed_site_is_found_by_its_new_name(cast: Cast, story: Story) -> None:
    from anlan.modules.hazards import selectors

    hazard, site = story.found(), cast.sites["works"]
    ACTS["registry.change_site"].function(actor=Actor.system("tests"), site=site.pk, data={"site_name": "南岭分厂"})
    row = EventRow.objects.get(event_type="registry.SiteRenamed", subject_id=str(site.pk))
    assert deliver(str(row.pk), "renamed_site_finds_hazards")
    assert selectors.matching(selectors.hazards(cast.town), "南岭分厂").get() == hazard
