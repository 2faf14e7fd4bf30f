"""The house's own import contracts for import-linter; imports inside functions count like any other."""

from __future__ import annotations

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

_MODULES = "anlan.modules."
_FLOWS = "anlan.flows"
_RULES = "anlan.rules"


class _ListsImports(Contract):
    """A contract that names every import that breaks it, with its line."""

    advice = ""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            f"{importer} -> {imported} (line {_lines(graph, importer, imported)})"
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self.breaks(importer, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()
        output.print_error(self.advice, bold=False)

    def breaks(self, importer: str, imported: str) -> bool:
        raise TypeError("a contract says what breaks it")


class Doors(_ListsImports):
    """A module imports of another module only ``public``; a flow only ``public`` and ``events``.

    Tests of a module may set up their scene through the doors too, and with ``demo``.
    """

    type_name = "doors"
    advice = "Ask through the other module's public.py, or announce an event and let a flow react."

    def breaks(self, importer: str, imported: str) -> bool:
        """
        >>> doors = Doors.breaks
        >>> doors(None, "anlan.modules.hazards.services", "anlan.modules.registry.models")
        True
        >>> doors(None, "anlan.modules.hazards.services", "anlan.modules.registry.public")
        False
        >>> doors(None, "anlan.flows.alarm_becomes_hazard", "anlan.modules.hazards.services")
        True
        """
        if not imported.startswith(_MODULES):
            return False
        owner, _, room = imported.removeprefix(_MODULES).partition(".")
        room = room.partition(".")[0]
        if importer.startswith(_MODULES):
            own, _, inside = importer.removeprefix(_MODULES).partition(".")
            allowed = {"public", "demo"} if inside.startswith("tests") else {"public"}
            return own != owner and room not in allowed
        if importer == _FLOWS or importer.startswith(f"{_FLOWS}."):
            return room not in {"public", "events"} and ".tests" not in importer
        return False


class PureLaw(_ListsImports):
    """``anlan.rules`` imports the standard library and itself, nothing else."""

    type_name = "pure_law"
    advice = "A rule takes values and gives back values: whoever calls it does the reading and the writing."

    def breaks(self, importer: str, imported: str) -> bool:
        """
        >>> PureLaw.breaks(None, "anlan.rules.uscc", "django"), PureLaw.breaks(None, "anlan.rules.uscc", "re")
        (True, False)
        """
        if not (importer == _RULES or importer.startswith(f"{_RULES}.")) or ".tests" in importer:
            return False
        inside = imported == _RULES or imported.startswith(f"{_RULES}.")
        return not inside and imported.partition(".")[0] not in sys.stdlib_module_names


def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
    details: list[Any] = list(graph.get_import_details(importer=importer, imported=imported))
    return ", ".join(str(detail["line_number"]) for detail in details)
