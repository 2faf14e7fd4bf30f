"""Translations: collect messages from the sources, check that Chinese is complete, compile.

Without an option: collect into every app's ``locale/zh_Hans/LC_MESSAGES/django.po`` and compile.
"""

from __future__ import annotations

import argparse

from anlan.runtime.screen import say


def add(parser: argparse.ArgumentParser) -> None:
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--check", action="store_true", help="change nothing; fail when a translation is missing")
    chosen.add_argument("--compile", action="store_true", help="compile only")
    chosen.add_argument("--prune", action="store_true", help="drop the translations no source uses any more")


def handle(chosen: argparse.Namespace) -> int:
    from anlan.runtime import catalogues

    if chosen.check:
        faults = catalogues.faults() + catalogues.spoken_chinese()
        for fault in faults:
            say(fault)
        return 1 if faults else 0
    if not chosen.compile:
        for path in catalogues.update(prune=chosen.prune):
            say(f"  {path}")
    say(f"  {catalogues.compile_all()} catalogue(s) compiled")
    return 0
