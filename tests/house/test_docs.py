"""What the documents say is so: commands and options exist, paths and tests exist, indexes are whole, guides speak both
languages, every module is described with each of its acts."""

from __future__ import annotations

import argparse
import functools
import importlib
import re
from pathlib import Path

import pytest

from anlan.kernel.acts import ACTS
from anlan.runtime import bench, cli
from tests.house.walk import PACKAGE, ROOT, business_modules, repository_files

DOCS = ROOT / "docs"
PAGES = [p for p in repository_files(".md") if p.is_relative_to(DOCS) or p.parent == ROOT]
GUIDES = sorted((DOCS / "guide").glob("*.md"))
HAN = re.compile(r"[\u3400-\u9fff]")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
COMMAND = re.compile(r"(?:\./run|(?:^|[`\n]) *(?:\.venv/bin/)?anlan) +([a-z]+)\b([^`\n#]*)")
# A command's options that no page of ours declares: they go on to Django, pytest or procrastinate.
PASSED_ON = {"manage", "test"}
PATHS = re.compile(
    r"(?<![\w/.{<-])((?:anlan|tests|docs|bench|frontend|requirements|deploy|kernel|modules|rules|runtime|config|flows)/[\w./-]*\w)"
)
# Paths written as an example, or made by a command.
NOT_THERE: dict[str, str] = {"anlan/ui/static/dist": "made by the build of the front end"}


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def _options(name: str) -> frozenset[str] | None:
    """The options of a command, its sub-commands' included; None when there is no such command."""
    found = cli._find(name)
    if found is None:
        return None
    if hasattr(found, "pass_through"):
        return frozenset()
    parser = argparse.ArgumentParser()
    found.add(parser)
    return frozenset(_strings(parser))


@functools.cache
def _options_of_benchmark(name: str) -> frozenset[str]:
    """What every benchmark takes, and what this one takes besides."""
    return frozenset(_strings(bench.parser_of(name, bench.script_of(name))))


def _strings(parser: argparse.ArgumentParser) -> set[str]:
    said: set[str] = set()
    for action in parser._actions:
        said |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            said |= set(action.choices) | {o for p in action.choices.values() for o in _strings(p)}
    return said


def _told(path: Path) -> list[tuple[str, str]]:
    """The commands a page tells its reader to type: name and the rest of the line."""
    text = path.read_text("utf-8")
    return [(m[1], m[2]) for code in CODE.findall(text) for m in COMMAND.finditer(code)]


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_command_named_exists_with_its_options(path: Path) -> None:
    wrong = []
    for name, rest in _told(path):
        if name in ("help", "command"):
            continue
        options = _options(name)
        if name == "bench" and (ROOT / "bench" / f"{rest.split()[0] if rest.split() else ''}.py").exists():
            options = _options_of_benchmark(rest.split()[0])
        if options is None:
            wrong.append(f"there is no command {name}")
        elif name not in PASSED_ON:
            wrong += [
                f"{name} has no option {o}" for o in re.findall(r"(?<!\w)--[a-z][\w-]*", rest) if o not in options
            ]
        if name == "bench" and (named := rest.split()[:1]) and named[0].islower():
            wrong += [] if (ROOT / "bench" / f"{named[0]}.py").exists() else [f"there is no benchmark {named[0]}"]
    assert not wrong


def test_commands_are_read_at_all() -> None:
    told = {name for path in PAGES for name, _ in _told(path)}
    assert {"up", "test", "intake", "admin", "manage", "load"} <= told
    assert _options("nonsense") is None
    assert "--no-demo" in (_options("up") or ())


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_path_and_test_named_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    named = {name for code in CODE.findall(text) for name in PATHS.findall(code)} - set(NOT_THERE)
    places = (ROOT, PACKAGE)
    wrong = sorted(n for n in named if not any((p / n).exists() or (p / f"{n}.py").exists() for p in places))
    wrong += sorted({name for name in re.findall(r"\btest_\w+\b(?!\.py)", text) if name not in _tests()})
    wrong += sorted({name for name in re.findall(r"\b(test_\w+\.py)", text) if name not in _test_files()})
    assert not wrong, f"{ids(path)} names what is not there"


@functools.cache
def _tests() -> frozenset[str]:
    found = (re.findall(r"def (test_\w+)", p.read_text("utf-8")) for p in repository_files(".py") if "test" in p.name)
    return frozenset(name for names in found for name in names) | {Path(name).stem for name in _test_files()}


@functools.cache
def _test_files() -> frozenset[str]:
    return frozenset(p.name for p in repository_files(".py"))


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_anchor_leads_to_a_heading(path: Path) -> None:
    wrong = []
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)", path.read_text("utf-8")):
        page = (path.parent / target) if target else path
        headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
        slugs = {re.sub(r"[^\w\u3400-\u9fff -]", "", h).strip().lower().replace(" ", "-") for h in headings}
        if anchor not in slugs:
            wrong.append(f"{target}#{anchor}")
    assert not wrong


@pytest.mark.parametrize("path", GUIDES, ids=ids)
def test_a_guide_speaks_both_languages(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(HAN.findall(text)) >= 300, "the guide itself is in Chinese"
    summary = re.search(r"^# .+\n\n\*([^*]+)\*\n", text)
    assert summary and len(re.findall(r"[A-Za-z]{2,}", summary[1])) >= 8, "below its title stands a summary in English"
    title = text.split("\n", 1)[0]
    assert HAN.search(title), "its title is in Chinese"


@pytest.mark.parametrize("folder", ["guide", "operate", "decisions"])
def test_an_index_lists_every_page(folder: str) -> None:
    index = (DOCS / folder / "README.md").read_text("utf-8")
    listed = set(re.findall(r"\]\(([\w.-]+\.md)\)", index))
    assert listed == {p.name for p in (DOCS / folder).glob("*.md")} - {"README.md"}


def test_the_index_of_decisions_says_their_titles() -> None:
    index = (DOCS / "decisions" / "README.md").read_text("utf-8")
    for number, page, title in re.findall(r"\| \[(\d{4})\]\(([\w.-]+)\) \| (.+?) \|", index):
        assert page.startswith(number)
        heading = (DOCS / "decisions" / page).read_text("utf-8").split("\n", 1)[0]
        said = re.sub(r"^# (?:\d{4}[.:]? )?", "", heading)
        assert title == said, f"{page}: the index says “{title}”, the page “{said}”"


@pytest.mark.parametrize("module", business_modules())
def test_a_module_is_described_with_each_of_its_acts(module: str) -> None:
    page = DOCS / "modules" / f"{module}.md"
    assert page.exists(), f"write docs/modules/{module}.md: what it holds, acts, events, pages"
    text = page.read_text("utf-8")
    home = f"anlan.modules.{module}."
    if (PACKAGE / "modules" / module / "services").is_dir() or (PACKAGE / "modules" / module / "services.py").exists():
        importlib.import_module(f"{home}services")
    acts = {act.function.__name__ for act in ACTS.values() if act.function.__module__.startswith(home)}
    missing = sorted(name for name in acts if f"`{name}`" not in text)
    assert not missing, f"{ids(page)} does not name these acts: {missing}"


def test_both_readmes_show_every_room_and_module() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
        assert {f"anlan/{room}" for room in rooms if f"anlan/{room}" not in text} == set(), name
    english = (ROOT / "README.md").read_text("utf-8")
    line = next(row for row in english.splitlines() if row.startswith("anlan/modules"))
    assert not [m for m in business_modules() if m not in line], "the map of the house names every module"


VARIABLE = re.compile(r"\bANLAN_[A-Z][A-Z_]+[A-Z]\b")


def test_every_setting_named_is_read_and_every_setting_read_is_named() -> None:
    read: set[str] = set(VARIABLE.findall((ROOT / "run").read_text("utf-8")))
    for path in repository_files(".py"):
        if path.is_relative_to(PACKAGE) and "tests" not in path.parts:
            read |= set(VARIABLE.findall(path.read_text("utf-8")))
    named = {v for p in PAGES for v in VARIABLE.findall(p.read_text("utf-8"))}
    assert not sorted(named - read), "no code reads these settings"
    own = {v for v in read if not v.startswith("ANLAN_TEST_")} - set(INNER)
    assert not sorted(own - named), "say in docs/operate what these settings do, or why not in INNER"


# Names that are no settings of a deployment.
INNER: dict[str, str] = {
    "ANLAN_READY_FOLDER": "where the web processes tell their supervisor that they are ready",
    "ANLAN_HOLDER_MODEL": "a setting of Django, said in its own file",
    "ANLAN_NATS_OURS": "how our processes know the message server that was started with them",
    "ANLAN_MARK": "how the supervisor knows its own processes again",
    "ANLAN_NAME": "a setting of Django, for a deployment that bears a name of its own",
    "ANLAN_ROLES": "a setting of Django, said in its own file",
    "ANLAN_PERMISSIONS": "a setting of Django, said in its own file",
}


# What ASVS 4.0.3 asks at levels 1 and 2: the last number of each section, and the numbers that are deleted or of level 3.
ASVS: dict[str, tuple[int, tuple[int, ...]]] = {
    "1.1": (7, ()), "1.2": (4, ()), "1.4": (5, (2, 3)), "1.5": (4, ()), "1.6": (4, ()), "1.7": (2, ()), "1.8": (2, ()), "1.9": (2, ()),
    "1.10": (1, ()), "1.11": (2, ()), "1.12": (2, (1,)), "1.14": (6, ()), "2.1": (12, ()), "2.2": (3, ()), "2.3": (3, ()),
    "2.4": (5, ()), "2.5": (7, ()), "2.6": (3, ()), "2.7": (6, ()), "2.8": (7, ()), "2.9": (3, ()), "2.10": (4, ()), "3.1": (1, ()),
    "3.2": (4, ()), "3.3": (4, ()), "3.4": (5, ()), "3.5": (3, ()), "3.7": (1, ()), "4.1": (5, (4,)), "4.2": (2, ()), "4.3": (3, ()),
    "5.1": (5, ()), "5.2": (8, ()), "5.3": (10, ()), "5.4": (3, ()), "5.5": (4, ()), "6.1": (3, ()), "6.2": (6, ()), "6.3": (2, ()),
    "6.4": (2, ()), "7.1": (4, ()), "7.2": (2, ()), "7.3": (4, (2,)), "7.4": (3, ()), "8.1": (4, ()), "8.2": (3, ()), "8.3": (8, ()),
    "9.1": (3, ()), "9.2": (4, ()), "10.2": (2, ()), "10.3": (3, ()), "11.1": (8, ()), "12.1": (3, ()), "12.2": (1, ()), "12.3": (6, ()),
    "12.4": (2, ()), "12.5": (2, ()), "12.6": (1, ()), "13.1": (5, (2,)), "13.2": (6, (4,)), "13.3": (2, ()), "13.4": (2, ()),
    "14.1": (4, ()), "14.2": (6, ()), "14.3": (3, (1,)), "14.4": (7, ()), "14.5": (4, ()),
}  # fmt: skip


def test_every_requirement_of_asvs_has_a_test_or_a_reason() -> None:
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*?) \|$", (DOCS / "trust" / "asvs.md").read_text("utf-8"), re.M)
    asked = [f"{section}.{n}" for section, (last, gone) in ASVS.items() for n in range(1, last + 1) if n not in gone]
    assert [number for number, _, _ in rows] == asked
    idle = [number for number, short, shown in rows if not short.strip() or ("`test_" not in shown and len(shown) < 12)]
    assert not idle, f"neither a test nor a reason: {idle}"
