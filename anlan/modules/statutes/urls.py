"""Addresses of the library: ``/statutes/``."""

from anlan.modules.statutes.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
