"""The tables of the module: the hazard, and what runs beside its process."""

from anlan.modules.hazards.models.companions import Companion, Extension, Instruction, Listing, Transfer
from anlan.modules.hazards.models.hazard import Hazard

__all__ = ["Companion", "Extension", "Hazard", "Instruction", "Listing", "Transfer"]
