"""Nobody sets what he was not asked for: fields beside those declared are refused by the API and passed over by forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms as django_forms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel.identity.actors import actor_for
from tests.cast import Cast
from tests.house.doors import (
    Operation,
    api_address,
    api_request,
    changed,
    doors,
    endpoints,
    operations,
    state_of_the_house,
)
from tests.house.walk import PACKAGE, repository_files

pytestmark = pytest.mark.django_db
# Columns an attacker would like to set with whatever else he sends.
COVETED = (
    "id", "pk", "state", "region_path", "office_path", "holder_path", "by_key", "by_name", "granted_by", "is_active", "is_staff",
    "is_superuser", "permissions", "scopes_", "actor", "must_change_password", "digest", "user_id", "created_at", "closed_at",
)  # fmt: skip
# Rules of law take figures and change nothing; they refuse what they do not know by their own schema.
BODIES = [
    o
    for o in operations()
    if "application/json" in o.spec.get("requestBody", {}).get("content", {}) and not o.name.startswith("rules_")
]
UPLOADS = [o for o in operations() if "multipart/form-data" in o.spec.get("requestBody", {}).get("content", {})]
SAME = settings(
    max_examples=5, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_changed(world: Cast) -> Iterator[None]:
    """By all of these together."""
    before = state_of_the_house()
    yield
    assert not changed(before, state_of_the_house())


def able(world: Cast, operation: Operation) -> Any:
    act = operation.act
    may = () if act is None else [act.may] if isinstance(act.may, str) else act.may
    return world.browser((world.here.may(may) or [world.here.of_role("county_officer")])[0])


@pytest.mark.parametrize("operation", BODIES, ids=lambda o: o.name)
def test_the_api_refuses_fields_it_did_not_ask_for(world: Cast, operation: Operation) -> None:
    sent = json.loads(api_request(operation, world.here)["data"])
    extra = {name: "1" for name in COVETED if name not in sent}
    answer = getattr(able(world, operation), operation.method)(
        api_address(operation, world.here)[0], data=json.dumps({**sent, **extra}), content_type="application/json"
    )
    assert answer.status_code == 422, answer.content[:300]
    named = {p["column"].rpartition(".")[2] for p in answer.json()["problems"]}
    assert named >= set(list(extra)[:3]), "the answer names what was too much"


def test_an_upload_takes_declared_fields_alone() -> None:
    for operation in UPLOADS:
        content = operation.spec["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert not set(COVETED) & set(content.get("properties", {})), operation.name


ASKING = [e for e in endpoints() if isinstance(getattr(e.page, "form", None), type) and e.name == e.page.name]
FORMS = {e.page.form for e in ASKING}


@pytest.mark.parametrize("endpoint", ASKING, ids=lambda e: e.name)
def test_a_form_hands_on_declared_fields_alone(world: Cast, endpoint: Any) -> None:
    door = doors(endpoint, world.here)[0]
    able = [door.owner] if door.owner else door.holders(world.here) or [world.here.of_role("county_officer")]
    actor = actor_for(able[0])

    @SAME
    @given(extra=st.dictionaries(st.sampled_from(COVETED) | st.text(max_size=8), st.text(max_size=12), max_size=8))
    def hold(extra: dict[str, str]) -> None:
        bound = endpoint.page.form(extra, actor=actor, record=door.row)
        bound.is_valid()
        assert set(bound.cleaned_data) <= set(bound.fields)
        assert not set(COVETED) & set(bound.fields), "a form asks for no column of the platform's own"

    hold()


def test_no_form_is_made_from_a_table() -> None:
    assert FORMS and all(not issubclass(form, django_forms.ModelForm) for form in FORMS)
    source = [p for p in repository_files(".py") if p.is_relative_to(PACKAGE)]
    assert not [p for p in source if "ModelForm" in p.read_text("utf-8")]
