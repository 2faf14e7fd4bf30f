"""Processes cite the law, flows listen to events that exist, and the drawn pages say what the code says."""

from __future__ import annotations

import pytest
from django.conf import settings

from anlan.kernel.events.bus import FLOWS
from anlan.kernel.journal.facts import FACTS, Event
from anlan.kernel.workflow import InProcess
from anlan.rules.steps import Step, Workflow
from tests.house.drawn import pages
from tests.house.walk import PACKAGE, own_models, workflows

STEPS = [(module, process, step) for module, process in workflows() for step in process.steps]


@pytest.mark.parametrize(("module", "process", "step"), STEPS, ids=[f"{m}.{p.name}.{s.code}" for m, p, s in STEPS])
def test_a_step_cites_its_clause_and_somebody_may_take_it(module: str, process: Workflow, step: Step) -> None:
    assert step.clause.law.strip()
    assert step.clause.article.strip()
    carried = {p for role in settings.ANLAN_ROLES.values() for p in role.permissions}
    assert step.who, "somebody takes it"
    assert set(step.who) <= carried, f"no role carries {sorted(set(step.who) - carried)}"
    assert set(step.not_by) <= {s.code for s in process.steps}


@pytest.mark.parametrize("model", [m for m in own_models() if issubclass(m, InProcess)], ids=lambda m: m._meta.label)
def test_a_record_in_process_is_guarded_by_the_database(model: type[InProcess]) -> None:
    known = {id(p) for _, p in workflows()}
    assert id(model.process) in known, "its table stands in workflow.py"
    triggers = {t.name for t in model._meta.triggers}  # type: ignore[attr-defined]
    assert {"steps_only", "first_steps_only"} <= triggers
    assert any(c.name.endswith("_state_known") for c in model._meta.constraints)
    columns = {f.name for f in model._meta.get_fields()}
    missing = {e for s in model.process.steps for e in s.evidence} - columns
    assert not {m for m in missing if not m.isidentifier()}


def test_flows_listen_to_events_that_exist() -> None:
    for event, listening in FLOWS.items():
        if event.startswith("sample."):
            continue
        assert issubclass(FACTS[event], Event), event
        for flow in listening:
            assert flow.run.__module__.startswith("anlan.flows.") or not flow.run.__module__.startswith("anlan.")


def test_every_sentence_under_flows_subscribes() -> None:
    files = {p.stem for p in (PACKAGE / "flows").glob("*.py")} - {"__init__", "apps"}
    subscribed = {f.run.__module__.rpartition(".")[2] for listening in FLOWS.values() for f in listening}
    assert files <= subscribed, f"no flow in {sorted(files - subscribed)}"


@pytest.mark.parametrize("path", pages(), ids=lambda p: p.name)
def test_a_drawn_page_says_what_the_code_says(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    assert path.exists(), "write it with: python -m tests.house"
    assert path.read_text(encoding="utf-8") == pages()[path], "write it anew with: python -m tests.house"
