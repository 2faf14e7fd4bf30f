"""What an office or a unit does with a warning: acknowledge it, report measures."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import NotAllowed, gettext_noop
from anlan.kernel.scope import follow_subject
from anlan.kernel.workflow import take
from anlan.modules.registry.public import UnitView
from anlan.modules.warning.events import MeasuresReported, NoticeAcknowledged, NoticeCarried
from anlan.modules.warning.models import Notice
from anlan.modules.warning.selectors.records import answers
from anlan.modules.warning.services.warnings import ACKNOWLEDGE, REPORT
from anlan.modules.warning.workflow import ANSWER

NOT_TO_THEM = gettext_noop("The warning went to %(to)s, who acknowledges it and reports. Urge them instead.")


@act(may=ANSWER, on=Notice)
def acknowledge_notice(work: Work, notice: Notice) -> None:
    """Read and passed on. Acknowledged already: nothing."""
    if notice.state in ("acknowledged", "reported"):
        return
    _need(work, notice)
    take(work, notice, "acknowledge")
    notice.acknowledged_at, notice.acknowledger_id = work.now, work.actor.user_id
    notice.save(update_fields=["state", "acknowledged_at", "acknowledger"])
    deadlines.meet(work, notice, ACKNOWLEDGE)
    work.record(NoticeAcknowledged(by=work.actor.name), on=notice)


@act(may=ANSWER, on=Notice)
def report_measures(work: Work, notice: Notice, *, measures: str) -> None:
    """Say what was done; one not acknowledged yet is acknowledged with it. The same again does nothing."""
    said = measures.strip()[:1000]
    if notice.state == "reported" and notice.measures == said:
        return
    _need(work, notice)
    if notice.state == "sent":
        take(work, notice, "acknowledge")
        notice.acknowledged_at, notice.acknowledger_id = work.now, work.actor.user_id
        notice.save(update_fields=["state", "acknowledged_at", "acknowledger"])
    take(work, notice, "report", given={"measures": said})
    notice.measures, notice.reported_at, notice.reporter_id = said, work.now, work.actor.user_id
    notice.save(update_fields=["state", "measures", "reported_at", "reporter"])
    deadlines.meet(work, notice, ACKNOWLEDGE, REPORT)
    work.record(MeasuresReported(by=work.actor.name, measures=said), on=notice)


@act(may="registry.merge", on=Notice)
def carry_notice(work: Work, notice: Notice, *, unit: UnitView, why: str) -> None:
    """Give a notice to the unit that goes on after a merge. There already: nothing."""
    if notice.holder == unit.holder:
        return
    notice.holder, notice.unit_id, notice.to = unit.holder, unit.id, unit.name[:120]
    notice.region_path, notice.sector = unit.region_path, unit.sector
    notice.save(update_fields=["holder", "unit", "to", "region_path", "sector"])
    follow_subject(notice)
    for deadline in deadlines.open_on(notice):
        deadline.desk_holder = unit.holder
        deadline.save(update_fields=["desk_holder"])
    work.record(NoticeCarried(to=unit.name, why=why), on=notice)


def _need(work: Work, notice: Notice) -> None:
    """“Acknowledged in time” is of whom it went to, not of whoever sent it."""
    if not answers(work.actor, notice):
        raise NotAllowed(NOT_TO_THEM, to=notice.to)
