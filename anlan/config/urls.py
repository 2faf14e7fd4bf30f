"""Every address of the platform."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from anlan.config.api import api
from anlan.runtime.health import healthz

# Accounts are kept by administrators: nobody signs up, and no password is sent by mail.
CLOSED = r"account/(?:signup|email|confirm-email|password/(?:reset|set)|login/code)/"


def closed(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """A page of the sign-in library that this platform does not offer."""
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    re_path(CLOSED, closed, name="closed"),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("anlan.ui.urls")),
]

# A module's screens live under its own name: /hazards/…, as ``hazards:list``.
for module in settings.MODULES:
    if find_spec(f"{module}.urls"):
        name = module.rpartition(".")[2]
        urlpatterns.append(path(f"{name}/", include((import_module(f"{module}.urls").urlpatterns, name))))

handler500 = "anlan.ui.outage.server_error"
