"""The tables of risks: points with their assessments, checks and hazards; plans; registers; areas."""

from anlan.modules.risks.models.assessments import Assessment, Factor, Measure
from anlan.modules.risks.models.places import AreaAssessment, FloorPlan, Register, Zone
from anlan.modules.risks.models.points import ColourChange, HazardTie, MeasureCheck, RiskPoint

__all__ = [
    "AreaAssessment", "Assessment", "ColourChange", "Factor", "FloorPlan", "HazardTie", "Measure", "MeasureCheck",
    "Register", "RiskPoint", "Zone",
]  # fmt: skip
