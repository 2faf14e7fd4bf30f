"""What may not stand in a file: inline styles and scripts, addresses of machines and registries, broken links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from anlan.runtime import catalogues
from tests.house.walk import PACKAGE, ROOT, repository_files

INLINE = re.compile(
    r"""<style\b|<script(?![^>]*\bsrc=)(?![^>]*type=["']application/(?:json|ld\+json)["'])[^>]*>|"""
    r"""\sstyle\s*=|\shx-on|javascript:|"""
    r"""\son(?:click|dblclick|change|input|submit|reset|load|error|focus|blur|key\w+|mouse\w+|pointer\w+|touch\w+|"""
    r"""scroll|toggle|drag\w*|drop|paste|copy|cut|wheel|resize|invalid|select|animation\w+|transition\w+)\s*=""",
    re.IGNORECASE,
)
# Put together here, so that this file does not hold what it forbids.
PLACES = ["/" + "work/", ".." + "/shared"]
REGISTRIES = [
    "pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "npm" + "mirror.com",
    "registry.yarn" + "pkg.com",
    "mirrors.ali" + "yun.com", "pypi.tuna." + "tsinghua",
]  # fmt: skip
_NAMED = re.compile(r"%\((\w+)\)[sd]")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s]+?)(#[^)\s]*)?\)")


def _text(path: Path) -> str | None:
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        return None
    return content.decode("utf-8", errors="replace")


def test_templates_hold_no_inline_style_or_script() -> None:
    found = []
    for path in PACKAGE.rglob("*.html"):
        if "node_modules" in path.parts or "static" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if INLINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "the content security policy refuses it"


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ('<p style="color:red">', True),
        ("<script>alert(1)</script>", True),
        ('<button onclick="x()">', True),
        ('<div hx-on:click="x">', True),
        ('<a href="javascript:x">', True),
        ('<script type="module" src="/a.js"></script>', False),
        ('<script type="application/json" id="data">', False),
        ('<c-button once="1">', False),
        ('<p class="style">', False),
    ],
)
def test_the_pattern_knows_what_is_inline(line: str, bad: bool) -> None:
    assert bool(INLINE.search(line)) is bad


def test_no_file_names_a_place_of_the_makers_or_a_registry() -> None:
    found = []
    for path in repository_files():
        text = _text(path)
        if text is None:
            continue
        for word in (*PLACES, *REGISTRIES):
            if word in text:
                number = text[: text.index(word)].count("\n") + 1
                found.append(f"{path.relative_to(ROOT)}:{number}: {word}")
    assert not found


def test_links_between_documents_lead_somewhere() -> None:
    broken: list[str] = []
    for path in repository_files(".md"):
        if "node_modules" in path.parts:
            continue
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
        targets = [match[1] for match in LINK.finditer(text)]
        broken += [f"{path.relative_to(ROOT)}: {target}" for target in targets if not (path.parent / target).exists()]
    assert not broken


def clashes(answers: Iterable[tuple[str, tuple[str | None, str], str]]) -> list[str]:
    """The messages that two catalogues answer differently; ``answers``: catalogue, (context, msgid), translation.

    Django merges the catalogues of all apps into one: of two answers the one read last would show everywhere.
    """
    known: dict[tuple[str | None, str], dict[str, str]] = {}
    for where, key, said in answers:
        known.setdefault(key, {}).setdefault(said, where)
    return [f"“{key[1]}”: {said}" for key, said in sorted(known.items(), key=str) if len(said) > 1]


def _answers() -> Iterator[tuple[str, tuple[str | None, str], str]]:
    for path in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
        home = path.parents[2]
        for message in catalogues.read(home):
            if message.id and message.string:
                one = message.id if isinstance(message.id, str) else message.id[0]
                said = message.string if isinstance(message.string, str) else message.string[0]
                yield home.relative_to(PACKAGE).as_posix(), (message.context, one), said


def unfit(answers: Iterable[tuple[str, tuple[str | None, str], str]]) -> list[str]:
    """The translations that cannot be filled in with what their message names: a lone ``%`` before a word ends the
    page that says it, and so does a name nobody gives."""
    found = []
    for where, (_, message), said in answers:
        names = _NAMED.findall(message)
        if names:
            try:
                said % dict.fromkeys(names, 1)
            except (KeyError, TypeError, ValueError) as why:
                found.append(f"{where}: “{message}”: “{said}” ({type(why).__name__}: {why})")
    return found


def test_every_translation_takes_what_its_message_names() -> None:
    assert not unfit(_answers())


def test_a_translation_that_does_not_take_it_is_found() -> None:
    message = "Between %(least)s and %(most)s per cent."
    for said in ("%(least)s% 至 %(most)s% 之间", "%(least)s 至 %(greatest)s"):
        assert unfit([("warning", (None, message), said)]), said
    assert not unfit([("warning", (None, message), "%(least)s%% 至 %(most)s%% 之间"), ("ui", (None, "Factor, %"), "系数（%）")])


def test_no_two_catalogues_answer_a_message_differently() -> None:
    assert not clashes(_answers())


def test_a_clash_is_found() -> None:
    two = [("ui", (None, "Overdue"), "已逾期"), ("cockpit", (None, "Overdue"), "逾期")]
    assert len(clashes(two)) == 1
    assert not clashes([two[0], ("cockpit", (None, "Overdue"), "已逾期"), ("cockpit", ("rate", "Overdue"), "逾期")])
