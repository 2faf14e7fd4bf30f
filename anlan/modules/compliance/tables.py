"""Tables of compliance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.modules.compliance.choices import OUTCOME_TONES, Outcome
from anlan.modules.compliance.models import CheckAnswer, Evidence, SelfCheck, Workspace
from anlan.modules.compliance.workflow import EVIDENCE, SELF_CHECK
from anlan.ui import tables


class WorkspaceTable(tables.Table):
    """Units by their duties."""

    unit = tables.LinkColumn(_("Unit"), lead=True, accessor="unit__name")
    missed = tables.NumberColumn(pgettext_lazy("duties", "Missed"))
    at_risk = tables.NumberColumn(pgettext_lazy("duties", "To be answered"))
    no_data = tables.NumberColumn(pgettext_lazy("duties", "No data"))
    met = tables.NumberColumn(pgettext_lazy("duties", "Met"))
    saved_minutes = tables.NumberColumn(_("Reporting saved, minutes"))
    since = tables.DayColumn(_("Followed since"))
    region_path = tables.RegionColumn(_("Region"))

    class Meta(tables.Table.Meta):
        model = Workspace
        order_by = "-missed"


class EvidenceTable(tables.Table):
    """Evidence of a unit."""

    kind = tables.LinkColumn(pgettext_lazy("evidence", "Kind of evidence"), lead=True, accessor="kind_name",
                             orderable=False)  # fmt: skip
    told_on = tables.DayColumn(_("Day it tells of"))
    valid_to = tables.DayColumn(_("Holds until"))
    state = tables.StateColumn(EVIDENCE, _("State"))
    duties = tables.NumberColumn(_("Duties answered"), accessor="answers__0", orderable=False)
    by_name = tables.Column(_("Handed in by"))

    class Meta(tables.Table.Meta):
        model = Evidence
        order_by = "-told_on"

    def value_duties(self, record: Evidence) -> int:
        """How many duties it answers."""
        return len(record.answers)

    render_duties = value_duties


class SelfCheckTable(tables.Table):
    """Self-checks."""

    title = tables.LinkColumn(_("Check list"), lead=True)
    state = tables.StateColumn(SELF_CHECK, _("State"))
    unit = tables.Column(_("Unit"), accessor="workspace__unit__name")
    site = tables.Column(_("Site"), accessor="site__name")
    due_on = tables.DueColumn(_("To be filled in by"), done="finished_on")
    left = tables.NumberColumn(_("Items left"))
    faults = tables.NumberColumn(_("Not in order"))
    finished_on = tables.DayColumn(_("Finished on"))

    class Meta(tables.Table.Meta):
        model = SelfCheck
        order_by = "-pk"


class CheckAnswerTable(tables.Table):
    """Items of a self-check."""

    asked = tables.TextColumn(_("What is asked"), lead=True)
    outcome = tables.ChoiceColumn(pgettext_lazy("self-check", "Found"), choices=Outcome.choices,
                                  colours={str(code): tone for code, tone in OUTCOME_TONES.items()})  # fmt: skip
    note = tables.TextColumn(_("Note"))

    class Meta(tables.Table.Meta):
        model = CheckAnswer
        order_by = "position"
