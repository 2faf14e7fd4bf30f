"""Places of keeping, stocks, and the movements that make them."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.modules.chemicals.choices import INWARD, OUTWARD, MovementKind, PlaceKind
from anlan.modules.chemicals.models.catalogue import Substance
from anlan.modules.chemicals.workflow import VIEW
from anlan.modules.registry.public import SITE


class Kilograms(models.DecimalField):  # type: ignore[type-arg]  # generic in the stubs only
    """A mass in kilograms, to the gram."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 16, "decimal_places": 3, **kwargs})


class Place(Scoped, Versioned):
    """Where a site keeps substances. ``most_kg`` is what the place is built for in all; ``closed_on`` ends it."""

    view_permission = VIEW

    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    kind = models.CharField(pgettext_lazy("chemicals", "Kind of place"), max_length=10, choices=PlaceKind.choices)
    name = models.CharField(pgettext_lazy("chemicals", "Place of keeping"), max_length=60)
    most_kg = Kilograms(_("At most in all"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("place of keeping")
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="place_name_once"),
            models.CheckConstraint(condition=Q(most_kg=None) | Q(most_kg__gt=0), name="place_holds_something"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="place_region"),
            models.Index(fields=["holder"], name="place_holder"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the place."""
        return reverse("chemicals:place", kwargs={"pk": self.pk})


class Stock(Scoped, Versioned):
    """What a place keeps of a substance now: the sum of its movements, kept by the acts that add them.

    ``most_kg`` is the design maximum of this substance at this place, with the paper it rests on. ``filing_no`` proves
    that the production or trade of a precursor of drugs of class II or III was filed, on ``filed_on``.
    """

    view_permission = VIEW

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="stocks")
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, related_name="stocks")
    kg = Kilograms(_("In stock"), default=0)
    most_kg = Kilograms(_("Design maximum"), null=True, blank=True)
    basis = models.CharField(_("Basis"), max_length=120, blank=True, default="")
    filing_no = models.CharField(_("Number of the filing proof"), max_length=60, blank=True, default="", db_default="")
    filed_on = models.DateField(_("Filed on"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("stock")
        constraints = [
            models.UniqueConstraint(fields=["place", "substance"], name="stock_once"),
            models.CheckConstraint(condition=Q(kg__gte=0), name="stock_not_negative"),
            models.CheckConstraint(condition=Q(most_kg=None) | Q(most_kg__gt=0), name="stock_limit_positive"),
            models.CheckConstraint(condition=Q(most_kg=None) | ~Q(basis=""), name="stock_limit_has_basis"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="stock_region"),
            models.Index(fields=["holder", "substance"], name="stock_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.substance.name} · {self.place.name}"

    def get_absolute_url(self) -> str:
        """The page of the stock."""
        return reverse("chemicals:stock", kwargs={"pk": self.pk})

    @property
    def over(self) -> bool:
        """Whether more is there than the place is built for."""
        return self.most_kg is not None and self.kg > self.most_kg


class Movement(Scoped):
    """A change of a stock, in signed kilograms, on a day. Never changed and never deleted (database trigger).

    What was wrong is put right by another movement of the same kind that names it (``corrects``). A stocktaking is a
    movement of kind ``counted``: ``counted_kg`` is what is there, ``kg`` what the ledger has to change by, which is the
    open balance of the period with the sign turned. ``lot`` follows goods from unit to unit. Of the two movements of
    a transfer the second names the first (``pair``). The scope may be written anew when a site moves: it is the
    address of the row, no part of what happened. ``permit_no`` is the purchase permit (class I) or the proof of filing
    (class II, III) under which a precursor of drugs was bought.
    """

    view_permission = VIEW

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="movements", db_index=False)
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(pgettext_lazy("movement", "Kind"), max_length=10, choices=MovementKind.choices)
    kg = Kilograms(pgettext_lazy("movement", "Quantity"))
    on = models.DateField(pgettext_lazy("movement", "Day"))
    lot = models.CharField(pgettext_lazy("movement", "Lot"), max_length=40, blank=True, default="")
    counted_kg = Kilograms(null=True, blank=True)
    counterpart = models.CharField(_("Other side"), max_length=120, blank=True, default="")
    document = models.CharField(_("Document"), max_length=60, blank=True, default="")
    permit_no = models.CharField(_("Purchase permit or filing"), max_length=60, blank=True, default="", db_default="")
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )
    pair = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    consignment = models.ForeignKey(
        "chemicals.Consignment", null=True, blank=True, on_delete=models.PROTECT, related_name="movements",
        db_index=False,
    )  # fmt: skip
    entered_at = models.DateTimeField(_("Entered on"))
    by_name = models.CharField(_("Entered by"), max_length=80)

    class Meta(Scoped.Meta):
        verbose_name = _("movement")
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_changed",
                fields=[
                    "place", "substance", "kind", "kg", "on", "lot", "counted_kg", "counterpart", "document",
                    "permit_no", "note", "corrects",
                    "pair", "consignment", "entered_at", "by_name",
                ],
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in INWARD], kg__gt=0)
                | Q(kind__in=[str(k) for k in OUTWARD], kg__lt=0)
                | Q(kind="counted", counted_kg__gte=0)
                | Q(corrects__isnull=False),
                name="movement_sign_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kg__lt=0) | Q(kg__gt=0) | Q(kind="counted"), name="movement_of_something"
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(note=""), name="movement_correction_says_why"),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(corrects=F("id")), name="movement_not_its_own"),
        ]
        indexes = [
            models.Index(fields=["holder", "substance", "on"], include=["kind", "kg"], name="movement_balance"),
            models.Index(fields=["place", "substance", "on"], include=["kind", "kg"], name="movement_stock"),
            models.Index(fields=["region_path", "-id"], name="movement_region"),
            models.Index(fields=["lot"], name="movement_lot", condition=~Q(lot="")),
            models.Index(fields=["corrects"], name="movement_corrects", condition=Q(corrects__isnull=False)),
            models.Index(fields=["pair"], name="movement_pair", condition=Q(pair__isnull=False)),
            models.Index(fields=["consignment"], name="movement_consignment", condition=Q(consignment__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{MovementKind(self.kind).label} {self.substance.name} {self.on.isoformat()}"

    def get_absolute_url(self) -> str:
        """The page of the movement."""
        return reverse("chemicals:movement", kwargs={"pk": self.pk})
