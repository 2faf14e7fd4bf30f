"""Acts as operations of the HTTP API: the schema comes from the act's own signature, or from the noun's row schema.

``expose`` adds ``POST /{pk}/{name}`` for an act on a record, ``POST /`` for one that creates. Every operation takes

* the header ``Idempotency-Key`` (a repeated request acts once and answers with the first outcome), and
* ``version`` in the body, for records that have versions: the one the caller saw; a newer one is refused as ``Stale``.

Acts with uploads take ``multipart/form-data``, the others JSON. A file comes in the request itself, or by the number
of an upload that was sent up before it (``<field>_uploads``, see ``anlan.ui.uploads``).
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, get_args, get_type_hints

from django.db import models
from django.http import HttpRequest
from ninja import File, Form, Header, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field, create_model

from anlan.kernel.actor import Actor
from anlan.kernel.acts import UNCHANGED, Versioned
from anlan.kernel.counting import CEILING, counted, cut
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import take_uploads
from anlan.kernel.intake.schema import RowSchema

MOST_NAMED = 20
SENT_UP = "Numbers of files that were sent up before (tus, /api/v1/uploads/)."
PLAIN = (str, int, bool, float, Decimal, dt.date, dt.datetime)
KEY = Annotated[
    str | None, Header(alias="Idempotency-Key", description="Makes a repeated request act once.", max_length=80)
]


class RefusalOut(Schema):
    """A refusal: what kind, the sentence in the caller's language, the field it names."""

    code: str
    message: str
    column: str | None = None
    params: dict[str, str] = {}
    problems: list[dict[str, Any]] | None = None


REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 422), RefusalOut)


class Strict(Schema):
    """What an act takes, and nothing beside: a field it does not know is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Which part of a collection."""

    page: int = Field(1, ge=1, le=CEILING)
    size: int = Field(50, ge=1, le=200)


def page_of(schema: type[Schema]) -> type[Schema]:
    """A page of a collection: ``total`` stops counting at ``CEILING``, then ``more_than`` is true."""
    return create_model(
        f"{schema.__name__.removesuffix('Out')}Page", __base__=Schema, items=(list[schema], ...), page=(int, ...),  # type: ignore[valid-type]
        total=(int, ...), more_than=(bool, ...),
    )  # fmt: skip


def paged(rows: models.QuerySet[Any], page: PageQuery) -> dict[str, Any]:
    """One page of an admitted queryset, counted up to the ceiling; ``BadInput`` for a page beyond it."""
    first = (page.page - 1) * page.size
    if first >= CEILING:
        raise BadInput(
            "page", gettext_noop("Pages end at record %(most)s. Narrow the filters to reach the rest."), most=CEILING
        )
    total = counted(rows)
    return {
        "items": list(cut(rows, first, first + page.size)), "page": page.page, "total": min(total, CEILING),
        "more_than": total > CEILING,
    }  # fmt: skip


def paged_of(rows: models.QuerySet[Any], page: PageQuery, **of: Any) -> dict[str, Any]:
    """One page of an admitted queryset, the newest first, of the record each of ``of`` names; an empty one narrows
    nothing."""
    wanted = {field: key for field, key in of.items() if key}
    return paged(rows.filter(**wanted).order_by("-pk"), page)


def actor_of(request: HttpRequest) -> Actor:
    """Who calls."""
    return request.auth  # type: ignore[attr-defined, no-any-return]


def expose(
    router: Router,
    act: Any,
    *,
    out: type[Schema],
    name: str = "",
    show: Callable[[Actor, Any], Any] | None = None,
    row: RowSchema | None = None,
    files: Sequence[str] = (),
    leave: Sequence[str] = (),
    under: str = "",
    convert: Mapping[str, Callable[[Actor, Any], Any]] | None = None,
) -> None:
    """Add an act to a router.

    ``out`` describes the answer; ``show(actor, outcome)`` turns the act's outcome into it (the outcome itself by
    default). ``row`` is the schema behind the act's ``**values`` or ``data``; ``files`` names its parameters that take
    uploads, ``leave`` those the API leaves at their default. ``under`` puts the address into a group
    (``/{under}/{pk}/{name}``).
    ``convert`` turns what was sent for a parameter (a code, a key) into what the act takes. Where the act has a
    parameter ``data``, the fields of ``row`` are handed to it together.
    """
    declared = act.act
    body = act.__wrapped__
    address = name or body.__name__.replace("_", "-")
    parts = inspect.signature(body).parameters
    versioned = declared.on is not None and issubclass(declared.on, Versioned)
    payload = _payload(body, declared.target, row, files, leave, versioned=versioned)

    def operation(request: HttpRequest, **sent: Any) -> Any:
        given = {k: v for k, v in sent["body"].model_dump(exclude_unset=True).items() if k != "version"}
        if declared.target is not None:
            given[declared.target] = sent["pk"]
            given["version"] = getattr(sent["body"], "version", None)
        actor = actor_of(request)
        for upload in files:
            sent_up = take_uploads(actor, given.pop(f"{upload}_uploads", []), field=upload)
            given[upload] = [*(sent.get(upload) or []), *sent_up]
        if row is not None and "data" in parts:
            given["data"] = {name: given.pop(name) for name in [*given] if name in row.fields}
        for parameter, into in (convert or {}).items():
            if given.get(parameter) is not None:
                given[parameter] = into(actor, given[parameter])
        outcome = act(actor=actor, key=sent.get("idempotency_key") or None, **given)
        return show(actor, outcome) if show else outcome

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)]
    if declared.target is not None:
        parameters.append(inspect.Parameter("pk", kind, annotation=_key_type(declared.on)))
    annotation: Any = Annotated[payload, Form()] if files else payload
    parameters.append(inspect.Parameter("body", kind, annotation=annotation))
    parameters.append(inspect.Parameter("idempotency_key", kind, annotation=KEY, default=None))
    uploads = Annotated[list[UploadedFile], File()]
    parameters += [inspect.Parameter(upload, kind, annotation=uploads, default=[]) for upload in files]
    operation.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    operation.__name__ = body.__name__
    operation.__doc__ = inspect.getdoc(body)
    converter = (
        {int: "int", uuid.UUID: "uuid"}.get(_key_type(declared.on), "str") if declared.target is not None else ""
    )
    path = (
        f"{'/' + under if under else ''}/{{{converter}:pk}}/{address}"
        if declared.target is not None
        else f"/{name}"
        if name
        else "/"
    )
    router.post(path, response={200: out, **REFUSALS}, operation_id=declared.name.replace(".", "_"), by_alias=True)(
        operation
    )


def _payload(
    body: Any,
    target: str | None,
    row: RowSchema | None,
    files: Sequence[str],
    leave: Sequence[str],
    *,
    versioned: bool,
) -> type[Schema]:
    hints = get_type_hints(body)
    left = {*files, *leave}
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(body).parameters.items())[1:]:
        if (
            name == target
            or name in left
            or (row is not None and name == "data")
            or parameter.kind is inspect.Parameter.VAR_KEYWORD
        ):
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        if default is UNCHANGED:  # never reaches the act: what was not sent is not handed on
            default = None
        fields[name] = (_plain_type(hints.get(name, str)), default)
    if row is not None:
        for name, field in row.fields.items():
            if name not in fields:
                fields[name] = (str | int | float | bool | None, Field(None, description=field.label))
    for name in files:
        fields[f"{name}_uploads"] = (list[uuid.UUID], Field([], description=SENT_UP, max_length=MOST_NAMED))
    if versioned:
        fields["version"] = (int | None, Field(None, description="The version the caller saw.", ge=1))
    return create_model("".join(p.capitalize() for p in body.__name__.split("_")) + "In", __base__=Strict, **fields)


def _plain_type(hint: Any) -> Any:
    """Uploads aside, an act's parameter is a plain value, a mapping of texts, or the key or code of another record."""
    said = get_args(hint) or (hint,)
    classes = [part for part in said if inspect.isclass(part)]
    if hint in PLAIN:
        return hint
    if "Mapping" in str(hint) or "dict" in str(hint):
        return dict[str, str]
    if any(part.__name__ == "Region" for part in classes):
        return str | None if type(None) in classes else str
    if hint is Any or any(issubclass(part, models.Model) for part in classes):
        return int | None if type(None) in classes else int
    return hint


def _key_type(model: Any) -> Any:
    field = model._meta.pk
    return {"UUIDField": uuid.UUID, "CharField": str}.get(field.get_internal_type(), int)


__all__ = ["CEILING", "PageQuery", "Query", "RefusalOut", "actor_of", "expose", "page_of", "paged"]
