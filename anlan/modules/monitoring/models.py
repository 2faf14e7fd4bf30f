"""The tables of online monitoring: gateways, tags, what was refused. Readings lie in the historian's store."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.installations.public import INSTALLATION
from anlan.modules.monitoring.choices import Quantity, Refusal
from anlan.modules.monitoring.workflow import GATEWAY, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.rules.steps import Workflow

CODE = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"
"""A gateway's code: it is a token of a subject and the name it signs in under."""


class Gateway(InProcess):
    """A device of a site that sends readings under a credential of its own. Scope is the site's.

    ``code`` is the name it signs in under and the last part of its topic. ``secret`` is the salted digest of the
    credential (scrypt), which is shown once and kept nowhere; ``issued`` counts the credentials issued. ``last_seen``
    is when something of it was taken in last, to some seconds.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = GATEWAY

    code = models.CharField(
        _("Gateway code"), max_length=48, unique=True, validators=[RegexValidator(CODE)], db_collation="C"
    )
    name = models.CharField(pgettext_lazy("gateway", "Name"), max_length=80)
    unit = models.ForeignKey(UNIT, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    secret = models.CharField(max_length=200, editable=False)
    issued = models.PositiveIntegerField(default=1, editable=False)
    issued_at = models.DateTimeField(_("Credential of"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    last_seen = models.DateTimeField(pgettext_lazy("gateway", "Last heard of"), null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("gateway")
        triggers = process_triggers(GATEWAY)
        constraints = [process_check(GATEWAY, "gateway")]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="gateway_region"),
            models.Index(fields=["holder"], name="gateway_holder"),
            models.Index(fields=["site"], name="gateway_site"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        """The page of the gateway."""
        return reverse("monitoring:gateway", kwargs={"pk": self.pk})


class Tag(Scoped, Versioned):
    """One quantity a gateway measures; its key is the ``sensor`` of the historian's store. Scope is its site's.

    ``name`` is what the payload calls it, ``label`` what people do. ``low_range`` and ``high_range`` are the
    instrument's range in ``unit_of_measure``. ``period_s`` is how often a reading is expected. A tag out of use
    (``active`` false) keeps its history; its readings are refused.
    """

    view_permission = VIEW

    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="tags", verbose_name=_("Gateway"))
    name = models.CharField(_("Name in the payload"), max_length=80, db_collation="C")
    label = models.CharField(pgettext_lazy("tag", "Name of the tag"), max_length=80)
    quantity = models.CharField(_("Quantity"), max_length=16, choices=Quantity.choices)
    unit_of_measure = models.CharField(_("Unit of measure"), max_length=16, blank=True, default="")
    low_range = models.FloatField(_("Lower end of the range"), null=True, blank=True)
    high_range = models.FloatField(_("Upper end of the range"), null=True, blank=True)
    period_s = models.PositiveIntegerField(_("Expected every, s"), default=60)
    unit = models.ForeignKey(UNIT, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    installation = models.ForeignKey(
        INSTALLATION, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Major hazard installation"),
    )  # fmt: skip
    active = models.BooleanField(pgettext_lazy("tag", "In use"), default=True)

    class Meta(Scoped.Meta):
        verbose_name = pgettext_lazy("monitoring", "tag")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "name"], name="tag_name_once"),
            models.CheckConstraint(
                condition=Q(low_range=None) | Q(high_range=None) | Q(high_range__gt=F("low_range")),
                name="tag_range_in_order",
            ),
            models.CheckConstraint(condition=Q(period_s__range=(1, 86400)), name="tag_period_within_a_day"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="tag_region"),
            models.Index(fields=["holder"], name="tag_holder"),
            models.Index(fields=["site"], name="tag_site"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.name})"

    def get_absolute_url(self) -> str:
        """The page of the tag."""
        return reverse("monitoring:tag", kwargs={"pk": self.pk})


class GatewayCount(Scoped):
    """How much of what a gateway sent on a day was refused for one reason; ``sample`` is the last example."""

    view_permission = VIEW

    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="counts")
    day = models.DateField(pgettext_lazy("refused", "Day"))
    reason = models.CharField(pgettext_lazy("refused", "Reason"), max_length=12, choices=Refusal.choices)
    count = models.PositiveBigIntegerField(pgettext_lazy("refused", "Times"), default=0)
    sample = models.CharField(pgettext_lazy("refused", "Last example"), max_length=80, blank=True, default="")

    class Meta(Scoped.Meta):
        verbose_name = _("refused count")
        constraints = [models.UniqueConstraint(fields=["gateway", "day", "reason"], name="gateway_count_once")]
        indexes = [models.Index(fields=["region_path", "-day"], name="gateway_count_region")]

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.day.isoformat()} {self.reason}"
