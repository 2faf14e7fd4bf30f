"""Moving records along their process, and the database triggers that refuse what goes round it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from typing import Any, ClassVar

import pgtrigger
from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.acts import Versioned, Work
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, SamePerson, WrongStep, gettext_noop
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.scope import Scoped
from anlan.rules.steps import Step, Workflow


class InProcess(Scoped, Versioned):
    """A record that moves along a process: ``process`` is its table, ``state`` where it stands.

    A concrete model takes ``triggers = process_triggers(PROCESS)`` and
    ``constraints = [process_check(PROCESS, "app_model")]`` in its Meta.
    """

    state = models.CharField(max_length=32)

    process: ClassVar[Workflow]

    class Meta(Scoped.Meta):
        abstract = True

    def steps_open_to(self, actor: Actor) -> tuple[Step, ...]:
        """The steps this actor may take from where the record stands (separation of duties not yet asked)."""
        return tuple(s for s in self.process.steps_from(self.state) if actor.may_any(s.who, self))


def process_check(process: Workflow, prefix: str) -> models.CheckConstraint:
    """The CHECK that admits only the states of the process."""
    return models.CheckConstraint(
        condition=models.Q(state__in=sorted(s.code for s in process.states)), name=f"{prefix}_state_known"
    )


def process_triggers(process: Workflow) -> list[pgtrigger.Trigger]:
    """The triggers of a process: UPDATE along its moves only; INSERT (COPY included) of first steps only.

    The second is one check per statement over the new rows; a transaction that declared a journalled bulk load
    (``journal.record.bulk_load``) may insert any state.
    """
    first = ", ".join(f"'{code}'" for code in sorted(process.initial))
    return [
        pgtrigger.FSM(name="steps_only", field="state", transitions=list(process.moves())),
        pgtrigger.Trigger(
            name="first_steps_only",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="fresh_rows"),  # type: ignore[no-untyped-call]
            func=f"""
                IF EXISTS (SELECT 1 FROM fresh_rows WHERE state NOT IN ({first}))
                   AND NOT EXISTS (SELECT 1 FROM journal_bulkload WHERE xid = pg_current_xact_id()::text::bigint)
                THEN
                    RAISE EXCEPTION 'a record of process {process.name} must begin at its first step';
                END IF;
                RETURN NULL;
            """,  # noqa: S608 - codes and name of a process table, not input
        ),
    ]


def take(work: Work, record: Any, code: str, *, note: str = "", given: dict[str, Any] | None = None) -> Step:
    """Take a step: check place, permission, separation of duties and evidence; set the state (not yet saved).

    ``given`` are the values about to be stored; evidence is looked for there, then on the record. The body of
    the act saves the record and records the fact. Raises WrongStep, NotAllowed, SamePerson, BadInputs.
    """
    process: Workflow = record.process
    step = process.step(code)
    if step.first or record.state not in step.source:
        raise WrongStep(step=step.label, state=process.state(record.state).label)
    if not work.actor.may_any(step.who, record):
        raise NotAllowed(permission=step.who[0])
    if step.not_by and not work.actor.is_system:
        forbid_same_person(work.actor, record, step)
    lacking = [name for name in step.evidence if _empty((given or {}).get(name, getattr(record, name, None)))]
    if lacking:
        needed = gettext_noop("This is needed for the step “%(step)s”.")
        raise BadInputs([BadInput(name, needed, step=step.label) for name in lacking])
    record.state = step.target
    remember(work, record, code, note)
    return step


def begin(work: Work, record: Any, code: str, *, note: str = "") -> Step:
    """Take a first step: set the state of a record about to be inserted; call ``remember`` after saving it."""
    process: Workflow = record.process
    step = process.step(code)
    if not step.first:
        raise WrongStep(step=step.label, state="")
    if not work.actor.may_any(step.who, record):
        raise NotAllowed(permission=step.who[0])
    record.state = step.target
    return step


def remember(work: Work, record: Any, code: str, note: str = "") -> None:
    """Keep who took a step."""
    StepTaken.objects.create(
        subject_type=record._meta.label_lower,
        subject_id=str(record.pk),
        step=code,
        actor_key=work.actor.key,
        actor_name=work.actor.name,
        at=work.now,
        note=note,
    )


def forbid_same_person(actor: Actor, record: Any, step: Step, taken: Sequence[StepTaken] | None = None) -> None:
    """Raise ``SamePerson`` when the actor was the last to take one of ``step.not_by``.

    ``taken``: the steps the record went through, oldest first, where they are in hand; else they are asked for.
    """
    for earlier in step.not_by:
        if taken is None:
            last = steps_taken(record, [earlier]).last()
        else:
            last = next((done for done in reversed(taken) if done.step == earlier), None)
        if last and last.actor_key == actor.key:
            raise SamePerson(step=step.label, earlier=record.process.step(earlier).label)


def steps_taken(record: Any, codes: Iterable[str] | None = None) -> models.QuerySet[StepTaken]:
    """The steps a record went through, oldest first."""
    rows = StepTaken.objects.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk)).order_by("id")
    return rows.filter(step__in=list(codes)) if codes is not None else rows


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Sized) and not len(value))
