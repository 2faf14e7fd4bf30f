"""Words of the ledger, and the figures a region may set for itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop


class PlaceKind(models.TextChoices):
    """Where a substance is kept."""

    WAREHOUSE = "warehouse", pgettext_lazy("chemicals", "Warehouse")
    TANK = "tank", pgettext_lazy("chemicals", "Tank")
    UNIT = "unit", pgettext_lazy("chemicals", "Process unit")
    YARD = "yard", pgettext_lazy("chemicals", "Yard")
    WASTE = "waste", pgettext_lazy("chemicals", "Waste store")


class MovementKind(models.TextChoices):
    """What happened to a stock."""

    OPENING = "opening", pgettext_lazy("movement", "Opening stock")
    PRODUCED = "produced", pgettext_lazy("movement", "Produced")
    RECEIVED = "received", pgettext_lazy("movement", "Received")
    MOVED_IN = "moved_in", pgettext_lazy("movement", "Moved in")
    USED = "used", pgettext_lazy("movement", "Used")
    SOLD = "sold", pgettext_lazy("movement", "Sold")
    MOVED_OUT = "moved_out", pgettext_lazy("movement", "Moved out")
    DISPOSED = "disposed", pgettext_lazy("movement", "Disposed of as waste")
    LOST = "lost", pgettext_lazy("movement", "Lost")
    COUNTED = "counted", pgettext_lazy("movement", "Stocktaking")


INWARD = (MovementKind.OPENING, MovementKind.PRODUCED, MovementKind.RECEIVED, MovementKind.MOVED_IN)
OUTWARD = (
    MovementKind.USED, MovementKind.SOLD, MovementKind.MOVED_OUT, MovementKind.DISPOSED, MovementKind.LOST,
)  # fmt: skip
BY_HAND = (
    MovementKind.OPENING, MovementKind.PRODUCED, MovementKind.RECEIVED, MovementKind.USED, MovementKind.DISPOSED,
    MovementKind.LOST,
)  # fmt: skip
"""The kinds entered as such; the others come by a transfer, a consignment or a stocktaking."""
TRADED = (MovementKind.SOLD, MovementKind.RECEIVED)
KIND_TONES = {
    "opening": "grey", "produced": "blue", "received": "blue", "moved_in": "blue", "used": "green", "sold": "purple",
    "moved_out": "purple", "disposed": "orange", "lost": "orange", "counted": "grey",
}  # fmt: skip


KIND_SAID = {
    MovementKind.OPENING: gettext_noop("Opening stock entered"),
    MovementKind.PRODUCED: gettext_noop("Goods produced"),
    MovementKind.RECEIVED: gettext_noop("Goods received"),
    MovementKind.MOVED_IN: gettext_noop("Goods moved in"),
    MovementKind.USED: gettext_noop("Goods used"),
    MovementKind.SOLD: gettext_noop("Goods sold"),
    MovementKind.MOVED_OUT: gettext_noop("Goods moved out"),
    MovementKind.DISPOSED: gettext_noop("Goods disposed of"),
    MovementKind.LOST: gettext_noop("Goods lost"),
    MovementKind.COUNTED: gettext_noop("Stock counted"),
}
"""What the journal says of a movement."""


class Purpose(models.TextChoices):
    """Why something is sent away."""

    SALE = "sold", pgettext_lazy("consignment", "Sale")
    OWN = "moved_out", pgettext_lazy("consignment", "To a site of one's own")
    DISPOSAL = "disposed", pgettext_lazy("consignment", "Disposal of waste")


class FindingKind(models.TextChoices):
    """What is wrong with a ledger."""

    OPEN_BALANCE = "open_balance", pgettext_lazy("finding", "Open balance")
    MISMATCH = "mismatch", pgettext_lazy("finding", "Sent and received differ")
    OVER_LIMIT = "over_limit", pgettext_lazy("finding", "Above the storage limit")
    OVER_PLACE = "over_place", pgettext_lazy("finding", "Above what the place is built for")
    TOGETHER = "together", pgettext_lazy("finding", "Kept together that should not be")
    LEDGER = "ledger", pgettext_lazy("finding", "Stock differs from its movements")
    NO_PAPER = "no_paper", pgettext_lazy("finding", "Bought without permit or filing")
    NO_PASS = "no_pass", pgettext_lazy("finding", "Sent without transport permit or filing")


FINDING_SAID = {
    FindingKind.OPEN_BALANCE: gettext_noop("the balance is open"),
    FindingKind.MISMATCH: gettext_noop("what was sent and what was received differ"),
    FindingKind.OVER_LIMIT: gettext_noop("more is kept than the place is built for"),
    FindingKind.OVER_PLACE: gettext_noop("more is kept in all than the place is built for"),
    FindingKind.TOGETHER: gettext_noop("what should not stand together is kept together"),
    FindingKind.LEDGER: gettext_noop("the stock is not what its movements make"),
    FindingKind.NO_PAPER: gettext_noop("a precursor of drugs was bought, and no permit or filing is named"),
    FindingKind.NO_PASS: gettext_noop("a precursor of drugs was sent away without a valid transport permit or filing"),
}
"""What the journal says of a finding."""


class Regime(models.TextChoices):
    """Under which law a sale (or purchase) is reported to the police."""

    TOXIC = "toxic", _("Highly toxic or precursor of explosives")
    DRUGS = "drugs", _("Precursor of drugs")


class Mark(models.TextChoices):
    """What a jurisdiction marks a substance as, by the list it has in hand."""

    TOXIC = "highly_toxic", _("Highly toxic chemical")
    EXPLOSIVE = "explosive_precursor", _("Precursor of explosives")


# 本地规定: how long a unit has to explain a finding, how long goods are on the road, and what difference is none.
EXPLAIN_DAYS, ROAD_DAYS, TOLERANCE = (
    "chemicals.explain_days", "chemicals.road_days", "chemicals.tolerance_permille"
)  # fmt: skip
declare(EXPLAIN_DAYS, gettext_noop("Days to explain a finding in the chemicals ledger"), 5, least=1, most=60)
declare(ROAD_DAYS, gettext_noop("Days after which a consignment must have arrived"), 3, least=1, most=30)
declare(
    TOLERANCE, gettext_noop("Difference of a stocktaking that needs no explanation"), 0, least=0, most=50,
    unit=gettext_noop("permille"),
)  # fmt: skip
# 易制毒化学品管理条例第二十条: whether a place is one of the key areas the ministry named, and whether the filing of
# class III is asked for transports that stay within the city (the text of the article makes no difference).
YES_NO = gettext_noop("(0 no, 1 yes)")
KEY_AREA, FILED_WITHIN = "chemicals.key_area", "chemicals.filed_within"
declare(
    KEY_AREA, gettext_noop("Key area against drugs: transport of precursors across counties needs a permit"),
    0, least=0, most=1, unit=YES_NO,
)  # fmt: skip
declare(
    FILED_WITHIN, gettext_noop("Transport of precursors of class III within the city is filed"), 1, least=0, most=1,
    unit=YES_NO,
)  # fmt: skip
