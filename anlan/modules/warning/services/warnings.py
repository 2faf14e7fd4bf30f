"""Warnings: issued by hand or from a proposal, withdrawn, expired; what they achieved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import names_at, region_at
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.registry.public import UnitView, unit_of_holder, unit_rows
from anlan.modules.warning.choices import LEVEL_NAMES, LEVEL_RANK, PREFIX, About, Source, WarningLevel
from anlan.modules.warning.events import (
    NoticeEnded,
    NoticeSent,
    ProposalDropped,
    ProposalSettled,
    WarningExpired,
    WarningIssued,
    WarningProposed,
    WarningWithdrawn,
)
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice
from anlan.modules.warning.selectors.days import current
from anlan.modules.warning.selectors.proposing import least_proposed
from anlan.modules.warning.selectors.records import Addressee, addressees, may_withdraw, office_of
from anlan.modules.warning.services.reckoning import next_number
from anlan.modules.warning.workflow import ANSWER, ISSUE, RECKON

ACKNOWLEDGE, REPORT = "warning.acknowledge", "warning.report"
ACKNOWLEDGE_LABEL = gettext_noop("Acknowledge the warning")
REPORT_LABEL = gettext_noop("Report measures against the warning")
BASIS = "本地规定：收到预警的镇街和单位在规定时间内签收，采取措施并反馈"
NOT_THEIRS = gettext_noop(
    "The warning was issued by %(office)s, which withdraws it. Report your measures, and ask that office."
)
FELL = "预警指数已低于建议等级"
SETTLED = "已另行发布预警 %s"
LONGEST = dt.timedelta(days=90)
WHY = "a warning in hand, with all its notices"


@act(may=ISSUE)
def issue_warning(
    work: Work, *, level: str, text: str, until: dt.date, region: Region | None = None, unit: int | None = None,
    units: bool = False,
) -> EarlyWarning:  # fmt: skip
    """Issue a warning by hand, for a region or for one unit; ``units``: also to its units at risk.

    What the index proposed for the same place is settled by it. The same level for the same place and days again does
    nothing.
    """
    if (region is None) == (unit is None):
        raise BadInput("region", gettext_noop("Choose a region or a unit, one of the two."))
    view = None
    if unit is not None:
        row = unit_rows(work.actor, ISSUE).filter(pk=unit).first()
        view = unit_of_holder(row.holder) if row is not None else None
        if view is None:
            raise NotFound
    path = view.region_path if view else region.path if region else ""
    work.actor.need_at(ISSUE, path, view.sector if view else "")
    if level not in WarningLevel.values:
        raise BadInput("level", gettext_noop("Choose one of the list."))
    text, until = _content(text, until)
    same = EarlyWarning.objects.everything(why="the same warning again does nothing").filter(
        state="issued", region_path=path, unit=unit, level=level, text=text, until=until
    )
    if (twin := same.first()) is not None:
        return twin
    warning = EarlyWarning(
        region_path=path, sector=view.sector if view else "", about=About.UNIT if view else About.REGION, unit_id=unit,
        key=f"u{view.id}" if view else f"r{region.pk}" if region else "",
        place=view.name if view else region.name if region else "", level=level, source=Source.HAND, text=text,
        until=until, number=next_number(work), made_at=work.now, issued_at=work.now, issuer_id=work.actor.user_id,
    )  # fmt: skip
    warning.value_before, warning.issued_path = _index_of(warning), office_of(work.actor, ISSUE, warning)
    begin(work, warning, "issue")
    created(warning)
    remember(work, warning, "issue")
    _settle(work, warning)
    _send(work, warning, view, units=units)
    return warning


@act(may=ISSUE, on=EarlyWarning)
def issue_proposed(
    work: Work, warning: EarlyWarning, *, level: str, text: str, until: dt.date, units: bool = False
) -> None:
    """Issue what the index proposed, at the level decided. Issued already: nothing."""
    if warning.state == "issued":
        return
    if level not in WarningLevel.values:
        raise BadInput("level", gettext_noop("Choose one of the list."))
    warning.text, warning.until = _content(text, until)
    take(work, warning, "issue_proposed")
    warning.level, warning.issued_at, warning.issuer_id = level, work.now, work.actor.user_id
    warning.issued_path = office_of(work.actor, ISSUE, warning)
    now = _index_of(warning)
    warning.value_before = warning.value_before if now is None else now
    warning.save(
        update_fields=["state", "level", "text", "until", "issued_at", "issuer", "issued_path", "value_before"]
    )
    view = unit_of_holder(warning.unit.holder) if warning.unit else None
    _send(work, warning, view, units=units)


@act(may=ISSUE, on=EarlyWarning)
def dismiss_warning(work: Work, warning: EarlyWarning, *, reason: str) -> None:
    """Issue no warning, for a reason. Dismissed already: nothing."""
    if warning.state == "dismissed":
        return
    warning.reason = reason.strip()[:200]
    take(work, warning, "dismiss", note=warning.reason)
    _drop(work, warning)


@act(may=RECKON, on=EarlyWarning)
def lapse_proposal(work: Work, warning: EarlyWarning) -> None:
    """The index fell below every level that is proposed before anybody decided: the proposal is dropped. Where it still
    stands at a lower such level, the proposal is of that one. Else nothing."""
    if warning.state != "proposed":
        return
    now = _latest(warning)
    if now is not None and LEVEL_RANK[now.level] >= LEVEL_RANK[warning.level]:
        return
    if now is not None and LEVEL_RANK[now.level] >= least_proposed(warning.about, warning.region_path):
        warning.level, warning.value_before = now.level, now.value
        warning.save(update_fields=["level", "value_before"])
        work.record(
            WarningProposed(place=warning.place, value=str(now.value), level=LEVEL_NAMES[now.level]), on=warning
        )
        return
    warning.reason = FELL
    take(work, warning, "lapse", note=FELL)
    _drop(work, warning)


@act(may=ISSUE, on=EarlyWarning)
def withdraw_warning(work: Work, warning: EarlyWarning, *, reason: str) -> None:
    """The danger is over: the warning ends with its notices, and its effect is kept. Withdrawn already: nothing.

    Whoever issued it withdraws it, or an office above: not the one it was issued for. ``NotAllowed`` says so.
    """
    if warning.state == "withdrawn":
        return
    if not may_withdraw(work.actor, warning):
        raise NotAllowed(NOT_THEIRS, office=names_at([warning.issued_path]).get(warning.issued_path, ""))
    warning.reason = reason.strip()[:200]
    take(work, warning, "withdraw", note=warning.reason)
    _end(work, warning)
    work.record(
        WarningWithdrawn(
            reason=warning.reason, before=_said(warning.value_before), after=_said(warning.value_after),
            in_time=warning.in_time, told=warning.told,
        ),
        on=warning,
    )  # fmt: skip


@act(may=RECKON, on=EarlyWarning)
def expire_warning(work: Work, warning: EarlyWarning) -> None:
    """Its last day is over. Before that, or not in force: nothing."""
    if warning.state != "issued" or warning.until is None or warning.until >= clock.day_of(work.now):
        return
    take(work, warning, "expire")
    _end(work, warning)
    work.record(
        WarningExpired(
            before=_said(warning.value_before), after=_said(warning.value_after), in_time=warning.in_time,
            told=warning.told,
        ),
        on=warning,
    )  # fmt: skip


def _content(text: str, until: dt.date) -> tuple[str, dt.date]:
    text, today = text.strip()[:1000], clock.today()
    if not text:
        raise BadInput("text", gettext_noop("Say what to watch and what to do."))
    if until < today:
        raise BadInput("until", gettext_noop("That day has passed."))
    if until - today > LONGEST:
        raise BadInput("until", gettext_noop("A warning is in force for 90 days at most. Issue another one then."))
    return text, until


def _settle(work: Work, warning: EarlyWarning) -> None:
    """Whoever issued a warning decided what the index had proposed for the same place."""
    standing = EarlyWarning.objects.everything(why=WHY).filter(key=warning.key, state="proposed")
    for proposal in standing.select_for_update(of=("self",)):
        proposal.reason, proposal.ended_at = SETTLED % warning.number, work.now
        take(work, proposal, "settle", note=proposal.reason)
        proposal.save(update_fields=["state", "reason", "ended_at"])
        work.record(ProposalSettled(number=warning.number, level=LEVEL_NAMES[warning.level]), on=proposal)


def _drop(work: Work, warning: EarlyWarning) -> None:
    warning.ended_at = work.now
    warning.save(update_fields=["state", "reason", "ended_at"])
    work.record(ProposalDropped(reason=warning.reason), on=warning)


def _send(work: Work, warning: EarlyWarning, unit: UnitView | None, *, units: bool) -> None:
    """A notice for every addressee, each with its two days, and a message to its people."""
    region = region_at(warning.region_path)
    if region is None or warning.until is None:
        raise NotFound
    told = addressees(region, unit, units=units)
    by = clock.today() + dt.timedelta(days=parameter(f"{PREFIX}answer_{warning.level}", warning.region_path))
    report_by = clock.today() + dt.timedelta(days=parameter(f"{PREFIX}report", warning.region_path))
    for one in told:
        notice = _notice(work, warning, one, by)
        for kind, label, due in ((ACKNOWLEDGE, ACKNOWLEDGE_LABEL, by), (REPORT, REPORT_LABEL, max(by, report_by))):
            deadlines.start(
                work, notice, kind=kind, label=label, due=due, duty=ANSWER, basis=BASIS, remind_days=(),
                desk_path="" if one.holder else one.region_path, desk_holder=one.holder,
            )  # fmt: skip
        people = holders_of(ANSWER, holder=one.holder) if one.holder else holders_of(ANSWER, path=one.region_path)
        tell(
            people,
            gettext_noop("%(what)s for %(place)s, in force until %(until)s. Acknowledge it by %(by)s."),
            subject=notice, urgent=LEVEL_RANK[warning.level] >= LEVEL_RANK["orange"], what=LEVEL_NAMES[warning.level],
            place=warning.place, until=warning.until.isoformat(), by=by.isoformat(),
        )  # fmt: skip
    warning.told = len(told)
    warning.save(update_fields=["told"])
    work.record(
        WarningIssued(
            place=warning.place, level=LEVEL_NAMES[warning.level], until=warning.until.isoformat(), told=len(told)
        ),
        on=warning,
    )


def _notice(work: Work, warning: EarlyWarning, to: Addressee, by: dt.date) -> Notice:
    notice = Notice(
        region_path=to.region_path, sector=to.sector, holder=to.holder, warning=warning, unit_id=to.unit_id, to=to.name,
        sent_at=work.now, answer_by=by, state="sent",
    )  # fmt: skip
    created(notice)
    remember(work, notice, "send")
    work.record(NoticeSent(to=to.name), on=notice)
    return notice


def _end(work: Work, warning: EarlyWarning) -> None:
    """The notices end with it; what it achieved is counted."""
    rows = list(Notice.objects.everything(why=WHY).filter(warning=warning).select_for_update(of=("self",)))
    warning.in_time = sum(
        n.acknowledged_at is not None and clock.day_of(n.acknowledged_at) <= n.answer_by for n in rows
    )
    warning.answered = sum(n.reported_at is not None for n in rows)
    for notice in rows:
        deadlines.cancel(work, notice, ACKNOWLEDGE, REPORT)
        notice.state = "ended"
        notice.save(update_fields=["state"])
        remember(work, notice, "end")
        work.record(NoticeEnded(), on=notice)
    warning.ended_at, warning.value_after = work.now, _index_of(warning)
    warning.save(update_fields=["state", "reason", "ended_at", "value_after", "in_time", "answered"])


def _latest(warning: EarlyWarning) -> IndexDay | None:
    """The index of what the warning is for as it was reckoned last, today or yesterday; None where it stands for
    nothing now."""
    rows = IndexDay.objects.everything(why=WHY).filter(key=warning.key)
    return current(rows).filter(day__gte=clock.today() - dt.timedelta(days=1)).first()


def _index_of(warning: EarlyWarning) -> Decimal | None:
    found = _latest(warning)
    return found.value if found else None


def _said(value: Decimal | None) -> str:
    return "—" if value is None else str(value)
