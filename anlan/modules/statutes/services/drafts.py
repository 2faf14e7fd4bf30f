"""Drafts of check lists: begun anew, from the version in force or from a statutory list; worked on; issued."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import F, Max

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.counting import counted
from anlan.kernel.errors import BadInput, NotFound, Stale, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import region_at
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import LISTS, Source
from anlan.modules.statutes.events import (
    CheckListDrafted,
    CheckListIssued,
    CheckListReplaced,
    DraftDropped,
    ItemAdded,
    ItemChanged,
    ItemMoved,
    ItemRemoved,
)
from anlan.modules.statutes.models import Article, CheckItem, CheckList
from anlan.modules.statutes.services.items import COLUMNS, MOST, Told, articles_for, digest_of, made_of, told
from anlan.rules.hazard_list import SECTORS
from anlan.rules.inputs import FIRST_DAY, LAST_DAY

NO_DRAFT = gettext_noop("This version is issued and never changes. Make a new version and change that.")
LACKING = {
    "method": gettext_noop("Item %(position)s does not say how it is checked. Open it and say so."),
    "evidence": gettext_noop("Item %(position)s does not say what evidence is kept. Open it and say so."),
}


@act(may=LISTS)
def draft_check_list(work: Work, *, region: Region, title: str, sector: str) -> CheckList:
    """Begin a check list of an office, or the next version of the one of that title; a draft that is there is kept."""
    title = _title(title)
    if sector not in SECTORS:
        raise BadInput("sector", gettext_noop("Choose one of: %(sectors)s."), sectors=", ".join(SECTORS))
    return _begin(work, region, title, sector, [])


@act(may=LISTS, on=CheckList)
def revise_check_list(work: Work, check_list: CheckList) -> CheckList:
    """Begin the next version of an office's list with the items of this one; a draft that is there is kept."""
    _own(work, check_list)
    if check_list.draft:
        return check_list
    region = region_at(check_list.region_path)
    if region is None:
        raise NotFound
    items = list(check_list.items.order_by("position"))
    return _begin(work, region, check_list.title, check_list.sector, items)


@act(may=LISTS, on=CheckList)
def adopt_check_list(work: Work, check_list: CheckList, *, region: Region, title: str) -> CheckList:
    """Begin a list of an office from one it can read: how to check and what evidence to keep are then filled in."""
    if not selectors.check_lists(work.actor).filter(pk=check_list.pk, draft=False).exists():
        raise NotFound
    items = list(check_list.items.order_by("position"))
    return _begin(work, region, _title(title), check_list.sector, items)


@act(may=LISTS, on=CheckList)
def add_item(
    work: Work, check_list: CheckList, *, clause: str, asked: str, method: str, evidence: str,
    position: int | None = None,
) -> None:  # fmt: skip
    """Add an item to a draft, at a place or at the end: its clause must be held."""
    _worked_on(work, check_list)
    item = told(clause, asked, method, evidence)
    article = _article(work, item.clause)
    count = counted(check_list.items.all())
    if count >= MOST:
        raise BadInput("clause", gettext_noop("A list has at most %(most)s items."), most=MOST)
    place = _place(position if position is not None else count + 1, count + 1)
    check_list.items.filter(position__gte=place).update(position=F("position") + 1)
    made_of(item, article, check_list=check_list, position=place).save(force_insert=True)
    work.record(ItemAdded(position=place, clause=item.clause), on=check_list, path=check_list.region_path)


@act(may=LISTS, on=CheckItem)
def change_item(
    work: Work, item: CheckItem, *, clause: str, asked: str, method: str, evidence: str, seen_version: int | None = None
) -> None:
    """Change an item of a draft; ``seen_version`` is that of the list as the form showed it (``Stale``)."""
    check_list = _list_of(work, item, seen_version)
    given = told(clause, asked, method, evidence)
    before = Told(*(getattr(item, name) for name in COLUMNS))
    if given == before:
        return
    if given.clause != item.clause:
        item.article = _article(work, given.clause)
    item.own_words = item.own_words and given.asked == item.asked
    for name in COLUMNS:
        setattr(item, name, getattr(given, name))
    item.save()
    changed = [name for name in COLUMNS if getattr(given, name) != getattr(before, name)]
    said = ItemChanged(
        position=item.position, before=" · ".join(getattr(before, name) or "—" for name in changed),
        after=" · ".join(getattr(given, name) for name in changed),
    )  # fmt: skip
    work.record(said, on=check_list, path=check_list.region_path)


@act(may=LISTS, on=CheckItem)
def move_item(work: Work, item: CheckItem, *, position: int, seen_version: int | None = None) -> None:
    """Put an item of a draft at another place; the others close up."""
    check_list = _list_of(work, item, seen_version)
    before, after = item.position, _place(position, counted(check_list.items.all()))
    if before == after:
        return
    if after < before:
        check_list.items.filter(position__gte=after, position__lt=before).update(position=F("position") + 1)
    else:
        check_list.items.filter(position__gt=before, position__lte=after).update(position=F("position") - 1)
    item.position = after
    item.save(update_fields=["position"])
    work.record(ItemMoved(before=before, after=after), on=check_list, path=check_list.region_path)


@act(may=LISTS, on=CheckItem)
def remove_item(work: Work, item: CheckItem, *, seen_version: int | None = None) -> CheckList:
    """Take an item out of a draft; the others close up."""
    check_list = _list_of(work, item, seen_version)
    said = ItemRemoved(position=item.position, clause=item.clause, asked=item.asked)
    CheckItem.objects.filter(pk=item.pk).delete()
    check_list.items.filter(position__gt=item.position).update(position=F("position") - 1)
    work.record(said, on=check_list, path=check_list.region_path)
    return check_list


@act(may=LISTS, on=CheckList)
def issue_check_list(work: Work, check_list: CheckList, *, valid_from: dt.date | None = None) -> None:
    """Issue a draft: from then on it never changes. The version before ends the day before."""
    _own(work, check_list)
    if not check_list.draft:
        return
    items = list(check_list.items.select_related("article").order_by("position"))
    if not items:
        raise BadInput("items", gettext_noop("The list has no item yet. Add one, then issue it."))
    for item in items:
        for name, why in LACKING.items():
            if not getattr(item, name):
                raise BadInput("items", why, position=item.position)
    for item, article in zip(items, articles_for(work.actor, [i.clause for i in items]), strict=True):
        if isinstance(article, BadInput) and not item.own_words:
            raise BadInput(
                "items", gettext_noop("Item %(position)s: %(clause)s is not held any more. Name another clause."),
                position=item.position, clause=item.clause,
            )  # fmt: skip
    starts = possible_day(valid_from) or clock.today()
    replace_version(work, check_list.code, check_list.number, starts)
    check_list.draft, check_list.valid_from, check_list.digest = False, starts, digest_of(items)
    check_list.save(update_fields=["draft", "valid_from", "digest"])
    said = CheckListIssued(title=check_list.title, version=check_list.number, items=len(items))
    work.record(said, on=check_list, path=check_list.region_path)


@act(may=LISTS, on=CheckList)
def drop_draft(work: Work, check_list: CheckList) -> CheckList | None:
    """Drop a draft; the version in force, if there is one, stays as it is and is the answer."""
    _worked_on(work, check_list)
    said = DraftDropped(version=check_list.number, items=counted(check_list.items.all()))
    latest = CheckList.objects.filter(code=check_list.code, draft=False).order_by("-number").first()
    if latest is not None:
        work.record(said, on=latest, path=latest.region_path)
    CheckList.objects.filter(pk=check_list.pk).delete()
    return latest


@inside_act
def replace_version(work: Work, code: str, number: int, starts: dt.date) -> None:
    """The version in force ends the day before the next one starts, which may not be before it began."""
    latest = CheckList.objects.select_for_update().filter(code=code, draft=False, valid_to=None).first()
    if latest is None:
        return
    if latest.valid_from and starts < latest.valid_from:
        raise BadInput(
            "valid_from",
            gettext_noop("The version before is in force from %(day)s; choose that day or a later one."),
            day=latest.valid_from.isoformat(),
        )  # fmt: skip
    latest.valid_to = max(latest.valid_from or starts, starts - dt.timedelta(days=1))
    latest.save(update_fields=["valid_to"])
    work.record(CheckListReplaced(version=number), on=latest, path=latest.region_path)


@inside_act
def possible_day(day: dt.date | None) -> dt.date | None:
    """A day of force that can be."""
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise BadInput("valid_from", gettext_noop("This day is impossible here. Check the year."))
    return day


@inside_act
def own_version(region: Region, title: str, sector: str) -> tuple[str, int]:
    """The code under which an office's list of a title goes, and the number of its next version."""
    own = CheckList.objects.filter(source=Source.OFFICE, region_path=region.path, sector=sector, title=title)
    latest = own.order_by("draft", F("valid_to").desc(nulls_first=True), "-number").first()
    if latest is None:
        return uuid.uuid4().hex, 1
    last = CheckList.objects.filter(code=latest.code, draft=False).aggregate(last=Max("number"))["last"] or 0
    return latest.code, last + 1


def _begin(work: Work, region: Region, title: str, sector: str, items: list[CheckItem]) -> CheckList:
    work.actor.need_at(LISTS, region.path)
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    code, number = own_version(region, title, sector)
    there = CheckList.objects.filter(code=code, draft=True).first()
    if there is not None:
        return there
    made = created(
        CheckList(
            code=code, number=number, title=title, sector=sector, source=Source.OFFICE, region_path=region.path,
            office=region.name[:80], draft=True,
        )
    )  # fmt: skip
    CheckItem.objects.bulk_create(
        CheckItem(
            check_list=made, position=n, article_id=item.article_id, clause=item.clause, asked=item.asked,
            own_words=item.own_words, method=item.method, evidence=item.evidence,
        )
        for n, item in enumerate(items, 1)
    )  # fmt: skip
    work.record(CheckListDrafted(title=title, version=number), on=made, path=region.path)
    return made


def _title(title: str) -> str:
    said = " ".join(title.split())
    if not said:
        raise BadInput("title", gettext_noop("Give the check list a title."))
    if len(said) > 120:
        raise BadInput("title", gettext_noop("At most %(most)s characters."), most=120)
    return said


def _own(work: Work, check_list: CheckList) -> None:
    """A list of an office the actor keeps lists for; to others it is not there."""
    if not selectors.check_lists(work.actor).filter(pk=check_list.pk).exists():
        raise NotFound
    if check_list.source != Source.OFFICE:
        raise BadInput("check_list", gettext_noop("A list of the statutory criteria ends with its edition."))
    work.actor.need_at(LISTS, check_list.region_path)


def _worked_on(work: Work, check_list: CheckList) -> None:
    _own(work, check_list)
    if not check_list.draft:
        raise BadInput("check_list", NO_DRAFT)


def _list_of(work: Work, item: CheckItem, seen: int | None) -> CheckList:
    """The draft of an item, locked; ``Stale`` when it is not the one the reader saw."""
    check_list = CheckList.objects.select_for_update().get(pk=item.check_list_id)
    _worked_on(work, check_list)
    if seen is not None and seen != check_list.version:
        raise Stale
    item.refresh_from_db()
    return check_list


def _article(work: Work, clause: str) -> Article:
    found = articles_for(work.actor, [clause])[0]
    if isinstance(found, BadInput):
        raise found
    return found


def _place(wanted: int, last: int) -> int:
    if not 1 <= wanted <= last:
        raise BadInput("position", gettext_noop("Choose a place from 1 to %(last)s."), last=last)
    return wanted
