"""The front door of duty: who answers for an office at a moment, and how he is called."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read
from anlan.modules.duty import selectors, services


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty: the office that stands it, its telephone, names and keys of duty officer and leading cadre."""

    office: str
    office_path: str
    phone: str
    officer: str
    officer_id: int
    leader: str
    leader_id: int
    until: dt.datetime


@system_read("whose telephone rings is public within the offices")
def on_duty(path: str, moment: dt.datetime | None = None) -> OnDuty | None:
    """Who is on duty at an office at a moment (now by default), else at the nearest office above it; None without."""
    shift = selectors.on_duty(path, moment)
    if shift is None:
        return None
    return OnDuty(
        office=shift.room.office, office_path=shift.region_path, phone=shift.room.phone, officer=shift.officer.name,
        officer_id=shift.officer_id, leader=shift.leader.name, leader_id=shift.leader_id, until=shift.ends_at,
    )  # fmt: skip


def call_duty(actor: Actor, *, path: str, text: str, subject_type: str, subject_id: str, **params: Any) -> int:
    """Outside working hours tell whoever is on duty there of a record; ``text`` is a msgid. Answers how many."""
    told: int = services.call_duty(
        actor=actor, path=path, text=text, subject_type=subject_type, subject_id=subject_id, params=params
    )
    return told
