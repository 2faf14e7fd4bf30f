"""Components: each renders, says what is wrong to those who cannot see, and uses icons that exist."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from anlan.kernel import clock
from anlan.ui.templatetags import anlan as tags

PACKAGE = Path(__file__).resolve().parents[2]
COMPONENTS = sorted((PACKAGE / "ui" / "templates" / "cotton").glob("*.html"))
ICON = re.compile(r"""\{%\s*icon\s+["']([\w-]+)["']|(?<![\w-])icon=["']([a-z][\w-]*)["']""")


class Entry(forms.Form):
    name = forms.CharField(help_text="As on the licence.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def rendered(source: str, **values: object) -> str:
    request = RequestFactory().get("/hazards/", {"level": "major", "page": "3"})
    with translation.override("en"):
        return Template(CottonCompiler().process(source)).render(
            RequestContext(request, {"request": request, **values})
        )


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_renders_with_nothing_given(path: Path) -> None:
    field = Entry()["name"]
    source = "{% cotton " + path.stem.replace("_", "-") + ' :field="field" url="" / %}'
    html = rendered(source, field=field, w={})
    assert "style=" not in html
    assert "<script" not in html
    assert "onclick" not in html


def test_every_icon_named_in_the_sources_is_in_the_sprite() -> None:
    known, missing = tags.icon_names(), []
    for path in [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]:
        for match in ICON.finditer(path.read_text(encoding="utf-8")):
            name = match[1] or match[2]
            if name not in known and "tests" not in path.parts:
                missing.append(f"{path.relative_to(PACKAGE)}: {name}")
    assert not missing


def test_the_list_of_icons_is_plain_and_without_doubles() -> None:
    names = json.loads((PACKAGE / "ui" / "icons.json").read_text(encoding="utf-8"))
    assert len(names) == len(set(names))


def test_an_unknown_icon_does_not_break_a_page(caplog: pytest.LogCaptureFixture) -> None:
    assert "#circle-dot" in tags.icon("no-such-icon")
    assert "no-such-icon" in caplog.text


def test_text_is_escaped_wherever_it_lands() -> None:
    evil = '"><script>alert(1)</script>'
    for source in (
        '<c-badge label="{{ evil }}" />',
        '<c-stat label="x" :value="evil" />',
        '<c-masked value="{{ evil }}" label="{{ evil }}" url="/x" />',
        '<c-combobox name="n" url="/x" :picked="picked" />',
        '<c-page-header title="{{ evil }}" :breadcrumbs="crumbs" />',
        '<c-timeline :entries="entries" />',
    ):
        html = rendered(
            source,
            evil=evil,
            picked=[{"id": 1, "text": evil}],
            crumbs=[(evil, "/")],
            entries=[{"title": evil, "body": evil}],
        )
        assert "<script>" not in html, source


def test_attributes_do_not_leak_into_inner_components() -> None:
    html = rendered('<c-card title="Outer"><c-notice>inside</c-notice></c-card>')
    assert html.count("Outer") == 1


def test_a_field_ties_label_help_and_error_together() -> None:
    form = Entry({"name": "", "kind": "c"})
    html = rendered('<c-form :form="form" action="/x" />', form=form)
    assert '<label class="field-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<fieldset class="field field-group field-invalid" id="id_kind_field"' in html
    assert '<a href="#id_name">' in html
    assert '<a href="#id_kind_field">' in html
    assert 'role="alert"' in html


def test_a_form_carries_version_and_key() -> None:
    html = rendered('<c-form :form="form" :version="4" key="k-1" />', form=Entry())
    assert 'name="version" value="4"' in html
    assert 'name="idempotency_key" value="k-1"' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-12, "red", "12 days over"),
        (0, "orange", "due today"),
        (6, "yellow", "6 days left"),
        (40, "grey", "40 days left"),
    ],
)
def test_a_deadline_says_it_in_words_and_colour(days: int, tone: str, words: str) -> None:
    due = clock.today() + dt.timedelta(days=days)
    html = rendered('<c-deadline :due="due" />', due=due)
    assert f"tone-{tone}" in html
    assert words in html
    assert due.isoformat() in html


def test_a_deadline_that_was_met_or_missed_or_paused() -> None:
    due = dt.date(2026, 3, 10)
    assert "Done in time" in rendered('<c-deadline :due="due" :done="due" />', due=due)
    assert "Done 2 days late" in rendered('<c-deadline :due="due" :done="done" />', due=due, done=dt.date(2026, 3, 12))
    assert "Clock paused" in rendered('<c-deadline :due="due" paused />', due=due)
    assert rendered('<c-deadline :due="due" />', due=None).strip() == "—"


def test_one_record_is_not_called_several() -> None:
    for total, words in ((0, "0 records"), (1, "1 record<"), (2, "2 records"), (10_001, "10,000+ records")):
        assert words in rendered(f'<c-pagination :number="1" :pages="1" :total="{total}" />'), total


def test_pages_keep_the_filters() -> None:
    html = rendered('<c-pagination :number="3" :total="12834" more size="50" />')
    assert "10,000+ records" in html
    assert "/hazards/?level=major&amp;page=4" in html
    assert 'aria-current="page">3<' in html
    assert rendered('<c-pagination :number="1" :pages="1" :total="3" />').count("<nav") == 0


@pytest.mark.parametrize(
    ("number", "pages", "window"),
    [
        (1, 1, [1]),
        (3, None, [1, 2, 3]),
        (9, None, [1, None, 8, 9]),
        (5, 20, [1, None, 4, 5, 6, None, 20]),
        (2, 3, [1, 2, 3]),
    ],
)
def test_pages_around(number: int, pages: int | None, window: list) -> None:
    assert tags.pages_around(number, pages) == window


def test_a_filter_chip_leads_to_the_list_without_it() -> None:
    assert rendered('{% address_without "level" %}') == "/hazards/"


def test_tone_understands_levels_and_falls_back_to_grey() -> None:
    assert [tags.tone(word) for word in ("red", "danger", "extra success", "mauve", None)] == [
        "red",
        "red",
        "green",
        "grey",
        "grey",
    ]


def test_a_sparkline_needs_two_values() -> None:
    assert tags.sparkline([3]) == ""
    assert tags.sparkline(None) == ""
    assert 'points="0.0,26.0 50.0,2.0 100.0,14.0"' in tags.sparkline([1, 3, 2])
    assert "nan" not in tags.sparkline([5, 5, 5])


def test_the_meaning_of_a_change_depends_on_what_is_good() -> None:
    assert "delta-good" in tags.delta(-3, "down")
    assert "delta-bad" in tags.delta(3, "down")
    assert "delta-good" not in tags.delta(3, "none")


@pytest.mark.parametrize(
    ("value", "whole", "shown"), [(50, 200, "25.0"), (300, 200, "100"), (1, 0, "0"), (None, 5, "0")]
)
def test_share_stays_between_nothing_and_all(value: object, whole: object, shown: str) -> None:
    assert float(tags.share(value, whole)) == float(shown)


def test_the_words_of_scripts_are_those_of_the_language_in_force() -> None:
    tags._ui_texts.cache_clear()
    with translation.override(None):  # as a command without a language
        assert "Close" in tags.ui_texts()
    for language, word in (("zh-hans", "关闭"), ("en", "Close")):
        with translation.override(language):
            assert word in tags.ui_texts() or word.encode("unicode_escape").decode().upper() in tags.ui_texts().upper()


def test_the_words_of_scripts_are_a_data_block() -> None:
    html = Template("{% ui_texts %}").render(Context())
    assert html.startswith('<script id="ui-texts" type="application/json">')
