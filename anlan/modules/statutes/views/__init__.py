"""Screens of the library."""

from anlan.modules.statutes.views.figures import PAGES as FIGURES
from anlan.modules.statutes.views.library import ARTICLE, ARTICLES, CITE, CORRECT, EDITION, EDITIONS, ENTER
from anlan.modules.statutes.views.lists import PAGES as LISTS
from anlan.modules.statutes.views.loading import LOAD_TEXT
from anlan.modules.statutes.views.rules import CRITERIA, CRITERIA_LISTS, GAPS, PAPERS, RULE, RULE_LIST, STEPS

PAGES = (
    EDITIONS, LOAD_TEXT, ENTER, EDITION, CORRECT, ARTICLES, ARTICLE, CITE, *LISTS, RULE_LIST, RULE, STEPS,
    CRITERIA_LISTS, CRITERIA, PAPERS, GAPS, *FIGURES,
)  # fmt: skip

__all__ = ["PAGES"]
