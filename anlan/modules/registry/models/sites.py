"""Sites: what is inspected, and what lies in a region."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.modules.registry.choices import Flag, Scale, Sector, SiteStatus, Trade
from anlan.modules.registry.models.search import SearchField, grams_index
from anlan.modules.registry.models.units import Unit


@pghistory.track(exclude=["search_text", "pinyin", "address_key", "version"])
class Site(Scoped, Versioned):
    """A site (场所): where work is done, what is inspected and scoped.

    ``region_path`` is copied from ``region``, ``holder`` from the unit; ``sector`` is the line that answers for the
    site as a whole ("": not yet assigned). ``serial`` counts the unit's sites: the site's number is the unit's with
    ``-01``. ``lon`` and ``lat`` are WGS-84 (CGCS2000) degrees, both or neither. ``status`` holds since
    ``status_since``; earlier ones are ``StatusChange`` rows. ``landlord`` is the site that lets its premises to this
    one. Exactly one site of a unit is its main one.
    """

    view_permission = "registry.view"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sites")
    serial = models.PositiveSmallIntegerField(default=1)
    is_main = models.BooleanField(_("main site"), default=True)
    name = models.CharField(_("site name"), max_length=120)
    pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    address_key = models.CharField(max_length=200, blank=True, default="", editable=False, db_collation="C")
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    industry = models.CharField(_("industry"), max_length=4, blank=True, default="", db_collation="C")
    trade = models.CharField(
        _("line of industry and trade"), max_length=20, choices=Trade.choices, blank=True, default=""
    )
    scale = models.CharField(_("scale"), max_length=8, choices=Scale.choices, blank=True, default="")
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    flags = ArrayField(models.CharField(max_length=20, choices=Flag.choices), default=list, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=SiteStatus.choices, default=SiteStatus.OPERATING)
    status_since = models.DateField(null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    landlord = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="tenants")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    batch = models.UUIDField(null=True, blank=True, editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    search_text = SearchField()

    class Meta(Scoped.Meta):
        verbose_name = _("site")
        constraints = [
            models.UniqueConstraint(fields=["unit", "serial"], name="site_serial_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(is_main=True) & models.Q(merged_into=None), name="site_one_main"
            ),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(lon__range=(73, 136), lat__range=(3, 54)),
                name="site_point_in_china",
            ),
            models.CheckConstraint(condition=models.Q(sector__in=["", *Sector.values]), name="site_sector_known"),
            models.CheckConstraint(condition=models.Q(flags__contained_by=Flag.values), name="site_flags_known"),
            models.CheckConstraint(
                condition=models.Q(landlord__isnull=True) | ~models.Q(landlord=models.F("id")),
                name="site_not_own_landlord",
            ),
            models.CheckConstraint(condition=~models.Q(holder=""), name="site_has_holder"),
        ]
        indexes = [
            models.Index(fields=["region_path", "id"], name="site_region"),
            models.Index(fields=["sector", "region_path"], name="site_sector"),
            models.Index(fields=["holder"], name="site_holder"),
            models.Index(fields=["region_path", "holder"], name="site_further", condition=models.Q(is_main=False)),
            models.Index(fields=["region_path", "status"], name="site_status"),
            models.Index(fields=["industry"], name="site_industry"),
            models.Index(fields=["landlord"], name="site_landlord", condition=models.Q(landlord__isnull=False)),
            models.Index(fields=["address_key"], name="site_address", condition=~models.Q(address_key="")),
            models.Index(fields=["batch"], name="site_batch", condition=models.Q(batch__isnull=False)),
            GinIndex(fields=["flags"], name="site_flags"),
            grams_index("site_search", "registry_site"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The unit's number with the site's own: ``91441481MA00000073-01``."""
        return f"{self.unit.number}-{self.serial:02d}"


class StatusChange(models.Model):
    """From a day on, a site works, rests or is closed. Rows are only added; the newest is the site's own status."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="status_changes")
    status = models.CharField(max_length=10, choices=SiteStatus.choices)
    since = models.DateField()
    reason = models.CharField(max_length=200, blank=True, default="")
    by_name = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "since"], name="status_change_site")]
        ordering = ["-since", "-id"]
