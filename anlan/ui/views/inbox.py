"""The inbox: messages to the reader, each leading to the record it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.counting import counted
from anlan.kernel.errors import NotFound
from anlan.kernel.notify.models import Message
from anlan.kernel.notify.services import inbox, read_messages
from anlan.ui import formats, links
from anlan.ui.pages import CustomPage, actor_of
from anlan.ui.pages.acts import leave_for
from anlan.ui.pages.lists import CeilingPaginator

PER_PAGE = 30


def letters(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Messages ready for a list."""
    return [
        {
            "message": m,
            "text": m.sentence(),
            "open": reverse("ui:message", kwargs={"pk": m.pk}),
            "unread": m.read_at is None,
        }
        for m in messages
    ]


def show(request: HttpRequest) -> HttpResponse:
    """The inbox; ``?unread=1`` shows only what is unread."""
    actor = actor_of(request)
    rows = inbox(actor)
    only = request.GET.get("unread") == "1"
    waiting = counted(rows.filter(read_at=None))
    page = CeilingPaginator(rows.filter(read_at=None) if only else rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": _("All"), "url": "?", "active": not only},
        {"label": _("Unread"), "url": "?unread=1", "active": only, "count": formats.count(waiting) if waiting else ""},
    ]
    context = {
        "title": _("Inbox"),
        "letters": letters(page.object_list),
        "page": page,
        "tabs": tabs,
        "waiting": waiting,
    }
    return render(request, "ui/inbox.html", context)


def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message read and lead to what it is about."""
    actor = actor_of(request)
    message = inbox(actor).filter(pk=pk).first()
    if message is None:
        raise NotFound
    if message.read_at is None:
        read_messages(actor=actor, ids=[message.pk])
    target = links.url_of(message.subject_type, message.subject_id) if message.subject_type else ""
    return HttpResponseRedirect(target or reverse("ui:inbox"))


def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark messages as read: those named, or all."""
    named = request.POST.getlist("ids")
    if not all(pk.isdecimal() and len(pk) < 19 for pk in named):  # longer than any key there is
        raise NotFound
    read_messages(actor=actor_of(request), ids=[int(pk) for pk in named] or None)
    return leave_for(request, reverse("ui:inbox"))


INBOX = CustomPage(
    name="ui:inbox", path="inbox/", title=_("Inbox"), icon="inbox", view=show, model=Message, shape="view"
)
MESSAGE = CustomPage(
    name="ui:message", path="inbox/<int:pk>/", title=_("Message"), view=open_message, model=Message, is_object=True
)
READ = CustomPage(
    name="ui:read", path="inbox/read/", title=_("Mark as read"), view=mark_read, methods=("POST",), shape="form"
)
