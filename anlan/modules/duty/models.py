"""The tables of duty: rooms, shifts, swaps, gaps, absences."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.duty.choices import GapEnd, ShiftKind
from anlan.modules.duty.workflow import ON_ROSTER, SHIFT, SWAP, VIEW
from anlan.rules.steps import Workflow
from anlan.rules.working_days import calendar_day

USER = "identity.User"


def hours(begins: dt.datetime, ends: dt.datetime | None) -> str:
    """A stretch of time in figures, as read in both languages: 11-22 17:30 – 11-23 08:30."""
    first = begins.astimezone(clock.CHINA)
    if ends is None:
        return f"{first:%m-%d %H:%M} –"
    last = ends.astimezone(clock.CHINA)
    return f"{first:%m-%d %H:%M} – {last:{'%H:%M' if first.date() == last.date() else '%m-%d %H:%M'}}"


class DutyRoom(Scoped, Versioned):
    """The duty room of an office that stands duty, with its telephone; ``closed_at`` when it does so no longer.

    One that is open stands for one region; after a merger of regions there may be two until one is closed.
    """

    view_permission = VIEW

    office = models.CharField(pgettext_lazy("duty", "Office"), max_length=80)
    phone = models.CharField(_("Telephone of the duty room"), max_length=30)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("duty room")
        indexes = [models.Index(fields=["region_path"], name="duty_room_region")]

    def __str__(self) -> str:
        return self.office

    def get_absolute_url(self) -> str:
        """The page of the room."""
        return reverse("duty:room", kwargs={"pk": self.pk})


@pghistory.track(exclude=["version"])
class Shift(InProcess):
    """Who stands duty in an office from one moment to another. ``region_path`` is the room's.

    ``rest_day`` marks a shift that begins on a day off; ``writer`` wrote the hand-over note, ``signer`` signed it.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = SHIFT

    room = models.ForeignKey(DutyRoom, on_delete=models.PROTECT, related_name="shifts")
    kind = models.CharField(_("Shift"), max_length=5, choices=ShiftKind.choices)
    begins_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    rest_day = models.BooleanField(_("Day off"), default=False)
    officer = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Duty officer"))
    leader = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Leading cadre"))
    deputy = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Deputy")
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("Hand-over note"), blank=True, default="")
    written_at = models.DateTimeField(null=True, blank=True)
    writer = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signer = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(InProcess.Meta):
        verbose_name = _("shift")
        triggers = process_triggers(SHIFT)
        constraints = [
            process_check(SHIFT, "shift"),
            models.UniqueConstraint(
                fields=["room", "begins_at"], condition=Q(state__in=ON_ROSTER), name="shift_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(signed_at__isnull=False, signer__isnull=False) & ~Q(note=""),
                name="shift_handed_over_signed",
            ),
            models.CheckConstraint(
                condition=Q(signer__isnull=True) | ~Q(signer=F("writer")), name="shift_signed_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "begins_at"], name="shift_region"),
            models.Index(fields=["officer", "begins_at"], name="shift_officer"),
            models.Index(fields=["ends_at"], name="shift_planned_end", condition=Q(state="planned")),
        ]

    def __str__(self) -> str:
        return f"{hours(self.begins_at, self.ends_at)} {self.room.office}"

    def get_absolute_url(self) -> str:
        """The page of the shift."""
        return reverse("duty:shift", kwargs={"pk": self.pk})

    @property
    def day(self) -> dt.date:
        """The local day on which it begins."""
        return clock.day_of(self.begins_at)

    @property
    def people(self) -> list[int]:
        """The keys of everybody on it."""
        return [pk for pk in (self.officer_id, self.leader_id, self.deputy_id) if pk]


class Swap(InProcess):
    """A request that a colleague stand a shift; it lapses when the shift begins unapproved."""

    view_permission = VIEW
    process: ClassVar[Workflow] = SWAP

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    asker = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Asked by"))
    colleague = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Colleague"))
    reason = models.CharField(_("Reason"), max_length=200)
    answer = models.CharField(_("Answer"), max_length=200, blank=True, default="")
    asked_at = models.DateTimeField(_("Asked on"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("swap of a shift")
        triggers = process_triggers(SWAP)
        constraints = [
            process_check(SWAP, "swap"),
            models.UniqueConstraint(fields=["shift"], condition=Q(state__in=["asked", "agreed"]), name="swap_one_open"),
            models.CheckConstraint(condition=~Q(asker=F("colleague")), name="swap_with_another"),
        ]
        indexes = [models.Index(fields=["region_path", "-id"], name="swap_region")]

    def __str__(self) -> str:
        return f"{self.shift} · {self.asker.name} → {self.colleague.name}"

    def get_absolute_url(self) -> str:
        """The page of the request."""
        return reverse("duty:swap", kwargs={"pk": self.pk})


class Gap(Scoped, Versioned):
    """A stretch without a duty officer, found while it lay ahead: one alarm, however often it is looked at.

    ``ends_at`` is empty where no later shift is planned; ``outcome`` and ``closed_at`` once it is over.
    """

    view_permission = VIEW

    room = models.ForeignKey(DutyRoom, on_delete=models.PROTECT, related_name="gaps")
    begins_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"), null=True, blank=True)
    opened_at = models.DateTimeField(_("Found on"))
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("State"), max_length=8, choices=GapEnd.choices, blank=True, default="")

    class Meta(Scoped.Meta):
        verbose_name = _("gap in the roster")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="gap_closed_somehow",
            )
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="gap_region"),
            models.Index(fields=["room"], name="gap_open", condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{hours(self.begins_at, self.ends_at)} {self.room.office}"

    def get_absolute_url(self) -> str:
        """The page of the gap."""
        return reverse("duty:gap", kwargs={"pk": self.pk})


class Absence(Scoped, Versioned):
    """The days, both included, on which somebody cannot stand duty; ``ended_at`` when it was taken back."""

    view_permission = VIEW

    room = models.ForeignKey(DutyRoom, on_delete=models.PROTECT, related_name="absences")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Full name"))
    first = models.DateField(_("First day"))
    last = models.DateField(pgettext_lazy("duty", "Last day"))
    reason = models.CharField(_("Reason"), max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("absence from duty")
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_in_order")]
        indexes = [models.Index(fields=["user", "last"], name="absence_user")]

    def __str__(self) -> str:
        return f"{self.user.name} {self.first.isoformat()} – {self.last.isoformat()}"


def off_day(day: dt.date) -> bool:
    """True for a weekend or holiday by the calendar of working days."""
    return not calendar_day(day).working
