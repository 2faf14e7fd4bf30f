"""A tank farm for the city in which everything dies: gateways, their tags, limits on some of them; printed as JSON.

Run as a process of its own: ``python -m tests.faults.farm`` with ``ANLAN_DATABASE_URL`` naming the database.
"""

from __future__ import annotations

import json
import sys

import django
from django.db import connection

GATEWAYS, TAGS, LIMITED = 4, 200, 10
HIGH, DEAD_BAND = 80.0, 5.0


def main() -> None:
    """Builds, and tells the secrets, the keys of the tags by name, and of the limits by tag."""
    django.setup()
    from anlan.kernel.actor import Actor
    from anlan.modules.alarms import services as alarms
    from anlan.modules.monitoring import services as monitoring
    from anlan.modules.monitoring.models import Tag
    from tests.cast import build

    here, system = build(records=False).here, Actor.system("faults")
    told = {}
    for number in range(GATEWAYS):
        code = f"tank-{number}"
        gateway, secret = monitoring.register_gateway(
            actor=system, site=here.site.pk, code=code, name=f"{number}号罐区网关"
        )
        rows = [{"name": f"T{n}", "quantity": "temperature", "period_s": 1} for n in range(TAGS)]
        monitoring.enter_tags(actor=system, gateway=gateway.pk, rows=rows)
        tags = dict(Tag.plain.filter(gateway_id=gateway.pk).values_list("name", "pk"))
        limits = {}
        for n in range(LIMITED):
            setting = alarms.make_setting(
                actor=here.actor("county_officer"), tag=tags[f"T{n}"], kind="high", threshold=HIGH,
                dead_band=DEAD_BAND,
            )  # fmt: skip
            limits[f"T{n}"] = setting.pk
        told[code] = {"secret": secret, "tags": tags, "limits": limits}
    connection.close()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
