"""The formula of the index: pure numbers, no database, no clock. A version is never edited."""

from anlan.modules.warning.engine.index import CURRENT, FORMULAS, Found, Index, Part, index_of, level_of

__all__ = ["CURRENT", "FORMULAS", "Found", "Index", "Part", "index_of", "level_of"]
