"""The views the cockpit reads, guarded like tables: rows are refused until it was said for whom.

The views belong to their modules, which create them in their own migrations; nothing is written here. A hazard
counts where it lies and in the line of its site, whoever's desk it is on, so that the parts of a region add up to
the region.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from anlan.kernel.scope import Scoped


class HazardFact(Scoped):
    """One hazard as ``facts_hazards`` tells it. ``due_at`` is its earliest open deadline; money is in yuan.

    ``unit_name``, ``category``, ``listing_level`` and the leader's three fields are "" where there is nothing to say.
    """

    view_permission = "cockpit.view"

    number = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    site_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    category = models.CharField(max_length=24)
    grade = models.CharField(max_length=8)
    state = models.CharField(max_length=32)
    is_open = models.BooleanField()
    found_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    rectify_due = models.DateField(null=True)
    rectified_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    listing_level = models.CharField(max_length=8)
    leader_name = models.CharField(max_length=60)
    leader_title = models.CharField(max_length=80)
    leader_phone = models.CharField(max_length=20)
    money_needed_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    money_spent_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta(Scoped.Meta):
        managed = False
        db_table = "facts_hazards"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def money_missing(self) -> Decimal | None:
        """Yuan still to be found: needed less spent, never below nothing; None while the need is not stated."""
        if self.money_needed_yuan is None:
            return None
        return max(self.money_needed_yuan - (self.money_spent_yuan or Decimal(0)), Decimal(0))


class SiteFact(Scoped):
    """One site as ``facts_registry`` tells it; ``holder`` names its unit, ``status`` whether it works."""

    view_permission = "cockpit.view"

    status = models.CharField(max_length=10)

    class Meta(Scoped.Meta):
        managed = False
        db_table = "facts_registry"
        default_permissions = ()
