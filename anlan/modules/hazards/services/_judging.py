"""What people decide or state, checked: the clause of a statutory list, an amount of money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.hazards.services import _desks as desks
from anlan.rules import hazard_list
from anlan.rules.citation import NotHeld
from anlan.rules.hazard_list import Status

MOST_YUAN = Decimal("9999999999.99")


def clause_fields(work: Work, clause: str, printed: str) -> dict[str, str]:
    """The fields that record the clause chosen from the lists in force today; empty without one."""
    if not clause:
        return {"clause_set": "", "clause_version": "", "clause_code": "", "clause": ""}
    name, _, code = clause.partition(":")
    today = clock.today()
    edition = next((s for s in reversed(hazard_list.sets_on(today)) if s.code == name), None)
    if edition is None:
        raise BadInput(
            "clause", gettext_noop("No list “%(given)s” is in force today. Choose a clause from the lists."), given=name
        )
    if code:
        try:
            found = hazard_list.clause(name, code, today)
        except (KeyError, NotHeld) as why:
            raise BadInput(
                "clause",
                gettext_noop("The list in force has no clause “%(given)s”. Choose one from the list."),
                given=code,
            ) from why
        # The place in the list alone: our short title of it is shown beside, and stands on no paper.
        text = str(found.citation)[:300]
        return {"clause_set": name, "clause_version": found.version, "clause_code": code, "clause": text}
    if edition.status is not Status.NOT_HELD:
        raise BadInput("clause", gettext_noop("Choose the clause of the list."))
    article = desks.need_text(work, "clause_printed", printed)
    return {
        "clause_set": name,
        "clause_version": edition.version,
        "clause_code": "",
        "clause": f"{edition.citation(article)}"[:300],
    }


def money(work: Work, column: str, given: Any) -> Decimal:
    """An amount of yuan with at most two decimals, not negative."""
    try:
        value = Decimal(str(given))
    except ArithmeticError as why:
        raise BadInput(column, gettext_noop("Write the amount in yuan with digits, such as 3500.")) from why
    if not value.is_finite() or not 0 <= value <= MOST_YUAN:
        raise BadInput(column, gettext_noop("The amount must lie between 0 and %(most)s yuan."), most=MOST_YUAN)
    if value != value.quantize(Decimal("0.01")):
        raise BadInput(column, gettext_noop("Give the amount in yuan with at most two decimals."))
    return value
