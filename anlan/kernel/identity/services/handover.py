"""Handing over: whoever leaves gives all that is addressed to him by name to his successor, in one act."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.identity.actors import actor_for, permissions_of, valid_grants
from anlan.kernel.identity.belongings import kinds
from anlan.kernel.identity.facts import HandedOver
from anlan.kernel.identity.models import Grant, GrantKind, User
from anlan.kernel.identity.services._reach import (
    GRANTS,
    check_role,
    current_grants,
    end,
    filed_under,
    need_over,
    need_reach,
    place_of_grant,
)
from anlan.kernel.notify.services import tell


@act(may=(GRANTS, "account.own"), on=User)
def hand_over(work: Work, user: User, *, to: User, reason: str, last_day: dt.date | None = None) -> None:
    """Hand everything addressed to somebody by name over to his successor, and let his authorities end.

    What lies on the office's desk stays there: the successor must serve at every desk of the one who leaves, with
    at least his powers, today and after ``last_day`` (today by default); otherwise it is refused, and says where.
    Done by the one who leaves or by whoever gives authorities there. What he delegated ends with him.
    """
    if user.pk != work.actor.user_id or work.actor.scopes is not None:
        if not work.actor.may(GRANTS):
            raise NotFound
        need_reach(work, user)
    own = [g for g in current_grants(user) if g.region_id is not None]
    for grant in own:
        if user.pk != work.actor.user_id:
            need_over(work, place_of_grant(grant), grant.sector)
    day = last_day or clock.today()
    if day < clock.today():
        raise BadInput("last_day", gettext_noop("That day has passed. Choose today or a later day."))
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the work changes hands."))
    posted = [g for g in own if g.kind == GrantKind.POST]
    places = [g.region for g in posted if g.region is not None]
    if not posted:
        raise BadInput("user", gettext_noop("This account holds no post or region whose work could be handed over."))
    to = User.objects.select_for_update().get(pk=to.pk)
    if to.pk == user.pk or not to.is_active:
        raise BadInput("to", gettext_noop("Choose somebody else, whose account is open."))
    for grant in posted:
        for on in (clock.today(), day + dt.timedelta(days=1)):
            need_same_desk(to, grant, on)
    moved = carry_belongings(work, user, to, reason=reason.strip())
    for grant in own:
        end(work, grant, reason=reason.strip(), last=day)
    work.record(
        HandedOver(to=to.name, items=moved, last_day=day.isoformat(), reason=reason.strip()),
        on=user, path=filed_under(user) or places[0].path,
    )  # fmt: skip
    tell(
        [to], gettext_noop("%(by)s handed over to you: %(items)s items by name, and the desk of %(place)s. %(reason)s"),
        subject=to, urgent=True, by=user.name, items=moved, reason=reason.strip(),
        place="、".join(dict.fromkeys(region.name for region in places)),
    )  # fmt: skip


@inside_act
def need_same_desk(to: User, grant: Grant, on: dt.date) -> None:
    """``BadInput`` unless somebody serves on a day at the desk of an authority, with at least its powers."""
    there = valid_grants(on).filter(user=to, region=grant.region, sector__in={"", grant.sector})
    powers: frozenset[str] = frozenset().union(*(permissions_of(role) for role in there.values_list("role", flat=True)))
    if not permissions_of(grant.role) <= powers:
        raise BadInput(
            "to",
            gettext_noop(
                "%(name)s is not “%(role)s” in %(place)s on %(day)s. Give the authority first, then hand over."
            ),
            name=to.name, role=check_role(grant.role, for_unit=False), day=on.isoformat(),
            place=grant.region.name if grant.region else "",
        )  # fmt: skip


@inside_act
def carry_belongings(work: Work, user: User, to: User, *, reason: str, holder: str = "") -> int:
    """Give what is addressed to somebody by name (of one unit, with ``holder``) to another; answers how many.

    ``BadInput`` naming what the other has no authority for.
    """
    actor: Any = actor_for(to)
    every = kinds()
    refused = [title for kind in every for title in kind.refused(actor, user, holder)]
    if refused:
        raise BadInput(
            "to", gettext_noop("%(name)s has no authority for: %(titles)s. Give it first."), name=to.name,
            titles="、".join(refused[:5]) + ("…" if len(refused) > 5 else ""),
        )  # fmt: skip
    return sum(kind.move(work, user, to, holder, reason) for kind in every)

