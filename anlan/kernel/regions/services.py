"""Acts on the tree: add, rename, merge, move.

The tree itself changes in the act; the rows that carry a region's path follow in batches by a job
(``regions.repath``), so no lock lasts. A path once used is never given to another region: that is what makes the
job safe to repeat, in whatever order jobs come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection
from django.db.models import Max
from pypinyin import lazy_pinyin

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.journal.facts import Fact
from anlan.kernel.regions.models import Region, RegionChange, RegionKind
from anlan.kernel.scope import system_read

TREE_LOCK = 0x616E6C61  # one writer of the tree at a time; readers never wait
MAY = "regions.change"
MOST_LEVELS = 16  # 64 characters of path, four a level

MergeFollower = Callable[[Work, Region, Region], None]
FOLLOWERS: list[MergeFollower] = []


@dataclass(frozen=True, kw_only=True)
class RegionAdded(Fact):
    """A region was added to the tree."""

    sentence: ClassVar[str] = gettext_noop("Region %(name)s added")
    icon: ClassVar[str] = "map-pin"
    name: str


@dataclass(frozen=True, kw_only=True)
class RegionRenamed(Fact):
    """A region got a new name on a day, by a decision."""

    sentence: ClassVar[str] = gettext_noop("Region %(before)s renamed to %(after)s from %(on)s (%(basis)s)")
    icon: ClassVar[str] = "pencil"
    before: str
    after: str
    on: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class RegionMerged(Fact):
    """A region was merged into, or moved under, another on a day, by a decision."""

    sentence: ClassVar[str] = gettext_noop("Region %(name)s moved to %(target)s from %(on)s (%(basis)s)")
    icon: ClassVar[str] = "git-merge"
    name: str
    target: str
    on: str
    basis: str


@system_read("registers, reads nothing")
def after_merge(follower: MergeFollower) -> MergeFollower:
    """Register what else follows when ``region`` is merged into ``into``, within the act: ``f(work, region, into)``."""
    FOLLOWERS.append(follower)
    return follower


@system_read("makes a key of a text, reads nothing")
def pinyin_key(text: str) -> str:
    """A sorting and searching key: full pinyin, then the initials. The database has no Chinese collation.

    >>> pinyin_key("兴宁A厂")
    'xingningAchang xnAc'
    """
    tokens = lazy_pinyin(text)
    return f"{''.join(tokens)} {_initials(text, tokens)}"[:200]


@system_read("makes a key of a text, reads nothing")
def pinyin_initials(text: str) -> str:
    """The first letter of every character's pinyin, in lower case.

    >>> pinyin_initials("兴宁A厂")
    'xnac'
    """
    return _initials(text, lazy_pinyin(text)).lower()


def _initials(text: str, tokens: list[str]) -> str:
    initials, place = [], 0
    for token in tokens:
        same = text.startswith(token, place)  # what is no Chinese character comes back as it was
        initials.append(token if same else token[:1])
        place += len(token) if same else 1
    return "".join(initials)


@act(may=MAY)
def add_region(
    work: Work,
    *,
    parent: Region | None,
    name: str,
    kind: str,
    code: str = "",
    lon: float | None = None,
    lat: float | None = None,
    outline: dict[str, object] | None = None,
    short_name: str = "",
    valid_from: dt.date | None = None,
) -> Region:
    """Add a region under ``parent`` (None: a root, by the platform alone). The code is stored with 12 digits."""
    _lock_tree()
    if parent is None:
        if not work.actor.is_system:
            raise NotAllowed(permission=MAY)
    else:
        parent = Region.objects.get(pk=parent.pk)
        work.actor.need_at(MAY, parent.path, "")
        if parent.valid_to is not None:
            raise BadInput(
                "parent",
                gettext_noop("“%(name)s” is no longer in force. Choose the region it went to."),
                name=parent.name,
            )
        if parent.depth >= MOST_LEVELS:
            raise BadInput("parent", gettext_noop("The tree has at most 16 levels. Choose a region further up."))
    name = _named(name, parent)
    if kind not in RegionKind.values:
        raise BadInput("kind", gettext_noop("Choose what kind of region it is."))
    _placed(lon, lat)
    fields = {
        "name": name,
        "short_name": short_name.strip(),
        "pinyin": pinyin_key(name),
        "kind": kind,
        "code": _coded(code),
        "lon": lon,
        "lat": lat,
        "outline": outline,
        "valid_from": valid_from,
    }
    region: Region = Region.objects.add_child(parent, fields) if parent else Region.objects.add_root(fields)
    work.record(RegionAdded(name=name), on=region)
    return region


@act(may=MAY, on=Region)
def rename_region(
    work: Work,
    region: Region,
    *,
    name: str,
    on: dt.date,
    basis: str,
    code: str | None = None,
    short_name: str | None = None,
) -> RegionChange | None:
    """Rename from a day on, with a new code where it has one; the old name stays in the list of changes.

    The same name and code again do nothing. Raises ``BadInput`` for a day to come or a missing decision.
    """
    _reach(work, region)
    basis = _decided(region, on, basis)
    name = _named(name, _parent(region), region)
    new_code = region.code if code is None else _coded(code, region)
    new_short = region.short_name if short_name is None else short_name.strip()
    if (name, new_code, new_short) == (region.name, region.code, region.short_name):
        return None
    change = RegionChange.objects.create(
        region=region,
        kind="rename",
        on=on,
        old_name=region.name,
        new_name=name,
        old_path=region.path,
        new_path=region.path,
        basis=basis,
        finished_at=work.now,
    )
    work.record(RegionRenamed(before=region.name, after=name, on=on.isoformat(), basis=basis), on=region)
    region.name, region.pinyin, region.code, region.short_name = name, pinyin_key(name), new_code, new_short
    region.save(update_fields=["name", "pinyin", "code", "short_name"])
    return change


@act(may=MAY, on=Region)
def merge_region(work: Work, region: Region, *, into: Region, on: dt.date, basis: str) -> RegionChange:
    """Merge ``region`` into ``into``: it ends the day before, its rows and children move there in batches.

    Grants and posts in it go over at once, so that nobody loses sight of his work.
    """
    _lock_tree()
    region.refresh_from_db()
    into = Region.objects.get(pk=into.pk)
    _reach(work, region)
    work.actor.need_at(MAY, into.path, "")
    basis = _decided(region, on, basis)
    if into.path.startswith(region.path):
        raise BadInput("into", gettext_noop("A region cannot be merged into itself or a part of itself."))
    _open_target(into)
    _fits(region, into, added=-1)
    old_path = region.path
    for child in list(Region.objects.get_children(region)):
        if _keeps_a_place(child):  # rows of the region that left may still lie there and follow their own change
            continue
        was = child.path
        Region.objects.move(child, into, "last-child")
        _start(child, "move", on, was, child.path, basis)
    region.refresh_from_db()
    region.valid_to, region.merged_into = on - dt.timedelta(days=1), into
    region.save(update_fields=["valid_to", "merged_into"])
    change = _start(region, "merge", on, old_path, into.path, basis)
    for follower in FOLLOWERS:
        follower(work, region, into)
    work.record(RegionMerged(name=region.name, target=into.name, on=on.isoformat(), basis=basis), on=region)
    work.record(RegionMerged(name=region.name, target=into.name, on=on.isoformat(), basis=basis), on=into)
    return change


@act(may=MAY, on=Region)
def move_region(work: Work, region: Region, *, under: Region, on: dt.date, basis: str) -> RegionChange | None:
    """Put a region with everything in it under another (a village given to the neighbouring town)."""
    _lock_tree()
    region.refresh_from_db()
    under = Region.objects.get(pk=under.pk)
    _reach(work, region)
    work.actor.need_at(MAY, under.path, "")
    basis = _decided(region, on, basis)
    if under.path.startswith(region.path):
        raise BadInput("under", gettext_noop("A region cannot be moved into itself or a part of itself."))
    if region.parent_path == under.path:
        return None
    _open_target(under)
    _fits(region, under, added=0)
    old_path, old_parent = region.path, _parent(region)
    Region.objects.move(region, under, "last-child")
    if old_parent is not None:
        _keep_place(old_parent, old_path, region, on)
    change = _start(region, "move", on, old_path, region.path, basis)
    work.record(RegionMerged(name=region.name, target=under.name, on=on.isoformat(), basis=basis), on=region)
    return change


def _reach(work: Work, region: Region) -> None:
    """``NotFound`` for a region where the actor changes nothing at all, ``NotAllowed`` where only in one line."""
    if not work.actor.may_at(MAY, region.path):
        raise NotFound
    work.actor.need_at(MAY, region.path, "")


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _named(name: str, parent: Region | None, itself: Region | None = None) -> str:
    name = name.strip()
    if not name:
        raise BadInput("name", gettext_noop("Give the region its official name."))
    beside = Region.objects.get_children(parent) if parent else Region.objects.get_root_nodes()
    if beside.filter(name=name, valid_to=None).exclude(pk=itself.pk if itself else None).exists():
        raise BadInput("name", gettext_noop("There is already a “%(name)s” here."), name=name)
    return name


def _coded(code: str, itself: Region | None = None) -> str:
    code = code.strip()
    if not code:
        return ""
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise BadInput("code", gettext_noop("A region's code has 6, 9 or 12 digits."))
    code = code.ljust(12, "0")
    other = Region.objects.filter(code=code, valid_to=None).exclude(pk=itself.pk if itself else None).first()
    if other is not None:
        raise BadInput(
            "code", gettext_noop("The code %(code)s already belongs to “%(name)s”."), code=code, name=other.name
        )
    return code


def _placed(lon: float | None, lat: float | None) -> None:
    if (lon is None) != (lat is None):
        raise BadInput("lon", gettext_noop("Give longitude and latitude, or neither."))
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput("lon", gettext_noop("Longitude lies between -180 and 180, latitude between -90 and 90."))


def _decided(region: Region, on: dt.date, basis: str) -> str:
    if region.valid_to is not None:
        raise BadInput("region", gettext_noop("This region was already merged."))
    if on > clock.today():
        raise BadInput("on", gettext_noop("That day is still to come. Enter the change on the day it takes effect."))
    if not basis.strip():
        raise BadInput("basis", gettext_noop("Name the decision or notice that ordered the change."))
    return basis.strip()


def _open_target(target: Region) -> None:
    if target.valid_to is not None:
        raise BadInput(
            "into", gettext_noop("“%(name)s” is no longer in force. Choose the region it went to."), name=target.name
        )


def _fits(region: Region, target: Region, *, added: int) -> None:
    deepest = region.subtree().aggregate(most=Max("depth"))["most"]
    if target.depth + 1 + added + (deepest - region.depth) > MOST_LEVELS:
        raise BadInput("into", gettext_noop("The tree has at most 16 levels. Choose a region further up."))


def _keep_place(parent: Region, path: str, moved: Region, on: dt.date) -> None:
    """Where the last child moved away, a closed row keeps its path from being given out again."""
    parent = Region.objects.get(pk=parent.pk)
    last = Region.objects.get_children(parent).last()
    if last is None or last.path < path:
        gone = {"name": moved.name, "pinyin": moved.pinyin, "kind": moved.kind, "valid_to": on - dt.timedelta(days=1)}
        Region.objects.add_child(parent, {**gone, "merged_into": moved})


def _keeps_a_place(region: Region) -> bool:
    """Whether it is such a closed row: of regions that were merged there is a change."""
    return region.merged_into_id is not None and not RegionChange.objects.filter(region=region, kind="merge").exists()


def _parent(region: Region) -> Region | None:
    return Region.objects.filter(path=region.parent_path).first() if region.parent_path else None


def _start(region: Region, kind: str, on: dt.date, old: str, new: str, basis: str) -> RegionChange:
    from anlan.kernel.regions.tasks import repath

    change = RegionChange.objects.create(
        region=region,
        kind=kind,
        on=on,
        old_path=old,
        new_path=new,
        basis=basis,
        old_name=region.name,
        new_name=region.name,
    )
    repath.defer(change_id=change.pk)
    return change
