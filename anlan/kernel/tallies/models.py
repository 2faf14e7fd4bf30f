"""Kept numbers as guarded rows, and the record of each night's comparison."""

from __future__ import annotations

from django.db import models

from anlan.kernel.scope import Scoped


class Tally(Scoped):
    """So many records of one kind in one place and line: cells and differences not folded yet, side by side.

    Only sums over rows mean anything. ``what`` is ``<module>.<kind>``, ``a`` and ``b`` tell kinds apart, ``day`` or
    ``at`` carry the day or the moment that the reader compares; ``n`` counts records, ``also`` some of them, ``yuan``
    is money. Rows follow a moved or merged region by the differences that the moved records write.
    """

    view_permission = "cockpit.view"

    what = models.CharField(max_length=40)
    a = models.CharField(max_length=32)
    b = models.CharField(max_length=32)
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    n = models.BigIntegerField()
    also = models.BigIntegerField()
    yuan = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta(Scoped.Meta):
        managed = False
        db_table = "tally_now"
        default_permissions = ()


class Reconciliation(models.Model):
    """One comparison of the kept numbers with the records: when, how many cells differed, some of them."""

    at = models.DateTimeField()
    differing = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
