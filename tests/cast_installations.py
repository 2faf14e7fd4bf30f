"""The cast's major hazard installations: one at each state that leads on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.kernel import clock
from anlan.modules.installations import services as installations
from tests.cast_alarms import raise_alarms
from tests.cast_monitoring import listen
from tests.cast_warning import warn

SHEET = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def hold_hazards(county: Any) -> None:
    """Ammonia in five rooms: to be filed, handed in, on file, to be cancelled, and one nothing is known of yet."""
    mark, keeper, officer = county.mark, county.actor("unit_safety"), county.actor("county_officer")
    ammonia = apps.get_model("chemicals.Substance").plain.get(code="7664-41-7")
    model = apps.get_model("installations.Installation")
    made: dict[str, Any] = {}
    for state in ("drafted", "graded", "submitted", "filed", "leaving"):
        one = installations.register_installation(
            actor=keeper, site=county.site.pk, kind="production", name=f"{mark}制冷机房{state}", exposed=12
        )
        made[state] = one
        if state == "drafted":
            continue
        holding = installations.put_holding(
            actor=keeper, installation=one.pk, substance=ammonia.pk, tonnes=Decimal(15), basis="design_maximum",
            paper=f"{mark}设计说明",
        )  # fmt: skip
        installations.grade_installation(actor=keeper, installation=one.pk)
        if state == "graded":
            made["holding"] = holding
            made["target"] = installations.put_target(
                actor=keeper, installation=one.pk, kind="school", name=f"{mark}小学", distance_m=300, persons=100
            )
            made["provision"] = installations.state_provision(
                actor=keeper, installation=one.pk, entry=6, answer="lack", note=f"{mark}探头在采购"
            )
            continue
        installations.name_responsible(
            actor=keeper, installation=one.pk, principal=f"{mark}林总", technical="陈工", operating="黄班长"
        )
        sheet = SimpleUploadedFile(f"{mark}评估报告.pdf", SHEET, content_type="application/pdf")
        made[f"filing-{state}"] = installations.submit_filing(
            actor=keeper, installation=one.pk, filing_kind="first", assessed_on=clock.today() - dt.timedelta(days=3),
            report=[sheet], person_in_charge=f"{mark}林总", plant=f"{mark}两套制冷机组",
        )  # fmt: skip
        if state != "submitted":
            installations.file_installation(actor=officer, installation=one.pk, filing_no=f"{mark}BA-{state}")
        if state == "leaving":
            installations.ask_cancellation(actor=keeper, installation=one.pk, reason=f"{mark}已排空")
    for state in ("drafted", "graded", "submitted", "filed", "leaving"):
        made[state] = model.plain.get(pk=made[state].pk)
    made["filing"] = apps.get_model("installations.Filing").plain.get(pk=made["filing-submitted"].pk)
    county.installations = made
    listen(county)
    raise_alarms(county)
    warn(county)
