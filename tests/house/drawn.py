"""Pages of the documentation that are drawn from the code, and compared with it.

``python -m tests.house`` writes them anew.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from anlan.kernel.events.bus import FLOWS
from anlan.kernel.journal.facts import FACTS, Event
from tests.house.walk import ROOT, workflows

DOCS = ROOT / "docs" / "modules"


def events_page() -> str:
    """The catalogue of events: what is announced, with which words, and who listens."""
    lines = [
        "# Events",
        "",
        "What a module announces, and what it means for others. An event is a fact in the journal as well; each flow",
        "runs once per event, in the transaction of its own job. Drawn from the code by `python -m tests.house`.",
        "",
        "| Event | Says | Carries | Flows |",
        "|---|---|---|---|",
    ]
    for name, kind in sorted(FACTS.items()):
        if not issubclass(kind, Event) or not kind.__module__.startswith("anlan."):
            continue
        carries = ", ".join(f"`{p}`" for p in inspect.signature(kind).parameters)
        flows = ", ".join(f"`{f.name}`" for f in FLOWS.get(name, ()) if f.run.__module__.startswith("anlan."))
        says = inspect.cleandoc(kind.__doc__ or "").splitlines()[0].replace("|", "\\|")
        lines.append(f"| `{name}` | {says} | {carries} | {flows or '–'} |")
    return "\n".join(lines) + "\n"


def workflows_page() -> str:
    """Every process: its diagram, and its steps with their clauses."""
    lines = [
        "# Processes",
        "",
        "Each record in process moves along a table. The screens, the acts, the database triggers and this page are",
        "made from it. Drawn from the code by `python -m tests.house`.",
    ]
    for module, process in workflows():
        lines += ["", f"## {module}: {process.name}", "", "```mermaid", process.mermaid().rstrip("\n"), "```", ""]
        lines += ["| Step | From | To | Who | Evidence | Not by who did | Clause |", "|---|---|---|---|---|---|---|"]
        for step in process.steps:
            cells = [
                f"{step.label} (`{step.code}`)",
                ", ".join(f"`{s}`" for s in step.source) or "(new)",
                f"`{step.target}`",
                ", ".join(f"`{w}`" for w in step.who),
                ", ".join(f"`{e}`" for e in step.evidence) or "–",
                ", ".join(f"`{n}`" for n in step.not_by) or "–",
                str(step.clause),
            ]
            lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """What each drawn page should say."""
    return {DOCS / "events.md": events_page(), DOCS / "processes.md": workflows_page()}


def main() -> None:
    """Write the pages anew."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
