"""``./run`` and the installer: which Python, which lock file, and what is said when neither can be had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.runtime import install
from anlan.runtime.embedded import node
from anlan.runtime.places import ROOT


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The script in an empty folder, beside tools but no Python."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "id", "rm", "env"):
        (tools / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def _run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([folder / "run", "help"], env=environment, capture_output=True, text=True)


def test_a_named_python_that_does_not_fit_is_refused(alone: Path) -> None:
    done = _run(alone, ANLAN_PYTHON="/bin/false", PATH=os.defpath)
    assert done.returncode == 1
    assert done.stderr == "ANLAN_PYTHON=/bin/false is not a Python 3.11, 3.12 or 3.13.\n"
    assert not (alone / ".venv").exists()


def test_a_python_without_environments_pip_and_uv_says_what_to_ask_for(alone: Path) -> None:
    crippled = alone / "tools" / "python3"
    # Everything works but the modules that make environments, as on a Debian without python3-venv and pip.
    crippled.write_text(
        '#!/bin/sh\ncase "$*" in *ensurepip*|*venv*|*pip*) exit 1 ;; esac\n'
        f'exec {os.path.realpath(sys.executable)} "$@"\n'
    )
    crippled.chmod(0o755)
    (alone / "tools" / "id").unlink()
    (alone / "tools" / "id").write_text("#!/bin/sh\necho 1000\n")
    (alone / "tools" / "id").chmod(0o755)
    done = _run(alone, ANLAN_PYTHON=str(crippled), PATH=str(alone / "tools"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 1
    assert f"apt install python{version}-venv" in done.stderr
    assert not (alone / ".venv").exists()


def test_an_environment_that_fits_is_used_as_it_is(alone: Path) -> None:
    bin_folder = alone / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\necho "$PYTHONPATH" "$@"\n'
    )
    (bin_folder / "python").chmod(0o755)
    done = _run(alone, PATH=str(alone / "tools"))
    assert done.stdout == f"{alone.resolve()} -P -m anlan.runtime.install help\n"


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment whose installations are only noted down."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    noted: list[str] = []
    monkeypatch.setattr(install, "_run", lambda command, what: noted.append(Path(command[-1]).stem))
    monkeypatch.setattr(install, "_uv", lambda venv: ["uv"])
    monkeypatch.setattr(install, "_link_program", lambda venv: None)
    monkeypatch.setattr(install, "noted", noted, raising=False)
    return tmp_path


def test_a_second_start_installs_nothing(venv: Path) -> None:
    assert install.ensure("up") is True
    assert install.ensure("up") is False
    assert install.noted == ["embedded"]


def test_tests_add_to_what_is_there_and_a_start_takes_nothing_away(venv: Path) -> None:
    assert [install.ensure(command) for command in ("up", "test", "up", "check")] == [True, True, False, False]
    assert install.noted == ["embedded", "dev"]


def test_a_changed_lock_file_is_installed_again(venv: Path) -> None:
    install.ensure("test")
    stamp = venv / "anlan-installed.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "digest": "of another lock file"}))
    assert install.ensure("up") is True
    assert install.noted == ["dev", "dev"]


def test_a_damaged_stamp_means_installing_again(venv: Path) -> None:
    (venv / "anlan-installed.json").write_text("{half")
    assert install.ensure("up") is True


def test_the_machines_certificates_are_trusted_unless_one_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    assert install.environment()["UV_SYSTEM_CERTS"] == "true"
    monkeypatch.setenv("UV_SYSTEM_CERTS", "false")
    assert install.environment()["UV_SYSTEM_CERTS"] == "false"


def test_node_trusts_what_python_trusts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = tmp_path / "authority.pem"
    bundle.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    assert node.environment()["NODE_EXTRA_CA_CERTS"] == str(bundle)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/elsewhere.pem")
    assert node.environment()["NODE_EXTRA_CA_CERTS"] == "/elsewhere.pem"
