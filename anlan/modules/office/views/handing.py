"""Delegating what one holds, handing work over to a successor, and codes for lost passwords."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.identity import selectors as identity
from anlan.kernel.identity import services
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.belongings import held_by
from anlan.kernel.identity.models import Grant, GrantKind, User
from anlan.modules.office import choices, selectors
from anlan.modules.office.forms import DelegateForm, HandOverForm, OwnHandOverForm, ReasonForm
from anlan.modules.office.tables import LentTable
from anlan.ui import forms, links
from anlan.ui.pages import Action, ActPage, Empty, FormPage, ListPage, actor_of

DELEGATIONS_LIST = "office:delegations"


def recovery_slip(request: HttpRequest, form: forms.Form, user: User) -> HttpResponse:
    """A recovery code, shown once and ready to be printed and handed over."""
    code = services.issue_recovery(actor=actor_of(request), user=user, key=form.key)
    context = {
        "title": _("Recovery code"), "account": user, "code": code, "at": clock.now(), "by": actor_of(request).name,
        "address": f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse('welcome:recover')}", "back": links.url_of(user),
    }  # fmt: skip
    response = render(request, "office/recovery.html", context)
    response["Cache-Control"] = "no-store"
    return response


def what_moves(user: User, actor: Actor) -> dict[str, Any]:
    """What is addressed to somebody by name and goes to the successor; what stays with which desk; what ends."""
    held = held_by(user)
    own = [g for g in services.current_grants(user) if g.region_id is not None]
    due = due_for(actor_for(user))
    return {
        "held": [{"what": gettext(h.what), "title": h.title, "due": h.due,
                  "url": links.url_of(h.subject_type, h.subject_id) if h.subject_type else ""} for h in held],
        "desks": [{"place": g.region.name, "role": choices.role_label(g.role)}  # type: ignore[union-attr]
                  for g in own if g.kind == GrantKind.POST],
        "waiting": counted(due.exclude(assignee=user)),
        "ending": [{"place": g.region.name, "role": choices.role_label(g.role),  # type: ignore[union-attr]
                    "kind": g.get_kind_display(), "lent": counted(g.delegated.filter(valid_to__gte=clock.today()))}
                   for g in own],
    }  # fmt: skip


def own_account(actor: Actor) -> Any:
    """One's own account."""
    return User.objects.filter(pk=actor.user_id or 0)


def hand_over_own(request: HttpRequest, form: OwnHandOverForm) -> str:
    """Hand one's own work over; afterwards one may do nothing here any more, from the day on."""
    actor = actor_of(request)
    services.hand_over(actor=actor, key=form.key, user=actor.user_id, **form.arguments())
    return "/"


def what_moves_of_mine(record: Any, actor: Actor) -> dict[str, Any]:
    """The same about oneself."""
    user = own_account(actor).first()
    return what_moves(user, actor) if user is not None else {}


def running(grant: Grant, actor: Actor) -> bool:
    """For taking back what has not ended."""
    return grant.valid_to is None or grant.valid_to >= clock.today()


RECOVERY = FormPage(
    name="office:recovery",
    path="users/<int:pk>/recovery/",
    title=_("Issue a recovery code"),
    permission="identity.users",
    selector=selectors.users,
    form=forms.Form,
    handle=recovery_slip,
    submit=_("Issue"),
    intro=_(
        "A slip with a code that is good once, for a day. With it the owner sets a new password; every session then "
        "ends. The present password goes on until the code is used. Make sure who asks."
    ),
)
HAND_OVER = ActPage(
    name="office:hand-over",
    path="users/<int:pk>/hand-over/",
    title=_("Hand over the work"),
    permission="identity.grants",
    selector=selectors.users,
    act=services.hand_over,
    form=HandOverForm,
    submit=_("Hand over"),
    message=_("The work was handed over."),
    template="office/hand_over.html",
    context=what_moves,
    danger=True,
)
OWN_HAND_OVER = FormPage(
    name="office:own-hand-over",
    path="hand-over/",
    title=_("Hand over my work"),
    permission="identity.delegate",
    form=OwnHandOverForm,
    handle=hand_over_own,
    submit=_("Hand over"),
    message=_("The work was handed over."),
    template="office/hand_over.html",
    context=what_moves_of_mine,
    cancel=DELEGATIONS_LIST,
    danger=True,
)
DELEGATIONS = ListPage(
    name=DELEGATIONS_LIST,
    path="delegations/",
    title=_("Delegation and hand-over"),
    icon="transfer",
    permission="identity.delegate",
    selector=identity.lent,
    table=LentTable,
    lead=_("What you delegated to others, by dates and on a document"),
    actions=(
        Action(_("Delegate"), "office:delegate", icon="shield-check", permission="identity.delegate", tone="primary"),
        Action(_("Hand over my work"), "office:own-hand-over", icon="transfer", permission="identity.delegate"),
    ),
    empty=Empty(_("Nothing delegated"), _("An authority of yours can be lent by dates, on a document.")),
)
DELEGATE = ActPage(
    name="office:delegate",
    path="delegations/new/",
    title=_("Delegate"),
    act=services.delegate,
    form=DelegateForm,
    submit=_("Delegate"),
    message=_("The authority was delegated. It ends by itself."),
    done=lambda grant: reverse(DELEGATIONS_LIST),
    cancel=DELEGATIONS_LIST,
    intro=_("Only what you hold yourself, within its region and its days. It ends by itself, and with your own."),
)
END_DELEGATION = ActPage(
    name="office:end-delegation",
    path="delegations/<int:pk>/end/",
    title=_("Take the delegation back"),
    selector=identity.lent,
    act=services.end_delegation,
    form=ReasonForm,
    submit=_("Take back"),
    lead=lambda grant: f"{grant.user.name} · {choices.role_label(grant.role)}",
    message=_("The delegation was taken back."),
    done=lambda grant: reverse(DELEGATIONS_LIST),
    cancel=DELEGATIONS_LIST,
    danger=True,
)
