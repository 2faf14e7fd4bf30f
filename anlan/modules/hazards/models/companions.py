"""What runs beside a hazard's own process: transfers, listings, instructions, extensions."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.scope import PathField
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.hazards.choices import ListingLevel
from anlan.modules.hazards.models.hazard import Hazard
from anlan.modules.hazards.workflow import EXTENSION, INSTRUCTION, LISTING, TRANSFER
from anlan.rules.steps import Workflow


def desk_covers(actor: Actor, permissions: tuple[str, ...], path: str, sector: str) -> bool:
    """Whether one of the actor's offices with one of the permissions is this desk, or one above it."""
    return actor.is_system or any(
        not grant.holder and path.startswith(grant.path) and grant.sector in ("", sector)
        for permission in permissions
        for grant in actor.grants_for(permission)
    )


class Companion(InProcess):
    """A record about a hazard with steps of its own. Its scope columns and its owner's are copied from the hazard."""

    view_permission = "hazards.view"
    scope_by: ClassVar[tuple[tuple[str, str], ...]] = (("region_path", "sector"), ("owner_path", "owner_sector"))

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="%(class)ss")
    owner_path = PathField()
    owner_sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    at = models.DateTimeField(editable=False)
    by_key = models.CharField(max_length=60, editable=False)
    by_name = models.CharField(max_length=80, editable=False)

    class Meta(InProcess.Meta):
        abstract = True

    def get_absolute_url(self) -> str:
        """The hazard's record page."""
        return reverse("hazards:record", kwargs={"pk": self.hazard_id})

    def covers_desk(self, actor: Actor, permissions: tuple[str, ...], code: str) -> bool:
        """Whether a step is on this actor's desk: the hazard's owner's, unless a companion says otherwise."""
        own = any(g.holder and g.holder == self.holder for p in permissions for g in actor.grants_for(p))
        return own or desk_covers(actor, permissions, self.owner_path, self.owner_sector)

    def steps_open_to(self, actor: Actor) -> tuple[Any, ...]:
        """The steps on this actor's desk."""
        return tuple(s for s in self.process.steps_from(self.state) if self.covers_desk(actor, s.who, s.code))


@pghistory.track(exclude=["version"])
class Transfer(Companion):
    """An offer of a hazard to another desk; only when it is taken over does the owner change."""

    scope_by = (("region_path", "sector"), ("owner_path", "owner_sector"), ("to_path", "to_sector"))
    process: ClassVar[Workflow] = TRANSFER

    to_path = PathField()
    to_sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    reason = models.TextField(_("reason"))
    answer = models.TextField(_("answer"), blank=True, default="")

    class Meta(Companion.Meta):
        verbose_name = _("transfer")
        triggers = process_triggers(TRANSFER)
        constraints = [
            process_check(TRANSFER, "hazard_transfer"),
            models.UniqueConstraint(fields=["hazard"], condition=Q(state="offered"), name="hazard_one_offer"),
        ]
        indexes = [
            models.Index(fields=["hazard", "-id"], name="hazard_transfer_hazard"),
            models.Index(fields=["to_path", "-id"], name="hazard_transfer_to"),
            models.Index(fields=["owner_path", "-id"], name="hazard_transfer_owner"),
            models.Index(fields=["region_path", "-id"], name="hazard_transfer_region"),
        ]

    def __str__(self) -> str:
        return str(self.hazard)

    def covers_desk(self, actor: Actor, permissions: tuple[str, ...], code: str) -> bool:
        """The receiver answers, the offering office recalls."""
        if code in ("take_over", "refuse"):
            return desk_covers(actor, permissions, self.to_path, self.to_sector)
        return desk_covers(actor, permissions, self.owner_path, self.owner_sector)


@pghistory.track(exclude=["version"])
class Listing(Companion):
    """A hazard on an office's supervision list (挂牌督办): level, number, responsible leader, time limit, reason.

    ``office_path`` is the region that lists. ``published`` marks a listing that may be shown to the public.
    ``leader_phone`` is the telephone of the leader's office, published with the listing.
    """

    scope_by = (("region_path", "sector"), ("owner_path", "owner_sector"), ("office_path", "owner_sector"))
    process: ClassVar[Workflow] = LISTING

    level = models.CharField(_("level"), max_length=8, choices=ListingLevel.choices)
    office_path = PathField()
    number = models.CharField(_("list number"), max_length=60, blank=True, default="")
    leader_name = models.CharField(_("responsible leader"), max_length=60, blank=True, default="")
    leader_title = models.CharField(_("leader's post"), max_length=80, blank=True, default="")
    leader_phone = models.CharField(_("leader's office telephone"), max_length=20, blank=True, default="")
    due_on = models.DateField(_("time limit"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    requirements = models.TextField(_("requirements"), blank=True, default="")
    published = models.BooleanField(_("published"), default=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    evaluation = models.TextField(_("evaluation"), blank=True, default="")
    answer = models.TextField(_("answer"), blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Companion.Meta):
        verbose_name = _("listing for supervision")
        triggers = process_triggers(LISTING)
        constraints = [
            process_check(LISTING, "hazard_listing"),
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state__in=["listed", "delisting_requested"]), name="hazard_one_listing"
            ),
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state="requested"), name="hazard_one_listing_request"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="hazard_listing_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "declined"])
                | ~Q(number="") & ~Q(leader_name="") & Q(due_on__isnull=False, listed_at__isnull=False),
                name="hazard_listing_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["hazard", "-id"], name="hazard_listing_hazard"),
            models.Index(fields=["office_path", "state", "due_on"], name="hazard_listing_office"),
            models.Index(fields=["region_path", "state", "due_on"], name="hazard_listing_region"),
            models.Index(fields=["owner_path", "state", "due_on"], name="hazard_listing_owner"),
            models.Index(
                fields=["due_on", "id"],
                name="hazard_listing_published",
                condition=Q(published=True, state__in=["listed", "delisting_requested"]),
            ),
            models.Index(
                fields=["-ended_at", "-id"], name="hazard_listing_ended", condition=Q(published=True, state="delisted")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hazard.title}".strip()

    def covers_desk(self, actor: Actor, permissions: tuple[str, ...], code: str) -> bool:
        """The office of the list decides; removal is asked for by the unit or by whose desk the hazard is on."""
        if code == "request_delisting":
            return super().covers_desk(actor, permissions, code)
        return desk_covers(actor, permissions, self.office_path, self.owner_sector)


@pghistory.track(exclude=["version"])
class Instruction(Companion):
    """A leader's instruction (批示) to the office that owns the hazard, to be answered by a day."""

    process: ClassVar[Workflow] = INSTRUCTION

    text = models.TextField(_("instruction"))
    due_on = models.DateField(_("answer by"))
    from_path = PathField()
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(Companion.Meta):
        verbose_name = _("instruction")
        triggers = process_triggers(INSTRUCTION)
        constraints = [process_check(INSTRUCTION, "hazard_instruction")]
        indexes = [
            models.Index(fields=["hazard", "-id"], name="hazard_instruction_hazard"),
            models.Index(fields=["owner_path", "due_on"], name="hazard_instruction_due", condition=Q(state="given")),
            models.Index(fields=["region_path", "-id"], name="hazard_instruction_region"),
            models.Index(fields=["owner_path", "-id"], name="hazard_instruction_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.hazard.number} {self.text[:60]}"

    def covers_desk(self, actor: Actor, permissions: tuple[str, ...], code: str) -> bool:
        """The owner's office answers; the leader's own office recalls or returns."""
        if code == "answer":
            return desk_covers(actor, permissions, self.owner_path, self.owner_sector)
        return desk_covers(actor, permissions, self.from_path, self.owner_sector)


@pghistory.track(exclude=["version"])
class Extension(Companion):
    """A request for more time (延期), counted and answered in writing."""

    process: ClassVar[Workflow] = EXTENSION

    due_before = models.DateField(_("time limit before"))
    asked_due = models.DateField(_("asked until"))
    reason = models.TextField(_("reason"))
    safeguards = models.TextField(_("safeguards meanwhile"))
    granted_due = models.DateField(_("granted until"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    basis = models.CharField(max_length=300, blank=True, default="")

    class Meta(Companion.Meta):
        verbose_name = _("extension of time")
        triggers = process_triggers(EXTENSION)
        constraints = [
            process_check(EXTENSION, "hazard_extension"),
            models.UniqueConstraint(fields=["hazard"], condition=Q(state="asked"), name="hazard_one_extension_asked"),
            models.CheckConstraint(condition=Q(asked_due__gt=models.F("due_before")), name="hazard_extension_later"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_due__gt=models.F("due_before")),
                name="hazard_extension_granted",
            ),
        ]
        indexes = [
            models.Index(fields=["hazard", "-id"], name="hazard_extension_hazard"),
            models.Index(fields=["region_path", "-id"], name="hazard_extension_region"),
            models.Index(fields=["owner_path", "-id"], name="hazard_extension_owner"),
        ]

    def __str__(self) -> str:
        return str(self.hazard)
