"""Units: the legal person, the individual business, the site without a licence."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Versioned
from anlan.kernel.identity.sealing import new_reference
from anlan.kernel.scope import GuardedQuerySet, Scoped
from anlan.modules.registry.choices import UnitKind
from anlan.modules.registry.models.search import SearchField, grams_index

USCC_FORM = "^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$"
PROVISIONAL_FORM = "^TMP[0-9]{14}[0-9ABCDEFGHJKLMNPQRTUWXY]$"


class UnitQuerySet(GuardedQuerySet):
    """A unit is seen wherever one of its sites is seen: a town with one of five sites sees the unit."""

    def visible_to(self, actor: Actor, permission: str | None = None) -> Self:
        """The units with a site the actor may see (or on which he holds the permission)."""
        if actor.is_system:
            return super().visible_to(actor, permission)
        from anlan.modules.registry.models.sites import Site

        sites = Site.objects.visible_to(actor, permission or self.model.view_permission)  # type: ignore[attr-defined]
        return self._admit().filter(pk__in=sites.values("unit_id"))


@pghistory.track(exclude=["search_text", "pinyin", "name_key", "version"])
class Unit(Scoped, Versioned):
    """A unit (生产经营单位).

    ``holder`` is its reference: 32 hexadecimal digits under which its own people are granted and its rows are
    scoped. ``region_path`` and ``sector`` are those of its main site, whose office keeps the record; the unit is
    *seen* wherever a site of it is seen. ``uscc`` is the unified social credit code (GB 32100-2015), "" while the
    unit has none; ``provisional_number`` was given in its place and stays on file for ever.
    ``merged_into`` is set on a record found to be a second one of the same unit.
    """

    view_permission = "registry.view"

    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind.choices, default=UnitKind.UNSTATED)
    name = models.CharField(_("unit name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_collation="C")
    pinyin = models.CharField(max_length=200, blank=True, default="", editable=False)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True, default="", db_collation="C")
    provisional_number = models.CharField(
        _("provisional number"), max_length=18, blank=True, default="", db_collation="C"
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    registered_address = models.CharField(_("registered address"), max_length=200, blank=True, default="")
    business_scope = models.TextField(_("business scope"), blank=True, default="")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    batch = models.UUIDField(null=True, blank=True, editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    search_text = SearchField()

    objects: ClassVar[Any] = models.Manager.from_queryset(UnitQuerySet)()
    plain: ClassVar[Any] = models.Manager()

    class Meta(Scoped.Meta):
        verbose_name = _("unit")
        constraints = [
            models.UniqueConstraint(fields=["holder"], name="unit_holder_once"),
            models.UniqueConstraint(
                fields=["uscc"], condition=~models.Q(uscc="") & models.Q(merged_into=None), name="unit_uscc_once"
            ),
            models.UniqueConstraint(
                fields=["provisional_number"],
                condition=~models.Q(provisional_number="") & models.Q(merged_into=None),
                name="unit_provisional_once",
            ),
            models.CheckConstraint(
                condition=models.Q(uscc="") | models.Q(uscc__regex=USCC_FORM), name="unit_uscc_form"
            ),
            models.CheckConstraint(
                condition=models.Q(provisional_number="") | models.Q(provisional_number__regex=PROVISIONAL_FORM),
                name="unit_provisional_form",
            ),
            models.CheckConstraint(
                condition=~models.Q(uscc="") | ~models.Q(provisional_number=""), name="unit_has_number"
            ),
            models.CheckConstraint(condition=~models.Q(holder=""), name="unit_has_holder"),
        ]
        indexes = [
            models.Index(fields=["region_path", "id"], name="unit_region"),
            models.Index(fields=["name_key"], name="unit_name_key"),
            models.Index(fields=["batch"], name="unit_batch", condition=models.Q(batch__isnull=False)),
            grams_index("unit_search", "registry_unit"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.holder:
            self.holder = new_reference()

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The key under which the unit's people are granted: the same as ``holder``."""
        return self.holder

    @property
    def number(self) -> str:
        """The code it is known by: the unified social credit code, else the provisional number."""
        return self.uscc or self.provisional_number


class FormerName(models.Model):
    """A name the unit bore until a day; searched like the present one."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateField()
    basis = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["unit", "-until"], name="former_name_unit")]
        ordering = ["-until", "-id"]


class Difference(models.Model):
    """Two units that look alike and were found to be different: they are not proposed again. ``low`` < ``high``."""

    low = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    by_key = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="difference_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="difference_ordered"),
        ]
