"""Identification and grading by the rule, its working kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, BadInputs, Refused, gettext_noop
from anlan.kernel.law import finding
from anlan.kernel.workflow import take
from anlan.modules.installations import selectors
from anlan.modules.installations.events import InstallationGraded
from anlan.modules.installations.models import Grading, Installation
from anlan.modules.installations.services.answering import recount
from anlan.modules.installations.workflow import FILED, INSTALLATION, KEEP
from anlan.rules.wording import in_language

RESULTS = {
    0: gettext_noop("no major hazard installation"), 1: gettext_noop("level I"), 2: gettext_noop("level II"),
    3: gettext_noop("level III"), 4: gettext_noop("level IV"),
}  # fmt: skip
FILE_DUTY = 23


@act(may=KEEP, on=Installation)
def grade_installation(work: Work, installation: Installation) -> Grading:
    """Reckon S and R by GB 18218 from the holdings and the people living nearby, and keep the working.

    What the rule lacks is refused at its field: a category, a row of Table 1, the persons exposed. One that stands on
    file and falls below the threshold is to be cancelled instead. Nothing changed since the last grading: nothing.
    """
    held = list(selectors.holdings_of(installation))
    if not held:
        raise BadInput("holdings", gettext_noop("Declare first what the installation holds."))
    last = selectors.last_grading(installation)
    given = _given(installation, held)
    if last is not None and last.given == given and last.on == clock.day_of(work.now):
        return last
    on = clock.day_of(work.now)
    try:
        found = finding("major_hazard", given, on)
    except (BadInput, BadInputs) as why:
        raise _at_field(why, held) from why
    value = found.value
    level = value.level if value.is_major else None
    if level is None and installation.state == "filed":
        raise BadInput("holdings", gettext_noop("It falls below the threshold. Ask for its cancellation instead."))
    if level is not None or installation.state != "below":
        take(work, installation, "grade" if level is not None else "find_below", given={"holdings": held})
    grading = created(
        Grading(
            region_path=installation.region_path, sector=installation.sector, holder=installation.holder,
            installation=installation, on=on, s_value=_decimal(value.S), level=level, given=given,
            r_value=None if value.R is None else _decimal(value.R), steps_en=[str.__str__(s) for s in found.steps],
            steps_zh=[in_language(s, "zh") for s in found.steps], clauses=[str(c) for c in found.citations],
            by_name=work.actor.name[:80],
        )
    )  # fmt: skip
    installation.level, installation.graded_on, installation.stale = level, on, False
    installation.s_value, installation.r_value = grading.s_value, grading.r_value
    installation.save(update_fields=["state", "level", "graded_on", "stale", "s_value", "r_value"])
    told = InstallationGraded(
        site_id=installation.site_id, level=level or 0, s=_shown(grading.s_value), r=_shown(grading.r_value),
        result=RESULTS[level or 0],
    )  # fmt: skip
    work.record(told, on=installation)
    recount(installation)
    if level is not None:
        deadlines.cancel(work, installation, "installations.anew")
        days, basis = selectors.figure(FILE_DUTY, FILED, installation.region_path)
        deadlines.start(
            work, installation, kind="installations.file", label=INSTALLATION.step("submit").label, duty=KEEP,
            due=on + dt.timedelta(days=days), desk_holder=installation.holder, basis=basis,
        )  # fmt: skip
    else:
        deadlines.cancel(work, installation, "installations.file")
    return grading


def _given(installation: Installation, held: list[Any]) -> dict[str, Any]:
    """What the rule is asked, as JSON."""
    rows = []
    for holding in held:
        symbols = list(holding.symbols)
        row: dict[str, Any] = {
            "substance": holding.substance.name,
            "tonnes": f"{holding.tonnes.normalize():f}",
            "basis": holding.basis,
        }
        if holding.substance.cas:
            row["cas"] = holding.substance.cas
        if symbols:
            row["category"], row["categories"] = symbols[0], symbols[1:]
        if holding.entry:
            row["entry"] = holding.entry
        rows.append(row)
    asked: dict[str, Any] = {"holdings": rows, "unit": installation.kind}
    if installation.exposed is not None:
        asked["exposed"] = installation.exposed
    return asked


def _at_field(why: BadInput | BadInputs, held: list[Any]) -> Refused:
    """The rule's refusal with the substance's name before it."""
    problems = why.problems if isinstance(why, BadInputs) else [why]
    said = []
    for one in problems:
        column, params = one.column, one.params
        if column.startswith("holdings["):
            number = int(column[9 : column.index("]")])
            params = {**params, "name": held[number].substance.name}
            said.append(BadInput("holdings", gettext_noop("%(name)s: %(why)s"), **params))
        else:
            said.append(BadInput(column, one.message, **params))
    return said[0] if len(said) == 1 else BadInputs(said)


def _decimal(value: Fraction) -> Decimal:
    """Six decimals, rounded down so that no bound is crossed by it."""
    return Decimal(value.numerator * 10**6 // value.denominator) / 10**6


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"
