"""Reads: who is on duty, who may stand duty, rosters, gaps, and who else hears of what is raised at night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db import models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import DECLARED, rows_of_parameters
from anlan.kernel.deadlines.services import find
from anlan.kernel.identity.actors import holders_of, valid_grants
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read
from anlan.modules.duty.choices import DAY_FROM, HOURS, NIGHT_FROM
from anlan.modules.duty.models import Absence, DutyRoom, Gap, Shift, Swap
from anlan.modules.duty.workflow import APPROVE, ON_ROSTER, PLAN, SERVE
from anlan.rules.working_days import is_working_day

PEOPLE = ("room", "officer", "leader", "deputy")


def rooms(actor: Actor, permission: str | None = None) -> models.QuerySet[DutyRoom]:
    """The duty rooms the actor may see, or on which he holds the permission."""
    return DutyRoom.objects.visible_to(actor, permission)


def own_rooms(actor: Actor) -> models.QuerySet[DutyRoom]:
    """The open duty rooms whose roster the actor keeps."""
    return rooms(actor, PLAN).filter(closed_at=None).order_by("region_path", "pk")


def shifts(actor: Actor, permission: str | None = None) -> models.QuerySet[Shift]:
    """The shifts the actor may see, with their people."""
    return Shift.objects.visible_to(actor, permission).select_related(*PEOPLE, "writer", "signer")


def swaps(actor: Actor, permission: str | None = None) -> models.QuerySet[Swap]:
    """The requests for a swap the actor may see."""
    rows = Swap.objects.visible_to(actor, permission)
    return rows.select_related("shift__room", "shift__officer", "asker", "colleague")


def gaps(actor: Actor, permission: str | None = None) -> models.QuerySet[Gap]:
    """The gaps the actor may see."""
    return Gap.objects.visible_to(actor, permission).select_related("room")


def fillable(actor: Actor) -> models.QuerySet[Gap]:
    """The open gaps of rooms whose roster the actor keeps."""
    return gaps(actor, PLAN).filter(outcome="", room__closed_at=None)


def absences(actor: Actor, permission: str | None = None) -> models.QuerySet[Absence]:
    """The absences the actor may see that were not taken back."""
    return Absence.objects.visible_to(actor, permission).filter(ended_at=None).select_related("room", "user")


def officers(actor: Actor, record: Any) -> models.QuerySet[User]:
    """Who may stand duty in the office of a record in hand (a room, a shift, a swap)."""
    return members(record.region_path, clock.today(), SERVE)


def leaders(actor: Actor, record: Any) -> models.QuerySet[User]:
    """Who may be leading cadre in the office of a record in hand."""
    return members(record.region_path, clock.today(), SERVE, APPROVE)


def colleagues(actor: Actor, record: Any) -> models.QuerySet[User]:
    """Who could stand in for the actor in the office of a shift in hand."""
    return officers(actor, record).exclude(pk=actor.user_id or 0)


@system_read("the people of one office, for a form or an act that asks who may")
def members(path: str, day: dt.date, *permissions: str) -> models.QuerySet[User]:
    """Who holds a post with one of the permissions exactly at an office on a day, over every line; by name."""
    held = valid_grants(day).filter(region__path=path, holder="", sector="", role__in=_roles(*permissions))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


@system_read("the roles are part of the deployment")
def _roles(*permissions: str) -> list[str]:
    return [code for code, role in settings.ANLAN_ROLES.items() if role.permissions & set(permissions)]


@system_read("the posts of the people on a roster in hand")
def deserted(path: str, shifts: Iterable[Shift]) -> set[int]:
    """The keys of the planned shifts that neither officer nor deputy can take up: both left, or lost their post."""
    planned = [s for s in shifts if s.state == "planned"]
    people = {pk for s in planned for pk in (s.officer_id, s.deputy_id) if pk}
    rows = Grant.objects.filter(
        models.Q(expires_at=None) | models.Q(expires_at__gt=clock.now()), region__path=path, holder="", sector="",
        role__in=_roles(SERVE), user__in=people, user__is_active=True,
    )  # fmt: skip
    spells: dict[int, list[tuple[dt.date, dt.date]]] = {}
    for user, first, last in rows.values_list("user", "valid_from", "valid_to"):
        spells.setdefault(user, []).append((first, last or dt.date.max))

    def holds(user: int | None, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in spells.get(user or 0, []))

    return {s.pk for s in planned if not (holds(s.officer_id, s.day) or holds(s.deputy_id, s.day))}


@system_read("whose desk a message is for; shown to nobody")
def on_duty(path: str, moment: dt.datetime | None = None) -> Shift | None:
    """The shift that covers a moment at an office, else at the nearest office above it that has one; None without."""
    now = moment or clock.now()
    rows: models.QuerySet[Shift] = Shift.objects.everything(why="whoever is on duty is public within the offices")
    rows = rows.filter(region_path__in=upward(path), state__in=ON_ROSTER, begins_at__lte=now, ends_at__gt=now)
    return rows.filter(room__closed_at=None).select_related(*PEOPLE).order_by("-region_path", "begins_at").first()


@system_read("a piece of a path")
def upward(path: str) -> list[str]:
    """The paths of a region and of those above it, the root first."""
    return [path[:end] for end in range(Region.steplen, len(path) + 1, Region.steplen)]


@system_read("local rules are public")
def minutes(codes: Iterable[str], path: str, on: dt.date) -> dict[str, dt.time]:
    """Times of day a region has set, by code; one query."""
    found = rows_of_parameters(tuple(codes), path, on)
    values = {code: rows[0].value if rows else DECLARED[code].default for code, rows in found.items()}
    return {code: dt.time(value // 60, value % 60) for code, value in values.items()}


@system_read("local rules are public")
def in_working_hours(path: str, moment: dt.datetime) -> bool:
    """Whether an office works at a moment: on a working day, in the morning or the afternoon hours of its region."""
    local = moment.astimezone(clock.CHINA)
    if not is_working_day(local.date()):
        return False
    begins, noon, after, ends = (minutes(HOURS, path, local.date())[code] for code in HOURS)
    return begins <= local.time() < noon or after <= local.time() < ends


@system_read("local rules are public")
def templates(path: str, on: dt.date) -> tuple[dt.time, dt.time]:
    """When the day shift and the night shift of an office begin."""
    found = minutes((DAY_FROM, NIGHT_FROM), path, on)
    return found[DAY_FROM], found[NIGHT_FROM]


@system_read("addresses a message; shown to nobody")
def told_at_night(deadline: Any, region: Region) -> list[User]:
    """Whoever is on duty where an item is raised to, outside working hours: duty officer, deputy, leading cadre."""
    now = clock.now()
    shift = on_duty(region.path, now)
    if shift is None or in_working_hours(region.path, now):
        return []
    return [user for user in (shift.officer, shift.deputy, shift.leader) if user is not None]


@system_read("who leads an office; addresses a message")
def leaders_of(path: str) -> list[User]:
    """The leaders of an office; where there is none, those who keep its roster."""
    return list(holders_of(APPROVE, path=path)) or list(holders_of(PLAN, path=path))


@system_read("the next shift of a room in hand")
def incoming(shift: Shift) -> Shift | None:
    """The shift after this one in its room; None when none is planned."""
    rows: models.QuerySet[Shift] = Shift.objects.everything(why="the next shift of the room in hand")
    rows = rows.filter(room=shift.room_id, begins_at__gt=shift.begins_at, state__in=ON_ROSTER)
    return rows.select_related(*PEOPLE).order_by("begins_at").first()


@system_read("who answers for the note of a shift in hand")
def writes(shift: Shift, user: int | None) -> bool:
    """Whether somebody writes the note of a shift that is stood: its officer, its deputy, whoever wrote it before, or
    whoever took the note that is due over from one of them."""
    if user is None or user in (shift.officer_id, shift.deputy_id, shift.writer_id):
        return user is not None
    item = find(shift, "duty.note")
    return item is not None and item.assignee_id == user


@system_read("who comes on after a shift in hand")
def signers(shift: Shift) -> list[User]:
    """Who confirms the note of a shift: officer and deputy of the next one, never its writer.

    Empty where no next shift is planned, or where its only officer is the writer: any colleague of the office signs.
    """
    following = incoming(shift)
    people = (following.officer, following.deputy) if following is not None else ()
    return [user for user in people if user is not None and user.pk != shift.writer_id]


@system_read("the roster of a room in hand")
def roster(room: DutyRoom, begins: dt.datetime, ends: dt.datetime | None = None) -> models.QuerySet[Shift]:
    """The shifts of a room that cover any time between two moments, in order."""
    rows: models.QuerySet[Shift] = Shift.objects.everything(why="the roster of the room in hand")
    rows = rows.filter(room=room, state__in=ON_ROSTER, ends_at__gt=begins)
    rows = rows.filter(begins_at__lt=ends) if ends is not None else rows
    return rows.select_related(*PEOPLE).order_by("begins_at", "pk")


@system_read("the roster of a room in hand")
def uncovered(
    room: DutyRoom, begins: dt.datetime, until: dt.datetime, *, but: Collection[int] = ()
) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """The stretches without a duty officer that begin before ``until``, each until the next shift (None: none).

    ``but`` names shifts that count for nothing.
    """
    found: list[tuple[dt.datetime, dt.datetime | None]] = []
    at = begins
    for first, last in roster(room, begins).exclude(pk__in=but).values_list("begins_at", "ends_at"):
        if first > at and at < until:
            found.append((at, first))
        at = max(at, last)
        if at >= until:
            break
    else:
        if at < until:
            found.append((at, None))
    return found


@system_read("the calendar of working days is public")
def is_day_off(day: dt.date) -> bool:
    """True for a weekend or a holiday."""
    return not is_working_day(day)


def coming(actor: Actor) -> list[Shift]:
    """The shift now and the next one at the actor's office, or at the nearest office above it that stands duty."""
    path = next((g.path for g in actor.grants if g.path and g.allows("duty.view")), "")
    if not path or not actor.in_scopes("duty.view"):
        return []
    now = clock.now()
    rows: models.QuerySet[Shift] = Shift.objects.everything(why="who answers the telephone tonight at one's own office")
    rows = rows.filter(
        region_path__in=upward(path), state__in=ON_ROSTER, ends_at__gt=now, begins_at__lt=now + dt.timedelta(hours=24),
        room__closed_at=None,
    )  # fmt: skip
    found = list(rows.select_related(*PEOPLE).order_by("-region_path", "begins_at")[:2])
    return [s for s in found if s.room_id == found[0].room_id]
