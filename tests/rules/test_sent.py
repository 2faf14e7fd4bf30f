"""The same bad input is refused alike by the command and by the API: the field is named, nothing is passed over."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.refusal import BadInput
from anlan.rules.sent import LONGEST, as_sent
from anlan.runtime.cli import main
from tests.cast import Cast, token_of

DEEP = '{"holdings": ' + "[" * 500 + "]" * 500 + "}"
TWICE = '{"deaths": 1, "deaths": 2}'
STRETCH = '{"stretches": [{"level_dba": 90, "hours": 1, "hours": 2}]}'
BAD = [
    ("accident_grade", '{"people": 3}', "people"),
    ("accident_grade", '{"deaths": 1, "people": 3, "occurred": "x"}', "people"),
    ("accident_grade", TWICE, "deaths"),
    ("noise_exposure", STRETCH, "hours"),
    ("accident_grade", '{"deaths": "三"}', "deaths"),
    ("accident_grade", '{"deaths": "3 人"}', "deaths"),
    ("accident_grade", '{"deaths": 2.5}', "deaths"),
    ("accident_grade", '{"deaths": true}', "deaths"),
    ("accident_grade", '{"deaths": [3]}', "deaths"),
    ("accident_grade", '{"deaths": NaN}', "deaths"),
    ("accident_grade", '{"direct_loss_yuan": Infinity}', "direct_loss_yuan"),
    ("accident_grade", '{"direct_loss_yuan": -Infinity}', "direct_loss_yuan"),
    ("accident_grade", '{"direct_loss_yuan": "NaN"}', "direct_loss_yuan"),
    ("accident_grade", '{"direct_loss_yuan": 1e400}', "direct_loss_yuan"),
    ("accident_grade", '{"deaths": -1}', "deaths"),
    ("accident_grade", '{"deaths": 1, "occurred": "2026-02-30"}', "occurred"),
    ("accident_grade", '{"deaths": 1, "occurred": "2026年3月1日"}', "occurred"),
    ("accident_grade", '{"deaths": 1, "occurred": 20260301}', "occurred"),
    ("accident_grade", '{"deaths": 1, "kind": "volcano"}', "kind"),
    ("accident_grade", "{}", "deaths"),
    ("major_hazard", '{"holdings": [{"substance": "液氨", "tonnes": -4}], "exposed": 1}', "holdings[0].tonnes"),
    ("major_hazard", '{"holdings": [{"substance": "液氨"}], "exposed": 1}', "holdings[0].tonnes"),
    ("major_hazard", '{"holdings": {"substance": "液氨", "tonnes": 4}, "exposed": 1}', "holdings"),
    ("major_hazard", DEEP, "input"),
    ("major_hazard", "[" * 100_000 + "]" * 100_000, "input"),
    ("accident_grade", '{"deaths": 1', "input"),
    ("accident_grade", "[3]", "input"),
    ("accident_grade", '"deaths"', "input"),
    ("accident_grade", "7" * 5000, "input"),
    ("accident_grade", '{"deaths": ' + "7" * 5000 + "}", "deaths"),
    ("key_supervised", '{"substance": "\\ud800"}', "substance"),
]


@pytest.fixture
def caller(world: Cast) -> Any:
    """Posts a body as it is to a rule."""
    headers = {"Authorization": f"Bearer {token_of(world.city_officer)}", "Accept-Language": "zh-hans"}

    def ask(name: str, body: str | bytes, query: str = "") -> Any:
        return Client().post(f"/api/v1/rules/{name}{query}", body, content_type="application/json", headers=headers)

    return ask


def by_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command complains of, in one line."""
    code = main(["rule", *arguments, "--language", "zh-hans"])
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
    return said.err.strip()


def by_api(answer: Any) -> tuple[list[str], str]:
    """Which fields the API names, and all it says as one line."""
    refused = answer.json()
    assert answer.status_code == 422, answer.content
    problems = refused.get("problems") or [refused]
    return [one["column"] for one in problems], "；".join(f"{one['column']}：{one['message']}" for one in problems)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "body", "field"), BAD, ids=[f"{n}-{b[:40]}" for n, b, _ in BAD])
def test_the_command_and_the_api_refuse_alike(
    name: str, body: str, field: str, caller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(body.encode())))
    line = by_command(capsys, name, "-")
    fields, said = by_api(caller(name, body))
    assert fields[0] == field
    assert line == said
    assert "应为：" in line


@pytest.mark.django_db
@pytest.mark.parametrize("on", ["", "2026-02-30", "1800-01-01", "today"])
def test_a_day_that_is_none_is_refused_alike(on: str, caller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    line = by_command(capsys, "accident_grade", '{"deaths": 3}', "--on", on)
    fields, said = by_api(caller("accident_grade", '{"deaths": 3}', f"?on={on}"))
    assert fields == ["on"]
    assert line == said


@pytest.mark.django_db
@pytest.mark.parametrize("size", [LONGEST + 1, 6 * 1024 * 1024])
def test_what_is_longer_than_any_question_is_refused_alike(
    size: int, caller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = '{"deaths": 3, "kind": "' + "x" * size + '"}'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(body.encode())))
    fields, said = by_api(caller("accident_grade", body))
    assert fields == ["input"]
    assert by_command(capsys, "accident_grade", "-") == said


@pytest.mark.django_db
def test_bytes_that_are_no_text_are_refused_alike(
    caller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"deaths": "\xff\xfe"}'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(body)))
    fields, said = by_api(caller("accident_grade", body))
    assert fields == ["input"]
    assert by_command(capsys, "accident_grade", "-") == said


@pytest.mark.django_db
def test_what_is_right_is_answered_alike(caller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    body = '{"base": 0.268, "now": 0.053}'
    assert main(["rule", "reduction", body, "--on", "2026-03-01", "--language", "zh-hans"]) == 0
    told = json.loads(capsys.readouterr().out)
    answer = caller("reduction", body, "?on=2026-03-01")
    assert (answer.status_code, answer.json()) == (200, told)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_whatever_json_is_sent_is_an_object_or_refused(value: Any) -> None:
    text = json.dumps(value)
    try:
        sent = as_sent(text)
    except BadInput as why:
        assert not isinstance(value, dict) or "nested" in why.why
    else:
        assert set(sent) == set(value)
        assert as_sent(text.encode()) == sent
