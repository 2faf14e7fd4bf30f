"""The history of every field, from the rows the database keeps by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.identity.models import User
from anlan.modules.registry.choices import Sector, label_of
from anlan.modules.registry.models import Certificate, Person, Site, Unit
from anlan.rules import industry as gbt4754

HIDDEN = {
    "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "id", "region_path", "holder", "batch",
    "entered_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change: when, by whom, through which act, before and after as the table keeps them."""

    at: dt.datetime
    field: str
    label: str
    before: Any
    after: Any
    by: str
    act: str
    first: bool


def history(actor: Actor, record: Unit | Site | Person | Certificate, limit: int = 500) -> list[Change]:
    """Every change of every field of a record, newest first; ``first`` marks what it was entered with.

    Sealed columns are in no history; scope columns and keys are left out.
    """
    model: Any = type(record)
    heir = getattr(record, "merged_into_id", None)
    if not model.objects.visible_to(actor).filter(pk__in=[record.pk, *([heir] if heir else [])]).exists():
        raise NotFound
    kept = apps.get_model("registry", f"{model.__name__}Event")
    versions = list(
        kept._base_manager.filter(pgh_obj_id=record.pk).select_related("pgh_context").order_by("pgh_id")[: limit * 2]
    )
    names = [f.attname for f in kept._meta.concrete_fields if f.name not in HIDDEN]
    who = _names(versions)
    changes: list[Change] = []
    before: Any = None
    for version in versions:
        context = version.pgh_context.metadata if version.pgh_context else {}
        for name in names:
            new, old = getattr(version, name), getattr(before, name) if before is not None else None
            if new == old or (before is None and new in (None, "", [], False)):
                continue
            changes.append(
                Change(
                    at=version.pgh_created_at,
                    field=name,
                    label=_label(model, name),
                    before=_shown(model, name, old),
                    after=_shown(model, name, new),
                    by=who.get(context.get("actor", ""), context.get("actor", "")),
                    act=context.get("act", ""),
                    first=before is None,
                )
            )
        before = version
    return changes[::-1][:limit]


def _names(versions: list[Any]) -> dict[str, str]:
    keys = {v.pgh_context.metadata.get("actor", "") for v in versions if v.pgh_context}
    ids = {int(k.partition(":")[2]) for k in keys if k.startswith("user:")}
    return {f"user:{u.pk}": u.name for u in User.objects.filter(pk__in=ids)}


LABELS = {
    "sector": _("Sector line"),
    "unit_id": _("Unit"),
    "site_id": _("Works at"),
    "region_id": _("Where it lies"),
    "landlord_id": _("Landlord"),
    "person_id": _("Person"),
    "merged_into_id": _("Merged into"),
    "flags": _("Special risks"),
    "status_since": _("Status since"),
    "erased_at": _("Erased on"),
    "withdrawn_on": _("No longer counts since"),
}


def _label(model: type[models.Model], attname: str) -> str:
    if attname in LABELS:
        return str(LABELS[attname])
    try:
        field = model._meta.get_field(attname.removesuffix("_id"))
    except FieldDoesNotExist:
        return attname
    return str(getattr(field, "verbose_name", attname))


def _shown(model: type[models.Model], attname: str, value: Any) -> Any:
    if value in (None, ""):
        return ""
    field: Any = model._meta.get_field(attname.removesuffix("_id"))
    if attname == "sector":
        return label_of(Sector, value)
    if attname == "industry":
        return _industry(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        words = dict(getattr(field, "base_field", field).flatchoices or ())
        return "、".join(str(words.get(v, v)) for v in value)
    if field.is_relation:
        target = field.related_model._base_manager.filter(pk=value).first()
        return str(target) if target is not None else value
    return str(dict(field.flatchoices).get(value, value)) if field.flatchoices else value


def _industry(code: str) -> str:
    try:
        return str(gbt4754.industry(code))
    except KeyError:
        return code
