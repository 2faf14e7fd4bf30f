"""Addresses of compliance: ``/compliance/``."""

from anlan.modules.compliance.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
