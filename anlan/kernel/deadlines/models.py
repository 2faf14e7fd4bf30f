"""The table of deadlines."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.acts import Versioned
from anlan.kernel.scope import PathField, Scoped


class DeadlineState(models.TextChoices):
    """Where a deadline stands; being overdue is not a state but ``due_at`` in the past while open."""

    OPEN = "open", pgettext_lazy("deadline", "Open")
    PAUSED = "paused", pgettext_lazy("deadline", "Paused")
    MET = "met", pgettext_lazy("deadline", "Met")
    CANCELLED = "cancelled", pgettext_lazy("deadline", "Cancelled")


class Deadline(Scoped, Versioned):
    """One thing due.

    ``desk_path`` is the office (a region's path) whose people must act, ``desk_holder`` the unit, ``assignee`` the
    person if one was named; ``duty`` the permission that marks the people meant. ``basis`` is the citation as
    shown, ``trace`` the rule's steps. ``in_working_days`` says how the rule counts, so that a pause can be given
    back in the same measure; ``provisional`` that the count leans on a year whose holiday notice is not held yet;
    ``raw_on`` is the day before it rolled off a day off, from which it rolls anew once that notice is loaded.
    ``next_action_at`` is when the sweep looks at the row again, ``reminded_days`` the smallest number of days ahead
    for which a reminder went out. ``paused_at`` stays on an item that was met while its clock stood still.
    The scope columns are copied from the subject and follow it.
    """

    view_permission = "deadlines.view"
    follows_subject = True
    scope_by = (("region_path", "sector"), ("desk_path", "desk_sector"))

    kind = models.CharField(max_length=48)
    label = models.CharField(max_length=120)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_title = models.CharField(max_length=200)
    starts_on = models.DateField()
    due_at = models.DateTimeField()
    raw_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    in_working_days = models.BooleanField(default=False)
    basis = models.CharField(max_length=300, blank=True, default="")
    trace = models.JSONField(default=list)
    duty = models.CharField(max_length=60)
    desk_path = PathField(blank=True, default="")
    desk_sector = models.CharField(max_length=32, blank=True, default="")
    desk_holder = models.CharField(max_length=40, blank=True, default="")
    assignee = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=DeadlineState.choices, default=DeadlineState.OPEN)
    remind_days = models.JSONField(default=list)
    reminded_days = models.PositiveSmallIntegerField(null=True)
    next_action_at = models.DateTimeField(null=True)
    escalated_path = PathField(blank=True, default="")
    escalations = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="deadline_subject"),
            models.Index(
                fields=["desk_path", "duty", "due_at"], name="deadline_desk", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["desk_holder", "due_at"],
                name="deadline_holder",
                condition=models.Q(state="open") & ~models.Q(desk_holder=""),
            ),
            models.Index(fields=["assignee", "due_at"], name="deadline_assignee", condition=models.Q(state="open")),
            models.Index(
                fields=["escalated_path", "due_at"],
                name="deadline_escalated",
                condition=models.Q(state="open") & ~models.Q(escalated_path=""),
            ),
            models.Index(fields=["next_action_at"], name="deadline_next", condition=models.Q(state="open")),
            models.Index(fields=["region_path", "due_at"], name="deadline_region", condition=models.Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=models.Q(state__in=["open", "paused"]),
                name="deadline_one_open_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.subject_title}"

    @property
    def overdue(self) -> bool:
        """True when it is open and its time has passed."""
        return self.state == DeadlineState.OPEN and self.due_at < clock.now()

    @property
    def late(self) -> bool:
        """True when its time passed before it was answered; what was answered late stays known as late."""
        return self._clock_stopped_at > self.due_at and self.state != DeadlineState.CANCELLED

    @property
    def days_late(self) -> int:
        """Whole calendar days beyond the due day when it was answered, or until now; 0 when in time."""
        return max((clock.day_of(self._clock_stopped_at) - clock.day_of(self.due_at)).days, 0) if self.late else 0

    @property
    def _clock_stopped_at(self) -> dt.datetime:
        return self.paused_at or self.ended_at or clock.now()

    @property
    def days_left(self) -> int:
        """Calendar days until the due day; negative when over."""
        return (clock.day_of(self.due_at) - clock.today()).days


class HolidayNotice(models.Model):
    """The yearly notice on days off this deployment loaded: the days as ``[date, kind, name]``, and the file's name."""

    year = models.PositiveSmallIntegerField(unique=True)
    days = models.JSONField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)
