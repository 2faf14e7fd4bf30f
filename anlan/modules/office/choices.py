"""Words of the office: roles, kinds of authority, the areas of the journal, what a job is for."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes.services import DECLARED
from anlan.kernel.journal.facts import FACTS
from anlan.ui.rights import role_label

SEE, OPERATE, RULES = "office.view", "office.operate", "office.rules"


class Validity(models.TextChoices):
    """When an authority counts."""

    NOW = "now", _("In force today")
    SOON = "soon", _("Ends within 30 days")
    COMING = "coming", _("Begins later")
    PAST = "past", _("Ended")


KIND_TONES = {
    "post": "blue", "temporary": "orange", "seconded": "teal", "delegated": "purple", "unit": "grey",
    "emergency": "red",
}  # fmt: skip

AREAS = {
    "account": _("Own account"),
    "cockpit": _("Cockpit"),
    "codes": _("Local rules"),
    "deadlines": _("Deadlines"),
    "events": _("Queue"),
    "exchange": _("Exchange"),
    "files": _("Attachments"),
    "hazards": _("Hazards"),
    "identity": _("Accounts and authorities"),
    "intake": _("Ledgers"),
    "journal": _("Journal"),
    "office": _("Office"),
    "regions": _("Regions"),
    "registry": _("Registry"),
    "ui": _("Exports"),
    "welcome": _("Invitations and claims"),
}

SUBJECTS = {
    "codes.parameter": _("Local rule"),
    "deadlines.deadline": _("Due item"),
    "events.eventrow": _("Event"),
    "identity.apitoken": _("API token"),
    "identity.grant": _("Authority"),
    "identity.post": _("Post in an office"),
    "identity.user": _("Account"),
    "intake.batch": _("Ledger"),
    "journal.bulkload": _("Bulk load"),
    "procrastinate.procrastinatejob": _("Job"),
    "regions.region": _("Region"),
}

QUEUES = {"flows": _("Flows"), "mail": _("Mail"), "upkeep": _("Upkeep"), "intake": _("Ledgers")}


def subject_label(label: str) -> str:
    """What kind of record a label (``identity.user``) stands for."""
    if label in SUBJECTS:
        return str(SUBJECTS[label])
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:  # its module was taken out of the deployment
        return label


def roles(*, for_unit: bool | None = None) -> list[tuple[str, str]]:
    """The roles of the deployment as choices: all, those of units, or those of regions."""
    found = settings.ANLAN_ROLES.items()
    return [(code, gettext(role.label)) for code, role in found if for_unit is None or role.for_unit is for_unit]


def permissions(code: str) -> dict[str, list[str]]:
    """The rights a role carries, by area."""
    role = settings.ANLAN_ROLES.get(code)
    found: dict[str, list[str]] = {}
    for permission in sorted(role.permissions) if role else []:
        area = permission.partition(".")[0]
        found.setdefault(str(AREAS.get(area, area)), []).append(permission)
    return found


def areas() -> list[tuple[str, str]]:
    """The areas the journal can tell of, by their names."""
    known = {name.partition(".")[0] for name, kind in FACTS.items() if kind.__module__.startswith("anlan.")}
    return sorted(((code, str(AREAS.get(code, code))) for code in known), key=lambda pair: pair[1])


def parameters() -> list[tuple[str, str]]:
    """The figures a jurisdiction may set, by their names."""
    return sorted(((code, gettext(d.label)) for code, d in DECLARED.items()), key=lambda pair: pair[1])


def labelled(codes: Iterable[str]) -> str:
    """Several roles in one line."""
    return "、".join(dict.fromkeys(role_label(code) for code in codes))
