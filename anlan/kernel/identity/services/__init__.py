"""Acts on users, posts, grants and tokens."""

from anlan.kernel.identity.services._reach import check_reach, current_grants
from anlan.kernel.identity.services.accounts import (
    add_user,
    check_password,
    close_user,
    one_time_password,
    open_account,
    remove_second_factor,
    reopen_user,
    reset_password,
    shut_account,
    sign_out,
)
from anlan.kernel.identity.services.authorities import (
    add_post,
    appoint_in_unit,
    break_glass,
    carry_grants,
    close_post,
    end_grant,
    end_in_unit,
    give_grant,
    has_administrator,
    rescue,
)
from anlan.kernel.identity.services.delegation import delegate, end_delegation
from anlan.kernel.identity.services.handover import carry_belongings, hand_over, need_same_desk
from anlan.kernel.identity.services.recovery import (
    issue_recovery,
    note_try,
    recover_password,
    recovery_for,
    too_many_tries,
)
from anlan.kernel.identity.services.tokens import issue_token, revoke_token

__all__ = [
    "add_post",
    "add_user",
    "appoint_in_unit",
    "break_glass",
    "carry_belongings",
    "carry_grants",
    "check_password",
    "check_reach",
    "close_post",
    "close_user",
    "current_grants",
    "delegate",
    "end_delegation",
    "end_grant",
    "end_in_unit",
    "give_grant",
    "hand_over",
    "has_administrator",
    "issue_recovery",
    "issue_token",
    "need_same_desk",
    "note_try",
    "one_time_password",
    "open_account",
    "recover_password",
    "recovery_for",
    "remove_second_factor",
    "reopen_user",
    "rescue",
    "reset_password",
    "revoke_token",
    "shut_account",
    "sign_out",
    "too_many_tries",
]
