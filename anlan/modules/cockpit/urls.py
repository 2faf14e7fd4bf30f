"""Addresses of the cockpit: ``/cockpit/``."""

from anlan.modules.cockpit import views
from anlan.ui.pages import urls

urlpatterns = urls(views.COCKPIT, views.LIVE, views.MAP, views.LEADER, views.URGE, views.CALL)
