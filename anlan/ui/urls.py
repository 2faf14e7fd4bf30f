"""Addresses of the shell itself; under ``/ui/``, in the namespace ``ui``."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from anlan.ui import gallery, preferences
from anlan.ui.pages import urls
from anlan.ui.views import deadlines, field, files, filters, finding, home, inbox, intake, live, me

app_name = "ui"
urlpatterns = [
    path("ui/preferences/", preferences.save, name="preferences"),
    path("live", live.live, name="live"),
    path("field-worker.js", field.worker, name="field-worker"),
    *urls(
        home.HOME,
        inbox.INBOX,
        inbox.READ,
        inbox.MESSAGE,
        finding.SEARCH,
        finding.REGIONS,
        files.FILE,
        deadlines.DUE,
        deadlines.DEADLINES,
        deadlines.URGE,
        filters.SAVE_FILTER,
        filters.CHANGE_FILTER,
        me.ME,
        me.TOKEN,
        me.REVOKE,
        me.END_SESSIONS,
        *intake.INTAKE_PAGES,
    ),
]
if settings.DEBUG:
    urlpatterns += [
        path("ui/gallery/", gallery.show, name="gallery"),
        path("ui/gallery/<slug:part>/", gallery.part, name="gallery-part"),
    ]
