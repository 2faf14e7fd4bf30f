"""The cast's workspaces: evidence that counts, a self-check that waits, one of its items with a fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import set_parameter
from anlan.modules.compliance import services as compliance

SYSTEM = Actor.system("tests")

# One record of a county for each model (tests/house/doors.py).
COMPLIANCE: dict[str, Callable[[Any], Any]] = {
    "compliance.workspace": lambda c: c.compliance["workspace"],
    "compliance.evidence": lambda c: c.compliance["evidence"],
    "compliance.selfcheck": lambda c: c.compliance["check"],
    "compliance.checkanswer": lambda c: c.compliance["answer"],
}


def adopt_plan(city: Any) -> None:
    """The city goes by Xingning's draft."""
    set_parameter(
        actor=SYSTEM, code="obligations.adopt_xn", region=city, value=1, valid_from=clock.today(), basis="市安委会决定"
    )


def follow_duties(county: Any) -> None:
    """The unit hands a paper in and goes by the town's list."""
    from tests.cast import picture

    mark, safety, today = county.mark, county.actor("unit_safety"), clock.today()
    made: dict[str, Any] = {}
    workspace = compliance.open_workspace(actor=SYSTEM, unit=county.unit.pk, since=today - dt.timedelta(days=400))
    made["evidence"] = compliance.hand_in_evidence(
        actor=safety, workspace=workspace.pk, kind="drill", told_on=today, persons=30, comprehensive=True, on_site=True,
        note=f"{mark}综合演练", papers=[picture("green", f"{mark}演练.png")],
    )  # fmt: skip
    made["check"] = compliance.plan_check(
        actor=safety, workspace=workspace.pk, site=county.site.pk, check_list=county.law["list"].pk, every_days=30,
        due_on=today + dt.timedelta(days=7),
    )  # fmt: skip
    model = {
        name: apps.get_model(f"compliance.{name}") for name in ("Workspace", "Evidence", "SelfCheck", "CheckAnswer")
    }
    answer = model["CheckAnswer"].plain.get(self_check=made["check"], position=1)
    compliance.answer_item(actor=safety, answer=answer.pk, outcome="none_here", note=f"{mark}本车间不涉及")
    made["check"], made["answer"] = (type(row).plain.get(pk=row.pk) for row in (made["check"], answer))
    made["workspace"] = model["Workspace"].plain.get(pk=workspace.pk)
    county.compliance = made
