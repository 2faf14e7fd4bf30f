"""People (masked) and their certificates by API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.modules.registry import selectors, services
from anlan.modules.registry.rest.shapes import (
    KEY,
    CertificateIn,
    PersonChange,
    PersonIn,
    ReasonIn,
    Strict,
    data_of,
)
from anlan.ui.api import REFUSALS, PageQuery, actor_of, page_of, paged

router = Router()


class PostOut(Schema):
    """A post."""

    kind: str
    since: dt.date | None
    until: dt.date | None


class PersonOut(Schema):
    """A person, masked: whether a telephone and an identity number are on file, never what they are."""

    id: int
    unit_id: int
    site_id: int | None
    name: str
    has_phone: bool
    has_id_number: bool
    erased_at: dt.datetime | None
    posts: list[PostOut]
    version: int


class UnmaskIn(Strict):
    """For which task, and what."""

    reason: str
    fields: list[str] = ["phone"]


class UnmaskedOut(Schema):
    """Personal data in the open, journalled under the caller's name."""

    phone: str
    id_number: str
    certificates: dict[int, str] | None


class CertificateOut(Schema):
    """A certificate; its number is sealed."""

    id: int
    person_id: int
    kind: str
    work: str
    issuer: str
    issued_on: dt.date | None
    valid_to: dt.date | None
    withdrawn_on: dt.date | None


@router.get("/units/{int:pk}/people", response={200: list[PersonOut], **REFUSALS}, operation_id="registry_people_of")
def people_of(request: HttpRequest, pk: int) -> Any:
    """The people of a unit, masked."""
    actor = actor_of(request)
    return list(selectors.people(actor).filter(unit=selectors.unit(actor, pk)).order_by("pk"))


@router.post("/units/{int:pk}/people", response={200: PersonOut, **REFUSALS}, operation_id="registry_add_person")
def add_person(request: HttpRequest, pk: int, body: PersonIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a person with posts."""
    actor, data = actor_of(request), data_of(body)
    site_id = data.pop("site_id", None)
    site = selectors.site(actor, site_id) if site_id else None
    made = services.add_person(actor=actor, unit=pk, data=data, site=site, key=idempotency_key or None)
    return selectors.person(actor, made.pk)


@router.get("/people/{int:pk}", response={200: PersonOut, **REFUSALS}, operation_id="registry_person")
def get_person(request: HttpRequest, pk: int) -> Any:
    """One person, masked."""
    return selectors.person(actor_of(request), pk)


@router.patch("/people/{int:pk}", response={200: PersonOut, **REFUSALS}, operation_id="registry_change_person")
def change_person(request: HttpRequest, pk: int, body: PersonChange, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Change name, telephone or identity number."""
    actor = actor_of(request)
    version = body.version  # type: ignore[attr-defined]
    services.change_person(actor=actor, person=pk, data=data_of(body), version=version, key=idempotency_key or None)
    return selectors.person(actor, pk)


@router.post("/people/{int:pk}/unmask", response={200: UnmaskedOut, **REFUSALS}, operation_id="registry_unmask_person")
def unmask_person(request: HttpRequest, pk: int, body: UnmaskIn) -> Any:
    """Personal data in the open, for a reason that is journalled every time."""
    return services.unmask_person(actor=actor_of(request), person=pk, reason=body.reason, fields=tuple(body.fields))


@router.post("/people/{int:pk}/erase", response={200: PersonOut, **REFUSALS}, operation_id="registry_erase_person")
def erase_person(request: HttpRequest, pk: int, body: ReasonIn, idempotency_key: KEY = None) -> Any:
    """Lawful erasure."""
    actor = actor_of(request)
    services.erase_person(actor=actor, person=pk, reason=body.reason, version=body.version, key=idempotency_key or None)
    return selectors.person(actor, pk)


@router.get(
    "/people/{int:pk}/certificates",
    response={200: list[CertificateOut], **REFUSALS},
    operation_id="registry_certificates_of",
)
def certificates_of(request: HttpRequest, pk: int) -> Any:
    """The certificates of a person."""
    actor = actor_of(request)
    return list(selectors.certificates(actor).filter(person=selectors.person(actor, pk)).order_by("pk"))


@router.post(
    "/people/{int:pk}/certificates", response={200: CertificateOut, **REFUSALS}, operation_id="registry_add_certificate"
)
def add_certificate(request: HttpRequest, pk: int, body: CertificateIn, idempotency_key: KEY = None) -> Any:  # type: ignore[valid-type]
    """Enter a certificate, or renew the one with this number."""
    return services.add_certificate(actor=actor_of(request), person=pk, data=data_of(body), key=idempotency_key or None)


@router.get("/certificates", response=page_of(CertificateOut), operation_id="registry_certificates")
def list_certificates(request: HttpRequest, query: Query[PageQuery], ended: bool = False) -> dict[str, Any]:
    """The certificates in force, those that end first first; ``ended``: those whose day has passed."""
    from anlan.kernel.clock import today

    rows = selectors.certificates(actor_of(request)).filter(withdrawn_on=None)
    return paged((rows.filter(valid_to__lt=today()) if ended else rows).order_by("valid_to", "pk"), query)


class GiveIn(Strict):
    """A further post."""

    kind: str
    since: dt.date | None = None
    document: str = ""
    version: int | None = None


class EndIn(Strict):
    """Which post ended, and on which day."""

    kind: str
    until: dt.date
    version: int | None = None


@router.post("/people/{int:pk}/posts", response={200: PersonOut, **REFUSALS}, operation_id="registry_give_post")
def give_post(request: HttpRequest, pk: int, body: GiveIn, idempotency_key: KEY = None) -> Any:
    """Give a further post."""
    actor, given = actor_of(request), body.model_dump()
    services.give_post(actor=actor, person=pk, key=idempotency_key or None, **given)
    return selectors.person(actor, pk)


@router.post("/people/{int:pk}/posts/end", response={200: PersonOut, **REFUSALS}, operation_id="registry_end_post")
def end_post(request: HttpRequest, pk: int, body: EndIn, idempotency_key: KEY = None) -> Any:
    """The person leaves a post on a day."""
    actor, given = actor_of(request), body.model_dump()
    services.end_post(actor=actor, person=pk, key=idempotency_key or None, **given)
    return selectors.person(actor, pk)


@router.post(
    "/certificates/{int:pk}/withdraw",
    response={200: CertificateOut, **REFUSALS},
    operation_id="registry_withdraw_certificate",
)
def withdraw_certificate(request: HttpRequest, pk: int, body: ReasonIn, idempotency_key: KEY = None) -> Any:
    """A certificate no longer counts."""
    return services.withdraw_certificate(
        actor=actor_of(request), certificate=pk, reason=body.reason, version=body.version, key=idempotency_key or None
    )
