"""Addresses of duty: ``/duty/``."""

from anlan.modules.duty.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
