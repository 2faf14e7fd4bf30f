"""The tree of regions. Public knowledge, hence not scoped: everybody may see a region's name and outline."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from anlan.kernel.scope import within


class RegionKind(models.TextChoices):
    """What a region is; the order is from large to small."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County or district")
    TOWN = "town", _("Town or street")
    PARK = "park", _("Park")
    VILLAGE = "village", _("Village or community")
    GRID = "grid", _("Grid")


class Region(MP_Node):  # type: ignore[misc]  # treebeard is untyped
    """One region. Its ``path`` is the scope key copied onto rows; the 12-digit ``code`` is only an attribute.

    Codes change and some regions have none (parks, grids), so neither is ever used as the key.
    ``outline`` is a GeoJSON geometry in WGS-84, ``lon``/``lat`` a point inside it.
    """

    steplen = 4
    node_order_by: list[str] = []

    path = models.CharField(max_length=64, unique=True, db_collation="C")
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=30, blank=True, default="")
    pinyin = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=16, choices=RegionKind.choices)
    code = models.CharField(max_length=12, blank=True, default="")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    outline = models.JSONField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["code"], name="region_code"), models.Index(fields=["kind"], name="region_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code="") & models.Q(valid_to=None), name="region_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def region_path(self) -> str:
        """Under which scope the journal files what happens to a region: its own path."""
        return self.path

    @property
    def parent_path(self) -> str:
        """The parent's path; "" at the root."""
        return self.path[: -self.steplen]

    @property
    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to this region, itself included."""
        return [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]

    def subtree(self) -> models.QuerySet[Any]:
        """This region and everything below it."""
        below: models.QuerySet[Any] = Region.objects.filter(within("path", self.path))
        return below


class RegionChange(models.Model):
    """A merge, move or rename by date, with the progress of re-pathing the rows that lie in it.

    ``old_path`` and ``new_path`` are history and never follow a later change. ``rows_total`` is counted when the
    job begins; rows written meanwhile may take ``rows_done`` past it.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=10, choices=[("rename", _("Rename")), ("merge", _("Merge")), ("move", _("Move"))]
    )
    on = models.DateField()
    old_name = models.CharField(max_length=60, blank=True, default="")
    new_name = models.CharField(max_length=60, blank=True, default="")
    old_path = models.CharField(max_length=64, db_collation="C")
    new_path = models.CharField(max_length=64, db_collation="C")
    basis = models.CharField(max_length=200)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
