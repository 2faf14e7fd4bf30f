"""Services act, selectors read for somebody: every function says which it is."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from anlan.kernel.acts import ACTS, INSIDE
from anlan.kernel.scope import SYSTEM_READS, Scoped
from tests.house.exempt import ACTORLESS, LOOSE, SYSTEM_ONLY
from tests.house.walk import own_functions, own_models, rooms


def test_every_public_function_in_services_is_an_act_or_says_why_not() -> None:
    loose = set()
    for module in rooms("services"):
        for name, function in own_functions(module):
            if not hasattr(function, "act") and name not in INSIDE and name not in SYSTEM_READS:
                loose.add(name)
    assert loose == set(LOOSE), "declare it with @act, or mark it @inside_act or @system_read"


def test_every_act_is_called_by_keywords_and_takes_its_record_second() -> None:
    for act in ACTS.values():
        if not act.function.__module__.startswith("anlan."):
            continue
        first, *rest = inspect.signature(inspect.unwrap(act.function)).parameters.values()
        assert first.name == "work", act.name
        own = rest[1:] if act.target else rest
        assert all(p.kind in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in own), (
            f"{act.name}: what an act takes is given by name"
        )


def test_every_selector_takes_an_actor_or_says_why_not() -> None:
    bare = set()
    for module in rooms("selectors"):
        for name, function in own_functions(module):
            if "actor" not in inspect.signature(function).parameters and name not in SYSTEM_READS:
                bare.add(name)
    assert bare == set(ACTORLESS), "take an actor, or mark it @system_read(why)"


def _asked() -> Iterator[tuple[str, str]]:
    for act in ACTS.values():
        if act.function.__module__.startswith("anlan.") and not act.anonymous:
            for permission in [act.may] if isinstance(act.may, str) else act.may:
                yield permission, f"act {act.name}"
    for model in own_models():
        if issubclass(model, Scoped):
            yield model.view_permission, f"table {model._meta.label}"


def test_every_permission_is_carried_by_a_role() -> None:
    roles: dict[str, Any] = settings.ANLAN_ROLES
    carried = {p for role in roles.values() for p in role.permissions}
    asked = dict(_asked())
    unheld = {p: where for p, where in asked.items() if p not in carried}
    assert set(unheld) == set(SYSTEM_ONLY), f"nobody could ever do it: {unheld}"


def test_roles_carry_whole_names_only() -> None:
    for code, role in settings.ANLAN_ROLES.items():
        for permission in role.permissions:
            area, _, deed = permission.partition(".")
            assert area.isidentifier() and deed.isidentifier(), f"{code}: {permission}"
