"""A process as a table: states, and the steps that lead from one to the next.

Pure data. ``kernel.workflow`` moves records along it, the database triggers are generated from it, and the
diagrams in the documentation are drawn from it, so the three cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.rules.citation import Citation


@dataclass(frozen=True, slots=True)
class State:
    """One state: code, English label (a msgid), colour token and whether the record rests there for good."""

    code: str
    label: str
    colour: str = "secondary"
    final: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process.

    ``who`` names permissions (any of them suffices); ``evidence`` names the fields that must be filled;
    ``deadline`` names the deadline rule the step starts, ``ends`` the deadline kinds it answers;
    ``not_by`` names earlier steps whose taker may not take this one (separation of duties).
    ``source`` empty means: a first step, which creates the record.
    """

    code: str
    label: str
    source: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    clause: Citation
    evidence: tuple[str, ...] = ()
    deadline: str | None = None
    ends: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()

    @property
    def first(self) -> bool:
        """True for a step that creates the record."""
        return not self.source


@dataclass(frozen=True, slots=True)
class Workflow:
    """A named process. Construction refuses a step to or from an unknown state, and an unreachable state."""

    name: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        known = {s.code for s in self.states}
        if len(known) != len(self.states) or len({s.code for s in self.steps}) != len(self.steps):
            raise ValueError(f"{self.name}: a state or step is named twice")
        for step in self.steps:
            unknown = {*step.source, step.target} - known
            if unknown:
                raise ValueError(f"{self.name}.{step.code}: unknown states {sorted(unknown)}")
        if not any(s.first for s in self.steps):
            raise ValueError(f"{self.name}: no first step")
        reached = {s.target for s in self.steps if s.first}
        while more := {s.target for s in self.steps if reached & set(s.source)} - reached:
            reached |= more
        if reached != known:
            raise ValueError(f"{self.name}: unreachable states {sorted(known - reached)}")

    def state(self, code: str) -> State:
        """The state of that code; ``KeyError`` when there is none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def step(self, code: str) -> Step:
        """The step of that code; ``KeyError`` when there is none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(code)

    @property
    def initial(self) -> frozenset[str]:
        """The states in which a record may be inserted."""
        return frozenset(s.target for s in self.steps if s.first)

    @property
    def final(self) -> frozenset[str]:
        """The states in which a record rests for good."""
        return frozenset(s.code for s in self.states if s.final)

    def moves(self) -> Iterator[tuple[str, str]]:
        """Every permitted (from, to) pair, each once, in the order of the table; staying put is no move."""
        seen: set[tuple[str, str]] = set()
        for step in self.steps:
            for source in step.source:
                pair = (source, step.target)
                if source != step.target and pair not in seen:
                    seen.add(pair)
                    yield pair

    def steps_from(self, code: str) -> tuple[Step, ...]:
        """The steps that may be taken from a state, in the order of the table."""
        return tuple(s for s in self.steps if code in s.source)

    def mermaid(self) -> str:
        """The state diagram in Mermaid's notation, as committed under ``docs``."""
        lines = ["stateDiagram-v2"]
        for step in self.steps:
            if step.first:
                lines.append(f"    [*] --> {step.target}: {step.code}")
            lines += [f"    {source} --> {step.target}: {step.code}" for source in step.source]
        lines += [f"    {state.code} --> [*]" for state in self.states if state.final]
        return "\n".join(lines) + "\n"
