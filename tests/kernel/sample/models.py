"""Tables of the sample module."""

from __future__ import annotations

import pghistory
from django.db import models

from anlan.kernel.regions.models import Region
from anlan.kernel.scope import PathField, Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from tests.kernel.sample.workflow import TICKET


class Holding(Scoped):
    """A unit, whose people act for it."""

    view_permission = "sample.view"

    name = models.CharField(max_length=40)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        pass


@pghistory.track()
class Ticket(InProcess):
    """A record in process, seen where it lies and by the office on whose desk it is."""

    view_permission = "sample.view"
    scope_by = (("region_path", "sector"), ("desk_path", "desk_sector"))
    process = TICKET

    title = models.CharField(max_length=80)
    note = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    desk_path = PathField(blank=True, default="")
    desk_sector = models.CharField(max_length=32, blank=True, default="")
    holding = models.ForeignKey(Holding, null=True, on_delete=models.PROTECT, related_name="tickets")

    class Meta(InProcess.Meta):
        triggers = process_triggers(TICKET)
        constraints = [
            process_check(TICKET, "sample_ticket"),
            models.UniqueConstraint(fields=["region_path", "title"], name="ticket_title_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Part(Scoped):
    """What hangs on a ticket."""

    view_permission = "sample.view"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=40)

    class Meta(Scoped.Meta):
        pass
