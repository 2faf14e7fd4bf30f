"""The city in which everything dies: a few people, a few sites, tokens; made by the acts, printed as JSON.

Run as a process of its own: ``python -m tests.faults.city`` with ``ANLAN_DATABASE_URL`` naming the database.
"""

from __future__ import annotations

import json
import sys

import django
from django.db import connection

SITES = 4


def main() -> None:
    """Builds, and tells the tokens and keys."""
    django.setup()
    from anlan.kernel.identity.actors import actor_for
    from anlan.kernel.identity.services import issue_token
    from anlan.modules.registry.services import register_unit
    from anlan.rules.uscc import make_valid
    from tests.cast import PASSWORD, build

    cast = build(records=False)
    county = cast.here
    tokens = {}
    for role in ("unit_safety", "town_officer", "county_officer"):
        user = county.users[role]
        scopes = ["hazards.*", "registry.change" if role == "county_officer" else "registry.view", "registry.view"]
        tokens[role] = issue_token(actor=actor_for(user), user=user, name="faults", scopes=sorted(set(scopes)))[1]
    units = []
    for number in range(SITES):
        data = {
            "name": f"青溪{'一二三四'[number]}号机械厂", "uscc": make_valid("91441701", 7000 + number),
            "town": county.town.name, "sector": "industry_trade:machinery", "headcount": "20",
        }  # fmt: skip
        made = register_unit(actor=actor_for(county.users["county_officer"]), data=data)
        units.append(made.pk)
    connection.close()
    told = {"tokens": tokens, "site": county.site.pk, "units": units}
    json.dump({**told, "officer": county.users["town_officer"].username, "password": PASSWORD}, sys.stdout)


if __name__ == "__main__":
    main()
