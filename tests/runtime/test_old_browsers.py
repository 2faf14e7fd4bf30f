"""The build refuses what Chromium 109 and Safari 15.4 cannot read, and what is built holds nothing of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from anlan.runtime.embedded import node
from anlan.runtime.frontend import BUILT, SOURCES

ASK = """
import { readFileSync } from "node:fs";
const { oldBrowsers } = await import(process.argv[1]);
const plugin = oldBrowsers();
const refuse = { error(message) { throw new Error(message); } };
const said = JSON.parse(readFileSync(0, "utf8")).map(({ name, code, own }) => {
  const part = name.endsWith(".css") ? { type: "asset", source: code } : { type: "chunk", code };
  try {
    if (own) plugin.transform.call(refuse, code, "/src/own.ts");
    plugin.generateBundle.call(refuse, {}, { [name]: part });
    return "";
  } catch (why) {
    return String(why.message);
  }
});
console.log(JSON.stringify(said));
"""


def refusals(*parts: dict[str, object]) -> list[str]:
    """What the build says of each part; "" when it takes it."""
    plugin = (SOURCES / "vite" / "old-browsers.ts").as_uri()
    command = [node.node(), "--no-warnings", "--experimental-strip-types", "--input-type=module", "-e", ASK, plugin]
    done = subprocess.run(
        command, input=json.dumps(parts), capture_output=True, text=True, cwd=SOURCES, env=dict(node.environment())
    )
    assert done.returncode == 0, done.stderr
    answers: list[str] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize(
    ("name", "code", "own"),
    [
        ("a.js", "const found = /[\\p{L}--[a-z]]/v;", False),
        ("a.js", "import words from './words.json' with { type: 'json' };", False),
        ("a.js", "using handle = open();", False),
        ("a.js", "export const sorted = [2, 1].toSorted();", True),
        ("a.js", "Promise.withResolvers();", True),
        ("a.css", ".card{color:red;& .title{color:blue}}", False),
    ],
)
def test_what_is_too_young_is_refused(name: str, code: str, own: bool) -> None:
    assert refusals({"name": name, "code": code, "own": own}) != [""]


def test_what_is_old_enough_is_taken() -> None:
    script = "class A { #b = 1; static { this.c = 2 } d() { return this.#b?.e ?? [1].at(-1) } } await 0; export { A };"
    style = ".card{color:red}.card .title{color:blue}@media (hover:hover){a:hover{color:red}}"
    assert refusals({"name": "a.js", "code": script, "own": True}, {"name": "a.css", "code": style}) == ["", ""]


def test_what_is_built_holds_nothing_of_it() -> None:
    files: list[Path] = [p for p in sorted((BUILT / "assets").iterdir()) if p.suffix in (".js", ".css")]
    assert len(files) > 5
    said = refusals(*({"name": p.name, "code": p.read_text("utf-8")} for p in files))
    assert {p.name: s for p, s in zip(files, said, strict=True) if s} == {}
