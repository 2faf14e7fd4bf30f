"""The people of a unit: its safety manager named and changed, accounts for workshops and workers, their end."""

from __future__ import annotations

from dataclasses import dataclass

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.identity.services import (
    appoint_in_unit,
    carry_belongings,
    current_grants,
    end_in_unit,
    open_account,
    recovery_for,
    shut_account,
)
from anlan.kernel.notify.services import tell
from anlan.modules.registry import public as registry
from anlan.modules.registry.public import UnitView
from anlan.modules.welcome.events import SafetyManagerNamed, UnitAccountOpened
from anlan.modules.welcome.selectors import people, people_below, units_kept
from anlan.modules.welcome.workflow import PEOPLE

SAFETY = "unit_safety"
SUB_ROLES = ("unit_workshop", "unit_worker")
CHANGED = gettext_noop("Another safety manager was named.")


@dataclass(frozen=True)
class Opened:
    """An account of a unit, and the code by which its owner sets the first password; "" for one that was there."""

    user: User
    code: str


@act(may=PEOPLE, secret=True)
def name_safety_manager(
    work: Work, *, unit: int, name: str = "", username: str = "", phone: str = "", account: int | None = None
) -> Opened:
    """Name the safety manager of a unit; whoever was it before is none from now on, and his open work goes over.

    Either somebody new (``name``, ``username``) with an account of his own, or (``account``, the key of an authority)
    one of the unit's people. The person stands in the unit's file with the post. Naming him again changes nothing.
    """
    view = _unit(work, unit)
    if account is not None:
        chosen = people_below(work.actor).filter(pk=account, holder=view.holder).first()
        if chosen is None:
            raise BadInput("account", gettext_noop("Choose one of the unit's own people."))
        user, code = chosen.user, ""
    else:
        user = open_account(work, username=username, name=name, path=view.region_path)
        code = ""
    before = list(
        valid_grants().filter(holder=view.holder, role=SAFETY).select_related("user", "region").select_for_update(
            of=("self",)
        )
    )  # fmt: skip
    if len(before) == 1 and before[0].user_id == user.pk:
        return Opened(user, "")
    appoint_in_unit(work, user=user, role=SAFETY, holder=view.holder, place=view.name, reason=view.name)
    on_file = work.actor.may_any(("registry.people", "registry.own"))  # an administrator keeps accounts, no files
    for grant in before:
        if grant.user_id != user.pk:
            carry_belongings(work, grant.user, user, reason=CHANGED, holder=view.holder)
            _dismiss(work, grant, CHANGED)
            if on_file:
                registry.leave_post(work.actor, view.id, name=grant.user.name, post="safety_manager")
    if on_file:
        registry.enter_person(work.actor, view.id, name=user.name, phone=phone, post="safety_manager")
    if account is None:
        code = recovery_for(work, user)
    names = "、".join(g.user.name for g in before if g.user_id != user.pk)
    work.record(
        SafetyManagerNamed(unit=view.name, holder=view.holder, name=user.name, before=names or "—"),
        on=user, path=view.region_path,
    )  # fmt: skip
    tell(
        [user], gettext_noop("You are safety manager of %(unit)s from today on."), subject=None, unit=view.name
    )
    return Opened(user, code)


@act(may=PEOPLE, secret=True)
def open_unit_account(work: Work, *, unit: int, name: str, username: str, role: str, title: str = "") -> Opened:
    """Open an account for a workshop or a worker of a unit; ``title`` names the workshop.

    The first password is set by its owner, with the code that is shown once.
    """
    view = _unit(work, unit)
    if role not in SUB_ROLES:
        raise BadInput("role", gettext_noop("Choose whether it is for a workshop or for a worker."))
    if role == "unit_workshop" and not title.strip():
        raise BadInput("title", gettext_noop("Name the workshop."))
    user = open_account(work, username=username, name=name, title=title, path=view.region_path)
    appoint_in_unit(work, user=user, role=role, holder=view.holder, place=view.name, reason=title.strip() or view.name)
    code = recovery_for(work, user)
    label = gettext_noop("Workshop of a unit") if role == "unit_workshop" else gettext_noop("Worker of a unit")
    work.record(
        UnitAccountOpened(unit=view.name, username=user.username, role=label), on=user, path=view.region_path
    )
    return Opened(user, code)


@act(may=PEOPLE, on=Grant)
def end_unit_account(work: Work, grant: Grant, *, reason: str) -> None:
    """End what somebody may do for a unit, at once; an account that may do nothing else is closed with it.

    A safety manager with open work of his own is changed, not ended, so that nothing falls between two chairs.
    """
    if grant.valid_to is not None and grant.valid_to < clock.today():
        if not people(work.actor).filter(holder=grant.holder).exists():
            raise NotFound
        return
    _dismiss(work, grant, reason)


def _dismiss(work: Work, grant: Grant, reason: str) -> None:
    end_in_unit(work, grant, reason=reason)
    user = grant.user
    if user.is_active and not current_grants(user).exists():
        shut_account(work, user, reason=reason)


def _unit(work: Work, pk: int) -> UnitView:
    """The unit, when the actor keeps its people."""
    if not units_kept(work.actor).filter(pk=pk).exists():
        raise NotFound
    return registry.unit_view(work.actor, pk)

