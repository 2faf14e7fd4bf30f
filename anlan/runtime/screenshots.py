"""Pictures of the pages named in ``docs/pictures/pages.toml``, taken of the demo city.

Of the Anlan that runs on this data folder, or of one started for it (the demo city is loaded then: a minute).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anlan.runtime import chromium, state
from anlan.runtime.places import ROOT, data_folder
from anlan.runtime.screen import Step, Trouble, say

PICTURES = ROOT / "docs" / "pictures"
_TALLEST = 4000  # pixels; a longer page is cut


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="pages to take (all)")
    parser.add_argument("--to", type=Path, default=PICTURES, help="folder (docs/pictures)")
    parser.add_argument("--all", action="store_true", help="both languages, both themes, and a narrow window")


def handle(chosen: argparse.Namespace) -> int:
    pages = tomllib.loads((PICTURES / "pages.toml").read_text("utf-8"))["page"]
    unknown = set(chosen.names) - {page["name"] for page in pages}
    if unknown:
        raise Trouble(f"docs/pictures/pages.toml has no page {', '.join(sorted(unknown))}.")
    wanted = [page for page in pages if not chosen.names or page["name"] in chosen.names]
    chosen.to.mkdir(parents=True, exist_ok=True)
    with _running() as (address, data):
        faults = _take(address, _passwords(data), wanted, chosen.to, everything=chosen.all)
    for fault in faults:
        say(f"  {fault}")
    return 1 if faults else 0


def _take(address: str, passwords: Mapping[str, str], pages: list[Any], folder: Path, *, everything: bool) -> list[str]:
    """Takes the pictures; what went wrong, one line each."""
    from playwright.sync_api import sync_playwright

    looks = (
        [(language, theme, 0) for language in ("zh-hans", "en") for theme in ("light", "dark")] if everything else []
    )
    looks += [("zh-hans", "light", 380)] if everything else [("zh-hans", "light", 0)]
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        for language, theme, width in looks:
            contexts: dict[tuple[str, int, str], Any] = {}
            for page in pages:
                who = page.get("who", "")
                seen = (who, width or int(page.get("width", 1360)), theme if everything else page.get("theme", theme))
                if seen not in contexts:
                    size: Any = {"width": seen[1], "height": 860}
                    contexts[seen] = browser.new_context(
                        viewport=size, locale="zh-CN" if language == "zh-hans" else "en"
                    )
                    cookies = {"anlan_language": language, "anlan_theme": seen[2]}
                    contexts[seen].add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
                    if who and not _sign_in(contexts[seen], address, who, passwords.get(who, "")):
                        faults.append(f"{who}: cannot sign in")
                look = [page["name"]] + ([language, theme, str(width or "")] if everything else [])
                path = folder / f"{'-'.join(part for part in look if part)}.png"
                if fault := _picture(contexts[seen], address, page, path):
                    faults.append(fault)
            for context in contexts.values():
                context.close()
        browser.close()
    return faults


def _sign_in(context: Any, address: str, who: str, password: str) -> bool:
    tab = context.new_page()
    tab.goto(f"{address}/account/login/")
    tab.locator("input[name=login]").fill(who)
    tab.locator("input[name=password]").fill(password)
    tab.locator("input[name=password]").press("Enter")
    tab.wait_for_load_state("networkidle")
    signed_in = "/account/login" not in tab.url
    tab.close()
    return signed_in


def _picture(context: Any, address: str, page: Mapping[str, Any], path: Path) -> str:
    """Takes one picture; what went wrong, or nothing."""
    tab, told = context.new_page(), []
    tab.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    answer = tab.goto(f"{address}{page['open']}", wait_until="networkidle")
    links = page.get("follow", [])
    for link in [links] if isinstance(links, str) else links:
        tab.locator(link).first.click()
        tab.wait_for_load_state("networkidle")
    for panel in tab.locator("[hx-trigger*=revealed], [hx-trigger*=intersect]").all():
        panel.scroll_into_view_if_needed()  # it is fetched when it is seen
    tab.wait_for_load_state("networkidle")
    tab.evaluate("window.scrollTo(0, 0)")
    height = min(int(tab.evaluate("document.documentElement.scrollHeight")), int(page.get("height", _TALLEST)))
    clip = {"x": 0, "y": 0, "width": tab.viewport_size["width"], "height": max(height, 1)}
    tab.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
    wide = tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    tab.close()
    say(f"  {path}")
    status = answer.status if answer else 0
    if status != 200:
        return f"{page['name']}: {page['open']} answered {status}"
    if wide:
        return f"{page['name']}: wider than the window ({path.name})"
    return f"{page['name']}: {told[0]}" if told else ""


@contextmanager
def _running() -> Iterator[tuple[str, Path]]:
    """Address and data folder of the Anlan that runs, or of one started for as long as the pictures take."""
    data = data_folder()
    known = state.read(data)
    if state.supervisor(known) and known.get("address"):
        yield str(known["address"]), data
        return
    say("  Starting an Anlan with the demo city for the pictures")
    with tempfile.TemporaryDirectory(prefix="anlan-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        own = {**os.environ, "ANLAN_DATA": f"{folder}/data", "ANLAN_PORT": str(port)}
        command = [sys.executable, "-m", "anlan.runtime.cli", "up"]
        process = subprocess.Popen(command, env=own, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _await(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}", Path(folder) / "data"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    step = Step("Waiting for it")
    while True:
        try:
            process.wait(timeout=0.5)
            raise Trouble("It did not start (see above).")
        except subprocess.TimeoutExpired:
            step.beat()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (OSError, urllib.error.HTTPError):
            continue


def _passwords(data: Path) -> dict[str, str]:
    """The demo city's sign-ins, asked of the database that runs."""
    from anlan.runtime.database import VARIABLE, named_database, running_database

    address = named_database() or running_database(data)
    if address is None:
        raise Trouble("The database of the running Anlan does not answer.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "sign-ins.json"
        own = {**os.environ, VARIABLE: address, "ANLAN_DATA": str(data)}
        command = [sys.executable, "-m", "anlan.runtime.prepare", "sign-ins", "--report", str(report)]
        if subprocess.run(command, env=own, stdout=subprocess.DEVNULL).returncode:
            raise Trouble("The demo city's sign-ins could not be read.")
        return {sign_in["name"]: sign_in["password"] for sign_in in json.loads(report.read_text())}
