"""Wordings in two languages, the tables' reader, word overlap, and the tables' provenance."""

from __future__ import annotations

import copy
import hashlib
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import anlan.rules
from anlan.rules.overlap import bigrams, plain, shared_words
from anlan.rules.tables import day, parts, rows
from anlan.rules.wording import Wording, in_language

DATA = Path(anlan.rules.__file__).parent / "data"
PROVENANCE = (DATA / "PROVENANCE.md").read_text(encoding="utf-8")


def test_a_wording_is_its_english_and_knows_its_chinese() -> None:
    said = Wording("due", "到期")
    assert said == "due"
    assert (in_language(said, "zh-hans"), in_language(said, "zh-CN"), in_language(said, "en")) == (
        "到期",
        "到期",
        "due",
    )
    assert in_language("plain", "zh-hans") == "plain"
    assert type(in_language(said, "en")) is str


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda w: pickle.loads(pickle.dumps(w))])  # noqa: S301
def test_a_wording_survives_copying(copied) -> None:  # type: ignore[no-untyped-def]
    said = copied(Wording("due", "到期"))
    assert (said, said.zh) == ("due", "到期")


@pytest.mark.parametrize(("en", "zh"), [("", "到期"), ("due", "")])
def test_a_wording_needs_both_languages(en: str, zh: str) -> None:
    with pytest.raises(ValueError, match="both languages"):
        Wording(en, zh)


def test_rows_are_read_only() -> None:
    with pytest.raises(TypeError):
        rows("gb4754_2017_sections")[0]["name"] = "x"  # type: ignore[index]


def test_a_ragged_table_is_refused_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ragged.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    monkeypatch.setattr("anlan.rules.tables.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"ragged\.csv line 3: 1 values for 2 columns"):
        rows("ragged")


def test_cells() -> None:
    assert day("") is None
    assert str(day("2026-10-01")) == "2026-10-01"
    assert parts(" a ; ;b") == ("a", "b")


@given(st.text(), st.text())
def test_shared_words_are_in_the_text_and_made_of_shared_pairs(text: str, other: str) -> None:
    pairs = bigrams(text) & bigrams(other)
    words = shared_words(text, pairs)
    assert len(set(words)) == len(words)
    assert {pair for word in words for pair in bigrams(word)} == pairs
    assert all(word in plain(text) for word in words)


def test_every_table_is_named_with_its_source_and_its_size() -> None:
    for table in sorted(DATA.glob("*.csv")):
        assert f"`{table.name}`" in PROVENANCE, table.name
    for name in re.findall(r"`([a-z0-9_]+)\.csv`", PROVENANCE):
        assert rows(name), name
    for line in PROVENANCE.splitlines():
        if found := re.match(r"\| (`.+\.csv`) \| ([\d, ]+) \|", line):
            names = re.findall(r"`(\w+)\.csv`", found[1])
            assert [len(rows(n)) for n in names] == [int(n) for n in found[2].split(",")], names


def test_the_industry_tables_are_as_received() -> None:
    hashes = dict(re.findall(r"\| `(gb4754_\w+\.csv)` \| `([0-9a-f]{64})` \|", PROVENANCE))
    assert len(hashes) == 4
    for name, expected in hashes.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == expected


def test_tables_are_clean_text() -> None:
    for table in DATA.glob("*.csv"):
        text = table.read_text(encoding="utf-8")
        assert text.endswith("\n")
        assert "\r" not in text
        assert "\ufeff" not in text
        assert not re.search(r"[ \t](,|$)", text, re.M), table.name
