"""Addresses of risks: ``/risks/``. The card needs no sign-in."""

from django.urls import path

from anlan.modules.risks.views import PAGES, card
from anlan.ui.pages import urls

urlpatterns = [*urls(*PAGES), path("card/<slug:token>/", card, name="card")]
