"""The registry's acts. The modules with a leading underscore are what they are made of."""

from anlan.modules.registry.services.found import SEEN_FIELDS, correct_site, register_found
from anlan.modules.registry.services.intake import intake_units
from anlan.modules.registry.services.merging import mark_different, merge_sites, merge_units
from anlan.modules.registry.services.people import (
    add_certificate,
    add_person,
    change_person,
    end_post,
    erase_person,
    give_post,
    unmask_person,
    withdraw_certificate,
)
from anlan.modules.registry.services.sites import (
    change_site,
    close_site,
    link_landlord,
    move_site,
    reopen_site,
    suspend_site,
)
from anlan.modules.registry.services.units import add_site, change_unit, register_unit, upgrade_number

__all__ = [
    "SEEN_FIELDS",
    "add_certificate",
    "add_person",
    "add_site",
    "change_person",
    "change_site",
    "change_unit",
    "close_site",
    "correct_site",
    "end_post",
    "erase_person",
    "give_post",
    "intake_units",
    "link_landlord",
    "mark_different",
    "merge_sites",
    "merge_units",
    "move_site",
    "register_found",
    "register_unit",
    "reopen_site",
    "suspend_site",
    "unmask_person",
    "upgrade_number",
    "withdraw_certificate",
]
