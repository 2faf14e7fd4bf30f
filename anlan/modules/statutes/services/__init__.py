"""Acts of the library: entering citations, loading texts, correcting days, check lists."""

from anlan.modules.statutes.services.drafts import (
    add_item,
    adopt_check_list,
    change_item,
    draft_check_list,
    drop_draft,
    issue_check_list,
    move_item,
    remove_item,
    revise_check_list,
)
from anlan.modules.statutes.services.entering import enter_citations
from anlan.modules.statutes.services.lists import put_check_list, withdraw_check_list
from anlan.modules.statutes.services.loading import correct_edition, load_text

__all__ = [
    "add_item", "adopt_check_list", "change_item", "correct_edition", "draft_check_list", "drop_draft",
    "enter_citations", "issue_check_list", "load_text", "move_item", "put_check_list", "remove_item",
    "revise_check_list", "withdraw_check_list",
]  # fmt: skip
