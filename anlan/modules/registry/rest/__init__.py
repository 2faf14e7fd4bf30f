"""The registry's HTTP API: units, sites, people (masked), certificates, ledgers, duplicates.

Fields of units and sites are those of the row schema, raw as a person types them or converted; the same sentences
refuse them here as on the screen and in a ledger. Regions are named by code, by name, or as ``@`` with the tree path.
"""

from ninja import Router

from anlan.modules.registry.rest import ledgers, people, sites, units

router = Router()
for part in (units, sites, people, ledgers):
    router.add_router("", part.router)

__all__ = ["router"]
