"""Tables of numbers and parameters."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from anlan.kernel.scope import PathField


class Counter(models.Model):
    """The last number given in a series (a noun, an office and a year)."""

    series = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)


@pghistory.track()
class Parameter(models.Model):
    """A figure set locally, from a day on, by a decision; the nearest region upward wins.

    ``code`` is a parameter a module declared, or ``law.`` and a figure of the rules that is to be verified.
    ``valid_to`` is the last day it counts; afterwards what counted before counts again.

    A merged region's figures stay with it: they were never decided for the region it went to.
    """

    stays_on_merge: ClassVar[bool] = True

    code = models.CharField(max_length=80)
    region_path = PathField(blank=True, default="")
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    set_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "region_path", "valid_from"], name="parameter_once_a_day")
        ]
