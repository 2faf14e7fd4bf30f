"""Screens of chemicals."""

from anlan.modules.chemicals.views.balance import BALANCE, TRACE
from anlan.modules.chemicals.views.catalogue import ADD_SUBSTANCE, MARK, SUBSTANCE, SUBSTANCES
from anlan.modules.chemicals.views.papers import (
    CONSIGNMENT_PAGE,
    CONSIGNMENTS,
    FINDING_PAGE,
    FINDING_STEPS,
    FINDINGS,
    NAME_TRANSPORT,
    POLICE_PAGE,
    POLICE_RECORDS,
    RECEIVE,
    REPORT,
)
from anlan.modules.chemicals.views.stocks import (
    ADD_PLACE,
    CHANGE_PLACE,
    CLOSE_PLACE,
    CORRECT,
    COUNT,
    FILING,
    LIMIT,
    MOVE,
    MOVEMENT,
    MOVEMENTS,
    PLACE,
    PLACES,
    RECORD,
    SEND,
    STOCK,
    STOCKS,
)

PAGES = (
    STOCKS, STOCK, MOVE, SEND, COUNT, FILING, PLACES, ADD_PLACE, PLACE, CHANGE_PLACE, CLOSE_PLACE, LIMIT, RECORD,
    MOVEMENTS, MOVEMENT, CORRECT, SUBSTANCES, ADD_SUBSTANCE, SUBSTANCE, MARK, CONSIGNMENTS, CONSIGNMENT_PAGE,
    NAME_TRANSPORT, RECEIVE, FINDINGS, FINDING_PAGE, *FINDING_STEPS, POLICE_RECORDS, POLICE_PAGE, REPORT, BALANCE,
    TRACE,
)  # fmt: skip

__all__ = ["PAGES"]
