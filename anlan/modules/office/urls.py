"""Addresses of the office: ``/office/``."""

from anlan.modules.office.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
