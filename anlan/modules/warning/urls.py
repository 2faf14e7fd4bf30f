"""Addresses of warning: ``/warning/``."""

from anlan.modules.warning.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
