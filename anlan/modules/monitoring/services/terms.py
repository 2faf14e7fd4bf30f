"""Local rules of online monitoring."""

from __future__ import annotations

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop

RETENTION = "monitoring.retention_days"
MINUTES_KEPT, HOURS_KEPT = "monitoring.minutes_days", "monitoring.hours_days"
declare(RETENTION, gettext_noop("Days for which readings are kept"), 400, least=31, most=3660)
declare(MINUTES_KEPT, gettext_noop("Days for which the roll-ups of minutes are kept"), 1096, least=31, most=36600)
declare(HOURS_KEPT, gettext_noop("Days for which the roll-ups of hours are kept"), 3653, least=31, most=36600)
