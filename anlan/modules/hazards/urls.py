"""The module's addresses, below ``/hazards/``."""

from anlan.modules.hazards.views import PAGES
from anlan.ui.pages import urls

urlpatterns = urls(*PAGES)
