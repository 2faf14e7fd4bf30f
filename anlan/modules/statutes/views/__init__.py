"""Screens of the library."""

from anlan.modules.statutes.views.library import (
    ARTICLE,
    ARTICLES,
    CHECK_LIST,
    CHECK_LISTS,
    CITE,
    CORRECT,
    EDITION,
    EDITIONS,
    ENTER,
    LOAD_TEXT,
    PUT_LIST,
    WITHDRAW,
)
from anlan.modules.statutes.views.rules import GAPS, RULE, RULE_LIST, STEPS

PAGES = (
    EDITIONS, LOAD_TEXT, ENTER, EDITION, CORRECT, ARTICLES, ARTICLE, CITE, CHECK_LISTS, PUT_LIST, CHECK_LIST, WITHDRAW,
    RULE_LIST, RULE, STEPS, GAPS,
)  # fmt: skip

__all__ = ["PAGES"]
