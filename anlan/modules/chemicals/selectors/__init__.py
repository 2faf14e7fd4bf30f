"""Reads of the chemicals ledger."""

from anlan.modules.chemicals.selectors.balances import Balance, balance_rows, balances
from anlan.modules.chemicals.selectors.places import (
    arrival_of,
    office_of,
    other_places,
    own_sites,
    places,
    places_in_use,
    places_to_receive,
    places_with_total,
    sender_name,
    stock_of_movement,
    stocks,
    stocks_of,
    substance_called,
    substance_for,
    substances,
    substances_of_place,
)
from anlan.modules.chemicals.selectors.records import (
    consignments,
    findings,
    kept_until,
    movements,
    movements_of,
    net_kg,
    open_findings,
    police_records,
    wrong_stocks,
)
from anlan.modules.chemicals.selectors.suspects import Suspect, suspects
from anlan.modules.chemicals.selectors.tracing import Trace, trace

__all__ = [
    "Balance", "Suspect", "Trace", "arrival_of", "balance_rows", "balances", "consignments", "findings", "kept_until",
    "movements", "movements_of", "net_kg", "office_of", "open_findings", "other_places", "own_sites", "places",
    "places_in_use",
    "places_to_receive", "places_with_total",
    "police_records", "sender_name", "stock_of_movement", "stocks", "stocks_of",
    "substance_called",
    "substance_for", "substances", "substances_of_place", "suspects", "trace", "wrong_stocks",
]  # fmt: skip
