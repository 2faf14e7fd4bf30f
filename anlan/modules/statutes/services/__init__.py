"""Acts of the library: entering citations, loading texts, correcting days, check lists."""

from anlan.modules.statutes.services.entering import enter_citations
from anlan.modules.statutes.services.lists import put_check_list, withdraw_check_list
from anlan.modules.statutes.services.loading import correct_edition, load_text

__all__ = ["correct_edition", "enter_citations", "load_text", "put_check_list", "withdraw_check_list"]
