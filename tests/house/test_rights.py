"""Every right has a name people read, is asked for by something, and its code stays out of sentences."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from anlan.config.roles import PERMISSIONS
from anlan.kernel.acts import ACTS
from anlan.kernel.errors import NotAllowed
from anlan.kernel.intake.services import NOUNS
from anlan.kernel.scope import Scoped
from anlan.ui.refusals import sentence_of
from anlan.ui.rights import permission_label
from tests.house.exempt import SYSTEM_ONLY, UNASKED
from tests.house.walk import PACKAGE, own_models

HELD = sorted({p for role in settings.ANLAN_ROLES.values() for p in role.permissions})


def _asked() -> dict[str, set[str]]:
    """Every right the code asks for, with where: acts, tables, nouns of intake, and the code's own texts (pages,
    selectors, panels and services name rights by their codes)."""
    get_resolver().url_patterns  # noqa: B018 - loading the addresses loads every page
    found: dict[str, set[str]] = defaultdict(set)
    for act in ACTS.values():
        if act.function.__module__.startswith("anlan.") and not act.anonymous:
            for permission in [act.may] if isinstance(act.may, str) else act.may:
                found[permission].add(f"act {act.name}")
    for model in own_models():
        if issubclass(model, Scoped):
            found[model.view_permission].add(f"table {model._meta.label}")
    for noun, kind in NOUNS.items():
        found[kind.permission].add(f"ledger {noun}")
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE).parts
        if "config" in inside or {"tests", "migrations", "demo"} & set(inside):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in PERMISSIONS:
                found[node.value].add("/".join(inside))
    return found


def test_every_right_has_a_name_in_both_languages() -> None:
    nameless = sorted((set(HELD) | set(_asked())) - set(PERMISSIONS))
    assert not nameless, f"name them in anlan/config/roles.py PERMISSIONS: {nameless}"
    with translation.override("zh-hans"):
        foreign = [code for code in PERMISSIONS if permission_label(code) == PERMISSIONS[code]]
        chinese = [permission_label(code) for code in PERMISSIONS]
    assert not foreign, f"no Chinese name: {foreign}"
    for names in (list(PERMISSIONS.values()), chinese):
        twice = sorted({n for n in names if names.count(n) > 1})
        assert not twice, f"two rights of one name: {twice}"


def test_no_name_is_left_over() -> None:
    spare = set(PERMISSIONS) - set(HELD) - set(SYSTEM_ONLY)
    assert not spare, f"rights no role carries: {sorted(spare)}"


def test_every_right_of_a_role_is_asked_for() -> None:
    asked = _asked()
    for code, why in UNASKED.items():
        print(f"{code} is asked for by nothing: {why}")
    assert {p for p in HELD if not asked.get(p)} == set(UNASKED), "take it out of the roles, or say why it stays"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_names_the_right_and_keeps_its_code_apart(language: str) -> None:
    for code in PERMISSIONS:
        refusal: Any = NotAllowed(permission=code)
        with translation.override(language):
            said = sentence_of(refusal)
            assert permission_label(code) in said
        assert code not in said
        assert refusal.as_json()["params"] == {"permission": code}
