"""Local rules of online monitoring."""

from __future__ import annotations

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop

RETENTION = "monitoring.retention_days"
declare(RETENTION, gettext_noop("Days for which readings are kept"), 400, least=31, most=3660)
