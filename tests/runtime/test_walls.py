"""The walls refuse what they should: faults are planted in a small copy of the house."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.runtime.places import ROOT

SOUND = {
    "anlan/rules/clock.py": "from datetime import date\n",
    "anlan/kernel/acts.py": "from anlan.rules import clock\n",
    "anlan/ui/pages.py": "from anlan.kernel import acts\n",
    "anlan/modules/registry/public.py": "from anlan.kernel import acts\n",
    "anlan/modules/registry/services.py": "from anlan.modules.registry import public\n",
    "anlan/modules/hazards/services.py": "def act():\n    from anlan.modules.registry.public import acts\n",
    "anlan/modules/hazards/public.py": "",
    "anlan/modules/hazards/events.py": "",
    "anlan/flows/overdue.py": "from anlan.modules.hazards import events, public\n",
    "anlan/config/wiring.py": "from anlan.modules.hazards import services\n",
}
FAULTS = {
    "anlan.rules.law -> django": ("anlan/rules/law.py", "import django.db\n"),
    "anlan.rules.law -> anlan.kernel": ("anlan/rules/law.py", "import anlan.kernel.acts\n"),
    "anlan.kernel.screen -> anlan.ui.pages": ("anlan/kernel/screen.py", "def f():\n    import anlan.ui.pages\n"),
    "anlan.ui.table -> anlan.modules.registry.public": ("anlan/ui/table.py", "import anlan.modules.registry.public\n"),
    "anlan.modules.hazards.act -> anlan.modules.registry.services": (
        "anlan/modules/hazards/act.py",
        "def f():\n    from anlan.modules.registry import services\n",
    ),
    "anlan.flows.late -> anlan.modules.hazards.services": (
        "anlan/flows/late.py",
        "from anlan.modules.hazards import services\n",
    ),
    ".registry -> .hazards": (
        "anlan/modules/registry/back.py",
        "from anlan.modules.hazards import public\n",
    ),
}


def _house(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in [path.parent, *path.parent.parents]:
            if package.is_relative_to(folder / "anlan"):
                (package / "__init__.py").touch()
        path.write_text(text)
    (folder / "anlan" / "runtime").mkdir()
    (folder / "anlan" / "runtime" / "__init__.py").touch()
    shutil.copy(ROOT / "anlan" / "runtime" / "walls.py", folder / "anlan" / "runtime" / "walls.py")
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    tool = Path(sys.executable).parent / "lint-imports"
    environment = {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run([tool, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True)


def test_a_sound_house_passes(tmp_path: Path) -> None:
    done = _house(tmp_path, SOUND)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(tmp_path: Path, fault: str) -> None:
    path, text = FAULTS[fault]
    done = _house(tmp_path, {**SOUND, path: text})
    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    importer, imported = fault.split(" -> ")
    assert fault in told or (f"{importer} is not allowed" in told and imported in told), told
