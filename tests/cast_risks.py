"""The cast's risk points: one at each step, a plan with a zone, a failed measure, an area assessed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anlan.kernel import clock
from anlan.modules.risks import services as risks

LEC = {"inherent": {"L": "6", "E": "6", "C": "15"}, "residual": {"L": "1", "E": "6", "C": "15"}}

# One record of a county for each model, and the factors that pages of one method alone are about (tests/house/doors.py).
RISKS: dict[str, Callable[[Any], Any]] = {
    "risks.riskpoint": lambda c: c.risks["points"]["in_force"],
    "risks.assessment": lambda c: c.risks["assessment"],
    "risks.factor": lambda c: c.risks["factor"],
    "risks.measure": lambda c: c.risks["measure"],
    "risks.measurecheck": lambda c: c.risks["check"],
    "risks.hazardtie": lambda c: c.risks["tie"],
    "risks.floorplan": lambda c: c.risks["plan"],
    "risks.zone": lambda c: c.risks["zone"],
    "risks.register": lambda c: c.risks["register"],
    "risks.areaassessment": lambda c: c.risks["area"],
}
RISK_FACTORS: dict[str, Callable[[Any], Any]] = {
    "risks:factor-change-ls": lambda c: c.risks["factors"]["ls"],
    "risks:factor-change-mes": lambda c: c.risks["factors"]["mes"],
    "risks:factor-change-direct": lambda c: c.risks["factors"]["direct"],
}


def grade_risks(county: Any) -> None:
    """Points of the unit at every state that leads on, everything a point can have, and the county's own assessment."""
    mark, safety, principal = county.mark, county.actor("unit_safety"), county.actor("unit_principal")
    told: dict[str, Any] = {}

    def registered(name: str) -> Any:
        point = risks.register_point(
            actor=safety, site=county.site.pk, name=f"{mark}{name}", kind="place", place=f"{mark}一车间",
            emergency_phone="0998-2100119",
        )  # fmt: skip
        told["factor"] = risks.add_factor(
            actor=safety, point=point.pk, method="lec", part=f"{mark}巡检", factor=f"{mark}轴封泄漏", accident_class="中毒",
            engineering=f"{mark}联锁", emergency=f"{mark}撤离", **LEC,
        )  # fmt: skip
        return point

    def assessed(name: str) -> Any:
        point = registered(name)
        risks.assess_point(actor=safety, point=point.pk, control_level="company", responsible=f"{mark}何安全")
        return point

    def in_force(name: str) -> Any:
        point = assessed(name)
        risks.put_in_force(actor=principal, point=point.pk)
        return point

    closed = in_force("旧喷漆房")
    risks.close_point(actor=principal, point=closed.pk, reason=f"{mark}已拆除")
    points = {
        "closed": closed, "in_force": in_force("压缩机房"), "assessed": assessed("配电房"), "draft": registered("打磨区"),
    }  # fmt: skip
    reviewed = in_force("危化品库")
    risks.begin_review(actor=safety, point=reviewed.pk)
    points["under_review"] = reviewed
    model = apps.get_model("risks.RiskPoint")
    county.risks = told
    told["points"] = {name: model.plain.get(pk=point.pk) for name, point in points.items()}
    county.companions |= {f"risk_{name}": point for name, point in told["points"].items()}
    stood = told["points"]["in_force"]
    risks.issue_card(actor=safety, point=stood.pk)
    told["points"]["in_force"] = stood = model.plain.get(pk=stood.pk)
    told["measure"] = apps.get_model("risks.Measure").plain.filter(assessment_id=stood.assessment_id).first()
    told["check"] = risks.check_measure(
        actor=county.actor("inspector"), measure=told["measure"].pk, effective=False, note=f"{mark}联锁被短接"
    )
    told["tie"] = apps.get_model("risks.HazardTie").plain.get(point=stood)
    told["assessment"] = apps.get_model("risks.Assessment").plain.get(pk=stood.assessment_id)
    told["factors"] = {
        method: _factor(county, method) for method in ("ls", "mes", "direct")
    } | {"lec": told["factor"]}  # fmt: skip
    out = io.BytesIO()
    Image.new("RGB", (300, 240), "white").save(out, "PNG")
    plan = SimpleUploadedFile(f"{mark}平面图.png", out.getvalue())
    told["plan"] = risks.add_plan(actor=safety, site=county.site.pk, name=f"{mark}一层平面", picture=plan)
    told["zone"] = risks.draw_zone(
        actor=safety, plan=told["plan"].pk, point=stood.pk, corners="0.1,0.1 0.5,0.1 0.5,0.5"
    )
    told["register"] = apps.get_model("risks.Register").plain.get(site=county.site)
    told["area"] = risks.record_area_assessment(
        actor=county.actor("county_officer"), region=county.region, subject=f"{mark}化工园区", colour="orange",
        assessed_on=clock.today(), conclusion=f"{mark}总体可控，两处须整改", assessed_by=f"{mark}技术中心",
    )  # fmt: skip


def _factor(county: Any, method: str) -> Any:
    """A factor of the point that is being entered, scored by a method."""
    given: dict[str, Any] = {
        "ls": {"inherent": {"L": "4", "S": "5"}, "residual": {"L": "2", "S": "5"}},
        "mes": {"inherent": {"M": "5", "E": "6", "S": "8"}, "residual": {"M": "1", "E": "6", "S": "8"}},
        "direct": {"inherent": {"past_accident": "true"}, "residual": {}},
    }[method]
    draft = county.risks["points"]["draft"]
    return risks.add_factor(
        actor=county.actor("unit_safety"), point=draft.pk, method=method, part=f"{county.mark}作业{method}",
        factor=f"{county.mark}粉尘爆炸", accident_class="粉尘爆炸", management=f"{county.mark}清扫", **given,
    )  # fmt: skip
