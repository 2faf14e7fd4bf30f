"""Delegation (委托): whoever holds an authority lends it, or a part of it, by dates and on a document."""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.facts import GrantDelegated
from anlan.kernel.identity.models import Grant, GrantKind, User
from anlan.kernel.identity.services._reach import check_period, check_role, end, need_basis
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region

DELEGATE = "identity.delegate"
LENDABLE = (GrantKind.POST, GrantKind.TEMPORARY, GrantKind.SECONDED)


@act(may=DELEGATE)
def delegate(
    work: Work,
    *,
    authority: Grant | int,
    user: User,
    valid_to: dt.date,
    basis: str,
    region: Region | None = None,
    sector: str = "",
    valid_from: dt.date | None = None,
    reason: str = "",
) -> Grant:
    """Lend somebody an authority one holds oneself, or a part of it: a region within it, a line within it.

    By dates within one's own, on a document; not what was delegated to oneself, and not an emergency authority. The
    other serves in that region already. It ends by itself, and with one's own. The same again is that one.
    """
    if work.actor.user_id is None or work.actor.scopes is not None:
        raise NotAllowed(permission=DELEGATE)
    pk = authority.pk if isinstance(authority, Grant) else authority
    own = (
        valid_grants()
        .filter(pk=pk, user=work.actor.user_id, region__isnull=False)
        .select_related("region")
        .select_for_update(of=("self",))
        .first()
    )
    if own is None or own.region is None:
        raise NotFound
    if own.kind not in LENDABLE:
        raise BadInput("authority", gettext_noop("What was delegated to you, or taken for an emergency, stays yours."))
    where = region or own.region
    if not where.path.startswith(own.region.path) or where.valid_to is not None:
        raise BadInput("region", gettext_noop("You can only delegate what you hold: choose a region within your own."))
    if own.sector and sector not in ("", own.sector):
        raise BadInput("sector", gettext_noop("You can only delegate what you hold: leave the line as it is."))
    line, start = sector or own.sector, valid_from or clock.today()
    if start < max(own.valid_from, clock.today()):
        raise BadInput("valid_from", gettext_noop("A delegation begins today or later."))
    check_period(start, valid_to)
    if own.valid_to is not None and valid_to > own.valid_to:
        raise BadInput(
            "valid_to", gettext_noop("Your own authority ends on %(day)s. Choose an earlier last day."),
            day=own.valid_to.isoformat(),
        )  # fmt: skip
    need_basis(basis)
    user = User.objects.select_for_update().get(pk=user.pk)
    serving = valid_grants().filter(user=user, region__path__startswith=own.region.path)
    if user.pk == work.actor.user_id or not user.is_active or not serving.exists():
        raise BadInput("user", gettext_noop("Choose somebody else who serves in this region."))
    lent = {"user": user, "role": own.role, "region": where, "sector": line, "valid_from": start, "valid_to": valid_to}
    same = Grant.objects.filter(**lent, origin=own).first()
    if same is not None:
        return same
    grant = Grant.objects.create(
        **lent, origin=own, kind=GrantKind.DELEGATED, basis=basis.strip(), reason=reason.strip(),
        granted_by=work.actor.key,
    )  # fmt: skip
    label = check_role(own.role, for_unit=False)
    work.record(
        GrantDelegated(
            by=work.actor.name, role=label, place=where.name, valid_from=start.isoformat(),
            valid_to=valid_to.isoformat(), basis=grant.basis, reason=grant.reason,
        ),
        on=user, path=where.path,
    )  # fmt: skip
    tell(
        [user],
        gettext_noop("%(by)s delegated “%(what)s” in %(place)s to you, from %(valid_from)s to %(until)s (%(basis)s)"),
        subject=user, by=work.actor.name, what=label, place=where.name, valid_from=start.isoformat(),
        until=valid_to.isoformat(), basis=grant.basis,
    )  # fmt: skip
    return grant


@act(may=DELEGATE, on=Grant)
def end_delegation(work: Work, grant: Grant, *, reason: str) -> None:
    """Take back at once what one delegated oneself. One that has ended stays ended."""
    if grant.kind != GrantKind.DELEGATED or grant.granted_by != work.actor.key or work.actor.scopes is not None:
        raise NotFound
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the authority ends."))
    end(work, grant, reason=reason.strip(), last=clock.today() - dt.timedelta(days=1))
