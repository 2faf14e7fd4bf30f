"""The HTTP API of online monitoring: gateways, tags, counts, every act; and readings over HTTP."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema, Status
from ninja.security.base import AuthBase

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotAllowed, NotFound, Refused, gettext_noop
from anlan.kernel.messaging import publish_kept
from anlan.kernel.scope import within
from anlan.modules.monitoring import selectors, services
from anlan.modules.monitoring.documents import csv_answer
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.workflow import KEEP
from anlan.ui.api import REFUSALS, PageQuery, RefusalOut, actor_of, expose, page_of, paged

router = Router()
telemetry = Router()
MOST_BYTES = 4 * 1024 * 1024


class GatewayOut(Schema):
    """A gateway; ``last_seen`` is when something of it was taken in last."""

    id: int
    site_id: int
    unit_id: int
    region_path: str
    code: str
    name: str
    state: str
    issued: int
    issued_at: dt.datetime
    reason: str
    last_seen: dt.datetime | None
    version: int


class IssuedOut(Schema):
    """A gateway and its secret, which is told this once."""

    gateway: GatewayOut
    secret: str


class TagOut(Schema):
    """A tag; the range is in ``unit_of_measure``, a reading is expected every ``period_s`` seconds."""

    id: int
    gateway_id: int
    site_id: int
    unit_id: int
    installation_id: int | None
    region_path: str
    name: str
    label: str
    quantity: str
    unit_of_measure: str
    low_range: float | None
    high_range: float | None
    period_s: int
    active: bool
    version: int


class CountOut(Schema):
    """How much of what a gateway sent on a day was refused for one reason."""

    gateway_id: int
    day: dt.date
    reason: str
    count: int
    sample: str


class GatewayQuery(PageQuery):
    """Which gateways: below which region (its path), in which state."""

    region: str = ""
    state: str = ""


class TagQuery(PageQuery):
    """Which tags: below which region, of which gateway, in use or not."""

    region: str = ""
    gateway: int | None = None
    active: bool | None = None


class CountQuery(PageQuery):
    """Of which gateway; all within reach without one."""

    gateway: int | None = None


class StretchQuery(Schema):
    """From when (the moment included) to when: ISO 8601, China's time without a zone, or epoch milliseconds."""

    since: dt.datetime
    until: dt.datetime


class SeriesQuery(StretchQuery):
    """In at most how many buckets."""

    points: int = Field(500, ge=1, le=5_000)


class SeriesOut(Schema):
    """A tag over a time, a row for each bucket that holds readings: ``t`` its beginning (epoch ms), lowest, highest,
    mean and last value, how many readings and how many of them not good. Where there are no more readings than
    buckets, each is one with its own moment; wide buckets begin at whole minutes or hours.
    """

    tag_id: int
    unit_of_measure: str
    t: list[int]
    low: list[float]
    high: list[float]
    mean: list[float]
    last: list[float]
    n: list[int]
    bad: list[int]


class EnteredOut(Schema):
    """How many tags were put on file or put right."""

    changed: int


class KeptOut(Schema):
    """The number under which the server keeps what was sent."""

    sequence: int


@router.get("/gateways", response=page_of(GatewayOut), operation_id="monitoring_gateways")
def list_gateways(request: HttpRequest, query: Query[GatewayQuery]) -> dict[str, Any]:
    """The gateways within the caller's reach, newest first."""
    rows = selectors.gateways(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk")
    return paged(rows.filter(state=query.state) if query.state else rows, query)


@router.get("/tags", response=page_of(TagOut), operation_id="monitoring_tags")
def list_tags(request: HttpRequest, query: Query[TagQuery]) -> dict[str, Any]:
    """The tags within the caller's reach, newest first."""
    rows = selectors.tags(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk")
    rows = rows.filter(gateway=query.gateway) if query.gateway else rows
    return paged(rows.filter(active=query.active) if query.active is not None else rows, query)


@router.get(
    "/tags/{int:pk}/series", response={200: SeriesOut, **REFUSALS, 503: RefusalOut}, operation_id="monitoring_series"
)
def tag_series(request: HttpRequest, pk: int, query: Query[SeriesQuery]) -> Any:
    """What a tag within the caller's reach measured over a time, narrowed to the points asked for."""
    actor = actor_of(request)
    tag, (since, until) = _tag(actor, pk), selectors.stretch_of(query.since, query.until)
    told = selectors.series_of(actor, tag, since, until, query.points)
    return {"tag_id": tag.pk, "unit_of_measure": tag.unit_of_measure, **told}


@router.get(
    "/tags/{int:pk}/readings.csv", response={**REFUSALS, 503: RefusalOut}, operation_id="monitoring_readings_csv"
)
def tag_readings(request: HttpRequest, pk: int, query: Query[StretchQuery]) -> StreamingHttpResponse:
    """The readings of a tag within the caller's reach, oldest first, as CSV: time (China), epoch_ms, value, quality
    (0 good, 1 uncertain, 2 bad), late (1 when it came late). At most a million; taking them away is in the journal.
    """
    actor = actor_of(request)
    tag, (since, until) = _tag(actor, pk), selectors.stretch_of(query.since, query.until)
    return csv_answer(actor, tag, since, until)


def _tag(actor: Actor, pk: int) -> Tag:
    found = selectors.tags(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@router.get("/counts", response=page_of(CountOut), operation_id="monitoring_counts")
def list_counts(request: HttpRequest, query: Query[CountQuery]) -> dict[str, Any]:
    """What was refused of the gateways within the caller's reach, newest day first. On a message server of one's own
    (``ANLAN_NATS_URL``) publishes by MQTT to topics that are not the gateway's are not counted.
    """
    rows = selectors.counts(actor_of(request)).order_by("-day", "-pk")
    return paged(rows.filter(gateway=query.gateway) if query.gateway else rows, query)


def _issued(actor: Actor, outcome: tuple[Gateway, str]) -> dict[str, Any]:
    return {"gateway": outcome[0], "secret": outcome[1]}


def _entered(actor: Actor, outcome: int) -> dict[str, int]:
    return {"changed": outcome}


expose(router, services.register_gateway, out=IssuedOut, name="gateways", show=_issued)
expose(router, services.change_gateway, out=GatewayOut, name="change", under="gateways")
expose(router, services.rotate_credential, out=IssuedOut, name="rotate", under="gateways", show=_issued)
expose(router, services.readmit_gateway, out=IssuedOut, name="readmit", under="gateways", show=_issued)
expose(router, services.revoke_gateway, out=GatewayOut, name="revoke", under="gateways")
expose(router, services.put_tag, out=TagOut, name="tags", under="gateways")
expose(router, services.enter_tags, out=EnteredOut, name="tags-many", under="gateways", show=_entered)
expose(router, services.retire_tag, out=TagOut, name="retire", under="tags")
expose(router, services.resume_tag, out=TagOut, name="resume", under="tags")


class TooLarge(Refused):
    """More than one message may hold."""

    status = 413
    message = gettext_noop("One message may hold 4 MB. Send the readings in several.")


_passed: dict[tuple[int, int], bytes] = {}


class GatewayAuth(AuthBase):
    """A gateway's own credential: ``Authorization: Basic`` with code and secret, or ``Bearer`` with the secret."""

    openapi_type = "http"
    openapi_scheme = "basic"

    def __call__(self, request: HttpRequest) -> Gateway | None:
        """The gateway that calls; None answers 401."""
        kind, _, said = request.headers.get("Authorization", "").partition(" ")
        asked = str(request.resolver_match.kwargs.get("gateway", "")) if request.resolver_match else ""
        code, secret = asked, said
        if kind.lower() == "basic":
            try:
                code, _, secret = base64.b64decode(said, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
        elif kind.lower() != "bearer":
            return None
        found = selectors.active_gateways().filter(code=code[:48]).first()
        if found is None or not _right(found, secret):
            return None
        return found


def _right(gateway: Gateway, secret: str) -> bool:
    """Whether the secret is the gateway's; the answer of the costly digest is remembered until another is issued."""
    mark = hashlib.sha256(secret.encode()).digest()
    if _passed.get((gateway.pk, gateway.issued)) == mark:
        return True
    if not services.accepted(gateway.secret, secret):
        return False
    _passed[gateway.pk, gateway.issued] = mark
    return True


@telemetry.post(
    "/{gateway}", auth=GatewayAuth(), operation_id="telemetry_post",
    response={202: KeptOut, 401: RefusalOut, 403: RefusalOut, 413: RefusalOut, 503: RefusalOut},
)  # fmt: skip
def post_telemetry(request: HttpRequest, gateway: str) -> Any:
    """Readings of a gateway, in the form MQTT takes: ``{"t": epoch_ms, "v": {"tag": number | [number, quality]}}`` or a
    list of these. 202 says that the server keeps them; what is wrong inside is counted on the gateway's page.
    """
    caller: Gateway = request.auth  # type: ignore[attr-defined]
    if caller.code != gateway:
        services.count_refused(actor=Actor.system("telemetry"), refused={(caller.code, "other_topic"): (1, gateway)})
        raise NotAllowed(permission=KEEP)
    if len(request.body) > MOST_BYTES:
        raise TooLarge
    return Status(202, {"sequence": publish_kept(f"anlan.telemetry.{caller.code}", request.body)})
