"""Acts on what the screens keep: saved filters, bulk runs, and the note that a ledger was taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anlan.kernel.acts import Work, act
from anlan.kernel.counting import counted
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.identity.models import User
from anlan.kernel.journal.facts import Fact
from anlan.kernel.scope import system_read
from anlan.ui.models import BulkRun, SavedFilter
from anlan.ui.selectors import offices, person

MOST_FILTERS = 30  # of one person on one page
MOST_ROWS = 1_000  # of one bulk run


@dataclass(frozen=True, kw_only=True)
class LedgerExported(Fact):
    """Somebody took a list away as a file."""

    sentence: ClassVar[str] = gettext_noop("Exported “%(title)s”: %(rows)s rows")
    icon: ClassVar[str] = "table-export"
    translated: ClassVar[tuple[str, ...]] = ("title",)
    title: str
    rows: int
    page: str = ""
    query: str = ""


@act(may="account.own")
def save_filter(
    work: Work, *, page: str, name: str, query: str, is_default: bool = False, shared: bool = False
) -> SavedFilter:
    """Save a view of a list under a name; the same name again replaces it. ``shared`` shows it to the own office."""
    name = name.strip()
    if not name:
        raise BadInput("name", gettext_noop("Give the filter a name."))
    if len(name) > 40:
        raise BadInput("name", gettext_noop("The name may have at most 40 characters."))
    if len(query) > 1000:
        raise BadInput("name", gettext_noop("This filter is too long to be saved. Remove some of its conditions."))
    office = ""
    if shared:
        mine = offices(work.actor)
        if not mine:
            raise BadInput("shared", gettext_noop("You have no office to share it with."))
        office = mine[0]
    own = SavedFilter.objects.filter(user_id=person(work.actor), page=page)
    if not own.filter(name=name).exists() and counted(own, MOST_FILTERS) >= MOST_FILTERS:
        raise BadInput(
            "name", gettext_noop("You have saved %(most)s filters for this list. Delete one first."), most=MOST_FILTERS
        )
    if is_default:
        own.filter(is_default=True).exclude(name=name).update(is_default=False)
    saved, _ = SavedFilter.objects.update_or_create(
        user_id=person(work.actor),
        page=page,
        name=name,
        defaults={"query": query, "is_default": is_default, "office_path": office, "saved_at": work.now},
    )
    return saved


@act(may="account.own", on=SavedFilter)
def change_filter(
    work: Work, saved: SavedFilter, *, is_default: bool | None = None, shared: bool | None = None
) -> None:
    """Make one's own filter the default or not, share it with the own office or not."""
    _own(work, saved)
    if is_default is not None and is_default != saved.is_default:
        if is_default:
            SavedFilter.objects.filter(user_id=person(work.actor), page=saved.page, is_default=True).update(
                is_default=False
            )
        saved.is_default = is_default
    if shared is not None:
        mine = offices(work.actor)
        if shared and not mine:
            raise BadInput("shared", gettext_noop("You have no office to share it with."))
        saved.office_path = mine[0] if shared else ""
    saved.save(update_fields=["is_default", "office_path"])


@act(may="account.own", on=SavedFilter)
def delete_filter(work: Work, saved: SavedFilter) -> int:
    """Delete one's own filter; returns how many were deleted."""
    _own(work, saved)
    return saved.delete()[0]


@act(may="account.own")
def start_bulk_run(work: Work, *, page: str, code: str, rows: list[str], data: str = "") -> BulkRun:
    """Note which rows a bulk act is for; the rows themselves are acted upon one by one, each by its own act."""
    need_rows(rows)
    return BulkRun.objects.create(
        user_id=person(work.actor), page=page, code=code, rows=rows, data=data, started_at=work.now
    )


@system_read("counts what was chosen, reads nothing")
def need_rows(rows: list[str]) -> None:
    """Refuse a bulk act on nothing, and on more than can be treated at once."""
    if not rows:
        raise BadInput("ids", gettext_noop("Choose at least one row."))
    if len(rows) > MOST_ROWS:
        raise BadInput(
            "ids",
            gettext_noop("At most %(most)s rows can be treated at once. Narrow the filter first."),
            most=MOST_ROWS,
        )


@act(may="account.own")
def note_export(work: Work, *, title: str, rows: int, page: str, query: str) -> None:
    """Journal that the actor took a list away."""
    user = User.objects.get(pk=person(work.actor))
    work.record(LedgerExported(title=title, rows=rows, page=page, query=query[:1000]), on=user)


def _own(work: Work, saved: Any) -> None:
    if saved.user_id != person(work.actor):
        raise NotFound
