"""Message catalogues: what the sources say, what the translations answer. Babel only, no gettext programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from anlan.runtime.places import ROOT

LANGUAGE = "zh_Hans"
PACKAGE = ROOT / "anlan"
_REST = (
    PACKAGE / "ui"
)  # sources outside every app (roles, kernel's own files, rules) speak through the screens' catalogue
_SPOKEN = ["gettext", "ngettext", "pgettext", "npgettext"]
_KEYWORDS: dict[str, Any] = dict.fromkeys(["_", "gettext_noop", *_SPOKEN, *(f"{name}_lazy" for name in _SPOKEN)])
_CALL = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")
_PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OWN_NAMES = ("安澜", "简体中文", "中文")  # a name is written the same in every language
_ROOMS_OF_SCREENS = {"views", "forms", "tables", "filters", "panels", "menu", "pages", "charts", "widgets"}


@dataclass(frozen=True)
class Said:
    """One message in a source: ``(singular, plural)``, its context, where it is."""

    text: str
    plural: str | None
    context: str | None
    path: str


def homes() -> list[Path]:
    """The folders that keep a catalogue: every Django app of ours, deepest first."""
    found = {path.parent for path in PACKAGE.rglob("apps.py")} | {path.parent for path in PACKAGE.rglob("locale")}
    return sorted(found | {_REST}, key=lambda path: -len(path.parts))


def sources() -> Iterator[Path]:
    """Every file that may speak to people."""
    outside = {"tests", "migrations", "static", "locale", "node_modules", "__pycache__"}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not outside & set(path.relative_to(PACKAGE).parts):
            yield path


def home_of(path: Path, among: Iterable[Path]) -> Path:
    return next((home for home in among if path.is_relative_to(home)), _REST)


def said_in(path: Path) -> Iterator[Said]:
    """The messages of one Python file or template."""
    where = path.relative_to(ROOT).as_posix()
    if path.suffix == ".py":
        with path.open("rb") as file:
            for _, keyword, texts, _ in extract_python(file, _KEYWORDS, [], {}):
                parts = list(texts) if isinstance(texts, (tuple, list)) else [texts]
                if said := _said(str(keyword or ""), parts, where):
                    yield said
        return
    source = path.read_text(encoding="utf-8")
    if "trans" in source or "_(" in source:
        prepared = templatize(source, origin=where)
        for call in _CALL.finditer(prepared):
            yield from _parsed(prepared, call.start(), where)


def _parsed(text: str, start: int, where: str) -> Iterator[Said]:
    """The call that starts at ``start``: the shortest text from there that Python can read."""
    for match in re.finditer(r"\)", text[start : start + 4000]):
        try:
            call = ast.parse(text[start : start + match.end()].strip(), mode="eval").body
        except SyntaxError:
            continue
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
            if said := _said(call.func.id, parts, where):
                yield said
        return


def _said(keyword: str, parts: Sequence[object], where: str) -> Said | None:
    kind = keyword.removesuffix("_lazy")
    first = 1 if kind in {"pgettext", "npgettext"} else 0
    texts = [part if isinstance(part, str) else None for part in parts] + [None] * 3
    if not texts[first]:
        return None
    plural = texts[first + 1] if kind in {"ngettext", "npgettext"} else None
    return Said(str(texts[first]), plural, texts[0] if first else None, where)


def collected() -> dict[Path, Catalog]:
    """What the sources say, per home."""
    among = homes()
    found: dict[Path, Catalog] = {}
    for path in sources():
        for said in said_in(path):
            catalogue = found.setdefault(home_of(path, among), _empty())
            message = (said.text, said.plural) if said.plural else said.text
            flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", said.text) else []
            catalogue.add(message, locations=[(said.path, 0)], context=said.context, flags=flags)
    return found


def po_path(home: Path) -> Path:
    return home / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(home: Path) -> Catalog:
    path = po_path(home)
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, ignore_obsolete=False)


def write(home: Path, catalogue: Catalog) -> bool:
    """Writes a catalogue when it differs from the file; says whether it did."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False, include_previous=False)
    path = po_path(home)
    if path.exists() and path.read_bytes() == buffer.getvalue():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return True


def update(*, prune: bool = False) -> list[str]:
    """Brings every catalogue in line with the sources; gives back the files it changed.

    A new message that another catalogue already answers takes that answer. What no source uses any more is kept as
    obsolete (a translation is work), or dropped with ``prune``.
    """
    wanted, changed = collected(), []
    current = {home: read(home) for home in homes() if home in wanted or po_path(home).exists()}
    answers = {_key(message): message.string for catalogue in current.values() for message in _answered(catalogue)}
    for home, catalogue in current.items():
        catalogue.update(wanted.get(home, _empty()), no_fuzzy_matching=True, update_creation_date=False)
        for message in _messages(catalogue):
            if not _has_answer(message) and _key(message) in answers:
                message.string = answers[_key(message)]
        if prune:
            catalogue.obsolete.clear()
        if write(home, catalogue):
            changed.append(po_path(home).relative_to(ROOT).as_posix())
    return changed


def compile_all() -> int:
    """Compiles every catalogue whose source is newer than its compiled file; gives back how many."""
    done = 0
    for path in PACKAGE.rglob(f"locale/{LANGUAGE}/LC_MESSAGES/django.po"):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=LANGUAGE)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        done += 1
    return done


def faults() -> list[str]:
    """What is wrong with the translations: missing, fuzzy, obsolete, with other places than the message."""
    found, wanted = [], collected()
    for home in homes():
        catalogue, where = read(home), po_path(home).relative_to(ROOT).as_posix()
        said = {_key(message) for message in _messages(wanted.get(home, _empty()))}
        known = {_key(message): message for message in _messages(catalogue)}
        for key in sorted(said, key=str):
            message = known.get(key)
            if message is None or not _has_answer(message):
                found.append(f"{where}: no Chinese for {_quoted(key)}")
            elif message.fuzzy:
                found.append(f"{where}: fuzzy: {_quoted(key)}")
            elif wrong := _other_places(message):
                found.append(f"{where}: {_quoted(key)}: the translation has {wrong}")
        unused = {key for key in known if key not in said} | {_key(message) for message in catalogue.obsolete.values()}
        found += [f"{where}: no source says {_quoted(key)} any more" for key in sorted(unused, key=str)]
    return found


def spoken_chinese() -> list[str]:
    """Chinese written straight into screens, where only English msgids may be."""
    found = []
    for path in sources():
        if path.suffix == ".html":
            text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
            lines = list(enumerate(text.splitlines(), 1))
        elif path.stem in _ROOMS_OF_SCREENS or _ROOMS_OF_SCREENS & set(path.relative_to(PACKAGE).parent.parts):
            lines = list(_literals(path))
        else:
            continue
        for number, line in lines:
            for name in _OWN_NAMES:
                line = line.replace(name, "")
            if _HAN.search(line) and 'lang="zh' not in line:  # what is marked as Chinese is meant to be
                found.append(f"{path.relative_to(ROOT)}:{number}: Chinese outside a catalogue: {line.strip()[:60]}")
    return found


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.lineno, node.value


def _empty() -> Catalog:
    return Catalog(locale=LANGUAGE, project="Anlan", version="1", charset="utf-8", fuzzy=False)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _answered(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in _messages(catalogue) if _has_answer(message) and not message.fuzzy)


def _has_answer(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(texts) and all(text and str(text).strip() for text in texts)


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id[0] if isinstance(message.id, (list, tuple)) else message.id, message.context)


def _quoted(key: tuple[str, str | None]) -> str:
    return f"“{key[0]}”" + (f" ({key[1]})" if key[1] else "")


def _other_places(message: Message) -> str:
    """What fills a place differs between message and translation: the page would break, or lose a fact."""
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    wanted, got = (
        {place[0] for place in _PLACE.finditer(ids[-1])},
        {place[0] for text in texts for place in _PLACE.finditer(text or "")},
    )
    if wanted == got:
        return ""
    return f"places {sorted(got)} where the message has {sorted(wanted)}"
