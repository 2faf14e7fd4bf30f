"""Addresses of alarms: ``/alarms/``."""

from anlan.modules.alarms.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
