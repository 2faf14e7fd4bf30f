"""The front door of the library: papers say which clauses they print; the command and the demo city load it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.modules.statutes import services
from anlan.modules.statutes.models import Edition
from anlan.modules.statutes.selectors import register_document
from anlan.modules.statutes.services import enter_citations

__all__ = ["Loaded", "enter_citations", "load_text", "register_document"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a text came to: ``outcome`` is "loaded" or "unchanged"."""

    title: str
    period: str
    articles: int
    outcome: str


def load_text(
    *, actor: Actor, text: str, source: str = "", adopted: dt.date | None = None, valid_from: dt.date | None = None,
    replaces: str = "", kind: str = "", number: str = "",
) -> Loaded:  # fmt: skip
    """Load an official text (``services.load_text``); the same text again is "unchanged"."""
    known = set(Edition.objects.exclude(sha256="").values_list("pk", flat=True))
    edition = services.load_text(
        actor=actor, text=text, source=source, adopted=adopted, valid_from=valid_from, replaces=replaces, kind=kind,
        number=number,
    )  # fmt: skip
    articles = len(edition.articles.exclude(body="").values_list("pk"))
    outcome = "unchanged" if edition.pk in known else "loaded"
    return Loaded(edition.statute.title, edition.period, articles, outcome)
