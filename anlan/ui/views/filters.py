"""Saving, sharing and deleting the filters of lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import BadInput, NotFound
from anlan.ui.models import SavedFilter
from anlan.ui.pages import PAGES, CustomPage, actor_of
from anlan.ui.pages.acts import leave_for
from anlan.ui.pages.base import found
from anlan.ui.pages.lists import CONTROL_OF_SAVED, ListPage, said
from anlan.ui.refusals import sentence_of
from anlan.ui.selectors import person
from anlan.ui.services import change_filter, delete_filter, save_filter

_DONE = {
    "default": _("This filter now opens by itself."),
    "undefault": _("The list opens without a filter again."),
    "share": _("Your office now sees this filter."),
    "unshare": _("Only you see this filter now."),
    "delete": _("The filter was deleted."),
}


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else reverse("ui:me")


def save(request: HttpRequest, page: str) -> HttpResponse:
    """Save what a list shows now under a name."""
    if not isinstance(PAGES.get(page), ListPage):
        raise NotFound
    query = said(QueryDict(request.POST.get("query", "")[:2000]), without=CONTROL_OF_SAVED)
    try:
        if not query:
            raise BadInput("query", gettext("There is no filter to save: filter the list first."))
        saved = save_filter(
            actor=actor_of(request),
            page=page,
            name=request.POST.get("name", ""),
            query=query.urlencode(),
            is_default=request.POST.get("default") == "1",
            shared=request.POST.get("shared") == "1",
        )
        messages.success(request, gettext("Filter “%(name)s” saved.") % {"name": saved.name})
    except BadInput as why:
        messages.error(request, sentence_of(why))
    return leave_for(request, _back(request))


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a filter the default, share it, or delete it (``do``)."""
    actor = actor_of(request)
    saved = found(SavedFilter.objects.filter(user_id=person(actor)), pk=pk)
    do = request.POST.get("do", "")
    if do not in _DONE:
        raise NotFound
    try:
        if do == "delete":
            delete_filter(actor=actor, saved=saved)
        elif do in ("default", "undefault"):
            change_filter(actor=actor, saved=saved, is_default=do == "default")
        else:
            change_filter(actor=actor, saved=saved, shared=do == "share")
        messages.success(request, str(_DONE[do]))
    except BadInput as why:
        messages.error(request, sentence_of(why))
    return leave_for(request, _back(request))


SAVE_FILTER = CustomPage(
    name="ui:save-filter",
    path="ui/filters/<str:page>/",
    title=_("Save this filter"),
    view=save,
    methods=("POST",),
    shape="form",
    model=SavedFilter,
)
CHANGE_FILTER = CustomPage(
    name="ui:filter",
    path="me/filters/<int:pk>/",
    title=_("Saved filter"),
    view=change,
    methods=("POST",),
    shape="form",
    model=SavedFilter,
    is_object=True,
)
