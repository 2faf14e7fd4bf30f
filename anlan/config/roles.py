"""The roles of a deployment and what each may do. A grant says where: a region, a sector line, or a unit."""

from __future__ import annotations

from dataclasses import dataclass


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


@dataclass(frozen=True)
class Role:
    """A role: its label (an English msgid), its permissions, and whether it is held for a unit."""

    label: str
    permissions: frozenset[str]
    for_unit: bool = False


def _role(label: str, *groups: set[str], for_unit: bool = False) -> Role:
    return Role(label, frozenset().union(*groups), for_unit)


OWN = {"account.own", "files.view"}
SEE = {"registry.view", "hazards.view", "deadlines.view", "journal.view", "cockpit.view", "office.rules"}
FIND = {"hazards.find", "hazards.on_behalf", "registry.sites"}
HANDLE = {
    "hazards.grade",
    "hazards.order",
    "hazards.review",
    "hazards.close",
    "hazards.recheck",
    "hazards.reopen",
    "hazards.transfer",
    "hazards.receive",
    "hazards.withdraw",
    "hazards.agree_withdrawal",
    "hazards.merge",
    "hazards.intake",
    "hazards.export",
    "intake.batches",
    "registry.change",
    "registry.intake",
    "registry.export",
    "registry.merge",
    "registry.people",
    "registry.unmask",
    "deadlines.urge",
    "deadlines.hold",
}
SUPERVISE = {"hazards.supervise", "hazards.delist", "hazards.approve"}
LEAD = {"hazards.instruct", "deadlines.urge", "deadlines.hold", "cockpit.lead", "registry.unmask"}
ADMINISTER = {
    "identity.users",
    "identity.grants",
    "identity.break_glass",
    "regions.change",
    "codes.parameters",
    "registry.erase",
    "journal.view",
    "cockpit.view",
    "registry.view",
    "office.view",
    "office.operate",
    "office.rules",
    "intake.batches",
}

ROLES: dict[str, Role] = {
    "administrator": _role(gettext_noop("System administrator"), OWN, ADMINISTER),
    "leader": _role(gettext_noop("Leader"), OWN, SEE, LEAD),
    "city_officer": _role(gettext_noop("City regulator"), OWN, SEE, FIND, HANDLE, SUPERVISE),
    "county_officer": _role(gettext_noop("County regulator"), OWN, SEE, FIND, HANDLE, SUPERVISE),
    "town_officer": _role(
        gettext_noop("Town regulator"), OWN, SEE, FIND, HANDLE, {"hazards.supervise", "hazards.delist"}
    ),
    "inspector": _role(gettext_noop("Inspector"), OWN, SEE, FIND, {"hazards.review", "hazards.recheck"}),
    "grid_worker": _role(gettext_noop("Grid worker"), OWN, SEE, FIND),
    "expert": _role(gettext_noop("Expert"), OWN, {"registry.view", "hazards.view", "hazards.find"}),
    "auditor": _role(gettext_noop("Auditor"), OWN, SEE, {"hazards.export", "registry.export", "office.view"}),
    "unit_principal": _role(
        gettext_noop("Principal of a unit"),
        OWN,
        {
            "registry.view",
            "registry.own",
            "hazards.view",
            "hazards.report",
            "hazards.plan",
            "hazards.rectify",
            "hazards.accept_own",
            "deadlines.view",
            "journal.view",
        },
        for_unit=True,
    ),
    "unit_safety": _role(
        gettext_noop("Safety manager of a unit"),
        OWN,
        {
            "registry.view",
            "registry.own",
            "hazards.view",
            "hazards.report",
            "hazards.plan",
            "hazards.rectify",
            "deadlines.view",
            "journal.view",
        },
        for_unit=True,
    ),
    "unit_worker": _role(
        gettext_noop("Worker of a unit"), OWN, {"registry.view", "hazards.view", "hazards.report"}, for_unit=True
    ),
}
