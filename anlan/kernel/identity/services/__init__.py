"""Acts on users, posts, grants and tokens."""

from anlan.kernel.identity.services._reach import check_reach, current_grants
from anlan.kernel.identity.services.accounts import (
    add_user,
    check_password,
    close_user,
    one_time_password,
    remove_second_factor,
    reopen_user,
    reset_password,
)
from anlan.kernel.identity.services.authorities import (
    add_post,
    break_glass,
    carry_grants,
    close_post,
    end_grant,
    give_grant,
)
from anlan.kernel.identity.services.tokens import issue_token, revoke_token

__all__ = [
    "add_post",
    "add_user",
    "break_glass",
    "carry_grants",
    "check_password",
    "check_reach",
    "close_post",
    "close_user",
    "current_grants",
    "end_grant",
    "give_grant",
    "issue_token",
    "one_time_password",
    "remove_second_factor",
    "reopen_user",
    "reset_password",
    "revoke_token",
]
