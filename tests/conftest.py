"""Fixtures every test can ask for: the one cast (see ``tests/cast.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import Cast, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The whole cast, played once for the tests of a module; what each of them changes is rolled back.

    A test that uses it asks for ``db`` as well.
    """
    with django_db_blocker.unblock():
        scene = transaction.atomic()
        scene.__enter__()
        try:
            cast = build()
            for user in [*cast.here.users.values(), *cast.there.users.values(), cast.nobody, cast.city_officer]:
                cast.browser(user)
            yield cast
        finally:
            transaction.set_rollback(True)
            scene.__exit__(None, None, None)
