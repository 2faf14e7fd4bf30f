"""Workflow tables: what construction refuses, and what the moves, first steps and diagrams say."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.citation import Citation, Confidence, Finding, Level, NotHeld
from anlan.rules.steps import State, Step, Workflow

CLAUSE = Citation("安全生产法", "第四十一条")


def step(code: str, source: str, target: str, **more: object) -> Step:
    """A step from the states in ``source`` (separated by blanks) to ``target``."""
    return Step(code, code.title(), tuple(source.split()), target, ("do",), CLAUSE, **more)  # type: ignore[arg-type]


def flow(states: str, *steps: Step) -> Workflow:
    """A workflow over one-word states, the last one final."""
    names = states.split()
    return Workflow("test", tuple(State(n, n.title(), final=n == names[-1]) for n in names), steps)


LOOP = (
    step("report", "", "reported"),
    step("accept", "reported", "open"),
    step("send_back", "open", "reported"),
    step("note", "reported open", "open"),
    step("close", "reported open", "closed"),
)


def test_a_sound_table_is_built_and_read() -> None:
    loop = flow("reported open closed", *LOOP)
    assert loop.initial == {"reported"}
    assert loop.final == {"closed"}
    assert loop.state("open").label == "Open"
    assert loop.step("close").source == ("reported", "open")
    assert [s.code for s in loop.steps_from("open")] == ["send_back", "note", "close"]
    assert loop.steps_from("closed") == ()
    assert LOOP[0].first
    assert not LOOP[1].first


def test_moves_are_each_once_and_staying_put_is_none() -> None:
    assert list(flow("reported open closed", *LOOP).moves()) == [
        ("reported", "open"),
        ("open", "reported"),
        ("reported", "closed"),
        ("open", "closed"),
    ]


def test_the_diagram_is_mermaid() -> None:
    assert flow("reported open closed", *LOOP).mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> reported: report\n"
        "    reported --> open: accept\n"
        "    open --> reported: send_back\n"
        "    reported --> open: note\n"
        "    open --> open: note\n"
        "    reported --> closed: close\n"
        "    open --> closed: close\n"
        "    closed --> [*]\n"
    )


@pytest.mark.parametrize(
    ("states", "steps", "said"),
    [
        ("a a", (step("x", "", "a"),), "named twice"),
        ("a b", (step("x", "", "a"), step("x", "a", "b")), "named twice"),
        ("a", (step("x", "", "z"),), r"unknown states \['z'\]"),
        ("a b", (step("x", "", "a"), step("y", "z", "b")), r"unknown states \['z'\]"),
        ("a b", (step("x", "a", "b"),), "no first step"),
        ("a b c", (step("x", "", "a"), step("y", "a", "b")), r"unreachable states \['c'\]"),
        ("a b c", (step("x", "", "a"), step("y", "b", "c"), step("z", "c", "b")), r"unreachable states \['b', 'c'\]"),
        ("", (), "no first step"),
    ],
)
def test_construction_refuses(states: str, steps: tuple[Step, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        flow(states, *steps)


@pytest.mark.parametrize("reader", ["state", "step"])
def test_unknown_codes_raise(reader: str) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        getattr(flow("reported open closed", *LOOP), reader)("nowhere")


@st.composite
def chains(draw: st.DrawFn) -> Workflow:
    """A workflow whose states are all reachable, with extra steps thrown in."""
    names = [f"s{i}" for i in range(draw(st.integers(1, 7)))]
    steps = [step("first", "", names[0])]
    for i, name in enumerate(names[1:], 1):
        steps.append(step(f"go{i}", draw(st.sampled_from(names[:i])), name))
    for i in range(draw(st.integers(0, 5))):
        sources = draw(st.sets(st.sampled_from(names), min_size=1))
        steps.append(step(f"extra{i}", " ".join(sorted(sources)), draw(st.sampled_from(names))))
    order = draw(st.permutations(steps))
    return Workflow("drawn", tuple(State(n, n) for n in names), tuple(order))


@given(chains())
def test_moves_and_diagram_agree_with_the_steps(drawn: Workflow) -> None:
    moves = list(drawn.moves())
    assert Counter(moves).most_common(1)[0][1] == 1 if moves else True
    assert set(moves) == {(s, t.target) for t in drawn.steps for s in t.source if s != t.target}
    arrows = [line for line in drawn.mermaid().splitlines() if "-->" in line]
    assert len(arrows) == sum(len(s.source) or 1 for s in drawn.steps)
    for state in drawn.states:
        assert all(state.code in s.source for s in drawn.steps_from(state.code))


@given(chains())
def test_a_state_nothing_leads_to_is_refused(drawn: Workflow) -> None:
    with pytest.raises(ValueError, match="unreachable"):
        Workflow("drawn", (*drawn.states, State("island", "Island")), drawn.steps)


def test_citations_speak_and_end() -> None:
    assert str(CLAUSE) == "《安全生产法》第四十一条"
    assert str(Citation("令16", "第十四条", Confidence.C)) == "《令16》第十四条（待核实）"
    assert str(Citation("本地规定", "：15日", level=Level.LOCAL)) == "本地规定：15日"
    old = Citation("令15", "", valid_from=dt.date(2008, 1, 1), valid_to=dt.date(2026, 1, 31))
    assert [
        old.in_force(dt.date(y, m, d)) for y, m, d in ((2007, 12, 31), (2008, 1, 1), (2026, 1, 31), (2026, 2, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert Finding(1, (CLAUSE,)).settled
    assert not Finding(1, (CLAUSE, Citation("令16", "", Confidence.C))).settled
    assert "2026-08-01" in str(NotHeld("煤矿", dt.date(2026, 8, 1)))
    assert str(NotHeld("煤矿")) == "no text held: 煤矿"
