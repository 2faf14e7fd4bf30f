"""The glossary has a row for every record, state, step and event, in the words the screens use."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from django.utils import translation

from anlan.kernel.journal.facts import FACTS, Event
from anlan.rules.steps import Workflow
from tests.house.walk import ROOT, own_models, workflows

ROW = re.compile(r"^\| (?P<zh>[^|]+) \| (?P<names>[^|]+) \| (?P<meaning>[^|]+) \|", re.M)
HAN = re.compile(r"[\u3400-\u9fff]")
PROCESSES = workflows()


def _rows() -> dict[str, set[str]]:
    """Identifier to its Chinese words."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in ROW.finditer((ROOT / "docs" / "glossary.md").read_text("utf-8")):
        for name in re.findall(r"`([^`]+)`", row["names"]):
            found[name].add(row["zh"].strip())
    return found


ROWS = _rows()


def test_every_record_has_a_row() -> None:
    names = Counter(m.__name__ for m in own_models())
    wanted = {m._meta.label if names[m.__name__] > 1 else m.__name__ for m in own_models()}
    missing = sorted(wanted - set(ROWS))
    assert not missing, f"say in docs/glossary.md what a row of these is: {missing}"


@pytest.mark.parametrize(("module", "process"), PROCESSES, ids=[f"{m}.{p.name}" for m, p in PROCESSES])
def test_every_state_and_step_has_a_row_in_the_words_of_the_screen(module: str, process: Workflow) -> None:
    wrong = []
    with translation.override("zh-hans"):
        for part in (*process.states, *process.steps):
            name = f"{process.name}.{part.code}"
            said = translation.gettext(part.label)
            if said not in ROWS.get(name, set()):
                wrong.append(
                    f"{name}: the screen says “{said}”, the glossary {sorted(ROWS.get(name, set())) or 'nothing'}"
                )
    assert not wrong, "\n".join(wrong)


def test_every_event_has_a_row() -> None:
    events = {
        k.__name__
        for k in FACTS.values()
        if issubclass(k, Event) and k is not Event and k.__module__.startswith("anlan.")
    }
    assert events, "there are events"
    missing = sorted(events - set(ROWS))
    assert not missing, f"say in docs/glossary.md what these events mean: {missing}"


def test_every_word_is_given_in_chinese_with_its_meaning() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    bare = [row[0] for row in ROW.finditer(text) if not HAN.search(row["zh"])]
    assert not bare, "the first column is Chinese"


def test_no_row_names_a_state_step_or_event_that_is_gone() -> None:
    known = {f"{p.name}.{part.code}" for _, p in PROCESSES for part in (*p.states, *p.steps)}
    processes = {p.name for _, p in PROCESSES}
    gone = sorted(n for n in ROWS if n.partition(".")[0] in processes and "." in n and n not in known)
    assert not gone, f"strike them from docs/glossary.md: {gone}"
