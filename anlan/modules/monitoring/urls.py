"""Addresses of online monitoring: ``/monitoring/``."""

from anlan.modules.monitoring.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
