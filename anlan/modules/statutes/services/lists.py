"""Check lists of offices: a list is put whole, each change is a new version."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, BadInputs, NotFound, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import LISTS, Source
from anlan.modules.statutes.events import CheckListIssued, CheckListWithdrawn
from anlan.modules.statutes.models import Article, CheckItem, CheckList
from anlan.modules.statutes.services.drafts import own_version, replace_version
from anlan.modules.statutes.services.items import COLUMNS, MOST, Told, articles_for, digest_of, made_of, told
from anlan.rules.hazard_list import SECTORS
from anlan.rules.inputs import FIRST_DAY, LAST_DAY

FOUR = gettext_noop("Line %(line)s: four columns are needed: clause, what is asked, how to check, evidence.")
DRAFTED = gettext_noop("A draft of this list is being worked on. Issue it or drop it first.")


@act(may=LISTS)
def put_check_list(
    work: Work, *, region: Region, title: str, sector: str, rows: str, valid_from: dt.date | None = None
) -> CheckList:
    """Issue an office's own check list, or its next version; the same items again change nothing.

    ``rows`` has one item a line, in four columns as copied from a spreadsheet (tab or ``|`` between them): clause,
    what is asked, how to check, what evidence to keep. Each clause must stand in the library.
    """
    work.actor.need_at(LISTS, region.path)
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    title = " ".join(title.split())
    if not title:
        raise BadInput("title", gettext_noop("Give the check list a title."))
    if sector not in SECTORS:
        raise BadInput("sector", gettext_noop("Choose one of: %(sectors)s."), sectors=", ".join(SECTORS))
    if valid_from is not None and not FIRST_DAY <= valid_from <= LAST_DAY:
        raise BadInput("valid_from", gettext_noop("This day is impossible here. Check the year."))
    items = _rows(work, rows)
    digest = digest_of([item for item, _article in items])
    code, number = own_version(region, title[:120], sector)
    known = CheckList.objects.select_for_update().filter(code=code)
    latest = known.filter(draft=False, valid_to=None).first()
    if latest is not None and latest.digest == digest:
        return latest
    if known.filter(draft=True).exists():
        raise BadInput("title", DRAFTED)
    starts = valid_from or clock.today()
    replace_version(work, code, number, starts)
    made = created(
        CheckList(
            code=code, number=number, title=title[:120], sector=sector, source=Source.OFFICE, region_path=region.path,
            office=region.name[:80], draft=True,
        )
    )  # fmt: skip
    CheckItem.objects.bulk_create(
        made_of(item, article, check_list=made, position=n) for n, (item, article) in enumerate(items, 1)
    )
    made.draft, made.valid_from, made.digest = False, starts, digest
    made.save(update_fields=["draft", "valid_from", "digest"])
    work.record(CheckListIssued(title=title, version=made.number, items=len(items)), on=made, path=region.path)
    return made


@act(may=LISTS, on=CheckList)
def withdraw_check_list(work: Work, check_list: CheckList, *, reason: str) -> None:
    """An office uses its list no longer; the held lists go with their edition and cannot be withdrawn."""
    if not selectors.check_lists(work.actor).filter(pk=check_list.pk).exists():
        raise NotFound
    if check_list.source != Source.OFFICE:
        raise BadInput("check_list", gettext_noop("A list of the statutory criteria ends with its edition."))
    work.actor.need_at(LISTS, check_list.region_path)
    if check_list.draft:
        raise BadInput("check_list", gettext_noop("A draft is not in force: drop it instead."))
    if check_list.valid_to is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the list is withdrawn."))
    check_list.valid_to = max(clock.today(), check_list.valid_from or clock.today())
    check_list.save(update_fields=["valid_to"])
    said = CheckListWithdrawn(title=check_list.title, reason=reason.strip())
    work.record(said, on=check_list, path=check_list.region_path)


def _rows(work: Work, given: str) -> list[tuple[Told, Article]]:
    """The items, each line checked; every wrong line is named."""
    problems: list[BadInput] = []
    lines: list[tuple[int, Told]] = []
    for number, line in enumerate(given.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.replace("|", "\t").split("\t")]
        if len(cells) != len(COLUMNS):
            problems.append(BadInput("rows", FOUR, line=number))
            continue
        try:
            lines.append((number, told(*cells)))
        except (BadInput, BadInputs) as why:
            problems += [_of_line(number, one) for one in (why.problems if isinstance(why, BadInputs) else [why])]
    if len(lines) > MOST:
        raise BadInput("rows", gettext_noop("A list has at most %(most)s items."), most=MOST)
    items: list[tuple[Told, Article]] = []
    for (number, item), found in zip(lines, articles_for(work.actor, [i.clause for _, i in lines]), strict=True):
        if isinstance(found, BadInput):
            problems.append(_of_line(number, found))
        else:
            items.append((item, found))
    if problems:
        raise problems[0] if len(problems) == 1 else BadInputs(problems[:20])
    if not items:
        raise BadInput("rows", gettext_noop("Give at least one item, one a line."))
    return items


def _of_line(number: int, why: BadInput) -> BadInput:
    return BadInput("rows", gettext_noop("Line %(line)s: %(why)s"), line=number, why=gettext(why.message) % why.params)
