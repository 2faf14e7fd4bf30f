"""The module's addresses, below ``/hazards/``. The public list needs no sign-in."""

from django.urls import path

from anlan.modules.hazards.views import PAGES, public_listings
from anlan.ui.limits import open_to_visitors
from anlan.ui.pages import urls

open_to_visitors("hazards:public")
urlpatterns = [*urls(*PAGES), path("public/", public_listings, name="public")]
