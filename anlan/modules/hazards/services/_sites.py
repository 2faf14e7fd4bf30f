"""The registry's sites as this module needs them: by the actor's reach, with the names of site and unit."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, NotAllowed, gettext_noop


def site_within(work: Work, site: Any, permission: str) -> Any:
    """The site within the actor's reach for this permission."""
    rows = apps.get_model("registry.Site").objects.visible_to(work.actor).select_related("unit")
    pk = getattr(site, "pk", site)
    found = rows.filter(pk=pk).first() if str(pk).isdigit() else None
    if found is None:
        raise BadInput("site", gettext_noop("Choose a site within your jurisdiction."))
    if not work.actor.may(permission, found):
        raise NotAllowed(permission=permission)
    return found


def sector_labels() -> dict[str, str]:
    """The sector lines by code."""
    return {code: str(label) for code, label in apps.get_model("registry.Site")._meta.get_field("sector").flatchoices}
