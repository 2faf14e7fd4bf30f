"""Acts on sites: change, move, suspend, close, reopen, link the landlord."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, BadInputs, WrongStep, gettext_noop
from anlan.kernel.intake.names import address_key
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import full_name
from anlan.modules.registry.choices import SiteStatus
from anlan.modules.registry.events import (
    LandlordLinked,
    SiteClosed,
    SiteMoved,
    SiteReopened,
    SiteSuspended,
)
from anlan.modules.registry.models import Site, StatusChange
from anlan.modules.registry.rows import ENTERPRISE, FLAG_FIELDS, SITE_FIELDS
from anlan.modules.registry.services._applying import apply_site, site_words
from anlan.modules.registry.services._changes import site_changes
from anlan.modules.registry.services._following import follow_site
from anlan.modules.registry.services._places import TOO_LARGE

LABELS = {word.value: word.label for word in SiteStatus}


@act(may="registry.change", on=Site)
def change_site(work: Work, site: Site, *, data: Mapping[str, Any]) -> None:
    """Change fields of a site (those of the row schema); what is not in ``data`` stays, the same values do nothing.

    Another sector line is announced: what other modules copied follows.
    """
    unknown = data.keys() - {*SITE_FIELDS, *FLAG_FIELDS}
    if unknown:
        raise BadInput(sorted(unknown)[0], gettext_noop("This field cannot be changed here."))
    given = {**data}
    for one, other in (("lon", "lat"), ("lat", "lon")):
        if one in given and other not in given:
            given[other] = getattr(site, other)
    values = ENTERPRISE.parse(given, partial=True, strict=True).required()
    apply_site(work, site, site_changes(site, values, blanks=True))


@act(may="registry.change", on=Site)
def move_site(
    work: Work,
    site: Site,
    *,
    region: Region,
    reason: str,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
) -> None:
    """The site lies in another town from now on. The actor must reach both places.

    Address and point are those of the new place: left out, they are emptied, since the old ones are wrong there.
    Its people and what is due on it follow here; other modules' rows follow by ``SiteMoved``.
    """
    problems = []
    if not reason.strip():
        problems.append(BadInput("reason", gettext_noop("Say why the site moved.")))
    if region.valid_to is not None or region.kind in TOO_LARGE:
        problems.append(BadInput("region", gettext_noop("Choose the town, street or village to which the site moved.")))
    elif not work.actor.may_at("registry.change", region.path, site.sector):
        problems.append(
            BadInput(
                "region",
                gettext_noop("That region lies outside your jurisdiction. Ask the office above both to move the site."),
            )
        )
    given = {"address": address, "lon": lon, "lat": lat}
    parsed = ENTERPRISE.parse(given, partial=True)
    problems += [problem.as_error() for problem in parsed.problems]
    if problems:
        raise BadInputs(problems)
    if region.pk == site.region_id:
        return
    before, old_path = full_name(site.region_path), site.region_path
    values = parsed.required()
    site.region, site.region_path = region, region.path
    site.address, site.lon, site.lat = values["address"] or "", values["lon"], values["lat"]
    site.address_key = address_key(site.address)
    site.search_text = site_words(site)
    site.save()
    work.record(
        SiteMoved(before=before, after=full_name(region.path), old_path=old_path, new_path=region.path, reason=reason),
        on=site,
    )
    follow_site(site)


@act(may="registry.change", on=Site)
def suspend_site(work: Work, site: Site, *, since: dt.date, reason: str) -> None:
    """The site stops work for a time, from a day on."""
    if _set_status(work, site, SiteStatus.SUSPENDED, since, reason, (SiteStatus.OPERATING,)):
        work.record(SiteSuspended(since=since.isoformat(), reason=reason.strip()), on=site)


@act(may="registry.change", on=Site)
def close_site(work: Work, site: Site, *, since: dt.date, reason: str) -> None:
    """The site closed for good, from a day on. Its record stays; a closed site can be reopened with a reason."""
    if _set_status(work, site, SiteStatus.CLOSED, since, reason, (SiteStatus.OPERATING, SiteStatus.SUSPENDED)):
        work.record(SiteClosed(since=since.isoformat(), reason=reason.strip()), on=site)


@act(may="registry.change", on=Site)
def reopen_site(work: Work, site: Site, *, since: dt.date, reason: str) -> None:
    """The site works again, from a day on."""
    if _set_status(work, site, SiteStatus.OPERATING, since, reason, (SiteStatus.SUSPENDED, SiteStatus.CLOSED)):
        work.record(SiteReopened(since=since.isoformat(), reason=reason.strip()), on=site)


@act(may="registry.change", on=Site)
def link_landlord(work: Work, site: Site, *, landlord: Site | None) -> None:
    """Say which site lets its premises to this one; None: none does. Circles are refused."""
    if landlord is not None:
        landlord = Site.objects.visible_to(work.actor).filter(pk=landlord.pk, merged_into=None).first()
        if landlord is None:
            raise BadInput("landlord", gettext_noop("There is no such site in your jurisdiction."))
        above: Site | None = landlord
        for _level in range(20):
            if above is None:
                break
            if above.pk == site.pk:
                raise BadInput("landlord", gettext_noop("The landlord is this site itself, or one of its own tenants."))
            above = above.landlord
    before = site.landlord
    if (before.pk if before else None) == (landlord.pk if landlord else None):
        return
    site.landlord = landlord
    site.save(update_fields=["landlord"])
    work.record(
        LandlordLinked(landlord=landlord.name if landlord else "—", before=before.name if before else "—"), on=site
    )


def _set_status(
    work: Work, site: Site, status: SiteStatus, since: dt.date, reason: str, wanted: tuple[SiteStatus, ...]
) -> bool:
    if site.status == status and site.status_since == since:
        return False
    if site.status not in wanted:
        raise WrongStep(step=str(LABELS[status]), state=str(LABELS[site.status]))
    problems = []
    if not reason.strip():
        problems.append(BadInput("reason", gettext_noop("Give the reason, and the document it rests on.")))
    if since > clock.today():
        problems.append(BadInput("since", gettext_noop("The day lies in the future. Enter it once it has come.")))
    last = site.status_since or site.opened_on
    if last and since < last:
        problems.append(
            BadInput(
                "since",
                gettext_noop("The site has been “%(state)s” only since %(day)s. Choose a later day."),
                state=str(LABELS[site.status]),
                day=last.isoformat(),
            )
        )
    if problems:
        raise BadInputs(problems)
    site.status, site.status_since = status, since
    site.save(update_fields=["status", "status_since"])
    StatusChange.objects.create(
        site=site, status=status, since=since, reason=reason.strip()[:200], by_name=work.actor.name, at=work.now
    )
    return True
