"""Addresses of planning: ``/planning/``."""

from anlan.modules.planning.views import PAGE
from anlan.ui.pages import urls

urlpatterns = urls(PAGE)
