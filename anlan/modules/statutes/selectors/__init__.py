"""Reads of the library."""

from anlan.modules.statutes.selectors.library import (
    article_of,
    articles,
    check_lists,
    cited_missing,
    editions,
    items_of,
    own_lists,
    places_of,
)
from anlan.modules.statutes.selectors.uses import Use, register_document, uses, uses_of

__all__ = [
    "Use", "article_of", "articles", "check_lists", "cited_missing", "editions", "items_of", "own_lists",
    "places_of", "register_document",
    "uses", "uses_of",
]  # fmt: skip
