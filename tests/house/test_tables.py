"""Every table is scoped, or it is written down why not."""

from __future__ import annotations

import inspect

import pytest
from django.db import models

from anlan.kernel.scope import GuardedQuerySet, PathField, Scoped
from tests.house.exempt import UNSCOPED
from tests.house.walk import own_models

SCOPED = [m for m in own_models() if issubclass(m, Scoped)]


def test_every_table_is_scoped_or_exempt() -> None:
    bare = {m._meta.label for m in own_models() if not issubclass(m, Scoped)}
    assert bare == set(UNSCOPED), "give it a scope, or write the reason in tests/house/exempt.py"
    assert all(why.strip() for why in UNSCOPED.values())


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m._meta.label)
def test_a_scoped_table_is_guarded(model: type[Scoped]) -> None:
    assert isinstance(model._default_manager.get_queryset(), GuardedQuerySet), "the default manager is the guarded one"
    assert not isinstance(model._base_manager.get_queryset(), GuardedQuerySet), (
        "Django's own plumbing needs a plain one"
    )
    assert model._meta.base_manager_name == "plain", "class Meta(Scoped.Meta)"
    for manager in model._meta.managers:
        if manager.name != "plain":
            assert isinstance(manager.get_queryset(), GuardedQuerySet), f"{manager.name} is a door without a lock"
    columns = {f.name for f in model._meta.concrete_fields}
    for path, sector in model.scope_by:
        assert isinstance(model._meta.get_field(path), PathField), path
        assert sector in columns, "scope is asked of the row itself, never through a join"
    assert model.scope_holder in columns
    assert model.view_permission


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_a_table_says_what_it_keeps(model: type[models.Model]) -> None:
    assert inspect.cleandoc(model.__doc__ or "").strip(), "a docstring says what a row is"
    assert not (model.__doc__ or "").startswith(f"{model.__name__}("), "and not the one Django makes up"


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_paths_are_path_fields(model: type[models.Model]) -> None:
    if model._meta.label in ("regions.Region", "regions.RegionChange"):
        return
    for field in model._meta.concrete_fields:
        if field.name.endswith("_path"):
            assert isinstance(field, PathField), f"{field.name}: only a PathField follows a merged region"
