"""What the registry answers to the duties of the planning documents: staff, certificates, mines, the grid."""

from __future__ import annotations

from collections import Counter

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.obligations.facts import MOST, Answer, Asked, Whose, answers, behind, share
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import within
from anlan.kernel.tallies.models import Tally
from anlan.modules.registry import selectors
from anlan.modules.registry.choices import CertificateKind, Flag, PostKind, Sector, SiteStatus
from anlan.modules.registry.models import Certificate, Person, Site, StatusChange

HEADS = (PostKind.PRINCIPAL, PostKind.SAFETY_DIRECTOR, PostKind.SAFETY_MANAGER)
THREE_POSTS = (  # 三项岗位人员: the posts, and the certificate each needs
    (HEADS, CertificateKind.ASSESSMENT),
    ((PostKind.SPECIAL_OPERATOR,), CertificateKind.SPECIAL_OPERATION),
)
GRID = "grid_worker"
STAFF = _("Whether staff for safety is full-time is not on file.")


def _sites(actor: Actor, asked: Asked) -> QuerySet[Site]:
    rows = selectors.sites(actor).exclude(status=SiteStatus.CLOSED)
    if asked.place.holder:
        return rows.filter(holder=asked.place.holder)
    return rows.filter(within("region_path", asked.place.path))


def _staffed(actor: Actor, asked: Asked) -> bool | None:
    """False where the file names nobody for safety; None where it does: whether full-time, it does not say."""
    people = selectors.people(actor).filter(unit__holder=asked.place.holder, erased_at=None)
    named = people.filter(posts__kind__in=(PostKind.SAFETY_DIRECTOR, PostKind.SAFETY_MANAGER), posts__until=None)
    return None if named[:1] else False


@answers("employees", of=Whose.UNIT)
def employees(actor: Actor, asked: Asked) -> Answer | None:
    """The headcount of the unit's sites on file; none where no site states it."""
    rows = _sites(actor, asked)
    heads = rows.aggregate(n=Sum("headcount"))["n"]
    if heads is None:
        return None
    return Answer(value=heads, done=_staffed(actor, asked), note=STAFF, records=tuple(rows[:MOST]))


@answers("high_risk_sector", of=Whose.UNIT)
def high_risk(actor: Actor, asked: Asked) -> Answer | None:
    """1 where a site of the unit is marked as of a high-risk sector."""
    rows = _sites(actor, asked)
    if not rows[:1]:
        return None
    marked = list(rows.filter(flags__contains=[Flag.HIGH_RISK])[:MOST])
    return Answer(value=int(bool(marked)), done=_staffed(actor, asked), note=STAFF, records=tuple(marked))


@answers("certified_share", of=Whose.UNIT)
def certified(actor: Actor, asked: Asked) -> Answer | None:
    """Of the people in the three posts, the share whose certificate holds today; none without such people."""
    people = selectors.people(actor).filter(unit__holder=asked.place.holder, erased_at=None)
    whole, lacking = 0, list[Person]()
    for posts, kind in THREE_POSTS:
        held = Certificate.objects.everything(why="of people the actor may see").filter(
            Q(valid_to=None) | Q(valid_to__gte=asked.on), person=OuterRef("pk"), kind=kind, withdrawn_on=None
        )
        mine = people.filter(posts__kind__in=posts, posts__until=None).distinct()
        whole += counted(mine)
        lacking += mine.filter(~Exists(held)).order_by("pk")
    part = share(whole - len(lacking), whole)
    if part is None:
        return None
    note = _("Principals, safety managers and special operators on file; shown are those without a valid certificate.")
    return Answer(value=part, note=note, **behind(lacking, len(lacking)))


@answers("non_coal_mines", of=Whose.REGION)
def mines(actor: Actor, asked: Asked) -> Answer | None:
    """How many sites of non-coal mines there are; the number of the base year is not on file."""
    rows = _sites(actor, asked).filter(sector=Sector.MINING)
    number = counted(rows)
    if not number:
        return None
    note = _("Sites on file that are not closed. The number of the base year is not on file.")
    return Answer(value=number, note=note, **behind(rows.order_by("pk")[:MOST], number))


@answers("non_coal_mines_closed", of=Whose.REGION)
def mines_closed(actor: Actor, asked: Asked) -> Answer | None:
    """How many sites of non-coal mines were closed since the period began."""
    closing = StatusChange.objects.filter(site=OuterRef("pk"), status=SiteStatus.CLOSED, since__gte=asked.first)
    rows = selectors.sites(actor).filter(within("region_path", asked.place.path), sector=Sector.MINING)
    if not rows[:1]:
        return None
    gone = rows.filter(Exists(closing), status=SiteStatus.CLOSED)
    note = _("Closed this year, by the file.")
    return Answer(value=counted(gone), note=note, **behind(gone.order_by("pk")[:MOST], counted(gone)))


@answers("grid_coverage_share", of=Whose.REGION)
def grid_coverage(actor: Actor, asked: Asked) -> Answer | None:
    """Of the sites that work, the share that lies in a region for which a grid worker is appointed."""
    rows = Tally.objects.visible_to(actor, "registry.view").filter(
        within("region_path", asked.place.path), what="registry.sites"
    )
    sites: Counter[str] = Counter()
    for path, number in rows.values_list("region_path").annotate(number=Sum("n")):
        sites[path] += number
    grids = valid_grants(asked.on).filter(role=GRID, holder="").filter(within("region__path", asked.place.path))
    covered = set(grids.values_list("region__path", flat=True))
    step = Region.steplen
    within_grid = sum(
        number for path, number in sites.items()
        if any(path[:end] in covered for end in range(step, len(path) + 1, step))
    )  # fmt: skip
    part = share(within_grid, sum(sites.values()))
    if part is None:
        return None
    bare = [path for path, number in sites.most_common() if number and not any(
        path[:end] in covered for end in range(step, len(path) + 1, step))]  # fmt: skip
    shown = list(Region.objects.filter(path__in=bare[:MOST]).order_by("path"))
    note = _("Sites in regions with a grid worker; shown are regions without one.")
    return Answer(value=part, note=note, **behind(shown, len(bare)))
