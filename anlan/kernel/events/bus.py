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
Reaction = Callable[[Any, EventRow, Actor], None]
_running: ContextVar[EventRow | None] = ContextVar("running_event", default=None)


@dataclass(frozen=True)
class Flow:
    """A subscription: when this event happens, run that."""

    name: str
    event_type: str
    run: Reaction


FLOWS: dict[str, list[Flow]] = {}


def flow(event: type[Event]) -> Callable[[Reaction], Reaction]:
    """Subscribe a function to an event type; its name names the flow."""

    def subscribe(function: Reaction) -> Reaction:
        listening = FLOWS.setdefault(event.type_name(), [])
        known = next((f for f in listening if f.name == function.__name__), None)
        if known is not None:
            if known.run.__module__ == function.__module__:  # the same file, loaded again
                listening.remove(known)
            else:
                raise ValueError(f"flow {function.__name__} is declared twice")
        listening.append(Flow(function.__name__, event.type_name(), function))
        return function

    return subscribe


class ChainTooLong(RuntimeError):
    """Events caused each other more than ``MOST_CAUSES`` times: a circle between flows."""


class UnknownFlow(LookupError):
    """The job names an event or a flow that this edition does not have."""


def publish(announced: Sequence[tuple[Entry, Event]]) -> list[EventRow]:
    """Write the events with their jobs, in the caller's transaction.

    The jobs of one flow about one record run one after the other, in the order things happened.
    """
    from anlan.kernel.events.tasks import run_flow

    if not announced:
        return []
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
                region_path=entry.region_path,
            )
            for entry, event in announced
        ]
    )
    for row in rows:
        for listener in FLOWS.get(row.event_type, ()):
            in_turn = f"{listener.name}:{row.subject_type}:{row.subject_id}"
            run_flow.configure(lock=in_turn).defer(event_id=str(row.pk), flow_name=listener.name)
    return rows


def deliver(event_id: str, flow_name: str) -> bool:
    """Run one flow for one event, once; False when it had already run.

    What the flow does and the mark that it ran stand or fall together: a worker that dies half-way leaves neither.
    """
    with transaction.atomic():
        row = EventRow.objects.get(pk=event_id)
        listener = next((f for f in FLOWS.get(row.event_type, ()) if f.name == flow_name), None)
        if listener is None or row.event_type not in FACTS:
            raise UnknownFlow(f"{flow_name} on {row.event_type}")
        _, fresh = Delivery.objects.get_or_create(event=row, flow=flow_name, defaults={"at": clock.now()})
        if not fresh:
            return False
        token = _running.set(row)
        try:
            listener.run(FACTS[row.event_type].from_data(row.data), row, Actor.system(cause=f"{flow_name}:{row.pk}"))
        finally:
            _running.reset(token)
    return True
