"""What duty adds to pages it does not own: menu, a card on the home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.duty import selectors
from anlan.modules.duty.models import hours
from anlan.modules.duty.workflow import VIEW
from anlan.ui import links, menu, standing

menu.register(menu.Entry("work", _("Duty"), "duty:month", icon="moon", permission=VIEW, order=40))


def tonight(actor: Actor) -> standing.Card | None:
    """Who is on duty at the reader's office now and next, with the telephone; nothing where no office stands duty."""
    found = selectors.coming(actor)
    if not found:
        return None
    now = clock.now()
    rows = [
        {
            "when": gettext("Now") if shift.begins_at <= now else gettext("Next"),
            "hours": hours(shift.begins_at, shift.ends_at),
            "officer": shift.officer.name,
            "leader": shift.leader.name,
            "url": links.url_of(shift) if actor.may(VIEW, shift) else "",
        }
        for shift in found
    ]
    room = found[0].room
    told = {"rows": rows, "phone": room.phone, "office": room.office, "url": reverse("duty:month")}
    return standing.Card(_("Tonight's duty"), "moon", "duty/card.html", told)


standing.register_card("duty", tonight)
