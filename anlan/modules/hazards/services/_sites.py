"""The registry's sites as this module needs them: by the actor's reach, with the names of site and unit."""

from __future__ import annotations

from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.modules.registry import public as registry


def site_within(work: Work, site: Any, permission: str) -> registry.SiteView:
    """The site within the actor's reach for this permission; a site elsewhere does not exist for him."""
    pk = getattr(site, "id", site)
    try:
        found = registry.site_view(work.actor, int(pk))
    except (NotFound, TypeError, ValueError) as why:
        raise BadInput("site", gettext_noop("Choose a site within your jurisdiction.")) from why
    if not may_on_site(work.actor, permission, found):
        raise NotAllowed(permission=permission)
    return found


def may_on_site(actor: Actor, permission: str, site: registry.SiteView) -> bool:
    """Whether the permission is held where the site lies, or for its unit."""
    if actor.may_at(permission, site.region_path, site.sector):
        return True
    return any(grant.holder == site.holder for grant in actor.grants_for(permission) if grant.holder)
