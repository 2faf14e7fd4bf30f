"""Emptying a person's name in the history."""

from __future__ import annotations

import pgtrigger

from anlan.modules.registry.models import Person


def empty_history(person_id: int) -> None:
    """Take the name out of every kept version of one person.

    The history is append-only by a trigger, which is lifted for this statement alone: lawful erasure goes before
    completeness. The sealed columns never were in it.
    """
    history = Person._meta.apps.get_model("registry", "PersonEvent")
    with pgtrigger.ignore("registry.PersonEvent:append_only"):
        history._base_manager.filter(pgh_obj_id=person_id).update(name="")
