"""The HTTP API of the office: accounts, authorities, posts, regions, local rules, the journal, jobs given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.errors import NotFound
from anlan.kernel.events.services import retry_job
from anlan.kernel.identity import services as identity
from anlan.kernel.identity.models import Post, User
from anlan.kernel.identity.selectors import colleagues
from anlan.kernel.regions import services as regions
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.office import choices, selectors
from anlan.ui.api import PageQuery, actor_of, expose, page_of, paged
from anlan.ui.timeline import sentence

router = Router()


class UserOut(Schema):
    """An account."""

    id: int
    username: str
    name: str
    title: str
    email: str
    is_active: bool
    must_change_password: bool
    region_path: str
    last_login: dt.datetime | None


class SecretOut(Schema):
    """A one-time password, shown this once."""

    secret: str


class GrantOut(Schema):
    """An authority: a role over a region (by its path) and a sector line ("" for all), or for a unit."""

    id: int
    user_id: int
    user_name: str
    role: str
    kind: str
    region_path: str
    sector: str
    for_unit: bool
    valid_from: dt.date
    valid_to: dt.date | None
    expires_at: dt.datetime | None
    reason: str
    basis: str

    @staticmethod
    def resolve_user_name(row: Any) -> str:
        """Whose it is."""
        return str(row.user.name)

    @staticmethod
    def resolve_region_path(row: Any) -> str:
        """The region's tree path."""
        return row.region.path if row.region else ""

    @staticmethod
    def resolve_for_unit(row: Any) -> bool:
        """Whether it is for a unit."""
        return bool(row.holder)


class PostOut(Schema):
    """A post in an office."""

    id: int
    office: str
    title: str
    role: str
    sector: str
    closed: bool


class RegionOut(Schema):
    """A region."""

    id: int
    path: str
    name: str
    short_name: str
    kind: str
    code: str
    lon: float | None
    lat: float | None
    valid_from: dt.date | None
    valid_to: dt.date | None


class ChangeOut(Schema):
    """A merge, move or rename, with how far its rows have come."""

    id: int
    region_id: int
    kind: str
    on: dt.date
    old_name: str
    new_name: str
    basis: str
    rows_total: int | None
    rows_done: int
    finished_at: dt.datetime | None


class RuleOut(Schema):
    """A figure a jurisdiction set."""

    code: str
    region_path: str
    value: int
    valid_from: dt.date
    basis: str


class EntryOut(Schema):
    """A journal entry, its sentence in the caller's language."""

    at: dt.datetime
    by: str
    sentence: str
    fact_type: str
    subject_type: str
    subject_id: str
    region_path: str
    act: str
    cause: str


class JobOut(Schema):
    """A job of the queue."""

    id: int
    task_name: str
    queue_name: str
    status: str
    attempts: int


class RegionQuery(PageQuery):
    """Below which region (its path)."""

    region: str = ""


class GrantQuery(RegionQuery):
    """Which authorities: ``when`` is now, soon, coming or past; empty for all."""

    when: str = "now"
    role: str = ""


class EntryQuery(RegionQuery):
    """Which entries."""

    area: str = ""
    subject_type: str = ""
    subject_id: str = ""


@router.get("/users", response=page_of(UserOut), operation_id="office_users")
def list_users(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The accounts within the caller's reach."""
    return paged(selectors.users(actor_of(request)), query)


@router.get("/authorities", response=page_of(GrantOut), operation_id="office_authorities")
def list_grants(request: HttpRequest, query: Query[GrantQuery]) -> dict[str, Any]:
    """The authorities within the caller's reach."""
    rows = selectors.grants(actor_of(request)).filter(within("region__path", query.region))
    if query.when:
        rows = rows.filter(selectors.validity(query.when)) if query.when in choices.Validity.values else rows.none()
    return paged(rows.filter(role=query.role) if query.role else rows, query)


@router.get("/posts", response=page_of(PostOut), operation_id="office_posts")
def list_posts(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The posts within the caller's reach."""
    return paged(selectors.posts(actor_of(request)), query)


@router.get("/regions", response=page_of(RegionOut), operation_id="office_regions")
def list_regions(request: HttpRequest, query: Query[RegionQuery]) -> dict[str, Any]:
    """The regions within the caller's reach, in tree order."""
    return paged(selectors.regions(actor_of(request)).filter(within("path", query.region)), query)


@router.get("/regions/changes", response=page_of(ChangeOut), operation_id="office_region_changes")
def list_changes(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """Merges, moves and renames within the caller's reach, newest first."""
    return paged(selectors.changes(actor_of(request)), query)


@router.get("/rules", response=page_of(RuleOut), operation_id="office_rules")
def list_rules(request: HttpRequest, query: Query[RegionQuery]) -> dict[str, Any]:
    """The local rules of the caller's regions and those above, newest first."""
    rows = selectors.local_rules(actor_of(request)).filter(within("region_path", query.region))
    return paged(rows, query)


@router.get("/journal", response=page_of(EntryOut), operation_id="office_journal")
def list_entries(request: HttpRequest, query: Query[EntryQuery]) -> dict[str, Any]:
    """The journal within the caller's reach, newest first."""
    rows = selectors.entries(actor_of(request)).filter(within("region_path", query.region))
    if query.area:
        rows = rows.filter(fact_type__startswith=f"{query.area}.")
    for name in ("subject_type", "subject_id"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    page = paged(rows, query)
    for entry in page["items"]:
        entry.by, entry.sentence = entry.actor_name, sentence(entry)
    return page


@router.get("/jobs", response=page_of(JobOut), operation_id="office_jobs")
def list_jobs(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The jobs given up within the caller's reach, newest first."""
    return paged(selectors.failed_jobs(actor_of(request)), query)


def _region(actor: Actor, given: str) -> Region:
    """A region by its 6, 9 or 12-digit code or its exact name."""
    return by_code_or_name(given)


def _user(actor: Actor, pk: int) -> User:
    found = selectors.manageable_users(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _colleague(actor: Actor, pk: int) -> User:
    found = colleagues(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _successor(actor: Actor, pk: int) -> User:
    """Somebody who serves where the caller does, or whose account he keeps."""
    found = User.objects.filter(pk=pk).filter(
        Q(pk__in=colleagues(actor).values("pk")) | Q(pk__in=selectors.manageable_users(actor).values("pk"))
    )
    if (one := found.first()) is None:
        raise NotFound
    return one


def _post(actor: Actor, pk: int) -> Post:
    found = selectors.open_posts(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _secret(actor: Actor, outcome: Any) -> Any:
    return {"secret": outcome}


def _change(actor: Actor, outcome: Any) -> Any:
    return outcome if not isinstance(outcome, Region) else selectors.changes(actor).filter(region=outcome).first()


PLACE: dict[str, Any] = {"region": _region, "parent": _region}
TARGET: dict[str, Any] = {"into": _region, "under": _region}
GIVEN: dict[str, Any] = {**PLACE, "user": _user, "post": _post}

expose(router, identity.add_user, out=UserOut, name="users", leave=["password"], convert=PLACE)
expose(router, identity.reset_password, out=SecretOut, show=_secret, under="users")
for act in (identity.remove_second_factor, identity.close_user, identity.reopen_user):
    expose(router, act, out=UserOut, under="users")
expose(router, identity.give_grant, out=GrantOut, name="authorities", convert=GIVEN)
expose(router, identity.end_grant, out=GrantOut, under="authorities")
expose(router, identity.break_glass, out=GrantOut, name="authorities/emergency", convert=PLACE)
expose(router, identity.delegate, out=GrantOut, name="authorities/delegated", convert={**PLACE, "user": _colleague})
expose(router, identity.end_delegation, out=GrantOut, name="take-back", under="authorities")
expose(router, identity.hand_over, out=UserOut, under="users", convert={"to": _successor})
expose(router, identity.add_post, out=PostOut, name="posts", convert=PLACE)
expose(router, identity.close_post, out=PostOut, under="posts")
expose(router, regions.add_region, out=RegionOut, name="regions", leave=["outline"], convert=PLACE)
for change in (regions.rename_region, regions.merge_region, regions.move_region):
    expose(router, change, out=ChangeOut, show=_change, under="regions", convert=TARGET)
expose(router, set_parameter, out=RuleOut, name="rules", convert=PLACE)
expose(router, retry_job, out=JobOut, under="jobs")
