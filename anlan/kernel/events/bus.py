"""Announcing events and running the flows that listen.

``publish`` writes an event row and one job per subscribed flow in the caller's transaction, so either all stand or
none. A flow is ``@flow(HazardClosed)`` over ``def name(event, row, actor)``; it acts as the system with the event as
cause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.journal.facts import FACTS, Event
from anlan.kernel.journal.models import Entry

MOST_CAUSES = 8
_running: ContextVar[EventRow | None] = ContextVar("running_event", default=None)


@dataclass(frozen=True)
class Flow:
    """A subscription: when this event happens, run that."""

    name: str
    event_type: str
    run: Callable[[Any, EventRow, Actor], None]


FLOWS: dict[str, list[Flow]] = {}


def flow(event: type[Event]) -> Callable[[Callable[[Any, EventRow, Actor], None]], Callable[[Any, EventRow, Actor], None]]:
    """Subscribe a function to an event type; its name names the flow."""

    def subscribe(function: Callable[[Any, EventRow, Actor], None]) -> Callable[[Any, EventRow, Actor], None]:
        listening = FLOWS.setdefault(event.type_name(), [])
        if any(f.name == function.__name__ for f in listening):
            raise ValueError(f"flow {function.__name__} is declared twice")
        listening.append(Flow(function.__name__, event.type_name(), function))
        return function

    return subscribe


class ChainTooLong(RuntimeError):
    """Events caused each other more than ``MOST_CAUSES`` times: a circle between flows."""


def publish(announced: Sequence[tuple[Entry, Event]]) -> list[EventRow]:
    """Write the events with their jobs, in the caller's transaction."""
    from anlan.kernel.events.tasks import run_flow

    cause = _running.get()
    depth = cause.depth + 1 if cause else 0
    if depth > MOST_CAUSES:
        raise ChainTooLong(f"{depth} causes behind {announced[0][1]}")
    rows = EventRow.objects.bulk_create(
        [
            EventRow(
                event_type=event.type_name(),
                data=event.as_data(),
                at=entry.at,
                subject_type=entry.subject_type,
                subject_id=entry.subject_id,
                actor_key=entry.actor_key,
                caused_by=cause,
                depth=depth,
            )
            for entry, event in announced
        ]
    )
    for row in rows:
        for listener in FLOWS.get(row.event_type, ()):
            run_flow.defer(event_id=str(row.pk), flow_name=listener.name)
    return rows


def deliver(event_id: str, flow_name: str) -> bool:
    """Run one flow for one event, once; False when it had already run."""
    with transaction.atomic():
        row = EventRow.objects.get(pk=event_id)
        _, fresh = Delivery.objects.get_or_create(event=row, flow=flow_name, defaults={"at": clock.now()})
        if not fresh:
            return False
        listener = next(f for f in FLOWS[row.event_type] if f.name == flow_name)
        token = _running.set(row)
        try:
            listener.run(FACTS[row.event_type].from_data(row.data), row, Actor.system(cause=f"{flow_name}:{row.pk}"))
        finally:
            _running.reset(token)
    return True
