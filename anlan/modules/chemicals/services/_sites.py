"""Sites of the registry as this module needs them."""

from __future__ import annotations

from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.modules.registry import public as registry


def site_within(actor: Actor, site: Any, permission: str) -> registry.SiteView:
    """The site within the actor's reach for this permission; a site elsewhere does not exist for him."""
    try:
        found = registry.site_view(actor, int(getattr(site, "pk", site)))
    except (NotFound, TypeError, ValueError) as why:
        raise BadInput("site", gettext_noop("Choose a site within your reach.")) from why
    held = actor.may_at(permission, found.region_path, found.sector) or any(
        grant.holder == found.holder for grant in actor.grants_for(permission) if grant.holder
    )
    if not held:
        raise NotAllowed(permission=permission)
    return found


def receiver(code: str) -> registry.SiteView:
    """The site goods are sent to: by the unit's code or, where it has several sites, the site's own number."""
    code = code.strip().upper()
    everywhere = Actor.system("chemicals.sending")
    number, _dash, serial = code.partition("-")
    found = registry.site_by_code(everywhere, number) if not serial else None
    if found is None:
        views = registry.sites_of_holder(everywhere, holder_of(number))
        if len(views) > 1 and not serial:
            raise BadInput(
                "to_code",
                gettext_noop("This unit has several sites. Give the number of the site, such as %(number)s."),
                number=views[0].number,
            )  # fmt: skip
        found = next((view for view in views if view.number == code), None)
    if found is None or not found.open:
        raise BadInput(
            "to_code",
            gettext_noop("No unit on file has this code. Correct it, or leave it out and give the receiver's name."),
        )
    return found


def holder_of(number: str) -> str:
    """The reference of the unit with that code; "" where none is on file."""
    rows = registry.unit_rows(Actor.system("chemicals.sending"))
    unit = rows.filter(uscc=number).first() or rows.filter(provisional_number=number).first() if number else None
    return unit.holder if unit is not None else ""
