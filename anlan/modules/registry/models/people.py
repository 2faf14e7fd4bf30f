"""People in units: posts and certificates. What identifies a person is sealed under that person's own key."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Versioned
from anlan.kernel.scope import GuardedQuerySet, Scoped
from anlan.modules.registry.choices import CertificateKind, PostKind
from anlan.modules.registry.models.search import NameField, name_index
from anlan.modules.registry.models.sites import Site
from anlan.modules.registry.models.units import Unit


class PersonQuerySet(GuardedQuerySet):
    """People of one site are seen with the site, people of the whole unit wherever the unit is seen."""

    def visible_to(self, actor: Actor, permission: str | None = None) -> Self:
        """The people the actor may see."""
        if actor.is_system:
            return super().visible_to(actor, permission)
        model: Any = self.model
        sites = Site.objects.visible_to(actor, permission or model.view_permission)
        prefix = model.person_prefix
        # Asked of each person in hand: a set of all sites in reach would be made for every look at one of them.
        here = Exists(sites.filter(pk=OuterRef(f"{prefix}site")))
        whole = Q(**{f"{prefix}site__isnull": True}) & Exists(sites.filter(unit=OuterRef(f"{prefix}unit")))
        return self._admit().filter(here | whole)


NOT_KEPT = ["version", "key", "id_number_sealed", "phone_sealed", "id_number_index", "phone_index", "phone_tail"]


@pghistory.track(exclude=NOT_KEPT)
class Person(Scoped, Versioned):
    """Somebody who holds a post in a unit, at one ``site`` or (None) for the whole of it.

    Identity number and telephone are sealed under ``key``; ``…_index`` are keyed digests by which equal values are
    found, ``phone_tail`` that of the telephone's last four digits. None of the six columns is in the history. Erasure
    destroys the key and the digests and empties the name, here and in the history; the row stays, with ``erased_at``.
    Scope columns are the site's, or the unit's.
    """

    view_permission = "registry.view"
    person_prefix = ""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    name = NameField(_("name"), max_length=60, blank=True, default="")
    key = models.ForeignKey(
        "identity.PersonKey", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    id_number_sealed = models.BinaryField(default=b"", editable=False)
    phone_sealed = models.BinaryField(default=b"", editable=False)
    id_number_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    phone_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    phone_tail = models.CharField(max_length=32, blank=True, default="", editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    batch = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = models.Manager.from_queryset(PersonQuerySet)()
    plain: ClassVar[Any] = models.Manager()

    class Meta(Scoped.Meta):
        verbose_name = _("person")
        indexes = [
            models.Index(fields=["unit"], name="person_unit"),
            models.Index(fields=["region_path", "id"], name="person_region"),
            models.Index(fields=["phone_index"], name="person_phone", condition=~Q(phone_index="")),
            models.Index(fields=["phone_tail"], name="person_tail", condition=~Q(phone_tail="")),
            name_index("person_name", "registry_person"),
            models.Index(fields=["id_number_index"], name="person_id_number", condition=~Q(id_number_index="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(key__isnull=True, name="", id_number_index="", phone_index="", phone_tail=""),
                name="person_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return str(_("(erased)"))
        return self.name or str(_("(name not given)"))

    @property
    def has_phone(self) -> bool:
        """Whether a telephone number is on file."""
        return bool(self.phone_sealed) and self.key_id is not None

    @property
    def has_id_number(self) -> bool:
        """Whether an identity number is on file."""
        return bool(self.id_number_sealed) and self.key_id is not None


class PhoneLook(models.Model):
    """Somebody looked people up by the last four digits of a telephone; counted by the throttle, kept for a day."""

    by_key = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by_key", "at"], name="phone_look_by")]


class Post(models.Model):
    """A post a person holds from a day to a day; ``until`` None: still."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    kind = models.CharField(_("post held"), max_length=24, choices=PostKind.choices)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    document = models.CharField(_("letter of appointment"), max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(until=None), name="post_held_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="post_period",
            ),
        ]
        indexes = [models.Index(fields=["kind"], name="post_kind", condition=Q(until=None))]


@pghistory.track(exclude=["version", "number_sealed", "number_index"])
class Certificate(Scoped, Versioned):
    """A person's certificate. Its number is sealed too: that of a special operator is T and the identity number."""

    view_permission = "registry.view"
    person_prefix = "person__"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(_("kind"), max_length=24, choices=CertificateKind.choices)
    work = models.CharField(_("operation or category"), max_length=60, blank=True, default="")
    number_sealed = models.BinaryField(default=b"", editable=False)
    number_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    issuer = models.CharField(_("issuing body"), max_length=80, blank=True, default="")
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager.from_queryset(PersonQuerySet)()
    plain: ClassVar[Any] = models.Manager()

    class Meta(Scoped.Meta):
        verbose_name = _("certificate")
        indexes = [
            models.Index(fields=["person"], name="certificate_person"),
            models.Index(fields=["region_path", "valid_to"], name="certificate_expiry"),
            models.Index(fields=["number_index"], name="certificate_number", condition=~Q(number_index="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("issued_on")),
                name="certificate_period",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
