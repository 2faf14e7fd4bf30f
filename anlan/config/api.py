"""The HTTP API ``/api/v1``: every module's router, one error shape, tokens with scopes or the browser's session."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import HttpBearer, SessionAuth

from anlan.config.rules_api import router as rules_router
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInputs, Refused, TooMany
from anlan.kernel.identity.actors import actor_for_token
from anlan.modules.monitoring.rest import telemetry
from anlan.ui import uploads
from anlan.ui.limits import problem
from anlan.ui.refusals import sentence_of


class TokenAuth(HttpBearer):
    """``Authorization: Bearer anlan_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token; None answers 401."""
        actor = actor_for_token(token)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
            translation.activate(actor.language)
        return actor


class BrowserAuth(SessionAuth):
    """The signed-in browser session, with its CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor of the session, as the middleware admitted it; None answers 401.

        Whoever must first change a password or set up a second factor is nobody here until that is done.
        """
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.signed_in else None


class Api(NinjaAPI):
    """The API; its description is the same whichever Python describes it."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """The description. What the standard library calls 422 changed with Python 3.13 (RFC 9110)."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                answer = operation.get("responses", {}).get(422)
                if answer and answer.get("description") == "Unprocessable Entity":
                    answer["description"] = "Unprocessable Content"
        return schema


api = Api(
    title="Anlan API",
    version="1.0.0",
    description="Acts and reads of the platform. Every act accepts an Idempotency-Key header.",
    auth=[TokenAuth(), BrowserAuth()],
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, why: Refused) -> HttpResponse:
    """A refusal: its code, its sentence in the caller's language, the field it names."""
    if isinstance(why, TooMany):
        return problem(why)
    body = why.as_json()
    body["message"] = sentence_of(why)
    if isinstance(why, BadInputs):
        for one, as_json in zip(why.problems, body["problems"], strict=True):
            as_json["message"] = sentence_of(one)
    response = api.create_response(request, body, status=why.status)
    if why.status == 503:
        response["Retry-After"] = "5"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, why: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: each field with what is wrong."""
    problems = [
        {"code": "BadInput", "column": ".".join(str(p) for p in e["loc"][1:]), "message": e["msg"]} for e in why.errors
    ]
    return api.create_response(
        request,
        {"code": "BadInputs", "message": gettext("Some fields need your attention."), "problems": problems},
        status=422,
    )


api.add_router("/uploads", uploads.router, tags=["uploads"])
for module in settings.MODULES:
    if find_spec(f"{module}.rest"):
        name = module.rpartition(".")[2]
        api.add_router(f"/{name}", import_module(f"{module}.rest").router, tags=[name])
api.add_router("/telemetry", telemetry, tags=["monitoring"])
api.add_router("/rules", rules_router, tags=["rules"])
