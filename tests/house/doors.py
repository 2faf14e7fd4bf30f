"""Every door of the house: the addresses of the resolver and the operations of the API, with samples to try them.

A new address joins by itself: its parameters are filled from the records of the cast (``SUBJECTS`` by model,
``PARAMETERS`` by name). What cannot be filled fails a test that says where the sample belongs.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.config.api import api
from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.intake.services import NOUNS
from anlan.kernel.notify.models import Message
from anlan.ui import panels
from anlan.ui.forms.fields import RecordChoice, RecordChoices
from anlan.ui.models import BulkRun
from anlan.ui.pages import ENDPOINTS, StepPage
from anlan.ui.pages.base import Endpoint
from anlan.ui.pages.values import permissions_of
from tests.cast import CANARY, Cast, County, picture, texts_of
from tests.cast_alarms import ALARM_STATES, ALARMS
from tests.cast_chemicals import CHEMICALS
from tests.cast_compliance import COMPLIANCE
from tests.cast_risks import RISK_FACTORS, RISKS
from tests.cast_warning import WARNING, WARNING_STATES

# Addresses that are no pages of the register and no operations, each with the reason; trailing * takes a family.
EXEMPT: dict[str, str] = {
    "healthz": "answers the state of the parts, no records; asked by machines that are nobody",
    "account_*": "sign-in, sign-out and passwords of the sign-in library: one's own account only, no records",
    "mfa_*": "second factor of the sign-in library: one's own account only, no records",
    "usersessions_*": "sessions of the sign-in library: one's own only, no records",
    "api:openapi-json": "the description of the API, no records; public like the source code",
    "api:api-root": "the root of the API, no records",
    "closed": "a page of the sign-in library that is not offered: answers 404 to everybody",
    "welcome:claim*": "claiming a unit's file with a one-time code, before anybody is somebody: throttled, tells nothing",
    "hazards:public": "the public list of what an office published: shows what is made known and nothing personal",
    "risks:card": "the notice card behind its QR code: shows what the card shows, the address cannot be guessed",
    "welcome:recover": "setting a new password with a one-time code, before sign-in: throttled, tells nothing",
    "ui:field-worker": "the script that opens pages kept on the device: the same to everybody, no records",
    "ui:live": "the reader's own unread count; a record is named only to whoever sees it (tests/ui/test_live.py)",
    "ui:preferences": "writes the reader's own cookies, before sign-in as well",
}
# Records that belong to one person: no role opens another's.
OWNED = {"notify.message", "ui.savedfilter", "identity.apitoken"}
# Records of the platform as a whole: no county's, so "another county" has no meaning for them.
PUBLIC: dict[str, str] = {
    "statutes.edition": "laws are public: the same to every county", "statutes.article": "laws are public, as their editions",
}
PLATFORM: dict[str, str] = {
    "procrastinate.procrastinatejob": "the queue of the platform, for whoever runs it (office.operate)",
    **PUBLIC,
}
# Addresses that answer 404 to the right role as well, until something else has happened; each with the reason.
NOT_YET: dict[str, str] = {
    "ui:batch-report": "returned rows exist once a worker has read the ledger; the intake tests follow one through",
}

# Addresses that may name the regions of the other county, and nothing else of it; each with the reason.
NAMES_REGIONS: dict[str, str] = {
    "hazards:offer-options": "a hazard is transferred to any office of the city; the names of offices are public",
    "hazards:list-bulk": "as a single transfer: the form of the bulk transfer offers every office of the city",
}
# What a record's own module asks besides the page's permission.
ALSO: dict[str, tuple[str, ...]] = {"ui:file": ("hazards.view",)}

# One record of a county for each model that addresses are about.
SUBJECTS: dict[str, Callable[[County], Any]] = {
    "hazards.hazard": lambda c: c.hazards["rectifying"],
    "hazards.transfer": lambda c: c.companions["offered"],
    "hazards.listing": lambda c: c.companions["listed"],
    "hazards.instruction": lambda c: c.companions["given"],
    "hazards.extension": lambda c: c.companions["asked"],
    "registry.unit": lambda c: c.unit,
    "registry.site": lambda c: c.site,
    "registry.person": lambda c: c.person,
    "registry.certificate": lambda c: c.certificate,
    "files.storedfile": lambda c: c.files[0],
    "files.partialupload": lambda c: c.upload,
    "intake.batch": lambda c: c.batches[0],
    "deadlines.deadline": lambda c: _deadline(c),
    "notify.message": lambda c: Message.objects.filter(user=c.users["town_officer"]).first(),
    "ui.savedfilter": lambda c: c.filter, "identity.apitoken": lambda c: c.token,
    "identity.user": lambda c: c.users["grid_worker"],
    "identity.grant": lambda c: Grant.objects.get(user=c.users["grid_worker"]),
    "identity.post": lambda c: c.post,
    "regions.region": lambda c: c.village,
    "regions.regionchange": lambda c: c.renaming,
    "duty.dutyroom": lambda c: c.duty["room"],
    "duty.shift": lambda c: c.duty["shift"],
    "duty.swap": lambda c: c.duty["swap"],
    "duty.gap": lambda c: c.duty["gap"],
    "duty.absence": lambda c: c.duty["absence"],
    **RISKS, **CHEMICALS, **COMPLIANCE, **ALARMS, **WARNING,
    "welcome.invitation": lambda c: c.invitation, "welcome.round": lambda c: c.invitation.round,
    "statutes.edition": lambda c: c.law["edition"],
    "statutes.article": lambda c: c.law["article"],
    "statutes.checklist": lambda c: c.law["list"], "statutes.checkitem": lambda c: c.law["item"],
    "events.eventrow": lambda c: EventRow.objects.filter(region_path__startswith=c.region.path).first(),
    "procrastinate.procrastinatejob": lambda c: ProcrastinateJob.objects.order_by("pk").first(),
}
# Addresses that need one record in particular.
PARTICULAR: dict[str, Callable[[County], Any]] = {
    "cockpit:call": lambda c: c.hazards["listed"],
    "hazards:urge": SUBJECTS["hazards.hazard"],
    "office:end-delegation": lambda c: c.lent,
    **RISK_FACTORS, **ALARM_STATES, **WARNING_STATES,
    **dict.fromkeys(("statutes:add-item", "statutes:issue-list", "statutes:drop-draft"), lambda c: c.law["draft"]),
    **dict.fromkeys(
        (f"welcome:{name}" for name in ("account", "account-print", "account-timeline", "account-panel", "recovery", "end")),
        lambda c: Grant.objects.get(user=c.users["unit_worker"]),
    ),
}
# The values of parameters that are not the key of a record; each a function of (endpoint, county).
PARAMETERS: dict[str, Callable[[Endpoint, County], list[Any]]] = {
    "field": lambda e, c: _fields(e),
    "code": lambda e, c: [b.code for b in e.page.bulk],
    "run": lambda e, c: [_run_of(e, c)],
    "panel": lambda e, c: sorted(panels._panels.get(e.model._meta.label_lower, {})) or ["none"],  # type: ignore[union-attr]
    "page": lambda e, c: ["hazards:list"],
    "noun": lambda e, c: sorted(NOUNS),
    "rule": lambda e, c: ["accident_grade", "major_hazard"],
    "edition": lambda e, c: ["industry_trade-2023"],
}
FIELDS = {"registry:unmask": ["phone"]}
# Query parameters that could carry a foreign key, tried on every collection.
FOREIGN_QUERIES: Callable[[Cast], list[dict[str, str]]] = lambda cast: [  # noqa: E731
    {},
    {"region": cast.there.town.path, "all": "1"},
    {"under": cast.there.region.path},
    {"under": cast.city.path},
    {"site": str(cast.there.site.pk), "unit": str(cast.there.unit.pk), "all": "1"},
    {"q": "机械制造", "all": "1"},
    {"q": "县"},
]
BAD_QUERY = {"page": "-9", "sort": "zzz,-pk,id", "size": "x", "region": "'\"><", "site": "x", "found_on_from": "31/31", "state": "?"}
GENEROUS = {"reason": "理由充分", "opinion": "同意办理", "note": "请抓紧", "answer": "已经办理", "confirmed": "1", "do": "delete"}


@dataclass(frozen=True)
class Door:
    """A page's address with the record it is tried on."""

    endpoint: Endpoint
    row: Any
    address: str
    owner: User | None = None
    needs: tuple[tuple[str, ...], ...] = ()

    def holders(self, county: County, *, on_it: bool = False) -> list[User]:
        """The users of a county who hold what the door asks, one of each group; ``on_it``: on that very record."""
        found = county.may(())
        for group in self.needs:
            able = county.may(group, self.row if on_it else None)
            found = [u for u in found if u in able]
        return found

    @property
    def is_object(self) -> bool:
        """Whether the address is that of one record."""
        return self.row is not None


def resolver_names() -> Iterator[str]:
    """The name of every address of the platform, with its namespace."""

    def walk(patterns: Any, spaces: tuple[str, ...]) -> Iterator[str]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                inner = (*spaces, entry.namespace) if entry.namespace else spaces
                yield from walk(entry.url_patterns, inner)
            elif isinstance(entry, URLPattern):
                yield ":".join((*spaces, entry.name or str(entry.pattern)))

    yield from walk(get_resolver().url_patterns, ())


def is_exempt(name: str) -> bool:
    """Whether an address stands in the list of exemptions."""
    return any(name == e or (e.endswith("*") and name.startswith(e[:-1])) for e in EXEMPT)


def endpoints() -> list[Endpoint]:
    """The register, in order; loading the addresses fills it. Pages that only another test mounts are left out."""
    mounted = set(resolver_names())
    return [ENDPOINTS[name] for name in sorted(ENDPOINTS) if name in mounted]


def doors(endpoint: Endpoint, county: County) -> list[Door]:
    """The addresses of an endpoint for the records of a county, one for each value of its parameters."""
    row, owner = None, None
    choices: list[dict[str, Any]] = [{}]
    for name in endpoint.parameters:
        if name == "pk":
            row = sample(endpoint, county)
            choices = [{**c, "pk": row.pk} for c in choices]
        elif name in PARAMETERS:
            values = PARAMETERS[name](endpoint, county)
            choices = [{**c, name: v} for c in choices for v in values]
        else:
            raise LookupError(f"{endpoint.name}: say in tests/house/doors.py PARAMETERS what <{name}> may be")
    if "run" in endpoint.parameters:
        owner, row = User.objects.get(pk=BulkRun.objects.get(pk=choices[0]["run"]).user_id), county.run
    if row is not None and row._meta.label_lower in OWNED:
        owner = User.objects.get(pk=row.user_id)
    if "run" in endpoint.parameters:
        choices = [c for c in choices if BulkRun.objects.get(pk=c["run"]).code == c["code"]]
    return [Door(endpoint, row, endpoint.address(None, **c), owner, _needs(endpoint, c)) for c in choices]


def _needs(endpoint: Endpoint, given: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """What a door asks: the page's permission, and that of the bulk act or panel behind it."""
    groups = [endpoint.permission, ALSO.get(endpoint.name, ())]
    if "code" in given:
        groups += [b.permissions for b in endpoint.page.bulk if b.code == given["code"]]
    if "panel" in given:
        panel = panels._panels.get(endpoint.model._meta.label_lower, {}).get(given["panel"])  # type: ignore[union-attr]
        groups += [permissions_of(panel.permission)] if panel else []
    return tuple(g for g in groups if g)


def sample(endpoint: Endpoint, county: County) -> Any:
    """The record of a county that an address is tried on: at the right step for the page of a step."""
    if endpoint.name in PARTICULAR:
        return PARTICULAR[endpoint.name](county)
    if endpoint.model is None:
        raise LookupError(f"{endpoint.name}: say in tests/house/doors.py PARTICULAR which record it is about")
    label = endpoint.model._meta.label_lower
    if isinstance(endpoint.page, StepPage):
        source = endpoint.page.declared_step.source
        papers = [county.hazards, county.companions, county.chemicals, county.installations, county.compliance]
        for row in [row for rows in papers for row in rows.values()]:
            if row._meta.label_lower == label and row.state in source:
                return row
        raise LookupError(f"{endpoint.name}: the cast has no {label} at {' or '.join(source)}; add one to tests/cast.py")
    if label not in SUBJECTS:
        raise LookupError(f"{endpoint.name}: say in tests/house/doors.py SUBJECTS which {label} it is tried on")
    return SUBJECTS[label](county)


def _fields(endpoint: Endpoint) -> list[str]:
    """The fields of a page's form or filters whose options are found by typing."""
    if endpoint.name in FIELDS:
        return FIELDS[endpoint.name]
    page = endpoint.page
    if endpoint.kind == "options" and getattr(page, "filters", None):
        return [n for n, f in page.filters.base_filters.items() if isinstance(getattr(f, "made", None), RecordChoice | RecordChoices)]
    return [n for n, f in page.form.base_fields.items() if isinstance(f, RecordChoice | RecordChoices)]


def _deadline(county: County) -> Any:
    from anlan.kernel.deadlines.services import open_on
    return open_on(county.hazards["rectifying"])[0]


def _run_of(endpoint: Endpoint, county: County) -> Any:
    """A bulk run of the county's officer on that very list."""
    from anlan.kernel.identity.actors import actor_for
    from anlan.ui.services import start_bulk_run

    bulk = endpoint.page.bulk[0]
    row = SUBJECTS[endpoint.model._meta.label_lower](county)  # type: ignore[union-attr]
    able = [u for u in county.may(endpoint.permission) if u in county.may(bulk.permissions)]
    run = start_bulk_run(actor=actor_for(able[0]), page=endpoint.page.name, code=bulk.code, rows=[str(row.pk)])
    return run.pk


# Answers ------------------------------------------------------------------------------------------------------


def body_of(response: Any) -> bytes:
    """The whole answer, streams included."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def leaks(response: Any, cast: Cast, name: str = "") -> list[str]:
    """What of the other county can be read in an answer: spreadsheets and PDFs are opened, headers count too.

    What the reader himself typed as the address is nothing told.
    """
    typed = response.request["PATH_INFO"]
    foreign = [mark for mark in cast.foreign() if mark not in typed]
    texts = [*texts_of(body_of(response), response.headers.get("Content-Type", "")), str(response.headers)]
    if name in NAMES_REGIONS:
        texts = [re.sub(CANARY + "(县|镇|村)", "", text) for text in texts]
    return sorted({mark for mark in foreign for text in texts if mark in text})


def sings(response: Any) -> bool:
    """Whether the canary can be read in an answer (by whoever may read it)."""
    return any(CANARY in text for text in texts_of(body_of(response), response.headers.get("Content-Type", "")))


# What must not change ---------------------------------------------------------------------------------------------

# Tables that every request may write: sessions, attempts to sign in, counts of requests, the day a token was last used.
_RESTLESS = ("django_session", "axes_", "limits_", "usersessions_", "identity_apitoken", "django_migrations")


def state_of_the_house() -> dict[str, tuple[int, int]]:
    """Rows and content of every table, as (count, sum of row hashes)."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return {name: (count, int(total)) for name, count, total in cursor.fetchall()}


@functools.cache
def _question() -> str:
    """The one query about every table."""
    tables = [t for t in connection.introspection.table_names() if not t.startswith(_RESTLESS)]
    quoted = [(t, connection.ops.quote_name(t)) for t in tables]
    parts = [f"SELECT '{t}', count(*), coalesce(sum(hashtextextended(x::text, 0)), 0) FROM {q} x" for t, q in quoted]  # noqa: S608
    return " UNION ALL ".join(parts)


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that differ."""
    return sorted(name for name in after if before.get(name) != after[name])


# The API ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """An operation of the API."""

    name: str
    method: str
    path: str
    spec: dict[str, Any] = field(repr=False, compare=False, hash=False)

    @property
    def act(self) -> Any:
        """The act it leads to, None for a read."""
        return next((a for a in ACTS.values() if a.name.replace(".", "_") == self.name), None)

    @property
    def is_object(self) -> bool:
        """Whether the address is that of one record."""
        return "{" in self.path

    @property
    def secured(self) -> bool:
        """Whether it asks who calls."""
        return bool(self.spec.get("security"))


# The model behind ``/{noun}/{pk}``; operations that are acts say theirs themselves.
NOUNS_OF_API: dict[str, str] = {
    "hazards": "hazards.hazard", "units": "registry.unit", "sites": "registry.site", "people": "registry.person",
    "certificates": "registry.certificate", "intake": "intake.batch", "users": "identity.user",
    "authorities": "identity.grant", "posts": "identity.post", "regions": "regions.region", "events": "events.eventrow",
    "jobs": "procrastinate.procrastinatejob", "invitations": "welcome.invitation", "findings": "chemicals.finding",
    "points": "risks.riskpoint", "compliance": "compliance.workspace",
    "uploads": "files.partialupload", "rounds": "welcome.round", "accounts": "identity.user", "changes": "regions.regionchange",
    "editions": "statutes.edition", "articles": "statutes.article", "lists": "statutes.checklist",
}  # fmt: skip


@functools.cache
def _description() -> dict[str, Any]:
    """The API's description of itself; drawing it takes a second."""
    return dict(api.get_openapi_schema())


def operations() -> list[Operation]:
    """Every operation, in order."""
    told = [(path, *one) for path, methods in _description()["paths"].items() for one in methods.items()]
    found = [Operation(spec["operationId"], method, path, spec) for path, method, spec in told]
    # Readings: of gateways alone, and answered by a running historian; tested in monitoring.
    found = [o for o in found if o.name not in ("telemetry_post", "monitoring_series", "monitoring_readings_csv")]
    return sorted(found, key=lambda o: (o.path, o.method))


def api_row(operation: Operation, county: County) -> Any:
    """The record an operation is tried on."""
    if operation.act is not None and operation.act.on is not None:
        label = operation.act.on._meta.label_lower
    else:
        noun = operation.path.partition("/{")[0].rpartition("/")[2]
        if noun not in NOUNS_OF_API:
            raise LookupError(f"{operation.path}: say in tests/house/doors.py NOUNS_OF_API what /{noun}/ are")
        label = NOUNS_OF_API[noun]
    if label not in SUBJECTS:
        raise LookupError(f"{operation.name}: say in tests/house/doors.py SUBJECTS which {label} it is tried on")
    return SUBJECTS[label](county)


def api_address(operation: Operation, county: County) -> tuple[str, Any]:
    """The address of an operation and the record in it."""
    if not operation.is_object:
        return operation.path, None
    row = api_row(operation, county)
    return re.sub(r"\{[^}]+\}", str(row.pk), operation.path), row


# Headers an operation asks for, as the test client takes them.
_HEADERS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Upload-Length": "5"}


def api_request(operation: Operation, county: County) -> dict[str, Any]:
    """What to send: the headers it needs, and JSON, a multipart form or bytes that fit the operation's schema, its
    references those of a county."""
    asked = [p["name"] for p in operation.spec.get("parameters", []) if p["in"] == "header" and p.get("required")]
    headers = {f"HTTP_{name.upper().replace('-', '_')}": _HEADERS[name] for name in asked}
    return {**headers, **_api_body(operation, county)}


def _api_body(operation: Operation, county: County) -> dict[str, Any]:
    content = operation.spec.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        filled = _filled(content["multipart/form-data"]["schema"], county)
        return {"data": {k: v for k, v in filled.items() if v is not None}}
    if "application/x-www-form-urlencoded" in content:
        return {"data": _filled(content["application/x-www-form-urlencoded"]["schema"], county)}
    if "application/offset+octet-stream" in content:
        return {"data": b"x", "content_type": "application/offset+octet-stream"}
    if "application/json" in content:
        body = _filled(content["application/json"]["schema"], county)
        return {"data": json.dumps(body), "content_type": "application/json"}
    return {}


def _filled(schema: dict[str, Any], county: County, name: str = "") -> Any:
    schema = _resolved(schema)
    if "anyOf" in schema:
        return _filled(schema["anyOf"][0], county, name)
    if "allOf" in schema:
        parts = [_filled(part, county, name) for part in schema["allOf"]]
        return {k: v for part in parts for k, v in part.items()} if all(isinstance(p, dict) for p in parts) else parts[0]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        wanted = schema.get("required", [])
        references = [n for n in schema.get("properties", {}) if n in _REFERENCES]
        return {n: _filled(schema["properties"][n], county, n) for n in {*wanted, *references}}
    if kind == "array":
        return [_filled(schema.get("items", {}), county, name)]
    if name in _REFERENCES:
        value = _REFERENCES[name](county)
        return value if kind != "string" or isinstance(value, str) else county.town.code
    if kind == "integer":
        return county.hazards["twin"].pk
    if kind == "number":
        return 1
    if kind == "boolean":
        return True
    if schema.get("format") == "date":
        return (clock.today() + dt.timedelta(days=3)).isoformat()
    if schema.get("format") == "date-time":
        return (clock.now() + dt.timedelta(days=3)).isoformat()
    if schema.get("format") == "binary":
        return SimpleUploadedFile("photo.png", picture().read(), content_type="image/png")
    return "已按要求办理"


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    if not reference:
        return schema
    found: dict[str, Any] = _description()["components"]["schemas"][reference.rpartition("/")[2]]
    return found


# Body fields that name another record, filled with one of the county.
_REFERENCES: dict[str, Callable[[County], Any]] = {
    "site": lambda c: c.site.pk,
    "unit": lambda c: c.unit.pk,
    "into": lambda c: c.hazards["twin"].pk,
    "other": lambda c: c.unit.pk,
    "landlord": lambda c: c.site.pk,
    "region": lambda c: c.town.code,
    "under": lambda c: c.town.code,
    "town": lambda c: c.town.name,
}


def names_another_record(operation: Operation) -> bool:
    """Whether the body of an operation refers to a further record, which may be missing as well as the first."""
    if operation.path.startswith("/api/v1/rules/"):  # a rule of law takes figures, no records
        return False
    content = operation.spec.get("requestBody", {}).get("content", {})
    return any(f'"{name}"' in json.dumps(_resolved(part["schema"])) for part in content.values() for name in _REFERENCES)
