"""Acts of people in the field: put a site found on the ground on file, correct what was found different there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.identity.models import User
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.models import Region
from anlan.modules.registry.choices import UnitKind
from anlan.modules.registry.events import SiteFound
from anlan.modules.registry.models import Site
from anlan.modules.registry.rows import ENTERPRISE
from anlan.modules.registry.services._applying import admit_one, apply_site, written
from anlan.modules.registry.services._changes import site_changes

FOUND_FIELDS = ("name", "address", "lon", "lat", "sector", "industry", "headcount", "flags", "principal",
                "principal_phone")  # fmt: skip
SEEN_FIELDS = ("site_name", "address", "lon", "lat", "headcount")
MAY, OFFICE = "registry.sites", "registry.change"


@act(may=MAY)
def register_found(work: Work, *, data: Mapping[str, Any], region: Region) -> Site:
    """Put a site without a licence that was found on the ground on file: a unit of that kind with this site, under a
    provisional number. The office that keeps the register there is told, and enters the code once there is one.

    ``data``: ``FOUND_FIELDS`` of the row schema, raw or converted. A name on file in that town is refused: the site is
    there already. Raises ``BadInputs`` naming each field.
    """
    if data.get("uscc"):
        raise BadInput(
            "uscc", gettext_noop("A unit with a licence is registered by its office. Put on file here what has none.")
        )
    _only(FOUND_FIELDS, data)
    admitted = admit_one(work, {**data, "kind": UnitKind.UNLICENSED.value}, region, permission=MAY)
    site = written(work, admitted)
    work.record(SiteFound(number=site.unit.provisional_number), on=site)
    tell(
        _office_over(site.region, site.sector, but=work.actor.user_id),
        gettext_noop("%(by)s found a site without a licence: %(name)s (%(number)s). Please check and complete it."),
        subject=site,
        by=work.actor.name,
        name=site.name,
        number=site.unit.provisional_number,
    )
    return site


@act(may=MAY, on=Site)
def correct_site(work: Work, site: Site, *, data: Mapping[str, Any]) -> None:
    """Correct what somebody on the spot sees to be different: ``SEEN_FIELDS`` (name on the door, address, point,
    headcount). What is not in ``data`` stays, the same values do nothing. What a site is, its line and its risks are
    for the office that keeps the register."""
    _only(SEEN_FIELDS, data)
    given = {**data}
    for one, other in (("lon", "lat"), ("lat", "lon")):
        if one in given and other not in given:
            given[other] = getattr(site, other)
    values = ENTERPRISE.parse(given, partial=True, strict=True).required()
    apply_site(work, site, site_changes(site, values, blanks=True))


def _only(fields: Iterable[str], data: Mapping[str, Any]) -> None:
    unknown = sorted(data.keys() - set(fields))
    if unknown:
        raise BadInput(unknown[0], gettext_noop("This field cannot be changed here."))


def _office_over(region: Region, sector: str, *, but: int | None) -> list[User]:
    """Who keeps the register at the nearest office above a place."""
    for path in reversed(region.ancestor_paths):
        people = list(holders_of(OFFICE, path=path, sector=sector))
        if people:
            return [user for user in people if user.pk != but]
    return []
