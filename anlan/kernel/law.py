"""Asking the law from the platform: a rule's refusal becomes the platform's own, in the language in force.

Where a jurisdiction set a figure in place of one that is to be verified, a rule asked for a place of it answers by that
figure and says so. The figures set are held by each process; the one that sets one knows at once, the others hear of
it at the next question, a minute later at most.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import get_language

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused, RuleBroken
from anlan.rules import refusal
from anlan.rules.book import apply
from anlan.rules.citation import Finding, Level
from anlan.rules.figures import NONE, Local, LocalFigure, by_local, citing, noting
from anlan.rules.wording import in_language


@dataclass(frozen=True, slots=True)
class Kept:
    """A local figure with the region it was set for."""

    code: str
    path: str
    figure: LocalFigure


P = ParamSpec("P")
T = TypeVar("T")
PATH_STEP = 4  # the root's part of a tree path
_kept: tuple[Kept, ...] = ()
_read_at = float("-inf")


def finding(
    name: str, given: Mapping[str, Any], on: dt.date | str | None = None, *, path: str = ""
) -> Finding[Any]:
    """What a rule finds for JSON or a form; ``BadInput``, ``BadInputs`` or ``RuleBroken`` of ``kernel.errors``.

    ``path`` is the region asked for: figures set there or above it stand in place of those that are to be verified.
    Without it those count that somebody around put in force (``by_figures_of``).
    """
    from anlan.kernel.deadlines.notices import look  # needs the tables, which whoever imports this may not have yet

    look()
    try:
        return apply(name, given, on, today=clock.today(), local=local_figures(path) if path else None)
    except (refusal.BadInput, refusal.RuleBroken) as why:
        raise refused(why) from why


def local_figures(path: str) -> Local:
    """The local figures of a region by code, those of the nearest region first, then the newest; none without one."""
    global _read_at
    every = settings.CALENDAR_LOOK_SECONDS
    if every is not None and time.monotonic() - _read_at >= every:
        _read_at = time.monotonic()
        read_figures()
    if not path or not _kept:
        return NONE
    found: dict[str, list[LocalFigure]] = {}
    for one in _kept:
        if path.startswith(one.path):
            found.setdefault(one.code, []).append(one.figure)
    return found


def any_local() -> bool:
    """Whether any jurisdiction set a figure, as far as this process knows; asks the database nothing."""
    return bool(_kept)


def place_of(actor: Actor) -> str:
    """For which region a rule is asked that is asked for none: the highest the actor serves, else the root.

    "" where nobody set a figure, which makes no difference then.
    """
    local_figures("")
    if not _kept:
        return ""
    own = sorted((grant.path for grant in actor.grants if grant.path), key=len)
    return own[0] if own else _kept[0].path[:PATH_STEP]


def by_figures_of(path: str) -> AbstractContextManager[None]:
    """Rules asked within, by whatever way, answer by the local figures of a region."""
    return by_local(local_figures(path))


def found_at(path: str, function: Callable[P, Finding[T]], *args: P.args, **given: P.kwargs) -> Finding[T]:
    """What a function of the law finds in a region, asked directly and not by its name in the book.

    Where figures are set there or above it the finding cites the ones used and says what they stand for.
    """
    local = local_figures(path)
    if not local:
        return function(*args, **given)
    with by_local(local), noting() as used:
        found = function(*args, **given)
    return citing(found, used)


def basis_of(found: Finding[Any]) -> str:
    """The clause a finding rests on, with the local figures that stand in place of its own."""
    first, *others = found.citations
    return "；".join(str(one) for one in (first, *(one for one in others if one.level is Level.LOCAL)))


def read_figures() -> None:
    """Read the local figures that were set; whoever sets one calls it when that is committed."""
    global _kept
    from anlan.kernel.codes.services import LAW, figure_rows  # it needs this file to refuse
    from anlan.kernel.regions.models import Region

    rows = figure_rows()
    names = dict(Region.objects.filter(path__in={row.region_path for row in rows}).values_list("path", "name"))
    _kept = tuple(
        Kept(
            row.code.removeprefix(LAW), row.region_path,
            LocalFigure(
                Decimal(str(row.value)), row.basis, row.valid_from, row.valid_to, names.get(row.region_path, "")
            ),
        )
        for row in sorted(rows, key=lambda row: (-len(row.region_path), -row.valid_from.toordinal()))
    )  # fmt: skip


def refused(why: refusal.BadInput | refusal.RuleBroken) -> Refused:
    """A rule's refusal as the platform says it."""
    language = get_language() or "zh-hans"
    if isinstance(why, refusal.RuleBroken):
        clause = why.citations[0] if why.citations else None
        return RuleBroken("%(why)s", clause, why=in_language(why.said, language))
    problems = [BadInput(one.field, "%(why)s", why=in_language(one.reason, language)) for one in why.all]
    return problems[0] if len(problems) == 1 else BadInputs(problems)
