"""What the historian tells of gateways: how much was refused and why, when each was heard of last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.modules.monitoring.choices import Refusal
from anlan.modules.monitoring.models import Gateway
from anlan.modules.monitoring.workflow import TAKE_IN

WHY = "the historian tells of every gateway"
_ADD = """
INSERT INTO monitoring_gatewaycount (region_path, sector, holder, gateway_id, day, reason, count, sample)
SELECT g.region_path, g.sector, g.holder, g.id, %s, t.reason, t.n, t.sample
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[]) AS t(code, reason, n, sample)
JOIN monitoring_gateway g ON g.code = t.code
ORDER BY g.id, t.reason
ON CONFLICT (gateway_id, day, reason) DO UPDATE
SET count = monitoring_gatewaycount.count + EXCLUDED.count,
    sample = CASE WHEN EXCLUDED.sample = '' THEN monitoring_gatewaycount.sample ELSE EXCLUDED.sample END
"""


@act(may=TAKE_IN)
def count_refused(work: Work, *, refused: Mapping[tuple[str, str], tuple[int, str]]) -> None:
    """Add to today's counts: (gateway's code, reason) to (times, last example). Unknown codes are left out."""
    known = [(code, reason, n, sample[:80]) for (code, reason), (n, sample) in refused.items() if _fit(reason, n)]
    if known:
        columns = [list(column) for column in zip(*known, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [clock.day_of(work.now), *columns])


@act(may=TAKE_IN)
def note_seen(work: Work, *, seen: Mapping[str, dt.datetime]) -> None:
    """When something of each gateway was taken in last, by its code."""
    rows = Gateway.objects.everything(why=WHY).filter(code__in=list(seen))
    known = list(rows.only("pk", "code", "last_seen").order_by("pk").select_for_update())
    for gateway in known:
        at = seen[gateway.code]
        if gateway.last_seen is None or gateway.last_seen < at:
            gateway.last_seen = at
    Gateway.objects.everything(why=WHY).bulk_update(known, ["last_seen"], batch_size=500)


def _fit(reason: str, times: int) -> bool:
    return reason in Refusal.values and times > 0
