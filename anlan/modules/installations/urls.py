"""Addresses of installations: ``/installations/``."""

from anlan.modules.installations.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
