"""What the parts of the API share: bodies made from the row schemas, headers, small readings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Header, Schema
from pydantic import ConfigDict, Field, create_model

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.schema import RowSchema
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.searching import words_of
from anlan.modules.registry.rows import CERTIFICATE, ENTERPRISE, FLAG_FIELDS, PERSON
from anlan.modules.registry.services.found import FOUND_FIELDS, SEEN_FIELDS
from anlan.ui.api import PageQuery

KEY = Annotated[
    str | None, Header(alias="Idempotency-Key", description="Makes a repeated request act once.", max_length=80)
]
MATCH = Annotated[
    str | None, Header(alias="If-Match", description="The version the caller saw, in place of the body's.")
]
_TYPES: dict[Kind, Any] = {
    Kind.WHOLE: int | str, Kind.DECIMAL: Decimal | str, Kind.DAY: dt.date | str, Kind.FLAG: bool | str,
    Kind.CHOICES: list[str] | str, Kind.LON: float | str, Kind.LAT: float | str,
}  # fmt: skip


class Strict(Schema):
    """A body in which an unknown name is an error and not silently dropped."""

    model_config = ConfigDict(extra="forbid")


def sent_as(name: str, schema: RowSchema, *left_out: str, **more: Any) -> type[Schema]:
    """A body with the fields of a row schema: every one optional here, since the schema itself says what is needed."""
    fields: dict[str, Any] = {}
    for field in schema.fields.values():
        if field.name in left_out:
            continue
        about = field.label + (f" ({', '.join(c.code for c in field.choices[:30])})" if field.choices else "")
        fields[field.name] = (_TYPES.get(field.kind, str) | None, Field(None, description=about))
    made: Any = create_model(name, __base__=Strict, **fields, **more)
    return made  # type: ignore[no-any-return]


def _versioned() -> dict[str, Any]:
    return {"version": (int | None, Field(None, description="The version the caller saw.", ge=1))}


NOT_HERE = (*FLAG_FIELDS, "provisional", "status")
PLACE = ("county", "town", "village")
UNIT_ONLY = ("name", "kind", "founded", "registered_address", "business_scope")
SITE_ONLY = ("site_name", "address", "lon", "lat", "industry", "sector", "scale", "headcount", "flags", "opened")
_NOT_UNIT = tuple(f for f in ENTERPRISE.fields if f not in UNIT_ONLY)
_NOT_SITE = tuple(f for f in ENTERPRISE.fields if f not in SITE_ONLY)
UnitIn = sent_as("UnitIn", ENTERPRISE, *NOT_HERE)
UnitChange = sent_as("UnitChange", ENTERPRISE, *_NOT_UNIT, **_versioned())
SiteIn = sent_as("SiteIn", ENTERPRISE, *[f for f in _NOT_SITE if f not in PLACE])
SiteChange = sent_as("SiteChange", ENTERPRISE, *_NOT_SITE, **_versioned())
FoundIn = sent_as("FoundIn", ENTERPRISE, *[f for f in ENTERPRISE.fields if f not in (*FOUND_FIELDS, *PLACE)])
SeenIn = sent_as("SeenIn", ENTERPRISE, *[f for f in ENTERPRISE.fields if f not in SEEN_FIELDS], **_versioned())
PersonIn = sent_as("PersonIn", PERSON, site_id=(int | None, Field(None, description="Works at this site only.")))
PersonChange = sent_as("PersonChange", PERSON, "posts", "since", "document", **_versioned())
CertificateIn = sent_as("CertificateIn", CERTIFICATE)


class ReasonIn(Strict):
    """Why."""

    reason: str
    version: int | None = None


class MergeIn(Strict):
    """The second record, and how one knows."""

    other_id: int
    reason: str
    version: int | None = None


class RecordQuery(PageQuery):
    """Which units or sites."""

    q: str = Field("", description="Words of name, code, address or pinyin.")
    region: str = Field("", description="The tree path of a region; everything below it.")
    sector: str = ""
    kind: str = ""
    status: str = ""
    scale: str = ""
    flag: str = ""
    industry: str = ""


class ChangeOut(Schema):
    """One field's change: before and after as a reader sees them."""

    at: dt.datetime
    field: str
    label: str
    before: str
    after: str
    by: str
    act: str


def changes_of(changes: list[Any]) -> list[dict[str, Any]]:
    """The history as the API tells it."""
    return [
        {
            "at": c.at, "field": c.field, "label": c.label, "before": str(c.before), "after": str(c.after), "by": c.by,
            "act": c.act,
        }
        for c in changes
    ]  # fmt: skip


def words(rows: Any, text: str) -> Any:
    """The rows in which every word occurs; ``BadInput`` for one of a single character."""
    for word in words_of(text):
        rows = rows.filter(search_text__has=word)
    return rows


def seen_version(match: str | None, given: int | None) -> int | None:
    """The version of ``If-Match`` (``"3"``), else that of the body."""
    if match is None:
        return given
    text = match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 18:
        raise BadInput("If-Match", gettext_noop('If-Match holds the version the caller saw, such as "3".'))
    return int(text)


def data_of(body: Any) -> dict[str, Any]:
    """What was sent, as the row schema takes it."""
    given = body.model_dump(exclude_unset=True)
    given.pop("version", None)
    return given


def region_of(actor: Actor, text: str) -> Region:
    """A region by ``@`` and its path, by code, or by name."""
    if text.startswith("@"):
        found = Region.objects.filter(path=text[1:], valid_to=None).first()
        if found is None:
            raise BadInput("region", gettext_noop("There is no region with this path."))
        return found
    return by_code_or_name(text)
