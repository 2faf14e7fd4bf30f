"""The next step of what is due, one press away: where exactly one step leads on and meets the item, its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.workflow import InProcess
from anlan.rules.steps import Step
from anlan.ui import links
from anlan.ui.pages.base import PAGES
from anlan.ui.pages.records import STEP_PAGES
from anlan.ui.pages.steps import leads_on

Takers = dict[tuple[str, str], str]  # (key of the record, step) -> who took it last


@dataclass(frozen=True, slots=True)
class Onward:
    """A step and the address of its form."""

    label: str
    url: str
    icon: str


def steps_due(actor: Actor, rows: Sequence[Deadline]) -> dict[int, Onward]:
    """For each deadline, by its key, the step by which this actor would meet it; two queries a kind of record."""
    groups: dict[str, list[Deadline]] = defaultdict(list)
    for row in rows:
        groups[row.subject_type].append(row)
    found: dict[int, Onward] = {}
    for label, group in groups.items():
        model: Any = apps.get_model(label)
        if not issubclass(model, InProcess):
            continue
        records = {
            str(r.pk): r for r in model.objects.visible_to(actor).filter(pk__in={row.subject_id for row in group})
        }
        takers = _takers(label, model.process.steps, records)
        for row in group:
            record = records.get(row.subject_id)
            onward = _onward(actor, record, row.kind, takers) if record is not None else None
            if onward is not None:
                found[row.pk] = onward
    return found


def _takers(label: str, steps: Iterable[Step], records: dict[str, Any]) -> Takers:
    apart = {code for step in steps for code in step.not_by}
    if not apart or not records:
        return {}
    rows = StepTaken.objects.filter(subject_type=label, subject_id__in=records, step__in=apart).order_by("id")
    return {(key, step): who for key, step, who in rows.values_list("subject_id", "step", "actor_key")}


def _onward(actor: Actor, record: Any, kind: str, takers: Takers) -> Onward | None:
    label = record._meta.label_lower
    line = getattr(PAGES.get(links.page_of(label)), "line", ())
    able = [
        step
        for step in record.steps_open_to(actor)
        if kind in step.ends
        and leads_on(record, line, step)
        and (label, step.code) in STEP_PAGES
        and not STEP_PAGES[label, step.code].aside
        and actor.key not in {takers.get((str(record.pk), code)) for code in step.not_by}
    ]
    if len(able) != 1:
        return None  # nothing to do, or a choice that is better made before the record
    page = STEP_PAGES[label, able[0].code]
    return Onward(page.heading(record), page.address(record), page.icon)
