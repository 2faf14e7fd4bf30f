"""Check lists of offices: a list is put whole, each change is a new version."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.db.models import F

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, BadInputs, NotFound, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import LISTS, Source
from anlan.modules.statutes.events import CheckListIssued, CheckListReplaced, CheckListWithdrawn
from anlan.modules.statutes.models import Article, CheckItem, CheckList
from anlan.rules.citation import Citation
from anlan.rules.hazard_list import SECTORS
from anlan.rules.inputs import FIRST_DAY, LAST_DAY
from anlan.rules.statute_text import short_title

COLUMNS = 4  # clause, what is asked, how to check, evidence
MOST = 500


@dataclass(frozen=True)
class _Row:
    line: int
    clause: str
    asked: str
    method: str
    evidence: str
    article: Article


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
    said = "\n".join("\t".join((i.clause, i.asked, i.method, i.evidence)) for i in items)
    digest = hashlib.sha256(said.encode()).hexdigest()
    own = CheckList.objects.select_for_update().filter(source=Source.OFFICE, region_path=region.path, sector=sector)
    latest = own.filter(title=title[:120]).order_by(F("valid_to").desc(nulls_first=True), "-number").first()
    if latest is not None and latest.digest == digest and latest.valid_to is None:
        return latest
    starts = valid_from or clock.today()
    if latest is not None and latest.valid_to is None:
        if latest.valid_from and starts < latest.valid_from:
            raise BadInput(
                "valid_from",
                gettext_noop("The version before is in force from %(day)s; choose that day or a later one."),
                day=latest.valid_from.isoformat(),
            )  # fmt: skip
        latest.valid_to = max(latest.valid_from or starts, starts - dt.timedelta(days=1))
        latest.save(update_fields=["valid_to"])
        work.record(CheckListReplaced(version=latest.number + 1), on=latest, path=region.path)
    made = created(
        CheckList(
            code=latest.code if latest else uuid.uuid4().hex, number=latest.number + 1 if latest else 1,
            title=title[:120], sector=sector, digest=digest, source=Source.OFFICE, region_path=region.path,
            office=region.name[:80], valid_from=starts,
        )
    )  # fmt: skip
    CheckItem.objects.bulk_create(
        CheckItem(check_list=made, position=n, article=i.article, clause=i.clause, asked=i.asked, method=i.method,
                  evidence=i.evidence)
        for n, i in enumerate(items, 1)
    )  # fmt: skip
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
    if check_list.valid_to is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the list is withdrawn."))
    check_list.valid_to = max(clock.today(), check_list.valid_from or clock.today())
    check_list.save(update_fields=["valid_to"])
    said = CheckListWithdrawn(title=check_list.title, reason=reason.strip())
    work.record(said, on=check_list, path=check_list.region_path)


def _rows(work: Work, given: str) -> list[_Row]:
    """The items, each line checked; every wrong line is named."""
    problems: list[BadInput] = []
    split: list[tuple[int, list[str], Citation]] = []
    for number, line in enumerate(given.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.replace("|", "\t").split("\t")]
        cells += [""] * (COLUMNS - len(cells))
        if len(cells) > COLUMNS or not all(cells[:COLUMNS]):
            problems.append(
                BadInput(
                    "rows",
                    gettext_noop(
                        "Line %(line)s: four columns are needed: clause, what is asked, how to check, evidence."
                    ),
                    line=number,
                )
            )
            continue
        citation = _citation(cells[0])
        if citation is None:
            problems.append(
                BadInput(
                    "rows",
                    gettext_noop(
                        "Line %(line)s: “%(clause)s” is no clause; write the title in 《》, then the article."
                    ),
                    line=number,
                    clause=cells[0][:60],
                )
            )
            continue
        split.append((number, cells, citation))
    if len(split) > MOST:
        raise BadInput("rows", gettext_noop("A list has at most %(most)s items."), most=MOST)
    found = selectors.places_of(work.actor, [citation for _, _, citation in split])
    items = []
    for (number, cells, citation), cited in zip(split, found, strict=True):
        if cited.article is None:
            problems.append(
                BadInput(
                    "rows",
                    gettext_noop("Line %(line)s: the library holds no %(clause)s. Load its text first."),
                    line=number,
                    clause=str(citation),
                )
            )
            continue
        items.append(_Row(number, cells[0][:160], cells[1], cells[2], cells[3], cited.article))
    if problems:
        raise problems[0] if len(problems) == 1 else BadInputs(problems[:20])
    if not items:
        raise BadInput("rows", gettext_noop("Give at least one item, one a line."))
    return items


def _citation(said: str) -> Citation | None:
    """A clause as people write it: 《安全生产法》第四十一条第二款."""
    title, closing, place = said.removeprefix("《").partition("》")
    if not said.startswith("《") or not closing or not title or not place:
        return None
    return Citation(short_title(title), place)
