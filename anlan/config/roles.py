"""The roles of a deployment, what each may do, the names of the rights. A grant says where: region, line or unit."""

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


# Every right by its name: what a refusal asks for, what a role may do, what a token is good for. The code beside it is
# what the API and the journal write.
PERMISSIONS: dict[str, str] = {
    "account.own": gettext_noop("Keep one's own account"),
    "files.view": gettext_noop("Open attached files"),
    "files.upload": gettext_noop("Send files up in pieces"),
    "registry.view": gettext_noop("See the registry"),
    "registry.own": gettext_noop("Keep the people of one's own unit"),
    "registry.sites": gettext_noop("Put sites found on the ground on file"),
    "registry.change": gettext_noop("Change units and sites"),
    "registry.intake": gettext_noop("Take in ledgers of enterprises"),
    "registry.export": gettext_noop("Take enterprises out as a table"),
    "registry.merge": gettext_noop("Merge records of one unit"),
    "registry.people": gettext_noop("Keep people and certificates"),
    "registry.unmask": gettext_noop("See personal data in full"),
    "registry.erase": gettext_noop("Erase personal data"),
    "hazards.view": gettext_noop("See hazards"),
    "hazards.find": gettext_noop("Enter hazards found on site"),
    "hazards.report": gettext_noop("Report hazards of one's own unit"),
    "hazards.plan": gettext_noop("Hand in rectification plans"),
    "hazards.rectify": gettext_noop("Hand in rectifications"),
    "hazards.accept_own": gettext_noop("Accept hazards of one's own unit"),
    "hazards.on_behalf": gettext_noop("Fill in for a unit"),
    "hazards.grade": gettext_noop("Judge the grade of hazards"),
    "hazards.order": gettext_noop("Order rectification"),
    "hazards.approve": gettext_noop("Approve rectification plans"),
    "hazards.review": gettext_noop("Review rectifications"),
    "hazards.close": gettext_noop("Close hazards"),
    "hazards.recheck": gettext_noop("Re-check closed hazards"),
    "hazards.reopen": gettext_noop("Reopen hazards"),
    "hazards.transfer": gettext_noop("Transfer hazards"),
    "hazards.receive": gettext_noop("Take over transferred hazards"),
    "hazards.withdraw": gettext_noop("Propose withdrawal of hazards"),
    "hazards.agree_withdrawal": gettext_noop("Agree to withdrawal of hazards"),
    "hazards.merge": gettext_noop("Merge hazards"),
    "hazards.supervise": gettext_noop("List hazards for supervision"),
    "hazards.delist": gettext_noop("Take hazards off supervision"),
    "hazards.instruct": gettext_noop("Give instructions"),
    "hazards.intake": gettext_noop("Take in ledgers of hazards"),
    "hazards.export": gettext_noop("Take hazards out as a table"),
    "deadlines.view": gettext_noop("See deadlines"),
    "deadlines.urge": gettext_noop("Urge"),
    "deadlines.hold": gettext_noop("Answer for overdue items"),
    "deadlines.sweep": gettext_noop("Move deadlines on by the clock"),
    "deadlines.notices": gettext_noop("Load holiday notices"),
    "tallies.reconcile": gettext_noop("Compare kept numbers with the records"),
    "journal.view": gettext_noop("Read the journal"),
    "cockpit.view": gettext_noop("See the cockpit"),
    "cockpit.lead": gettext_noop("See the leader's page"),
    "intake.batches": gettext_noop("Handle ledgers handed in"),
    "intake.sweep": gettext_noop("Clear away old ledgers"),
    "office.view": gettext_noop("See accounts and authorities"),
    "office.operate": gettext_noop("Run the queue"),
    "office.rules": gettext_noop("See regions and local rules"),
    "identity.users": gettext_noop("Manage accounts"),
    "identity.grants": gettext_noop("Give and end authorities"),
    "identity.break_glass": gettext_noop("Take emergency authorities"),
    "identity.rescue": gettext_noop("Make an administrator in an emergency"),
    "identity.delegate": gettext_noop("Delegate one's own authority"),
    "identity.unit_people": gettext_noop("Keep the accounts of units"),
    "welcome.view": gettext_noop("See invitations"),
    "welcome.invite": gettext_noop("Invite units"),
    "welcome.deliver": gettext_noop("Send what was asked to be sent"),
    "duty.view": gettext_noop("See the duty roster"),
    "duty.plan": gettext_noop("Keep the duty roster"),
    "duty.serve": gettext_noop("Stand duty"),
    "duty.approve": gettext_noop("Approve swaps of duty"),
    "duty.watch": gettext_noop("Watch rosters by the clock"),
    "statutes.view": gettext_noop("Read laws, rules and check lists"),
    "statutes.load": gettext_noop("Load texts of laws"),
    "statutes.lists": gettext_noop("Issue check lists"),
    "chemicals.view": gettext_noop("See the chemicals ledger"),
    "chemicals.keep": gettext_noop("Keep the chemicals ledger"),
    "chemicals.review": gettext_noop("Judge explanations in the chemicals ledger"),
    "chemicals.catalogue": gettext_noop("Mark substances in the catalogue"),
    "chemicals.watch": gettext_noop("Check chemicals ledgers by the clock"),
    "installations.view": gettext_noop("See major hazard installations"),
    "installations.keep": gettext_noop("Keep the file of major hazard installations"),
    "installations.file": gettext_noop("Put major hazard installations on file"),
    "installations.watch": gettext_noop("Compare installations with ledgers"),
    "regions.change": gettext_noop("Change regions"),
    "codes.parameters": gettext_noop("Set local rules"),
}

OWN = {"account.own", "files.view", "files.upload", "statutes.view"}
SEE = {
    "registry.view",
    "hazards.view",
    "deadlines.view",
    "journal.view",
    "cockpit.view",
    "office.rules",
    "duty.view",
    "chemicals.view",
    "installations.view",
}
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
    "welcome.view",
    "welcome.invite",
    "identity.unit_people",
    "identity.delegate",
    "duty.plan",
    "duty.serve",
    "statutes.lists",
    "chemicals.keep",
    "chemicals.review",
    "installations.keep",
}
SUPERVISE = {"hazards.supervise", "hazards.delist", "hazards.approve", "chemicals.catalogue", "installations.file"}
LEAD = {
    "hazards.instruct",
    "deadlines.urge",
    "deadlines.hold",
    "cockpit.lead",
    "registry.unmask",
    "identity.delegate",
    "duty.plan",
    "duty.approve",
}
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
    "welcome.view",
    "welcome.invite",
    "identity.unit_people",
    "statutes.load",
}

ROLES: dict[str, Role] = {
    "administrator": _role(gettext_noop("System administrator"), OWN, ADMINISTER),
    "leader": _role(gettext_noop("Leader"), OWN, SEE, LEAD),
    "city_officer": _role(gettext_noop("City regulator"), OWN, SEE, FIND, HANDLE, SUPERVISE, {"statutes.load"}),
    "county_officer": _role(gettext_noop("County regulator"), OWN, SEE, FIND, HANDLE, SUPERVISE),
    "town_officer": _role(
        gettext_noop("Town regulator"), OWN, SEE, FIND, HANDLE, {"hazards.supervise", "hazards.delist"}
    ),
    "inspector": _role(gettext_noop("Inspector"), OWN, SEE, FIND, {"hazards.review", "hazards.recheck", "duty.serve"}),
    "grid_worker": _role(gettext_noop("Grid worker"), OWN, SEE, FIND),
    "expert": _role(
        gettext_noop("Expert"),
        OWN,
        {"registry.view", "hazards.view", "hazards.find", "chemicals.view", "installations.view"},
    ),
    "auditor": _role(
        gettext_noop("Auditor"), OWN, SEE, {"hazards.export", "registry.export", "office.view", "welcome.view"}
    ),
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
            "identity.unit_people",
            "deadlines.view",
            "journal.view",
            "chemicals.view",
            "chemicals.keep",
            "installations.view",
            "installations.keep",
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
            "chemicals.view",
            "chemicals.keep",
            "installations.view",
            "installations.keep",
        },
        for_unit=True,
    ),
    "unit_workshop": _role(
        gettext_noop("Workshop of a unit"),
        OWN,
        {
            "registry.view",
            "hazards.view",
            "hazards.report",
            "hazards.rectify",
            "deadlines.view",
            "chemicals.view",
            "chemicals.keep",
            "installations.view",
            "installations.keep",
        },
        for_unit=True,
    ),
    "unit_worker": _role(
        gettext_noop("Worker of a unit"), OWN, {"registry.view", "hazards.view", "hazards.report"}, for_unit=True
    ),
}
