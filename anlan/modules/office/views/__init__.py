"""Screens of the office."""

from anlan.modules.office.views.authorities import (
    ADD_POST,
    CLOSE_POST,
    END,
    GIVE,
    GIVE_UNIT,
    GLASS,
    GRANT,
    GRANTS,
    POST,
    POSTS,
)
from anlan.modules.office.views.handing import (
    DELEGATE,
    DELEGATIONS,
    END_DELEGATION,
    HAND_OVER,
    OWN_HAND_OVER,
    RECOVERY,
)
from anlan.modules.office.views.people import ADD_USER, CLOSE_USER, REOPEN_USER, RESET, UNPAIR, USER, USERS
from anlan.modules.office.views.places import (
    ADD_REGION,
    CHANGES,
    MERGE,
    MOVE,
    PROGRESS,
    REGION,
    REGIONS,
    RENAME,
    RULES,
    SET_RULE,
)
from anlan.modules.office.views.records import EVENT, EVENTS, JOBS, JOURNAL

PAGES = (
    USERS, ADD_USER, USER, RESET, UNPAIR, CLOSE_USER, REOPEN_USER,
    GRANTS, GRANT, GIVE, GIVE_UNIT, END, GLASS, POSTS, POST, ADD_POST, CLOSE_POST,
    REGIONS, REGION, ADD_REGION, RENAME, MERGE, MOVE, CHANGES, PROGRESS, RULES, SET_RULE,
    RECOVERY, HAND_OVER, OWN_HAND_OVER, DELEGATIONS, DELEGATE, END_DELEGATION,
    JOURNAL, EVENTS, EVENT, JOBS,
)  # fmt: skip

__all__ = ["PAGES"]
