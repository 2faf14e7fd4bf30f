"""Messages are found wherever they are said, and a translation that does not fit is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from anlan.runtime import catalogues


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of one module and the screens, in a folder of its own."""
    root = tmp_path / "anlan"
    (root / "modules" / "hazards" / "templates").mkdir(parents=True)
    (root / "ui").mkdir()
    (root / "modules" / "hazards" / "apps.py").touch()
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "PACKAGE", root)
    monkeypatch.setattr(catalogues, "_REST", root / "ui")
    return root


def _template(package: Path, text: str) -> None:
    (package / "modules" / "hazards" / "templates" / "page.html").write_text(text)


def _python(package: Path, text: str, name: str = "services.py") -> None:
    (package / "modules" / "hazards" / name).write_text(text)


def _said(package: Path) -> set[tuple[str, str | None, str | None]]:
    return {
        (said.text, said.plural, said.context) for path in catalogues.sources() for said in catalogues.said_in(path)
    }


def test_messages_of_python_are_found(package: Path) -> None:
    _python(
        package,
        "from django.utils.translation import gettext_lazy as _, npgettext, pgettext\n"
        "a = _('Close the '\n      'hazard')\nb = pgettext('month', 'May')\n"
        "c = npgettext('list', '%(n)s hazard', '%(n)s hazards', 2)\nd = _(name)\n",
    )
    assert _said(package) == {
        ("Close the hazard", None, None),
        ("May", None, "month"),
        ("%(n)s hazard", "%(n)s hazards", "list"),
    }


def test_messages_of_templates_are_found(package: Path) -> None:
    _template(
        package,
        "{# {% translate 'not this' %} #}<h1>{% translate \"Hazards (all)\" %}</h1>"
        "{% blocktranslate count n=rows|length trimmed %}\n  One “row”\n"
        "{% plural %}\n  {{ n }} rows\n{% endblocktranslate %}"
        "{% translate 'May' context 'month' %}{{ _('Due') }}{{ x|default:_('none') }}",
    )
    assert _said(package) == {
        ("Hazards (all)", None, None),
        ("One “row”", "%(n)s rows", None),
        ("May", None, "month"),
        ("Due", None, None),
        ("none", None, None),
    }


def test_a_message_belongs_to_its_app_and_the_rest_to_the_screens(package: Path) -> None:
    _python(package, "_('Hazard')\n")
    (package / "roles.py").write_text("gettext_noop('Leader')\n")
    assert {
        home.name: [str(message.id) for message in found if message.id]
        for home, found in catalogues.collected().items()
    } == {
        "hazards": ["Hazard"],
        "ui": ["Leader"],
    }


def test_what_is_missing_wrong_or_left_over_is_named(package: Path) -> None:
    _python(package, "_('Hazard')\n_('%(n)s days left')\n_('Gone soon')\n")
    assert catalogues.update() == ["anlan/modules/hazards/locale/zh_Hans/LC_MESSAGES/django.po"]
    home = package / "modules" / "hazards"
    path = catalogues.po_path(home)
    text = path.read_text()
    text = text.replace('msgid "Hazard"\nmsgstr ""', 'msgid "Hazard"\nmsgstr "隐患"')
    text = text.replace('msgid "%(n)s days left"\nmsgstr ""', 'msgid "%(n)s days left"\nmsgstr "还剩%(days)s天"')
    path.write_text(text)
    _python(package, "_('Hazard')\n_('%(n)s days left')\n_('New')\n")
    where = "anlan/modules/hazards/locale/zh_Hans/LC_MESSAGES/django.po"
    assert catalogues.faults() == [
        f"{where}: “%(n)s days left”: the translation has places ['%(days)s'] where the message has ['%(n)s']",
        f"{where}: no Chinese for “New”",
        f"{where}: no source says “Gone soon” any more",
    ]


def test_a_complete_catalogue_has_no_fault_and_is_compiled_once(package: Path) -> None:
    _python(package, "_('Hazard')\n")
    catalogues.update()
    path = catalogues.po_path(package / "modules" / "hazards")
    path.write_text(path.read_text().replace('msgid "Hazard"\nmsgstr ""', 'msgid "Hazard"\nmsgstr "隐患"'))
    assert catalogues.faults() == []
    assert (catalogues.compile_all(), catalogues.compile_all()) == (1, 0)
    assert catalogues.update() == []


def test_an_answer_given_once_serves_every_catalogue(package: Path) -> None:
    _python(package, "_('Cancel')\n")
    catalogues.update()
    path = catalogues.po_path(package / "modules" / "hazards")
    path.write_text(path.read_text().replace('msgid "Cancel"\nmsgstr ""', 'msgid "Cancel"\nmsgstr "取消"'))
    (package / "ui" / "views.py").write_text("_('Cancel')\n")
    catalogues.update()
    assert '"取消"' in catalogues.po_path(package / "ui").read_text()


def test_chinese_outside_a_catalogue_is_named(package: Path) -> None:
    _template(package, '{# 说明 #}<p>安澜</p>\n<p>隐患</p>\n<b lang="zh-CN">中</b>')
    _python(package, '"""说明。"""\n\ntitle = "台账"\n', "views.py")
    assert catalogues.spoken_chinese() == [
        "anlan/modules/hazards/templates/page.html:2: Chinese outside a catalogue: <p>隐患</p>",
        "anlan/modules/hazards/views.py:3: Chinese outside a catalogue: 台账",
    ]
