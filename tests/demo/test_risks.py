"""The risks of the demo city: whole records with their working, kept numbers that agree, work that goes on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant
from anlan.kernel.tallies.keeping import compare
from anlan.modules.registry.models import Site, Unit
from anlan.modules.risks import selectors, services
from anlan.modules.risks.models import (
    AreaAssessment,
    Assessment,
    ColourChange,
    Factor,
    HazardTie,
    Measure,
    MeasureCheck,
    Register,
    RiskPoint,
    Zone,
)
from anlan.runtime.demo import build as city
from anlan.runtime.demo import risks as demo_risks
from tests.demo.test_multiply import _guards

AS_OF = dt.date(2026, 6, 30)


def people(holder: str) -> tuple[Any, Any]:
    """Safety manager and principal of a unit."""
    found = {g.role: actor_for(g.user) for g in Grant.objects.filter(holder=holder).select_related("user")}
    return found["unit_safety"], found["unit_principal"]


def settled_again(point: Any) -> tuple[int, int, int, str, Any]:
    """What the act makes of the register of a point's site."""
    safety, _ = people(point.holder)
    services.check_all_measures(actor=safety, point=point.pk)
    services.register_point(actor=safety, site=point.site_id, name="新增点位", kind="place")
    one = Register.plain.get(site_id=point.site_id)
    return one.points - 1, one.assessed, one.failed, one.colour, one.review_due


@pytest.mark.django_db
@pytest.mark.parametrize("told", [True, False], ids=["told", "lean"])
def test_the_city_has_risks_with_which_work_goes_on(told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    guards = _guards()
    shared = 1 if told else 2  # one unit in so many has points
    if not told:
        monkeypatch.setattr(city, "FULL", 0)
        monkeypatch.setattr(demo_risks, "LEAN", shared)
    city.build(seed=5, as_of=AS_OF, scale=0.04)
    assert guards == _guards() and compare() == []
    units, points = Unit.plain.count(), RiskPoint.plain.count()
    assert 1.5 * units < points * shared < 3 * units
    assert Assessment.plain.count() >= points and Factor.plain.count() >= points < Measure.plain.count()
    shown = Counter(RiskPoint.plain.values_list("shown", flat=True))
    assert set(shown) == {"red", "orange", "yellow", "blue", ""} and shown["blue"] > shown["red"]
    assert Measure.plain.filter(failed=True).count() == MeasureCheck.plain.filter(effective=False).count() > 0
    assert HazardTie.plain.exists() and MeasureCheck.plain.filter(effective=True).exists()
    assert ColourChange.plain.filter(on__gte=dt.date(2026, 5, 1)).exclude(before="").exists()
    assert Zone.plain.exists() and AreaAssessment.plain.count() == 3
    assert Register.plain.count() == RiskPoint.plain.values("site").distinct().count() <= Site.plain.count()
    assert RiskPoint.plain.exclude(card_token="").exists()
    with clock.moved_to(dt.datetime.combine(AS_OF, dt.time(12), clock.CHINA)):
        failed = RiskPoint.plain.filter(pk__in=Measure.plain.filter(failed=True).values("assessment__point"))
        for point in (RiskPoint.plain.filter(state="in_force").earliest("pk"), failed.earliest("pk")):
            was = Register.plain.values_list("points", "assessed", "failed", "colour", "review_due")
            before = was.get(site_id=point.site_id)
            assert settled_again(point) == before
        safety, principal = people(point.holder)
        assert due_for(principal).exists()
        services.begin_review(actor=safety, point=point.pk)
        services.assess_point(actor=safety, point=point.pk, control_level="company", responsible="何安全")
        services.put_in_force(actor=principal, point=point.pk)
        waiting = RiskPoint.plain.filter(state="assessed").earliest("pk")
        services.put_in_force(actor=people(waiting.holder)[1], point=waiting.pk)
        row = selectors.factors_of(Assessment.plain.get(point=waiting, number=1)).get()
        assert "＝" in row.finding["inherent"]["steps"][-1][1] or row.finding["inherent"]["clauses"]
    assert compare() == []
