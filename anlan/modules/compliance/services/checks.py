"""Self-checks by schedule: planned, filled in item by item, finished; a fault opens a hazard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, BadInputs, NotFound, WrongStep, gettext_noop
from anlan.kernel.files.services import PICTURES, attach
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.compliance.choices import Outcome
from anlan.modules.compliance.events import CheckFinished, CheckPlanned, FaultFound, ItemChecked
from anlan.modules.compliance.models import CheckAnswer, SelfCheck, Workspace
from anlan.modules.compliance.services.evidence import keep
from anlan.modules.compliance.services.workspaces import judge, let_fall
from anlan.modules.compliance.workflow import CHECK, KEEP, ROUTINE, SELF_CHECK, WATCH
from anlan.modules.hazards import public as hazards
from anlan.modules.registry import public as registry
from anlan.modules.statutes import public as statutes
from anlan.rules.unit_duties import evidence_kinds

MOST_PHOTOS = 9
WHY = "the self-check in hand"
EVIDENCE_BY_TRADE = {"dust": "dust_self_check", "ammonia": "ammonia_self_check"}
CATEGORIES = {
    "dust": "dust", "ammonia": "ammonia", "chemicals": "chemicals", "gas": "gas", "fire": "fire",
    "special_equipment": "special_equipment",
}  # fmt: skip


@act(may=KEEP, on=Workspace)
def plan_check(
    work: Work, workspace: Workspace, *, site: int, check_list: int, every_days: int, due_on: dt.date
) -> SelfCheck:
    """Plan self-checks of a site by an issued list, every so many days, the first by a day. Planned before: nothing."""
    try:
        view = registry.site_view(work.actor, int(getattr(site, "pk", site)))
    except (NotFound, TypeError, ValueError) as why:
        raise BadInput("site", gettext_noop("Choose an open site of the unit.")) from why
    try:
        items = statutes.items_of_list(work.actor, int(check_list), place=workspace.region_path)
        lists = statutes.lists_for(work.actor, place=workspace.region_path)
        told = next(one for one in lists if one.pk == int(check_list))
    except (NotFound, TypeError, ValueError, StopIteration) as why:
        raise BadInput("check_list", gettext_noop("Choose a check list in force.")) from why
    if view.holder != workspace.holder or not view.open:
        raise BadInput("site", gettext_noop("Choose an open site of the unit."))
    if not items:
        raise BadInput("check_list", gettext_noop("This list has no items. Choose another one."))
    if not 1 <= every_days <= 366:
        raise BadInput("every_days", gettext_noop("Give a number of days from 1 to 366."))
    if due_on < clock.day_of(work.now):
        raise BadInput("due_on", gettext_noop("This day is past. Choose today or a later day."))
    known = SelfCheck.objects.everything(why=WHY).filter(site=view.id, check_list=told.pk, state="planned").first()
    if known is not None:
        return known
    check = SelfCheck(
        site_id=view.id, check_list_id=told.pk, title=told.title, trade=told.sector, every_days=every_days,
        due_on=due_on,
    )  # fmt: skip
    return _plan(work, workspace, check, items)


def _plan(work: Work, workspace: Workspace, check: SelfCheck, items: Iterable[statutes.ItemTold]) -> SelfCheck:
    rows = list(items)
    scope = {"region_path": workspace.region_path, "sector": workspace.sector, "holder": workspace.holder}
    check.workspace, check.items, check.left, check.by_name = workspace, len(rows), len(rows), work.actor.name
    for name, value in scope.items():
        setattr(check, name, value)
    begin(work, check, "plan")
    created(check)
    remember(work, check, "plan")
    CheckAnswer.plain.bulk_create(
        [
            CheckAnswer(
                self_check=check, item_id=one.pk, position=one.position, clause=one.clause, asked=one.asked,
                method=one.method, own_words=one.own_words, **scope,
            )
            for one in rows
        ]
    )  # fmt: skip
    deadlines.start(
        work, check, kind="compliance.check", label=SELF_CHECK.step("finish").label, due=check.due_on, duty=CHECK,
        desk_holder=check.holder, basis=str(ROUTINE),
    )  # fmt: skip
    work.record(CheckPlanned(title=check.title, due=check.due_on.isoformat()), on=check)
    return check


@act(may=CHECK, on=CheckAnswer)
def answer_item(
    work: Work, answer: CheckAnswer, *, outcome: str, note: str = "", photos: Iterable[Any] = ()
) -> CheckAnswer:
    """Say what was found at an item. What is not in order opens a hazard at once, with the words and the photos.

    The same again is nothing. An item that opened a hazard stays as it was found.
    """
    check = _locked(answer.self_check_id)
    _still_planned(check)
    return _say(work, check, answer, outcome, note, photos)


@act(may=CHECK, on=SelfCheck)
def fill_check(work: Work, check: SelfCheck, *, found: list[dict[str, Any]]) -> SelfCheck:
    """Say what was found at several items at once, as a form filled in without signal brings it.

    ``found``: mappings of ``position``, ``outcome``, and as needed ``note`` and ``photos``, as ``answer_item`` takes
    them. All or nothing: each item that is refused is named as ``outcome_3``, ``note_3``, ``photos_3``.
    """
    _still_planned(check)
    if not found:
        raise BadInput("found", gettext_noop("Nothing is filled in yet. Say of at least one item what was found."))
    rows = CheckAnswer.objects.everything(why=WHY).filter(self_check=check).select_for_update(of=("self",))
    items, problems = {row.position: row for row in rows.order_by("position")}, []
    for one in found:
        try:
            answer = items[int(one["position"])]
        except (KeyError, TypeError, ValueError) as why:
            raise BadInput("found", gettext_noop("This self-check has no such item.")) from why
        try:
            _say(work, check, answer, str(one.get("outcome", "")), str(one.get("note", "")), one.get("photos", ()))
        except BadInput as why:
            problems.append(BadInput(f"{why.column}_{answer.position}", why.message, **why.params))
    if problems:
        raise BadInputs(problems)
    return check


def _still_planned(check: SelfCheck) -> None:
    if check.state != "planned":
        raise WrongStep(step=gettext_noop("Fill in an item"), state=SELF_CHECK.state(check.state).label)


def _say(
    work: Work, check: SelfCheck, answer: CheckAnswer, outcome: str, note: str, photos: Iterable[Any]
) -> CheckAnswer:
    if outcome not in Outcome.values:
        raise BadInput("outcome", gettext_noop("Say whether it is in order."))
    said, given = note.strip()[:500], [photo for photo in photos if photo]
    if len(given) > MOST_PHOTOS:
        raise BadInput("photos", gettext_noop("At most %(most)s files at a time. Leave some out."), most=MOST_PHOTOS)
    if (answer.outcome, answer.note) == (outcome, said):
        _keep_photos(work, answer, given)
        return answer
    if answer.hazard_id is not None:
        number = hazards.hazard_views([answer.hazard_id])[answer.hazard_id].number
        raise BadInput(
            "outcome", gettext_noop("Hazard %(number)s was opened here. Settle it there; the item stays as found."),
            number=number,
        )  # fmt: skip
    if outcome == Outcome.FAULT and len(said) < 4:
        raise BadInput("note", gettext_noop("Say what is wrong: it becomes the hazard's description."))
    fresh = not answer.outcome
    answer.outcome, answer.note, answer.by_name, answer.at = outcome, said, work.actor.name, work.now
    number = ""
    if outcome == Outcome.FAULT:
        view = _open_hazard(work, check, answer, said, given)
        answer.hazard_id, number = view.id, view.number
        check.faults += 1
    answer.save(update_fields=["outcome", "note", "by_name", "at", "hazard"])
    _keep_photos(work, answer, given)
    check.left -= fresh
    check.save(update_fields=["left", "faults"])
    label = str.__str__(dict(_msgids())[outcome])
    fact: Any = (
        FaultFound(position=answer.position, number=number)
        if number
        else ItemChecked(position=answer.position, outcome=label)
    )
    work.record(fact, on=check)
    return answer


def _keep_photos(work: Work, answer: CheckAnswer, photos: list[Any]) -> None:
    for photo in photos:
        attach(work, answer, photo, purpose="photo", allowed=PICTURES)


def _msgids() -> list[tuple[str, str]]:
    return [
        (Outcome.FINE, gettext_noop("In order")),
        (Outcome.FAULT, gettext_noop("Not in order")),
        (Outcome.NONE_HERE, gettext_noop("Does not concern us")),
    ]


def _open_hazard(work: Work, check: SelfCheck, answer: CheckAnswer, said: str, photos: list[Any]) -> hazards.HazardView:
    return hazards.open_hazard(
        work.actor, site_id=check.site_id, source="self_check", own=True,
        description=f"{check.title}第{answer.position}项“{answer.asked}”：{said}", title=said[:40],
        place=check.site.name[:120], category=CATEGORIES.get(check.trade, "other"), found_on=clock.day_of(work.now),
        before=photos,
    )  # fmt: skip


@act(may=CHECK, on=SelfCheck)
def finish_check(work: Work, check: SelfCheck) -> None:
    """Every item was filled in: the self-check is evidence, and the next one is planned. Again: nothing."""
    if check.state == "finished":
        return
    if check.left:
        raise BadInput("check", gettext_noop("%(left)s items are still open. Fill them in first."), left=check.left)
    take(work, check, "finish")
    check.finished_on = clock.day_of(work.now)
    check.save(update_fields=["state", "finished_on"])
    deadlines.meet(work, check, "compliance.check")
    work.record(CheckFinished(items=check.items, faults=check.faults), on=check)
    rows = Workspace.objects.everything(why=WHY).select_for_update(of=("self",))
    workspace = rows.get(pk=check.workspace_id)
    kind = evidence_kinds()[EVIDENCE_BY_TRADE.get(check.trade, "self_check")]
    keep(work, workspace, kind, told_on=check.finished_on, facts={"faults": check.faults}, check=check)
    judge(work, workspace)
    _plan_next(work, workspace, check)


def _plan_next(work: Work, workspace: Workspace, check: SelfCheck) -> None:
    """The next one, by the list as it is in force then; a list that ended is planned no more.

    Nor is one at a site that closed, nor a second one by the same list.
    """
    site = registry.site_views([check.site_id]).get(check.site_id)
    if site is None or not site.open:
        return
    place = workspace.region_path
    lists = {one.pk: one for one in statutes.lists_for(work.actor, place=place)}
    told = lists.get(check.check_list_id) or next((o for o in lists.values() if o.title == check.title), None)
    planned = SelfCheck.objects.everything(why=WHY).filter(site=check.site_id, state="planned")
    if told is None or planned.filter(check_list=told.pk).exists():
        return
    following = SelfCheck(
        site_id=check.site_id, check_list_id=told.pk, title=told.title, trade=told.sector,
        every_days=check.every_days, due_on=clock.day_of(work.now) + dt.timedelta(days=check.every_days),
    )  # fmt: skip
    _plan(work, workspace, following, statutes.items_of_list(work.actor, told.pk, place=place))


@act(may=KEEP, on=SelfCheck)
def drop_check(work: Work, check: SelfCheck, *, reason: str) -> None:
    """The schedule ends. Again: nothing."""
    if check.state == "dropped":
        return
    let_fall(work, check, reason)


@act(may=WATCH)
def end_checks(work: Work, *, site: int, reason: str) -> int:
    """A site closed for good: what is planned there is filled in by nobody. Answers how many schedules ended."""
    rows = SelfCheck.objects.everything(why=WHY).filter(site=site, state="planned")
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for check in found:
        let_fall(work, check, reason)
    return len(found)


def _locked(pk: int) -> SelfCheck:
    rows = SelfCheck.objects.everything(why=WHY).select_for_update(of=("self",)).select_related("site")
    return rows.get(pk=pk)
