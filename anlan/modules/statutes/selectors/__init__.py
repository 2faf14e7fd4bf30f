"""Reads of the library."""

from anlan.modules.statutes.selectors.coverage import Coverage, coverage
from anlan.modules.statutes.selectors.figures import ToVerify, of_rule, rules_to_verify, settable, to_verify
from anlan.modules.statutes.selectors.gaps import Missing, by_kind, missing
from anlan.modules.statutes.selectors.library import (
    article_of,
    articles,
    articles_to_read,
    check_lists,
    cited_missing,
    draft_items,
    editions,
    items_of,
    lists_at,
    own_lists,
    places_of,
)
from anlan.modules.statutes.selectors.preview import Preview, digest_of, preview
from anlan.modules.statutes.selectors.rerun import Rerun, Today, by_today, rerun
from anlan.modules.statutes.selectors.uses import Use, register_document, uses, uses_of

__all__ = [
    "Coverage", "Missing", "Preview", "Rerun", "ToVerify", "Today", "Use", "article_of", "articles",
    "articles_to_read", "by_kind", "by_today", "check_lists", "cited_missing", "coverage", "digest_of", "draft_items",
    "editions", "items_of", "lists_at", "missing", "of_rule", "own_lists", "places_of", "preview",
    "register_document", "rerun", "rules_to_verify", "settable", "to_verify", "uses", "uses_of",
]  # fmt: skip
