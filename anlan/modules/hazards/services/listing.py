"""挂牌督办: listing a hazard for supervision by a town, county or city, and removing it from the list.

Issued downward by the office of the level, or asked for upward (提级) by the office below. A listing by a higher
level takes a lower one over, so that one list holds a hazard at a time. No text held says which level lists which
hazard; the level is a person's choice.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, WrongStep, gettext_noop
from anlan.kernel.regions.models import RegionKind
from anlan.kernel.regions.selectors import region_at
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.hazards.choices import LISTING_LABELS, LISTING_RANK, ListingLevel
from anlan.modules.hazards.events import (
    DelistingRequested,
    HazardDelisted,
    HazardListed,
    ListingDeclined,
    ListingKept,
    ListingRequested,
    ListingSuperseded,
)
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.models.companions import desk_covers
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services._beside import companion_fields, locked_hazard
from anlan.modules.hazards.workflow import UNDER_WAY

KINDS: dict[str, tuple[str, ...]] = {
    ListingLevel.TOWN: (RegionKind.TOWN, RegionKind.PARK),
    ListingLevel.COUNTY: (RegionKind.COUNTY,),
    ListingLevel.CITY: (RegionKind.CITY,),
}
MOBILE = re.compile(r"1[3-9]\d{9}$")  # no area code begins so


@act(may="hazards.supervise", on=Hazard)
def list_hazard(
    work: Work,
    hazard: Hazard,
    *,
    level: str,
    leader_name: str,
    leader_title: str,
    due_on: dt.date,
    reason: str,
    requirements: str = "",
    leader_phone: str = "",
    published: bool = True,
) -> Listing:
    """List an assessed, open hazard at a level of which the actor's office is, or is above."""
    why = desks.need_text(work, "reason", reason)
    office = _office(work, hazard, level)
    if not desk_covers(work.actor, ("hazards.supervise",), office, hazard.owner_sector):
        raise NotAllowed(gettext_noop("Only the office of that level lists. Ask it to take the hazard up (提级)."))
    _listable(work, hazard, level)
    listing = Listing(
        **companion_fields(work, hazard), level=level, office_path=office, reason=why, published=published
    )
    _fill(work, listing, leader_name, leader_title, leader_phone, due_on, requirements)
    begin(work, listing, "list")
    _supersede(work, hazard, listing.number)
    created(listing)
    remember(work, listing, "list", why)
    _listed(work, hazard, listing)
    return listing


@act(may=("hazards.supervise", "hazards.grade"), on=Hazard)
def request_listing(work: Work, hazard: Hazard, *, level: str, reason: str) -> Listing:
    """Ask the office of a higher level to list (提级督办). One request at a time."""
    why = desks.need_text(work, "reason", reason)
    office = _office(work, hazard, level)
    _listable(work, hazard, level)
    if _of(hazard, "requested"):
        raise BadInput("level", gettext_noop("A request is waiting for an answer already."))
    if not hazard.on_desk_of(work.actor, ("hazards.supervise", "hazards.grade")):
        raise NotAllowed(permission="hazards.supervise")
    listing = Listing(**companion_fields(work, hazard), level=level, office_path=office, reason=why)
    begin(work, listing, "request")
    created(listing)
    remember(work, listing, "request", why)
    desks.note(work, ListingRequested(level=level, level_label=LISTING_LABELS[level], reason=why), on=hazard)
    text = gettext_noop("You are asked to list %(number)s for supervision: %(reason)s")
    desks.tell_desk(work, hazard, "listing", text, office_path=office, reason=why)
    return listing


@act(may="hazards.supervise", on=Listing)
def grant_listing(
    work: Work,
    listing: Listing,
    *,
    leader_name: str,
    leader_title: str,
    due_on: dt.date,
    requirements: str = "",
    leader_phone: str = "",
    published: bool = True,
) -> None:
    """List as the office below asked."""
    hazard = locked_hazard(work, listing, "grant")
    _listable(work, hazard, listing.level)
    listing.published = published
    _fill(work, listing, leader_name, leader_title, leader_phone, due_on, requirements)
    take(work, listing, "grant")
    _supersede(work, hazard, listing.number)
    _save(work, listing)
    _listed(work, hazard, listing)


@act(may="hazards.supervise", on=Listing)
def decline_listing(work: Work, listing: Listing, *, answer: str) -> None:
    """Decline the request, with the reason."""
    hazard = locked_hazard(work, listing, "decline")
    listing.answer = desks.need_text(work, "answer", answer)
    take(work, listing, "decline", note=listing.answer)
    _save(work, listing)
    desks.note(work, ListingDeclined(answer=listing.answer), on=hazard)


@act(may=("hazards.plan", "hazards.on_behalf", "hazards.supervise"), on=Listing)
def request_delisting(work: Work, listing: Listing, *, evaluation: str) -> None:
    """Ask for removal once the treatment is accepted: what was done and how it was evaluated."""
    hazard = locked_hazard(work, listing, "request_delisting")
    said = desks.need_text(work, "evaluation", evaluation, 4)
    if listing.state == "listed" and hazard.state != "accepted":
        raise WrongStep(
            step=Listing.process.step("request_delisting").label, state=hazard.process.state(hazard.state).label
        )
    listing.evaluation = said
    take(work, listing, "request_delisting", note=said)
    _save(work, listing)
    desks.note(work, DelistingRequested(evaluation=said), on=hazard)
    text = gettext_noop("Removal of %(number)s from the supervision list is requested.")
    desks.tell_desk(work, hazard, "listing", text, office_path=listing.office_path)


@act(may="hazards.delist", on=Listing)
def delist_hazard(work: Work, listing: Listing, *, answer: str) -> None:
    """Remove from the list, with the finding it rests on; by another person than who asked."""
    hazard = locked_hazard(work, listing, "delist")
    listing.answer = desks.need_text(work, "answer", answer)
    take(work, listing, "delist", note=listing.answer)
    listing.ended_at = work.now
    _save(work, listing)
    hazard.listing_level = ""
    deadlines.meet(work, hazard, "listing")
    desks.settle(work, hazard)
    desks.note(work, HazardDelisted(number=listing.number, answer=listing.answer), on=hazard)


@act(may="hazards.delist", on=Listing)
def keep_listing(work: Work, listing: Listing, *, answer: str) -> None:
    """Keep it on the list, with the reason."""
    hazard = locked_hazard(work, listing, "keep")
    listing.answer = desks.need_text(work, "answer", answer)
    take(work, listing, "keep", note=listing.answer)
    _save(work, listing)
    desks.note(work, ListingKept(number=listing.number, answer=listing.answer), on=hazard)


def _office(work: Work, hazard: Hazard, level: str) -> str:
    """The path of the office of a level over the hazard's place; ``BadInput`` where there is none."""
    if level not in ListingLevel.values:
        raise BadInput("level", gettext_noop("Choose the level: town, county or city."))
    path = desks.Desk.office(hazard.region_path, KINDS[level])
    region = region_at(path)
    if region is None or region.kind not in KINDS[level]:
        raise BadInput("level", gettext_noop("There is no office of that level over this place. Choose another level."))
    return path


def _listable(work: Work, hazard: Hazard, level: str) -> None:
    if hazard.state not in UNDER_WAY:
        raise WrongStep(step=Listing.process.step("list").label, state=hazard.process.state(hazard.state).label)
    if LISTING_RANK[level] <= LISTING_RANK[hazard.listing_level]:
        raise BadInput("level", gettext_noop("It is listed at this level or a higher one already."))


def _mobile(phone: str) -> bool:
    """Whether a telephone is a mobile number, however it is parted, or names one beside another."""
    whole = re.sub(r"\D", "", phone.partition("转")[0])
    return any(MOBILE.search(one) for one in (whole, *re.split(r"\D+", phone)))


def _fill(work: Work, listing: Listing, name: str, title: str, phone: str, due_on: dt.date, requirements: str) -> None:
    listing.leader_name, listing.leader_title = (
        desks.need_text(work, "leader_name", name),
        desks.need_text(work, "leader_title", title),
    )
    desks.not_past(work, "due_on", due_on)
    shown = phone.strip()
    if shown and (len(shown) > 20 or not set(shown) <= set("0123456789-+() 转")):
        raise BadInput("leader_phone", gettext_noop("Write the office telephone with digits, such as 0753-1234567."))
    if _mobile(shown):
        raise BadInput(
            "leader_phone",
            gettext_noop("This is a mobile number, and the listing is made known. Give the telephone of the office."),
        )
    if len(listing.leader_name) > 1 and listing.leader_name in listing.leader_title:
        raise BadInput(
            "leader_title", gettext_noop("The post is made known, the name is not. Write the post without the name.")
        )
    listing.leader_phone, listing.due_on, listing.requirements = shown, due_on, requirements.strip()
    listing.listed_at = work.now
    region = region_at(listing.office_path)
    code = (region.code[:9] if region and region.code else listing.office_path).rstrip("0") or "0"
    year = clock.today().year
    listing.number = f"GP{code}-{year}-{next_numbers(f'挂牌:{listing.office_path}:{year}')[0]:03d}"


def _listed(work: Work, hazard: Hazard, listing: Listing) -> None:
    due: Any = listing.due_on
    hazard.listing_level = listing.level
    finding = terms.stated(due, "the time limit of the listing", "挂牌督办时限")
    desks.start_due(work, hazard, "listing", finding, office_path=listing.office_path)
    desks.settle(work, hazard)
    desks.note(
        work,
        HazardListed(
            level=listing.level, level_label=LISTING_LABELS[listing.level], number=listing.number, due=due.isoformat(),
            leader=f"{listing.leader_title} {listing.leader_name}", reason=listing.reason,
        ),
        on=hazard,
    )  # fmt: skip
    text = gettext_noop("%(number)s is listed for supervision, to be settled by %(due)s.")
    desks.tell_desk(work, hazard, "rectify", text, due=due)
    desks.tell_desk(work, hazard, "recheck", text, due=due)


def _supersede(work: Work, hazard: Hazard, number: str) -> None:
    for lower in _of(hazard, "listed", "delisting_requested"):
        take(work, lower, "supersede")
        lower.ended_at = work.now
        _save(work, lower)
        deadlines.meet(work, hazard, "listing")
        desks.note(work, ListingSuperseded(number=lower.number, by=number), on=hazard)


def _of(hazard: Hazard, *states: str) -> list[Listing]:
    rows = Listing.objects.everything(why="the listings of one hazard in hand").filter(hazard=hazard, state__in=states)
    return list(rows.select_for_update(of=("self",)))


def _save(work: Work, listing: Listing) -> None:
    listing.version += 1
    listing.save()
