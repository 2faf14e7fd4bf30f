"""Filing with the county, renewal, cancellation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import UNCHANGED, Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import attach
from anlan.kernel.workflow import take
from anlan.modules.installations import selectors
from anlan.modules.installations.choices import FilingKind, Outcome
from anlan.modules.installations.events import FilingMoved, InstallationCancelled, InstallationFiled
from anlan.modules.installations.models import Filing, Installation
from anlan.modules.installations.workflow import ANEW, FILE, FILED, INSTALLATION, KEEP
from anlan.rules.major_hazard_duties import Form, filing_fields
from anlan.rules.wording import in_language

CHECK_DAYS = 10  # 本地规定: within how many days a filing is looked at
ANEW_DUTY, FILE_DUTY = 4, 23
REPORT = 58  # the assessment report among the documents of the archive
MOST = 500  # characters of a field of the forms


@act(may=KEEP, on=Installation)
def submit_filing(
    work: Work, installation: Installation, *, filing_kind: str, assessed_on: dt.date, report: Sequence[Any] = (),
    person_in_charge: str = UNCHANGED, filled_by: str = UNCHANGED, postcode: str = UNCHANGED, email: str = UNCHANGED,
    area_m2: int | None = UNCHANGED, unit_type: str = UNCHANGED, enterprise_kind: str = UNCHANGED,
    address: str = UNCHANGED, plant: str = UNCHANGED, accidents: str = UNCHANGED,
    on_paper: tuple[int, ...] = UNCHANGED,
) -> Filing:  # fmt: skip
    """Hand the installation in for filing, with the day of its assessment report and the papers. Again: nothing.

    What follows ``report`` are the fields of the application (申请表) and of the table of basic features (基本特征表)
    the unit fills in itself, and ``on_paper`` the numbers of the documents of the archive handed over on paper; what is
    left out stays as it was handed in before. What both forms lack is kept with the filing for the county to see.
    """
    earlier = selectors.last_filing(installation)
    if installation.state == "submitted" and earlier is not None:
        return earlier
    if installation.stale:
        raise BadInput("holdings", gettext_noop("Something changed since the grading. Grade anew first."))
    if filing_kind not in FilingKind.values:
        raise BadInput("filing_kind", gettext_noop("Choose why it is filed."))
    if assessed_on > clock.day_of(work.now):
        raise BadInput("assessed_on", gettext_noop("This day lies ahead."))
    if not report and not any(d.entry == REPORT and d.files for d in selectors.archive_of(installation)):
        raise BadInput("report", gettext_noop("Attach the assessment report and the papers of the archive."))
    typed = _typed(
        person_in_charge=person_in_charge, filled_by=filled_by, postcode=postcode, email=email, area_m2=area_m2,
        unit_type=unit_type, enterprise_kind=enterprise_kind, address=address, plant=plant, accidents=accidents,
    )  # fmt: skip
    if on_paper is not UNCHANGED:
        known = {field.entry for field in filing_fields(Form.ARCHIVE)}
        if not set(on_paper) <= known:
            raise BadInput("on_paper", gettext_noop("Choose documents of the archive."))
        installation.on_paper = sorted(set(on_paper))
    take(work, installation, "submit", given={"assessed_on": assessed_on})
    installation.assessed_on, installation.filing_kind, installation.opinion = assessed_on, filing_kind, ""
    installation.application = {**installation.application, **typed}
    installation.save(
        update_fields=["state", "assessed_on", "filing_kind", "opinion", "application", "on_paper"]
    )  # fmt: skip
    for upload in report:
        attach(work, installation, upload, purpose="report")
    filing = _kept(work, installation)
    deadlines.meet(work, installation, "installations.file")
    work.record(FilingMoved(what=INSTALLATION.step("submit").label), on=installation)
    _await_check(work, installation, INSTALLATION.step("file").label)
    return filing


def _typed(**given: Any) -> dict[str, Any]:
    """The fields as they are kept, by their number; what was left out is not among them."""
    if given["unit_type"] not in (UNCHANGED, "", *selectors.UNIT_TYPES):
        raise BadInput("unit_type", gettext_noop("Choose the kind of unit."))
    area = given["area_m2"]
    if area is not UNCHANGED and area is not None and not 0 < area < 10**9:
        raise BadInput("area_m2", gettext_noop("Give the area in square metres, above 0."))
    return {
        str(selectors.TYPED[name]): value.strip()[:MOST] if isinstance(value, str) else value
        for name, value in given.items()
        if value is not UNCHANGED
    }


def _kept(work: Work, installation: Installation) -> Filing:
    """The filing as it was handed in, row by row."""
    sheet = selectors.sheet_of(installation, kind=installation.filing_kind, by_name=work.actor.name[:80])
    standing: dict[str, Any] = {"assessed_on": installation.assessed_on, "level": installation.level}
    return created(
        Filing(
            region_path=installation.region_path, sector=installation.sector, holder=installation.holder,
            installation=installation, kind=installation.filing_kind, handed_on=clock.day_of(work.now),
            by_name=work.actor.name[:80], **standing,
            sheet=sheet.fields, chemicals=sheet.chemicals, papers=sheet.papers,
            lacking=[[in_language(name, "en"), in_language(name, "zh")] for name in sheet.lacking],
        )
    )  # fmt: skip


def _decided(work: Work, installation: Installation, outcome: Outcome, **said: str) -> None:
    """What became of the filing handed in last; one put on file before filings were kept has none."""
    filing = selectors.last_filing(installation)
    if filing is None or filing.outcome != Outcome.WAITING:
        return
    filing.outcome, filing.decided_on = outcome, clock.day_of(work.now)
    for name, value in said.items():
        setattr(filing, name, value)
    filing.save(update_fields=["outcome", "decided_on", *said])


@act(may=FILE, on=Installation)
def return_filing(work: Work, installation: Installation, *, opinion: str) -> None:
    """The filing lacks something: back to the unit, with what it lacks."""
    take(work, installation, "send_back", given={"opinion": opinion})
    installation.opinion = opinion.strip()[:200]
    installation.save(update_fields=["state", "opinion"])
    _decided(work, installation, Outcome.RETURNED, opinion=installation.opinion)
    deadlines.cancel(work, installation, "installations.check")
    work.record(FilingMoved(what=INSTALLATION.step("send_back").label, note=installation.opinion), on=installation)
    days, basis = selectors.figure(FILE_DUTY, FILED, installation.region_path)
    deadlines.start(
        work, installation, kind="installations.file", label=INSTALLATION.step("submit").label, duty=KEEP,
        due=clock.day_of(work.now) + dt.timedelta(days=days), desk_holder=installation.holder, basis=basis,
    )  # fmt: skip


@act(may=FILE, on=Installation)
def file_installation(work: Work, installation: Installation, *, filing_no: str) -> None:
    """Put it on file under a number; it is assessed anew three years after its assessment. Again: nothing."""
    if installation.state == "filed" and installation.filing_no == filing_no.strip():
        return
    take(work, installation, "file", given={"filing_no": filing_no})
    installation.filing_no, installation.filed_on = filing_no.strip()[:40], clock.day_of(work.now)
    installation.save(update_fields=["state", "filing_no", "filed_on"])
    _decided(work, installation, Outcome.FILED, number=installation.filing_no)
    deadlines.meet(work, installation, "installations.check")
    told = InstallationFiled(site_id=installation.site_id, number=installation.filing_no, level=installation.level or 0)
    work.record(told, on=installation)
    assessed = installation.assessed_on or clock.day_of(work.now)
    years, basis = selectors.figure(ANEW_DUTY, ANEW, installation.region_path)
    deadlines.start(
        work, installation, kind="installations.anew", label=INSTALLATION.step("grade").label, duty=KEEP,
        due=_years_on(assessed, years), desk_holder=installation.holder, basis=basis,
        remind_days=(90, 30, 3), starts_on=assessed,
    )  # fmt: skip


@act(may=KEEP, on=Installation)
def ask_cancellation(work: Work, installation: Installation, *, reason: str, proof: Sequence[Any] = ()) -> None:
    """Nothing dangerous is left, or it fell below the threshold: the unit asks to be taken off the file.

    ``proof`` is the assessment that it is no longer a major hazard, photos of what was emptied or dismantled.
    """
    take(work, installation, "ask_cancel", given={"reason": reason})
    installation.reason = reason.strip()[:200]
    installation.save(update_fields=["state", "reason"])
    for upload in proof:
        attach(work, installation, upload, purpose="cancel")
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
