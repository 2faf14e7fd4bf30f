"""Addresses of the shell itself; under ``/ui/``, in the namespace ``ui``."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from anlan.ui import gallery, preferences

app_name = "ui"
urlpatterns = [path("ui/preferences/", preferences.save, name="preferences")]
if settings.DEBUG:
    urlpatterns += [
        path("ui/gallery/", gallery.show, name="gallery"),
        path("ui/gallery/<slug:part>/", gallery.part, name="gallery-part"),
    ]
