"""Entering a risk point: its site within reach, its number, its place. For the body of an act."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import pinyin_initials
from anlan.kernel.searching import folded
from anlan.modules.registry import public as registry
from anlan.modules.risks.models import RiskPoint

SERIES = "风险"
HALF = gettext_noop("Give both longitude and latitude, or neither.")
NO_PLACE = gettext_noop("Longitude lies between 73 and 136, latitude between 3 and 54 degrees.")
OUTSIDE = gettext_noop(
    "This place lies outside %(region)s, where the site is on file. Correct longitude and latitude (WGS-84), or have "
    "the site moved first."
)


def site_within(work: Work, site: Any, permission: str) -> registry.SiteView:
    """The site within the actor's reach for this permission; a site elsewhere does not exist for him."""
    pk = getattr(site, "pk", None) or getattr(site, "id", site)
    try:
        found = registry.site_view(work.actor, int(pk))
    except (NotFound, TypeError, ValueError, OverflowError) as why:
        raise BadInput("site", gettext_noop("Choose a site within your jurisdiction.")) from why
    own = any(grant.holder == found.holder for grant in work.actor.grants_for(permission) if grant.holder)
    if not own and not work.actor.may_at(permission, found.region_path, found.sector):
        raise NotAllowed(permission=permission)
    return found


def words_of(point: RiskPoint, site: registry.SiteView) -> str:
    """What a search for a point looks in: itself, then the names, the code and the initials of unit and site."""
    names = dict.fromkeys((site.unit_name, site.name))
    initials = dict.fromkeys("" if name.isascii() else pinyin_initials(name) for name in names)
    said = (point.number, point.name, point.place, *names, site.uscc, *initials)
    return folded("\n".join(text for text in said if text))


def number_of(site: registry.SiteView) -> str:
    """The next running number of the county: ``FX441481-000001``."""
    steps = [site.region_path[:end] for end in range(Region.steplen, len(site.region_path) + 1, Region.steplen)]
    codes = dict(Region.objects.filter(path__in=steps).exclude(code="").values_list("path", "code"))
    known = [codes[path] for path in steps if path in codes]
    county = [code for code in known if code[4:6] != "00"]
    code = (county[0] if county else known[-1] if known else "000000")[:6]
    return f"FX{code}-{next_numbers(f'{SERIES}:{code}')[0]:06d}"


def placed(site: registry.SiteView, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    """Where a point lies: as given, else as its site; refused where that is no place, or outside the site's region."""
    if lon is None and lat is None:
        return site.lon, site.lat
    if lon is None or lat is None:
        raise BadInput("lat" if lat is None else "lon", HALF)
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        raise BadInput("lon", NO_PLACE)
    if registry.lies_outside(site.region_path, lon, lat):
        name = Region.objects.filter(path=site.region_path).values_list("name", flat=True).first() or site.name
        raise BadInput("lon", OUTSIDE, region=name)
    return lon, lat


def need_text(column: str, text: str, *, most: int, least: int = 1) -> str:
    """The text, trimmed; refused when it says nothing or too much."""
    said = " ".join(str(text or "").split())
    if len(said) < least:
        raise BadInput(column, gettext_noop("Say it in words."))
    if len(said) > most:
        raise BadInput(column, gettext_noop("At most %(most)s characters. Shorten it."), most=most)
    return said


def one_of(column: str, value: str, choices: Any) -> str:
    """A code of a choice; refused with the codes that are accepted."""
    if value not in choices.values:
        raise BadInput(column, gettext_noop("Choose one of %(choices)s."), choices=", ".join(choices.values))
    return value
