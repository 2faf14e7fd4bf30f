"""The table of counts."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How often something was done in the window that ends at ``until``; ``key`` is a digest of limit and subject."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)
