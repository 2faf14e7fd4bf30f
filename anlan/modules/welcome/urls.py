"""Addresses of invitations: ``/welcome/``. The last three need no sign-in."""

from django.urls import path

from anlan.modules.welcome.views import PAGES, carry, claim, recover
from anlan.ui.pages import urls

urlpatterns = [
    *urls(*PAGES),
    path("claim/", claim, name="claim"),
    path("claim/<slug:code>/", carry, name="claim-code"),
    path("recover/", recover, name="recover"),
]
