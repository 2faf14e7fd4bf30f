"""Screens of shifts and of requests for a swap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.duty import filters, forms, selectors, services
from anlan.modules.duty.models import Shift, Swap
from anlan.modules.duty.services.standing import EARLY
from anlan.modules.duty.tables import ShiftTable, SwapTable, day_name
from anlan.modules.duty.workflow import APPROVE, PLAN, SERVE, SHIFT, SWAP, VIEW
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, Tab


def mine(shift: Shift, actor: Actor) -> bool:
    """Whether the reader stands the shift."""
    return actor.user_id in (shift.officer_id, shift.deputy_id)


def can_take_up(shift: Shift, actor: Actor) -> bool:
    """For taking up duty."""
    return shift.state == "planned" and mine(shift, actor) and shift.begins_at - EARLY <= clock.now() < shift.ends_at


def can_write(shift: Shift, actor: Actor) -> bool:
    """For the note."""
    return shift.state == "on_duty" and selectors.writes(shift, actor.user_id)


def can_sign(shift: Shift, actor: Actor) -> bool:
    """For the signature: whoever comes on next, and where that is nobody else a colleague."""
    if shift.state != "on_duty" or not shift.note or actor.user_id == shift.writer_id:
        return False
    signers = selectors.signers(shift)
    return not signers or actor.user_id in [user.pk for user in signers]


def can_ask(shift: Shift, actor: Actor) -> bool:
    """For asking for a swap."""
    return shift.state == "planned" and actor.user_id == shift.officer_id and shift.begins_at > clock.now()


def still_planned(shift: Shift, actor: Actor) -> bool:
    """For changes of the roster."""
    return shift.state == "planned"


def shift_facts(shift: Shift, actor: Actor) -> list[Item]:
    """What is known of a shift."""
    return [
        Item(pgettext_lazy("duty", "Office"), shift.room.office, url=links.url_of(shift.room)),
        Item(_("Telephone of the duty room"), shift.room.phone, url=f"tel:{shift.room.phone}"),
        Item(_("Begins"), shift.begins_at),
        Item(_("Ends"), shift.ends_at),
        Item(_("Duty officer"), shift.officer.name),
        Item(_("Leading cadre"), shift.leader.name),
        Item(_("Deputy"), shift.deputy.name if shift.deputy else ""),
        Item(_("Taken up"), shift.taken_at),
    ]


def note_facts(shift: Shift, actor: Actor) -> list[Item] | None:
    """The hand-over note and its two names; None while there is none."""
    if not shift.note:
        return None
    return [
        Item(_("Hand-over note"), shift.note, kind="lines", wide=True),
        Item(_("Written by"), shift.writer.name if shift.writer else ""),
        Item(_("Written on"), shift.written_at),
        Item(_("Signed by"), shift.signer.name if shift.signer else _("Not signed yet")),
        Item(_("Signed on"), shift.signed_at),
    ]


def shift_badges(shift: Shift) -> list[tuple[Any, str]]:
    """By day or night, and whether it is a day off."""
    off = day_name(shift.day)
    return [(shift.get_kind_display(), "blue"), *([(off, "orange")] if off else [])]


SHIFTS = ListPage(
    name="duty:shifts",
    path="shifts/",
    title=_("Shifts"),
    icon="list",
    permission=VIEW,
    selector=selectors.shifts,
    table=ShiftTable,
    filters=filters.ShiftFilters,
    tabs=(Tab(_("Ahead"), "ahead=on"), Tab(_("Nobody came"), "state=missed"), Tab(_("All"), "")),
    opens="ahead=on",
    actions=(Action(_("Calendar"), "duty:month", icon="calendar", permission=VIEW),),
    empty=Empty(_("No shifts"), _("Plan a month from the page of the duty room.")),
    export=Export(permission=VIEW, filename="duty-roster"),
)
SHIFT_PAGE = RecordPage(
    name="duty:shift",
    path="shifts/<int:pk>/",
    permission=VIEW,
    selector=selectors.shifts,
    title=str,
    badges=shift_badges,
    facts=shift_facts,
    back="duty:shifts",
    sections=(
        Section(_("Hand-over"), items=note_facts, icon="writing-sign"),
        Section(
            _("Swaps"), table=SwapTable, icon="arrows-exchange", empty=_("No swap was asked for."),
            rows=lambda shift, actor: selectors.swaps(actor).filter(shift=shift).order_by("-pk"),
            columns=("shift", "state", "asker", "colleague", "asked_at"),
        ),
    ),
    actions=(
        Action(_(SHIFT.step("take_up").label), "duty:take-up", icon="user-check", permission=SERVE, tone="primary",
               when=can_take_up),
        Action(_(SHIFT.step("write_note").label), "duty:note", icon="pencil", permission=SERVE, tone="primary",
               when=can_write),
        Action(_(SHIFT.step("sign").label), "duty:sign", icon="writing-sign", permission=SERVE, tone="primary",
               when=can_sign),
        Action(_(SWAP.step("ask").label), "duty:ask-swap", icon="arrows-exchange", permission=SERVE, when=can_ask),
        Action(_(SHIFT.step("change").label), "duty:change", icon="users", permission=PLAN, when=still_planned),
        Action(_(SHIFT.step("strike").label), "duty:strike", icon="circle-x", permission=PLAN, aside=True,
               when=still_planned),
    ),
)  # fmt: skip


def _on_shift(name: str, code: str, act: Any, form: type[Form], **more: Any) -> ActPage:
    return ActPage(
        name=f"duty:{name}", path=f"shifts/<int:pk>/{name}/", title=_(SHIFT.step(code).label), act=act, form=form,
        selector=selectors.shifts, submit=_(SHIFT.step(code).label), **more,
    )  # fmt: skip


SHIFT_ACTS = (
    _on_shift("take-up", "take_up", services.take_up_duty, Form, message=_("You are on duty.")),
    _on_shift(
        "note", "write_note", services.write_note, forms.NoteForm, initial=lambda shift, actor: {"note": shift.note},
        message=_("The note waits for the signature of whoever comes on."),
    ),
    _on_shift(
        "sign", "sign", services.sign_hand_over, Form, message=_("The hand-over is signed."),
        intro=lambda shift: shift.note,
    ),
    _on_shift(
        "change", "change", services.change_shift, forms.ChangeForm,
        initial=lambda shift, actor: {"officer": shift.officer_id, "leader": shift.leader_id,
                                      "deputy": shift.deputy_id},
    ),
    _on_shift("strike", "strike", services.strike_shift, forms.ReasonForm, danger=True),
    ActPage(
        name="duty:ask-swap", path="shifts/<int:pk>/swap/", title=_(SWAP.step("ask").label), act=services.ask_swap,
        form=forms.SwapForm, selector=selectors.shifts, submit=_("Ask"),
        intro=_("Your colleague is asked first, then the leader; until both agree the shift stays yours."),
    ),
)  # fmt: skip


def swap_facts(swap: Swap, actor: Actor) -> list[Item]:
    """What is known of a request."""
    return [
        Item(_("Shift"), str(swap.shift), url=links.url_of(swap.shift)),
        Item(_("Asked by"), swap.asker.name),
        Item(_("Colleague"), swap.colleague.name),
        Item(_("Reason"), swap.reason, wide=True),
        Item(_("Answer"), swap.answer),
        Item(_("Asked on"), swap.asked_at),
        Item(_("Answered on"), swap.ended_at),
    ]


def _at(*states: str, who: str = "") -> Callable[[Swap, Actor], bool]:
    def when(swap: Swap, actor: Actor) -> bool:
        return swap.state in states and (not who or getattr(swap, who) == actor.user_id)

    return when


SWAPS = ListPage(
    name="duty:swaps",
    path="swaps/",
    title=_("Swaps"),
    icon="arrows-exchange",
    permission=VIEW,
    selector=selectors.swaps,
    table=SwapTable,
    filters=filters.SwapFilters,
    tabs=(Tab(_("To be answered"), "open=on"), Tab(_("All"), "")),
    actions=(Action(_("Calendar"), "duty:month", icon="calendar", permission=VIEW),),
    empty=Empty(_("No swaps"), _("A duty officer asks for a swap from the page of his shift.")),
    export=Export(permission=VIEW, filename="duty-swaps"),
)
SWAP_PAGE = RecordPage(
    name="duty:swap",
    path="swaps/<int:pk>/",
    permission=VIEW,
    selector=selectors.swaps,
    title=lambda swap: gettext("Swap: %(asker)s → %(colleague)s")
    % {"asker": swap.asker.name, "colleague": swap.colleague.name},
    facts=swap_facts,
    back="duty:swaps",
    actions=(
        Action(_(SWAP.step("agree").label), "duty:agree", icon="check", permission=SERVE, tone="primary",
               when=_at("asked", who="colleague_id")),
        Action(_(SWAP.step("decline").label), "duty:decline", icon="x", permission=SERVE,
               when=_at("asked", who="colleague_id")),
        Action(_(SWAP.step("approve").label), "duty:approve", icon="check", permission=APPROVE, tone="primary",
               when=_at("agreed")),
        Action(_(SWAP.step("refuse").label), "duty:refuse", icon="x", permission=APPROVE, when=_at("agreed")),
        Action(_(SWAP.step("withdraw").label), "duty:withdraw", icon="arrow-back-up", permission=SERVE,
               when=_at("asked", "agreed", who="asker_id")),
    ),
)  # fmt: skip


def _on_swap(code: str, act: Any, form: type[Form]) -> ActPage:
    return ActPage(
        name=f"duty:{code}", path=f"swaps/<int:pk>/{code}/", title=_(SWAP.step(code).label), act=act, form=form,
        selector=selectors.swaps, submit=_(SWAP.step(code).label),
    )  # fmt: skip


SWAP_ACTS = (
    _on_swap("agree", services.agree_swap, Form),
    _on_swap("decline", services.decline_swap, forms.PerhapsAnswerForm),
    _on_swap("approve", services.approve_swap, Form),
    _on_swap("refuse", services.refuse_swap, forms.AnswerForm),
    _on_swap("withdraw", services.withdraw_swap, forms.PerhapsAnswerForm),
)
