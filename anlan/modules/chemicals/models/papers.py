"""What goes with the ledger: consignments, findings, police records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.scope import PathField
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.chemicals.choices import FindingKind, Purpose, Regime
from anlan.modules.chemicals.models.catalogue import Substance
from anlan.modules.chemicals.models.ledger import Kilograms, Movement, Stock
from anlan.modules.chemicals.workflow import CONSIGNMENT, FINDING, POLICE, VIEW
from anlan.modules.registry.public import SITE
from anlan.rules.steps import Workflow


class Consignment(InProcess):
    """What one unit sent and another received. Its scope is the receiver's, who has to act; regulators of the sender
    see it by ``from_path``, the sender's own people by ``from_holder``. Sent out of the area, it is the sender's.
    ``transport_no`` is the transport permit (class I, II) or the proof of filing (class III) of a precursor of drugs.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = CONSIGNMENT
    scope_by = (("region_path", "sector"), ("from_path", "from_sector"))

    number = models.CharField(_("Consignment number"), max_length=32, unique=True)
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(pgettext_lazy("consignment", "Purpose"), max_length=10, choices=Purpose.choices)
    lot = models.CharField(pgettext_lazy("movement", "Lot"), max_length=40, blank=True, default="")
    from_site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+")
    from_path = PathField(db_index=False)
    from_sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    from_holder = models.CharField(max_length=40, blank=True, default="", editable=False)
    to_site = models.ForeignKey(SITE, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(_("Receiver"), max_length=120)
    carrier = models.CharField(_("Carrier"), max_length=120, blank=True, default="")
    plate = models.CharField(_("Number plate"), max_length=20, blank=True, default="")
    transport_no = models.CharField(
        _("Transport permit or filing"), max_length=60, blank=True, default="", db_default=""
    )
    transport_until = models.DateField(_("Transport permit valid until"), null=True, blank=True)
    sent_kg = Kilograms(_("Sent"))
    received_kg = Kilograms(pgettext_lazy("consignment", "Received"), null=True, blank=True)
    sent_on = models.DateField(_("Sent on"))
    due_on = models.DateField(_("Expected by"), null=True, blank=True)
    received_on = models.DateField(_("Received on"), null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("consignment")
        triggers = process_triggers(CONSIGNMENT)
        constraints = [
            process_check(CONSIGNMENT, "consignment"),
            models.CheckConstraint(
                condition=~Q(state="arrived") | Q(received_kg__isnull=False, received_on__isnull=False),
                name="consignment_arrived_with_figure",
            ),
            models.CheckConstraint(condition=Q(sent_kg__gte=0), name="consignment_sent_not_negative"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="consignment_region"),
            models.Index(fields=["from_path", "-id"], name="consignment_from"),
            models.Index(fields=["holder"], name="consignment_holder"),
            models.Index(fields=["from_holder"], name="consignment_sender"),
            models.Index(fields=["lot"], name="consignment_lot", condition=~Q(lot="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.substance.name}"

    def get_absolute_url(self) -> str:
        """The page of the consignment."""
        return reverse("chemicals:consignment", kwargs={"pk": self.pk})

    @property
    def differs(self) -> bool:
        """Whether both sides have said how much, and not the same."""
        return self.received_kg is not None and self.received_kg != self.sent_kg


class Finding(InProcess):
    """Something in a ledger that does not add up: what, by how much, in which days; and the answer to it.

    ``gap_kg`` is what is missing (positive) or too much (negative) of an open balance, what one side says more than
    the other of a mismatch, what lies above the limit. One open finding of a kind stands on a stock.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = FINDING

    kind = models.CharField(pgettext_lazy("finding", "Kind"), max_length=12, choices=FindingKind.choices)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="findings")
    count = models.ForeignKey(Movement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    consignment = models.ForeignKey(
        Consignment, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    other = models.ForeignKey(Stock, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    gap_kg = Kilograms(pgettext_lazy("finding", "Difference"))
    first = models.DateField(_("From"))
    last = models.DateField(_("To"))
    explanation = models.TextField(_("Explanation"), blank=True, default="", max_length=2000)
    opinion = models.CharField(_("Opinion"), max_length=200, blank=True, default="")
    opened_at = models.DateTimeField(_("Found on"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("finding in the chemicals ledger")
        triggers = process_triggers(FINDING)
        constraints = [
            process_check(FINDING, "finding"),
            models.UniqueConstraint(
                fields=["stock", "kind", "count", "consignment", "other"], condition=Q(state__in=["open", "explained"]),
                nulls_distinct=False, name="finding_open_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["region_path", "-id"], name="finding_region"),
            models.Index(fields=["holder"], name="finding_holder"),
        ]

    def __str__(self) -> str:
        return f"{FindingKind(self.kind).label} · {self.stock}"

    def get_absolute_url(self) -> str:
        """The page of the finding."""
        return reverse("chemicals:finding", kwargs={"pk": self.pk})


class PoliceRecord(InProcess):
    """A sale or purchase that is reported to the county's police within days, and what was written down of it.

    A sale may be owed under two laws at once (``regime``), each with its own days. ``reported_kg`` is the figure the
    police were given. The number of the buyer's identity card stays on the copy in the unit's file, kept until
    ``keep_until``.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = POLICE

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="police_records")
    regime = models.CharField(_("Reported as"), max_length=5, choices=Regime.choices, default=Regime.TOXIC)
    counterpart = models.CharField(_("Other side"), max_length=120)
    address = models.CharField(_("Address of the other side"), max_length=200)
    handler = models.CharField(_("Handled by"), max_length=40)
    used_for = models.CharField(_("Use"), max_length=120)
    permit_no = models.CharField(_("Licence or proof of lawful use"), max_length=60)
    due_on = models.DateField(_("Report by"))
    basis = models.CharField(max_length=120)
    keep_until = models.DateField(_("Keep the record until"))
    reported_on = models.DateField(_("Reported on"), null=True, blank=True)
    receipt_no = models.CharField(_("Receipt number"), max_length=60, blank=True, default="")
    reported_kg = Kilograms(_("Quantity reported"), null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("police record")
        triggers = process_triggers(POLICE)
        constraints = [
            process_check(POLICE, "police_record"),
            models.UniqueConstraint(fields=["movement", "regime"], name="police_once_a_law"),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_on__isnull=False) & ~Q(receipt_no=""),
                name="police_reported_with_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="police_region"),
            models.Index(fields=["holder"], name="police_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.movement.substance.name} {self.movement.on.isoformat()} {self.counterpart}"

    @property
    def settled(self) -> bool:
        """Whether its day counts no longer: one reported once may be due again."""
        return bool(self.state != "due")

    def get_absolute_url(self) -> str:
        """The page of the record."""
        return reverse("chemicals:police-record", kwargs={"pk": self.pk})
