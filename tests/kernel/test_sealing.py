"""Personal data is sealed under a key of its own, and gone with it."""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.identity import sealing


@pytest.fixture(autouse=True)
def own_master_key(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.SECRETS = tmp_path / "secrets"
    monkeypatch.delenv("ANLAN_MASTER_KEY", raising=False)
    sealing.master_key.cache_clear()
    yield
    sealing.master_key.cache_clear()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_is_sealed_opens_with_its_key_alone(text: str) -> None:
    key, other = sealing.new_key(), sealing.new_key()
    sealed = sealing.seal(key, text)
    assert sealing.unseal(key, sealed) == text
    if text:
        assert len(text) < 6 or text.encode() not in sealed
        assert sealing.unseal(other, sealed) is None
        assert sealing.seal(key, text) != sealed, "equal values look different"


def test_without_the_key_it_is_noise() -> None:
    key = sealing.new_key()
    sealed = sealing.seal(key, "441481199001011234")
    assert sealing.unseal(None, sealed) is None
    assert sealing.unseal(b"", sealed) is None
    assert sealing.unseal(key, sealed[:-1] + b"x") is None
    assert sealing.unseal(key, b"") == ""
    assert sealing.seal(key, "") == b""


def test_another_master_key_opens_nothing(settings: Any, tmp_path: Path) -> None:
    key = sealing.new_key()
    sealed, index = sealing.seal(key, "x"), sealing.blind_index("phone", "13800000000")
    settings.SECRETS = tmp_path / "other"
    sealing.master_key.cache_clear()
    sealing._cipher.cache_clear()
    assert sealing.unseal(key, sealed) is None
    assert sealing.blind_index("phone", "13800000000") != index


def test_found_without_being_readable() -> None:
    index = sealing.blind_index("phone", "13800000000")
    assert index == sealing.blind_index("phone", "13800000000")
    assert len(index) == 32
    assert index != sealing.blind_index("id_number", "13800000000")
    assert sealing.blind_index("phone", "") == ""


def test_the_master_key_is_the_owners_alone(settings: Any) -> None:
    key = sealing.master_key()
    path = settings.SECRETS / "master.key"
    assert path.read_bytes() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]


def test_two_processes_at_first_start_make_one_key(settings: Any) -> None:
    path = settings.SECRETS / "master.key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sealing._make_key(path), range(8)))
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]
    assert len(path.read_bytes()) == 32


def test_a_key_from_the_environment(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("ANLAN_MASTER_KEY", base64.b64encode(b"k" * 32).decode())
    assert sealing.master_key() == b"k" * 32
    assert not settings.SECRETS.exists()
    sealing.master_key.cache_clear()
    monkeypatch.setenv("ANLAN_MASTER_KEY", base64.b64encode(b"short").decode())
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.master_key()


def test_a_torn_key_file_is_refused(settings: Any) -> None:
    sealing.master_key()
    (settings.SECRETS / "master.key").write_bytes(b"torn")
    sealing.master_key.cache_clear()
    with pytest.raises(ValueError, match="256-bit"):
        sealing.master_key()


def test_masks_tell_nothing() -> None:
    assert sealing.masked("phone") == "1** **** ****"
    assert sealing.masked("other", 3) == "••••••"
    assert len(sealing.new_secret()) == 43
    assert len({sealing.new_reference() for _ in range(50)}) == 50
