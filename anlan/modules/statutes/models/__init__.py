"""The tables of the library."""

from anlan.modules.statutes.models.lists import CheckItem, CheckList
from anlan.modules.statutes.models.texts import Article, Edition, Statute

__all__ = ["Article", "CheckItem", "CheckList", "Edition", "Statute"]
