"""The checks that need Django: each prints what is wrong and gives back whether all was well."""

from __future__ import annotations

import os
import re
import sys
import warnings
from pathlib import Path

from anlan.runtime.places import ROOT

_PACKAGE = ROOT / "anlan"
OPENAPI = ROOT / "docs" / "openapi.json"
_INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\s:?style\s*=\s*[\"']", re.I),
    "an inline event handler": re.compile(r"\s(on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
}
# A block of data, not of code: the browser never runs it, and the content policy lets it pass.
_DATA = re.compile(r"<script[^>]*type=[\"'](application/json|application/ld\+json|text/template)[\"'][^>]*>", re.I)


def main(name: str) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.config.settings.test"
    warnings.simplefilter("ignore")
    import django

    django.setup()
    return 0 if {"migrations": migrations, "system": system, "templates": templates, "openapi": openapi}[name]() else 1


def migrations() -> bool:
    """Every change of a model has its migration."""
    from django.core.management import CommandError, call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except (CommandError, SystemExit) as refusal:
        print(refusal)
        return False
    return True


def system() -> bool:
    """Django's own checks, warnings included."""
    from django.core.management import CommandError, call_command

    try:
        call_command("check", fail_level="WARNING", verbosity=0)
    except CommandError as refusal:
        print(refusal)
        return False
    return True


def templates() -> bool:
    """Every template compiles, and none holds code or style the content policy would block."""
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    well = True
    for path in sorted(_PACKAGE.rglob("templates/**/*.html")):
        name = path.as_posix().rpartition("/templates/")[2]
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as problem:
            well = False
            print(f"{path.relative_to(ROOT)}: {type(problem).__name__}: {problem}")
        for fault in inline_faults(path):
            well = False
            print(fault)
    return well


def inline_faults(path: Path) -> list[str]:
    """Inline code and style in one template, by line; templates of mails may hold styles (no policy there)."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", _blank, path.read_text("utf-8"), flags=re.S)
    text = _DATA.sub("", text)
    mail = "mail" in path.parts
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return [
        f"{where}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for what, pattern in _INLINE.items()
        for match in pattern.finditer(text)
        if not (mail and "style" in what)
    ]


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def schema() -> str:
    """The API's description as it is committed."""
    import json

    from anlan.config.api import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def openapi() -> bool:
    """The committed description equals the code."""
    if OPENAPI.exists() and OPENAPI.read_text("utf-8") == schema():
        return True
    print(f"{OPENAPI.relative_to(ROOT)} is not what the code says: ./run check --fix writes it anew")
    return False


def write_openapi() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.config.settings.test"
    import django

    django.setup()
    OPENAPI.parent.mkdir(exist_ok=True)
    OPENAPI.write_text(schema(), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
