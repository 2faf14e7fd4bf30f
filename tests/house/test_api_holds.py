"""Whatever is sent to an operation of the API is answered, never a fault: examples made from its own description.

Each operation gets the same examples in every run (the seed is fixed): bodies that fit the schema and bodies that do
not, on a record that is there and on none, sent by people of several roles with an API token of theirs. The answer is
never a 5xx and its status one that refusals have; the framework itself holds a 200 to the shape that was promised.
``ANLAN_TEST_EXAMPLES`` makes more of them.
"""

from __future__ import annotations

import functools
import os
import re
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from anlan.config.api import api
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.services import issue_token
from tests.cast import Cast
from tests.house.doors import Operation, api_row, operations

pytestmark = pytest.mark.django_db
ROLES = ("county_officer", "unit_principal", "administrator")
EXAMPLES = int(os.environ.get("ANLAN_TEST_EXAMPLES", "4"))
# 201, 204, 410, 412, 413 and 460 are what the protocol of resumable uploads (tus) answers.
# A part of a resumable upload is bytes under a name of its own.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
KNOWN = {200, 201, 204, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 460}
PLENTY = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@functools.cache
def described() -> Any:
    """The description, as schemathesis reads it."""
    return schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))


def named(operation: Operation) -> str:
    return operation.name


@pytest.fixture(scope="module")
def callers(world: Cast) -> dict[str, str]:
    """An API token of each role, good for whatever its owner may do."""
    found = {}
    for role in ROLES:
        user = world.here.of_role(role)
        actor = actor_for(user)
        held = sorted({p for g in actor.grants for p in g.permissions})
        found[role] = issue_token(actor=actor, user=user, name="examples", scopes=held)[1]
    return found


def sent(case: Any, path: str, secret: str) -> Any:
    """One request, as the example says it."""
    given = case.as_transport_kwargs(base_url="http://testserver")
    body: dict[str, Any] = {}
    if isinstance(case.body, dict) and case.media_type == "multipart/form-data":
        body = {"data": {k: v if isinstance(v, bytes | str | int) else str(v) for k, v in case.body.items() if v is not None}}
    elif "json" in given:
        body = {"data": given["json"], "content_type": "application/json"}
    elif given.get("data") is not None:
        body = {"data": given["data"], "content_type": case.media_type or "application/octet-stream"}
    query = {k: v for k, v in (case.query or {}).items() if v is not None}
    headers = {k: str(v).encode("latin-1", "replace").decode("latin-1") for k, v in (case.headers or {}).items()}
    headers["Authorization"] = f"Bearer {secret}"
    client = Client(raise_request_exception=False)
    if case.method.lower() != "get":
        return getattr(client, case.method.lower())(path, query_params=query, headers=headers, **body)
    return client.get(path, query_params=query, headers=headers)


@pytest.mark.parametrize("operation", operations(), ids=named)
def test_nothing_that_is_sent_is_a_fault(world: Cast, callers: dict[str, str], operation: Operation) -> None:
    label = described()[operation.path][operation.method.upper()]
    there = str(api_row(operation, world.here).pk) if operation.is_object else ""

    @PLENTY
    @given(
        case=st.one_of(
            label.as_strategy(generation_mode=GenerationMode.POSITIVE),
            label.as_strategy(generation_mode=GenerationMode.POSITIVE),
            label.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        role=st.sampled_from(ROLES),
        real=st.sampled_from((True, True, False)),
    )
    def hold(case: Any, role: str, real: bool) -> None:
        path = re.sub(r"\{[^}]+\}", there, operation.path) if real and there else case.formatted_path
        try:
            with transaction.atomic():
                answer = sent(case, path, callers[role])
                said = answer.content[:500] if not answer.streaming else b""
                assert answer.status_code in KNOWN, f"{answer.status_code} {role} {path} {case.query} {case.body}: {said!r}"
                if answer.status_code == 200 and "json" in answer.headers["Content-Type"]:
                    assert isinstance(answer.json(), dict | list)
                raise Undo
        except Undo:
            return

    hold()


class Undo(Exception):
    """What an example changed is taken back."""
