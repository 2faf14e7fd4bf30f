"""The screens: the cockpit of a place, what moves on it, and the leader's page."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from anlan.kernel.deadlines.models import Deadline
from anlan.modules.cockpit.views import board, lead
from anlan.modules.hazards.public import HAZARD
from anlan.ui.pages import CustomPage, DataPage

COCKPIT = CustomPage(
    name="cockpit:home", path="", title=_("Cockpit"), icon="dashboard", permission="cockpit.view", view=board.show
)
LIVE = CustomPage(
    name="cockpit:live", path="live/", title=_("Cockpit"), permission="cockpit.view", view=board.live, shape="data"
)
MAP = DataPage(name="cockpit:map", path="map/", title=_("Cockpit"), permission="cockpit.view", data=board.map_data)
LEADER = CustomPage(
    name="cockpit:lead", path="lead/", title=_("What needs a leader"), icon="device-mobile", permission="cockpit.lead",
    view=lead.show,
)  # fmt: skip
URGE = CustomPage(
    name="cockpit:urge", path="lead/urge/<int:pk>/", title=_("Urge"), permission="deadlines.urge", view=lead.urge,
    shape="step", methods=("POST",), model=Deadline, is_object=True,
)  # fmt: skip
CALL = CustomPage(
    name="cockpit:call", path="lead/call/<int:pk>/", title=_("Call"), permission="cockpit.lead", view=lead.call,
    shape="step", methods=("POST",), model=apps.get_model(HAZARD), is_object=True,
)  # fmt: skip
