"""What risks answer to the duties of the planning documents: dual prevention built (SO-59), risks assessed (SO-60)."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.obligations.facts import MOST, Answer, Asked, Whose, answers, behind, share
from anlan.kernel.regions import reach
from anlan.kernel.scope import within
from anlan.modules.risks import selectors
from anlan.modules.risks.models import Register
from anlan.modules.risks.selectors import Rates
from anlan.modules.risks.workflow import MAP


def _registers(actor: Actor, asked: Asked) -> QuerySet[Register]:
    rows = selectors.registers(actor)
    if asked.place.holder:
        return rows.filter(holder=asked.place.holder)
    return rows.filter(within("region_path", asked.place.path))


def _rates(actor: Actor, asked: Asked) -> Rates:
    if asked.place.holder:
        return selectors.rates_of_unit(actor, asked.place.holder)
    if not (actor.is_system or actor.may(MAP)):
        return Rates()  # nothing to tell whoever does not see the map
    return selectors.rates(actor, reach.place(actor, asked.place.path, permission=MAP))


@answers("dual_prevention_share", of=Whose.REGION)
@answers("dual_prevention_share", of=Whose.UNIT)
def built(actor: Actor, asked: Asked) -> Answer | None:
    """Of the units with an open site, the share with dual prevention built; none without such a unit."""
    found = _rates(actor, asked)
    part = share(found.built, found.units)
    if part is None:
        return None
    lacking = Q(review_due__lt=asked.on) | Q(assessed__lt=F("points")) | Q(points=0)
    shown = list(_registers(actor, asked).filter(lacking)[:MOST]) if found.built < found.units else []
    note = _(
        "Units on each of whose open sites every risk point is assessed in time; shown are registers that are not "
        "whole."
    )
    return Answer(value=part, note=note, **behind(shown, found.sites - found.built_sites))


@answers("accident_risk_assessed_share", of=Whose.REGION)
@answers("accident_risk_assessed_share", of=Whose.UNIT)
def assessed(actor: Actor, asked: Asked) -> Answer | None:
    """Of the high-risk units above scale, the share assessed on each of their sites; none without such a unit."""
    found = _rates(actor, asked)
    part = share(found.assessed, found.high_risk)
    if part is None:
        return None
    note = _("High-risk units, large or medium-sized, with an assessment in force on each of their sites.")
    return Answer(value=part, note=note)
