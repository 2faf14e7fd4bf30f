"""Addresses of chemicals: ``/chemicals/``."""

from anlan.modules.chemicals.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
