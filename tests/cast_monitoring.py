"""The cast's gateways and tags: admitted and revoked ones, a tag in use and one out of use, something refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anlan.kernel.actor import Actor
from anlan.modules.monitoring import services as monitoring


def listen(county: Any) -> None:
    """Two gateways, two tags."""
    mark, keeper = county.mark, county.actor("unit_safety")
    code = f"gw-{county.site.pk}"
    made = {}
    for state in ("active", "revoked"):
        gateway, _secret = monitoring.register_gateway(
            actor=keeper, site=county.site.pk, code=f"{code}-{state}", name=f"{mark}采集网关"
        )
        made[state] = gateway
    for name in ("used", "unused"):
        made[name] = monitoring.put_tag(
            actor=keeper, gateway=made["active"].pk, name=f"{mark}{name}", label=f"{mark}液位", quantity="level"
        )
    monitoring.retire_tag(actor=keeper, tag=made["unused"].pk, reason=f"{mark}已拆除")
    monitoring.revoke_gateway(actor=keeper, gateway=made["revoked"].pk, reason=f"{mark}已更换")
    refused = {(made["active"].code, "unknown_tag"): (3, f"{mark}LT-9")}
    monitoring.count_refused(actor=Actor.system("tests"), refused=refused)
    fresh: dict[str, Any] = {name: type(row).plain.get(pk=row.pk) for name, row in made.items()}
    county.installations |= {
        f"gateway-{name}" if name in ("active", "revoked") else f"tag-{name}": row for name, row in fresh.items()
    }


# The record of a county for each model that addresses are about.
MONITORING: dict[str, Callable[[Any], Any]] = {
    "monitoring.gateway": lambda c: c.installations["gateway-active"],
    "monitoring.tag": lambda c: c.installations["tag-used"],
}
