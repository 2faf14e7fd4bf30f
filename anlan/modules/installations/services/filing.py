"""Filing with the county, renewal, cancellation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import attach
from anlan.kernel.workflow import take
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import FilingKind
from anlan.modules.installations.events import FilingMoved, InstallationCancelled, InstallationFiled
from anlan.modules.installations.models import Installation
from anlan.modules.installations.workflow import ANEW, FILE, FILED, INSTALLATION, KEEP

CHECK_DAYS = 10  # 本地规定: within how many days a filing is looked at
ANEW_DUTY, FILE_DUTY = 4, 23


@act(may=KEEP, on=Installation)
def submit_filing(
    work: Work, installation: Installation, *, filing_kind: str, assessed_on: dt.date, report: Sequence[Any] = ()
) -> None:
    """Hand the installation in for filing, with the day of its assessment report and the papers. Again: nothing."""
    if installation.state == "submitted":
        return
    if installation.stale:
        raise BadInput("holdings", gettext_noop("Something changed since the grading. Grade anew first."))
    if filing_kind not in FilingKind.values:
        raise BadInput("filing_kind", gettext_noop("Choose why it is filed."))
    if assessed_on > clock.day_of(work.now):
        raise BadInput("assessed_on", gettext_noop("This day lies ahead."))
    if not report:
        raise BadInput("report", gettext_noop("Attach the assessment report and the papers of the archive."))
    take(work, installation, "submit", given={"assessed_on": assessed_on})
    installation.assessed_on, installation.filing_kind, installation.opinion = assessed_on, filing_kind, ""
    installation.save(update_fields=["state", "assessed_on", "filing_kind", "opinion"])
    for upload in report:
        attach(work, installation, upload, purpose="report")
    deadlines.meet(work, installation, "installations.file")
    work.record(FilingMoved(what=INSTALLATION.step("submit").label), on=installation)
    _await_check(work, installation, INSTALLATION.step("file").label)


@act(may=FILE, on=Installation)
def return_filing(work: Work, installation: Installation, *, opinion: str) -> None:
    """The filing lacks something: back to the unit, with what it lacks."""
    take(work, installation, "send_back", given={"opinion": opinion})
    installation.opinion = opinion.strip()[:200]
    installation.save(update_fields=["state", "opinion"])
    deadlines.cancel(work, installation, "installations.check")
    work.record(FilingMoved(what=INSTALLATION.step("send_back").label, note=installation.opinion), on=installation)
    deadlines.start(
        work, installation, kind="installations.file", label=INSTALLATION.step("submit").label, duty=KEEP,
        due=clock.day_of(work.now) + dt.timedelta(days=selectors.figure(FILE_DUTY)), desk_holder=installation.holder,
        basis=str(FILED), provisional=True,
    )  # fmt: skip


@act(may=FILE, on=Installation)
def file_installation(work: Work, installation: Installation, *, filing_no: str) -> None:
    """Put it on file under a number; it is assessed anew three years after its assessment. Again: nothing."""
    if installation.state == "filed" and installation.filing_no == filing_no.strip():
        return
    take(work, installation, "file", given={"filing_no": filing_no})
    installation.filing_no, installation.filed_on = filing_no.strip()[:40], clock.day_of(work.now)
    installation.save(update_fields=["state", "filing_no", "filed_on"])
    deadlines.meet(work, installation, "installations.check")
    told = InstallationFiled(site_id=installation.site_id, number=installation.filing_no, level=installation.level or 0)
    work.record(told, on=installation)
    assessed = installation.assessed_on or clock.day_of(work.now)
    deadlines.start(
        work, installation, kind="installations.anew", label=INSTALLATION.step("grade").label, duty=KEEP,
        due=_years_on(assessed, selectors.figure(ANEW_DUTY)), desk_holder=installation.holder, basis=str(ANEW),
        remind_days=(90, 30, 3), starts_on=assessed,
    )  # fmt: skip


@act(may=KEEP, on=Installation)
def ask_cancellation(work: Work, installation: Installation, *, reason: str) -> None:
    """Nothing dangerous is left, or it fell below the threshold: the unit asks to be taken off the file."""
    take(work, installation, "ask_cancel", given={"reason": reason})
    installation.reason = reason.strip()[:200]
    installation.save(update_fields=["state", "reason"])
    work.record(FilingMoved(what=INSTALLATION.step("ask_cancel").label, note=installation.reason), on=installation)
    _await_check(work, installation, INSTALLATION.step("cancel").label)


@act(may=FILE, on=Installation)
def keep_installation(work: Work, installation: Installation, *, opinion: str) -> None:
    """The cancellation is refused: it stays on file."""
    take(work, installation, "keep_on", given={"opinion": opinion})
    installation.opinion = opinion.strip()[:200]
    installation.save(update_fields=["state", "opinion"])
    deadlines.meet(work, installation, "installations.check")
    work.record(FilingMoved(what=INSTALLATION.step("keep_on").label, note=installation.opinion), on=installation)


@act(may=FILE, on=Installation)
def cancel_installation(work: Work, installation: Installation) -> None:
    """Take it off the file. Again: nothing."""
    if installation.state == "cancelled":
        return
    take(work, installation, "cancel")
    installation.save(update_fields=["state"])
    deadlines.meet(work, installation, "installations.check")
    deadlines.cancel(work, installation)
    work.record(InstallationCancelled(site_id=installation.site_id, reason=installation.reason), on=installation)


def _await_check(work: Work, installation: Installation, label: str) -> None:
    deadlines.start(
        work, installation, kind="installations.check", label=label, duty=FILE,
        due=clock.day_of(work.now) + dt.timedelta(days=CHECK_DAYS),
        desk_path=selectors.county_of(installation.region_path),
        basis=str(FILED),
    )  # fmt: skip


def _years_on(day: dt.date, years: int) -> dt.date:
    """The same day so many years on; the last of February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
