"""Assessments of whole areas by their governments, and when the next is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import parameter, parameter_rows
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import attach
from anlan.kernel.regions.models import Region
from anlan.modules.risks.choices import AREA_YEARS, COLOUR_LABELS, Colour
from anlan.modules.risks.events import AreaAssessed
from anlan.modules.risks.models import AreaAssessment
from anlan.modules.risks.services._entry import need_text, one_of
from anlan.modules.risks.services._standing import AREA as DUE
from anlan.modules.risks.services._standing import asked_by, basis_of
from anlan.modules.risks.workflow import AREA
from anlan.rules.working_days import add_months

LOCAL = "本地规定：重点区域、重大设施安全风险定期评估"
ASSESSED_EVERY_YEARS = 3  # SO-44: once every three years


def _years_asked(path: str) -> int:
    """Within how many years a place assesses again: as it decided itself, else three where the document that asks for
    it binds the place or was adopted there, else 0: nothing is asked."""
    if parameter_rows(AREA_YEARS, path):
        return parameter(AREA_YEARS, path)
    return ASSESSED_EVERY_YEARS if asked_by("SO-44", path) else 0


@act(may=AREA)
def record_area_assessment(
    work: Work, *, region: Region, subject: str, assessed_on: dt.date, colour: str, conclusion: str, assessed_by: str,
    report: Iterable[Any] = (),
) -> AreaAssessment:  # fmt: skip
    """Enter a place's own assessment (区域安全风险评估) with its report; the next is due after the years adopted there,
    never where nothing was adopted.

    The same subject assessed on the same day is entered once.
    """
    work.actor.need_at(AREA, region.path)
    if assessed_on > clock.today():
        raise BadInput("assessed_on", gettext_noop("This day lies ahead. Enter the assessment once it is done."))
    said = need_text("subject", subject, most=120, least=2)
    rows: Any = AreaAssessment.objects.everything(why="the assessments of the area in hand").filter(
        region=region, subject=said
    )
    same: AreaAssessment | None = rows.filter(assessed_on=assessed_on).first()
    if same is not None:
        return same
    years = _years_asked(region.path)
    row = created(
        AreaAssessment(
            region=region, region_path=region.path, subject=said, assessed_on=assessed_on,
            colour=one_of("colour", colour, Colour), conclusion=need_text("conclusion", conclusion, most=4000, least=4),
            assessed_by=need_text("assessed_by", assessed_by, most=120, least=2), entered_at=work.now,
            next_due=add_months(assessed_on, 12 * years, roll=False).due if years else None,
        )
    )  # fmt: skip
    for paper in report:
        if paper:
            attach(work, row, paper, purpose="report")
    newest = rows.order_by("-assessed_on", "-pk")[0]
    for other in rows.exclude(pk=newest.pk):
        deadlines.meet(work, other, DUE)
    if newest.pk == row.pk and row.next_due is not None:
        _await_next(work, row)
    work.record(AreaAssessed(subject=row.subject, level=COLOUR_LABELS[row.colour]), on=row)
    return row


@act(may="risks.watch", on=AreaAssessment)
def settle_area(work: Work, row: AreaAssessment) -> None:
    """Follow what the place decided since: the next assessment is due after the years in force today, or not at all.

    Only of the newest assessment of its subject; what is due already by that rule stays as it is.
    """
    rows: Any = AreaAssessment.objects.everything(why="the assessments of the area in hand")
    newest = rows.filter(region=row.region_id, subject=row.subject).order_by("-assessed_on", "-pk")[0]
    years = _years_asked(row.region_path)
    due = add_months(row.assessed_on, 12 * years, roll=False).due if years else None
    if newest.pk != row.pk or due == row.next_due:
        return
    row.next_due = due
    row.save(update_fields=["next_due"])
    if due is None:
        deadlines.cancel(work, row, DUE)
    else:
        _await_next(work, row)


def _await_next(work: Work, row: AreaAssessment) -> None:
    deadlines.start(
        work, row, kind=DUE, label=gettext_noop("Assess the area again"), due=row.next_due or row.assessed_on,
        duty=AREA, desk_path=row.region_path, remind_days=(90, 30, 7),
        basis=basis_of("SO-44", AREA_YEARS, row.region_path, LOCAL),
    )  # fmt: skip
