"""Acts of chemicals: catalogue, places, movements, consignments, stocktaking, findings, police records, the watch."""

from anlan.modules.chemicals.services.carry import carry_place
from anlan.modules.chemicals.services.catalogue import add_substance, mark_substance
from anlan.modules.chemicals.services.judging import accept_explanation, explain_finding, send_back_explanation
from anlan.modules.chemicals.services.movements import correct_movement, count_stock, move_stock, record_movement
from anlan.modules.chemicals.services.places import add_place, change_place, close_place, set_limit
from anlan.modules.chemicals.services.reporting import note_filing, report_police
from anlan.modules.chemicals.services.sending import name_transport, receive_consignment, send_stock
from anlan.modules.chemicals.services.watching import check_stock

__all__ = [
    "accept_explanation", "add_place", "add_substance", "carry_place", "change_place", "check_stock", "close_place",
    "correct_movement", "count_stock", "explain_finding", "mark_substance", "move_stock", "name_transport",
    "note_filing", "receive_consignment", "record_movement", "report_police", "send_back_explanation", "send_stock",
    "set_limit",
]  # fmt: skip
