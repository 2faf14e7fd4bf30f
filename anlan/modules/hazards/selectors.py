"""Reads of the module: every one takes the actor, or says why it needs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import CEILING, counted, counted_each
from anlan.kernel.errors import NotFound
from anlan.kernel.files.services import files_of
from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.regions.selectors import names_at
from anlan.kernel.scope import system_read, within
from anlan.kernel.searching import is_phone_end, words_of
from anlan.modules.hazards.choices import Grade, Purpose
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.workflow import OPEN_STATES, UNDER_WAY
from anlan.modules.registry import public as registry
from anlan.rules import hazard_list
from anlan.rules.hazard_grade import SETTLED_ITEMS

LISTED = ("listed", "delisting_requested")
HANDLING = (RegionKind.TOWN, RegionKind.PARK, RegionKind.COUNTY, RegionKind.CITY)
# The registry's lines, trades and flags by the subjects of the statutory lists.
LIST_SECTORS = {
    "chem": "chemicals", "mining": "mine_underground", "fireworks": "fireworks", "coal": "coal", "gas": "gas",
    "construction": "construction", "power": "power", "explosives": "civil_explosives", "fire": "fire",
    "special_equipment": "special_equipment", "light": "light_industry", "metallurgy": "metallurgy",
    "nonferrous": "nonferrous", "building_materials": "building_materials", "machinery": "machinery",
    "textile": "textile", "tobacco": "tobacco",
}  # fmt: skip


# What runs beside a hazard, and whether there is any of it.
BESIDE: dict[str, Any] = {
    "transfers": Transfer, "listings": Listing, "instructions": Instruction, "extensions": Extension,
}  # fmt: skip
_ANY = "EXISTS (SELECT FROM {} WHERE hazard_id = %(hazard)s)"
ANY_BESIDE = f"SELECT {', '.join(_ANY.format(model._meta.db_table) for model in BESIDE.values())}"  # tables of our own


def hazards(actor: Actor, permission: str | None = None) -> QuerySet[Hazard]:
    """The hazards the actor may see, with site and unit at hand."""
    return Hazard.objects.visible_to(actor, permission).select_related("site__unit")


def hazard(actor: Actor, pk: Any) -> Hazard:
    """One hazard; ``NotFound`` outside the actor's reach."""
    try:
        return hazards(actor).get(pk=pk)
    except (Hazard.DoesNotExist, ValueError, TypeError) as why:
        raise NotFound from why


def open_hazards(actor: Actor, path: str = "") -> QuerySet[Hazard]:
    """The open ones, within a region when one is named, soonest due first."""
    return hazards(actor).filter(within("region_path", path), state__in=OPEN_STATES).order_by("due_at", "pk")


def overdue_hazards(actor: Actor, path: str = "") -> QuerySet[Hazard]:
    """The open ones whose earliest deadline has passed."""
    return open_hazards(actor, path).filter(due_at__lt=clock.now())


@system_read("counts by place and unit, for an index that each reader sees within reach")
def overdue_everywhere() -> list[tuple[str, str, int, int]]:
    """Region, holder, how many open hazards over their time are major there, how many are not."""
    rows = Hazard.objects.everything(why="counts by place and unit").filter(
        state__in=OPEN_STATES, due_at__lt=clock.now()
    )
    major = Q(grade=Grade.MAJOR)
    grouped = rows.order_by("region_path", "holder").values_list("region_path", "holder")
    return list(grouped.annotate(major=Count("pk", filter=major), general=Count("pk", filter=~major)))


def overdue_count(actor: Actor, most: int) -> int:
    """How many open hazards in the actor's reach are over their time; ``most + 1`` stands for any number beyond."""
    rows = Hazard.objects.visible_to(actor).filter(state__in=OPEN_STATES, due_at__lt=clock.now())
    return counted(rows, most)


def open_major(actor: Actor, path: str = "") -> QuerySet[Hazard]:
    """The open major ones."""
    return open_hazards(actor, path).filter(grade=Grade.MAJOR)


def counts(actor: Actor) -> dict[str, int]:
    """How many hazards in the actor's reach are open, overdue, open and major, each up to the ceiling."""
    rows = Hazard.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    return counted_each(
        {"open": rows, "overdue": rows.filter(due_at__lt=clock.now()), "major": rows.filter(grade=Grade.MAJOR)}
    )


def double_reports(actor: Actor, path: str = "", holder: str = "") -> dict[str, int]:
    """Of the open major hazards: how many there are, were reported to both receivers, and have five items settled.

    Where there are more than the ceiling, of as many as the ceiling and one: what is made of the three is a share.
    """
    rows = Hazard.objects.visible_to(actor).filter(
        within("region_path", path), state__in=OPEN_STATES, grade=Grade.MAJOR
    )
    some = (rows.filter(holder=holder) if holder else rows).order_by().values("pk")[: CEILING + 1]
    told = Hazard.objects.everything(why="counts of rows that were admitted").filter(pk__in=some).aggregate(
        major=Count("pk"),
        reported=Count("pk", filter=Q(reported_regulator_on__isnull=False, reported_workers_on__isnull=False)),
        settled=Count("pk", filter=Q(**{f"settled__{item.code}__gt": "" for item in SETTLED_ITEMS})),
    )
    return {name: int(n or 0) for name, n in told.items()}


def offered_to(actor: Actor) -> QuerySet[Hazard]:
    """The hazards offered to a desk of the actor."""
    mine = Q(pk__in=[])
    for grant in actor.grants_for("hazards.receive"):
        if grant.path:
            mine |= within("offered_path", grant.path) & (Q(offered_sector=grant.sector) if grant.sector else Q())
    return hazards(actor).filter(mine).exclude(offered_path="")


def hazards_of_site(actor: Actor, site_id: int) -> QuerySet[Hazard]:
    """The hazards on one site, newest first."""
    return hazards(actor).filter(site_id=site_id).order_by("-found_on", "-pk")


def hazards_of_holder(actor: Actor, holder: str) -> QuerySet[Hazard]:
    """The hazards on all sites of one unit, newest first."""
    return hazards(actor).filter(holder=holder).order_by("-pk")


def twins_of(actor: Actor, record: Hazard) -> QuerySet[Hazard]:
    """The other open records on the same site: into which this one may be merged."""
    rows = hazards(actor).filter(site_id=record.site_id, state__in=OPEN_STATES)
    return rows.exclude(pk=record.pk).order_by("-found_on", "-pk")


def listings(actor: Actor) -> QuerySet[Listing]:
    """The supervision list (挂牌督办台账) the actor may see."""
    return Listing.objects.visible_to(actor).select_related("hazard__site__unit")


def listings_in_force(actor: Actor, path: str = "") -> QuerySet[Listing]:
    """The listings not removed yet."""
    return listings(actor).filter(within("region_path", path), state__in=LISTED).order_by("due_on", "pk")


@system_read("what an office published is made known to everybody")
def published_listings(path: str = "", *, ended_since: dt.date | None = None) -> QuerySet[Listing]:
    """The published listings in force in a region, the soonest first; with a day: those removed since, newest first."""
    rows = Listing.objects.everything(why="published by the office that lists").filter(
        within("region_path", path), published=True
    )
    rows = rows.select_related("hazard__site__unit")
    if ended_since is None:
        return rows.filter(state__in=LISTED).order_by("due_on", "pk")
    return rows.filter(state="delisted", ended_at__gte=_begin_of(ended_since)).order_by("-ended_at", "-pk")


@system_read("what an office published is made known to everybody")
def made_known(rows: Iterable[Listing]) -> list[dict[str, Any]]:
    """What is made known of published listings, and nothing else: codes, the place in words, the clause chosen."""
    told = list(rows)
    names = names_at(end for row in told for end in _chain(row.region_path))
    return [
        {
            "number": row.number, "unit": row.hazard.site.unit.name, "region_path": row.region_path,
            "place": " · ".join(names[end] for end in _chain(row.region_path) if end in names),
            "category": row.hazard.category, "clause": chosen_clause(row.hazard), "level": row.level,
            "leader_title": row.leader_title, "leader_phone": row.leader_phone, "due_on": row.due_on,
            "listed_at": row.listed_at, "ended_at": row.ended_at, "state": row.state,
        }
        for row in told
    ]  # fmt: skip


def _chain(path: str) -> list[str]:
    """The county and whatever lies below it, down to the place."""
    step = Region.steplen
    return [path[:end] for end in range(2 * step, len(path) + 1, step)] or [path]


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """The transfers the actor may see."""
    return Transfer.objects.visible_to(actor).select_related("hazard")


def instructions(actor: Actor) -> QuerySet[Instruction]:
    """The leaders' instructions the actor may see."""
    return Instruction.objects.visible_to(actor).select_related("hazard")


def extensions(actor: Actor) -> QuerySet[Extension]:
    """The requests for more time the actor may see."""
    return Extension.objects.visible_to(actor).select_related("hazard")


@system_read("narrows rows that were admitted for somebody already")
def matching(rows: QuerySet[Hazard], text: str, also: Callable[[str], Q] | None = None) -> QuerySet[Hazard]:
    """The rows in which every word of the text occurs; ``BadInput`` for a word of a single character.

    ``also``: what besides a word may mean (``by_phone``)."""
    for word in words_of(text):
        rows = rows.filter(Q(words__find=word) | (also(word) if also else Q()))
    return rows


def by_phone(actor: Actor) -> Callable[[str], Q]:
    """For ``matching``: four digits also mean the hazards of people whose telephone ends so, among those one may see.

    Looking is rationed, as in the registry's lists (``TooOften``); whoever may not read the registry finds nobody.
    """

    def meant(word: str) -> Q:
        if not is_phone_end(word) or not actor.may("registry.view"):
            return Q()
        found = registry.reached_by_phone(actor, word)
        return Q(holder__in=found.holders) | Q(site__in=found.sites)

    return meant


@system_read("a row of the law for a record in hand")
def chosen_clause(hazard: Hazard) -> hazard_list.Clause | None:
    """The clause of a statutory list a person chose, in the edition of that day; None where none was."""
    if not hazard.clause_code:
        return None
    edition = (hazard.clause_set, hazard.clause_version)
    found = (s for s in hazard_list.sets() if (s.code, s.version) == edition)
    return next((c for s in found for c in hazard_list.clauses_of(s) if c.code == hazard.clause_code), None)


@system_read("the statutory lists are public; the record is in hand")
def proposals(record: Hazard, on: dt.date | None = None) -> tuple[hazard_list.Proposal, ...]:
    """The clauses of the lists in force whose words occur in the description: to be read, a person decides.

    Narrowed to the site's own subjects first; when nothing is found there, all lists are asked.
    """
    day = on or clock.today()
    text = f"{record.title} {record.description}"
    subjects = {LIST_SECTORS[code] for code in (record.sector, record.site.trade) if code in LIST_SECTORS}
    if record.sector == "industry_trade":
        subjects.add("general")
    found = hazard_list.propose(text, subjects or None, on=day, limit=5)
    return found or hazard_list.propose(text, None, on=day, limit=5)


@system_read("the record is in hand")
def has_photos_after(record: Hazard) -> bool:
    """Whether a photo of the state after rectification is on the record."""
    return files_of(record).filter(purpose=Purpose.AFTER).exists()


def figures(actor: Actor, path: str = "", since: dt.date | None = None) -> dict[str, Any]:
    """The numbers of a region: open, overdue, major, listed, found and closed since a day, closure rate, money.

    Each number stops at the ceiling (one more stands for any beyond). The closure rate is closed by found among those
    found since the day (withdrawn and merged ones left out); None when none was found, or more than the ceiling.
    The cockpit has the whole numbers: they are kept.
    """
    begin = since or clock.today().replace(month=1, day=1)
    rows = Hazard.objects.visible_to(actor).filter(within("region_path", path))
    open_ones, found = rows.filter(state__in=OPEN_STATES), rows.filter(_found_since(begin))
    major = open_ones.filter(grade=Grade.MAJOR)
    told: dict[str, Any] = dict(
        counted_each(
            {
                "open": open_ones,
                "overdue": open_ones.filter(due_at__lt=clock.now()),
                "major": major,
                "listed": rows.exclude(listing_level=""),
                "found": found,
                "found_closed": found.filter(state="closed"),
                "closed": rows.filter(state="closed", closed_at__gte=_begin_of(begin)),
                "repeats": found.filter(repeat_of__isnull=False),
            }
        )
    )
    short = major.filter(money_needed_yuan__gt=F("money_spent_yuan"))
    told["money_missing_yuan"] = short.aggregate(n=Sum(F("money_needed_yuan") - F("money_spent_yuan")))["n"]
    known = 0 < told["found"] <= CEILING
    told["closure_rate"] = told["found_closed"] / told["found"] if known else None
    return told


def figures_by_region(actor: Actor, paths: Iterable[str], since: dt.date | None = None) -> dict[str, dict[str, int]]:
    """Open, overdue, major, found and closed for each of these regions, each up to the ceiling; one statement."""
    begin = since or clock.today().replace(month=1, day=1)
    wanted: dict[str, QuerySet[Any]] = {}
    for path in dict.fromkeys(paths):
        rows = Hazard.objects.visible_to(actor).filter(within("region_path", path))
        open_ones = rows.filter(state__in=OPEN_STATES)
        wanted |= {
            f"{path} open": open_ones,
            f"{path} overdue": open_ones.filter(due_at__lt=clock.now()),
            f"{path} major": open_ones.filter(grade=Grade.MAJOR),
            f"{path} found": rows.filter(_found_since(begin)),
            f"{path} closed": rows.filter(found_on__gte=begin, state="closed"),
        }
    told: dict[str, dict[str, int]] = {}
    for name, number in counted_each(wanted).items():
        path, _, what = name.partition(" ")
        told.setdefault(path, {})[what] = number
    return told


def trend(actor: Actor, path: str = "", months: int = 12) -> list[dict[str, Any]]:
    """Found and closed by month, each up to the ceiling, oldest first: ``{"month": date, "found": n, "closed": n}``."""
    first = [clock.today().replace(day=1)]
    for _ in range(months - 1):
        first.append((first[-1] - dt.timedelta(days=1)).replace(day=1))
    rows, wanted = Hazard.objects.visible_to(actor).filter(within("region_path", path)), {}
    for month in reversed(first):
        after = (month + dt.timedelta(days=32)).replace(day=1)
        wanted[f"{month} found"] = rows.filter(found_on__gte=month, found_on__lt=after)
        wanted[f"{month} closed"] = rows.filter(closed_at__gte=_begin_of(month), closed_at__lt=_begin_of(after))
    told = counted_each(wanted)
    return [{"month": m, "found": told[f"{m} found"], "closed": told[f"{m} closed"]} for m in reversed(first)]


def _found_since(begin: dt.date) -> Q:
    return Q(found_on__gte=begin) & ~Q(state__in=["withdrawn", "merged"])


def _need_sight(actor: Actor, record: Hazard) -> None:
    if not actor.may(Hazard.view_permission, record):  # as ``visible_to`` says it of the row, which is in hand
        raise NotFound


def companions(actor: Actor, record: Hazard) -> dict[str, list[Any]]:
    """What runs beside a record the actor may see, newest first: who sees the record sees what belongs to it.

    Most records have nothing beside them: that is one question.
    """
    _need_sight(actor, record)
    with connection.cursor() as cursor:
        cursor.execute(ANY_BESIDE, {"hazard": record.pk})
        any_of = dict(zip(BESIDE, cursor.fetchone() or (), strict=True))
    why = "who may see the record may see what belongs to it"
    return {
        name: list(model.objects.everything(why=why).filter(hazard=record).order_by("-pk")) if any_of[name] else []
        for name, model in BESIDE.items()
    }


def current_listing(actor: Actor, record: Hazard) -> Listing | None:
    """The listing in force of a record the actor may see."""
    _need_sight(actor, record)
    rows: QuerySet[Listing] = Listing.objects.everything(why="who may see the record may see what belongs to it")
    return rows.filter(hazard=record, state__in=LISTED).order_by("-pk").first()


def sites_for_filter(actor: Actor) -> QuerySet[Any]:
    """The sites a list can be narrowed to, and on which a hazard can be entered."""
    return registry.site_rows(actor).filter(merged_into=None).order_by("name", "pk")


@system_read("regions are public")
def offices(actor: Actor) -> QuerySet[Region]:
    """The offices a hazard can be transferred to: towns, parks, counties and the city of the actor's own city."""
    rows = Region.objects.defer("outline").filter(kind__in=HANDLING, valid_to=None).order_by("path")
    paths = {g.path for g in actor.grants if g.path}
    cities = Region.objects.defer("outline").filter(
        kind=RegionKind.CITY,
        path__in={p[:end] for p in paths for end in range(Region.steplen, len(p) + 1, Region.steplen)},
    )
    reach = Q(pk__in=[])
    for city in cities:
        reach |= within("path", city.path)
    return rows.filter(reach) if reach != Q(pk__in=[]) else rows


@system_read("states, no rows")
def is_under_way(state: str) -> bool:
    """True for an assessed hazard that is not settled."""
    return state in UNDER_WAY


def _begin_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), clock.CHINA)
