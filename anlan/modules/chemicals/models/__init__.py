"""The tables of chemicals."""

from anlan.modules.chemicals.models.catalogue import Substance, fill_catalogue
from anlan.modules.chemicals.models.ledger import Movement, Place, Stock
from anlan.modules.chemicals.models.papers import Consignment, Finding, PoliceRecord

__all__ = ["Consignment", "Finding", "Movement", "Place", "PoliceRecord", "Stock", "Substance", "fill_catalogue"]
