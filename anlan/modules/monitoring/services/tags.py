"""Tags: put on file one by one or in one go, put right, taken out of use."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.choices import Quantity
from anlan.modules.monitoring.events import (
    ReadingsTaken,
    TagChanged,
    TagRegistered,
    TagResumed,
    TagRetired,
    TagsEntered,
)
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.services.credentials import say_changed
from anlan.modules.monitoring.workflow import GATEWAY, KEEP, VIEW

MOST = 5_000
"""Tags entered in one go."""
FIELDS = ("label", "quantity", "unit_of_measure", "low_range", "high_range", "period_s", "installation")
SAID = {
    "label": gettext_noop("Name of the tag"), "quantity": gettext_noop("Quantity"),
    "unit_of_measure": gettext_noop("Unit of measure"), "low_range": gettext_noop("Lower end of the range"),
    "high_range": gettext_noop("Upper end of the range"), "period_s": gettext_noop("Expected every, s"),
    "installation": gettext_noop("Major hazard installation"),
}  # fmt: skip
WHY = "one gateway in hand"


@act(may=KEEP, on=Gateway)
def put_tag(
    work: Work, gateway: Gateway, *, name: str, label: str, quantity: str, unit_of_measure: str = "",
    low_range: float | None = None, high_range: float | None = None, period_s: int = 60,
    installation: int | None = None,
) -> Tag:  # fmt: skip
    """Put a tag of the gateway on file, or put right the one of that name. The same again: nothing.

    ``name`` is what the payload calls it. The range is in ``unit_of_measure``; a reading is expected every
    ``period_s`` seconds (1 to 86,400).
    """
    need_admitted(gateway)
    given = {
        "name": name, "label": label, "quantity": quantity, "unit_of_measure": unit_of_measure,
        "low_range": low_range, "high_range": high_range, "period_s": period_s, "installation": installation,
    }  # fmt: skip
    now = checked(given)
    _need_own(work, gateway, now["installation"])
    rows = Tag.objects.everything(why=WHY).filter(gateway=gateway, name=now["name"])
    found = rows.select_for_update().first()
    if found is None:
        fresh = created(_made(gateway, now))
        work.record(TagRegistered(name=fresh.name, label=fresh.label), on=fresh)
        say_changed(gateway.code)
        return fresh
    changed = _changed(found, now)
    if changed:
        found.save(update_fields=changed)
        for field in changed:
            said = found.get_quantity_display() if field == "quantity" else getattr(found, field)
            work.record(TagChanged(what=SAID[field], value=str("" if said is None else said)), on=found)
        say_changed(gateway.code)
    return found


@act(may=KEEP, on=Gateway)
def enter_tags(work: Work, gateway: Gateway, *, rows: list[Any]) -> int:
    """Put many tags of a gateway on file, or right, in one go; answers how many changed. The same again: nothing.

    Each row has the fields of ``put_tag`` but the installation. All or nothing: the refusal names the row.
    """
    need_admitted(gateway)
    if not 0 < len(rows) <= MOST:
        raise BadInput("rows", gettext_noop("Enter between 1 and %(most)s tags at a time."), most=MOST)
    known = {t.name: t for t in Tag.objects.everything(why=WHY).filter(gateway=gateway).select_for_update()}
    fresh: list[Tag] = []
    altered: list[Tag] = []
    named: set[str] = set()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise BadInput("rows", gettext_noop("Give a name, a quantity and so on for each tag."), row=number)
        try:
            now = checked(row)
        except BadInput as why:
            raise BadInput("rows", why.message, row=number, **why.params) from why
        if now["name"] in named:
            raise BadInput("rows", gettext_noop("This name stands here twice."), row=number)
        named.add(now["name"])
        found = known.get(now["name"])
        if found is None:
            fresh.append(_made(gateway, now))
        else:
            now["installation"] = found.installation_id
            if _changed(found, now):
                altered.append(found)
    Tag.objects.bulk_create(fresh, batch_size=500)
    if altered:
        rows_ = Tag.objects.everything(why=WHY)
        rows_.bulk_update(altered, ["label", "quantity", "unit_of_measure", "low_range", "high_range", "period_s"])
    if fresh or altered:
        work.record(TagsEntered(fresh=len(fresh), changed=len(altered)), on=gateway)
        say_changed(gateway.code)
    return len(fresh) + len(altered)


@act(may=KEEP, on=Tag)
def retire_tag(work: Work, tag: Tag, *, reason: str) -> None:
    """Take a tag out of use: its readings are refused, its history stays. Out of use already: nothing."""
    if not tag.active:
        return
    reason = reason.strip()[:200]
    if not reason:
        raise BadInput("reason", gettext_noop("Say why, for whoever asks later."))
    tag.active = False
    tag.save(update_fields=["active"])
    work.record(TagRetired(reason=reason), on=tag)
    say_changed("")


@act(may=KEEP, on=Tag)
def resume_tag(work: Work, tag: Tag) -> None:
    """Take a tag into use again. In use already: nothing."""
    if tag.active:
        return
    tag.active = True
    tag.save(update_fields=["active"])
    work.record(TagResumed(), on=tag)
    say_changed("")


@inside_act
def need_admitted(gateway: Gateway) -> None:
    """Tags are kept while the gateway is admitted."""
    if gateway.state != "active":
        raise WrongStep(step=gettext_noop("Enter tags"), state=GATEWAY.state(gateway.state).label)


@inside_act
def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of a tag, in order; ``BadInput`` names the field."""
    now: dict[str, Any] = {
        "name": str(given.get("name") or "").strip(), "label": str(given.get("label") or "").strip()[:80],
        "quantity": given.get("quantity") or "", "unit_of_measure": str(given.get("unit_of_measure") or "").strip(),
        "low_range": given.get("low_range"), "high_range": given.get("high_range"),
        "period_s": given.get("period_s", 60), "installation": given.get("installation"),
    }  # fmt: skip
    if not 0 < len(now["name"]) <= 80:
        raise BadInput("name", gettext_noop("Give the name the payload uses, at most 80 characters."))
    now["label"] = now["label"] or now["name"]
    if now["quantity"] not in Quantity.values:
        raise BadInput("quantity", gettext_noop("Choose what it measures."))
    if len(now["unit_of_measure"]) > 16:
        raise BadInput("unit_of_measure", gettext_noop("Give the unit in at most 16 characters."))
    for field in ("low_range", "high_range"):
        value = now[field]
        if value is not None:
            if not isinstance(value, int | float) or not math.isfinite(value):
                raise BadInput(field, gettext_noop("Give a number."))
            now[field] = float(value)
    if None not in (now["low_range"], now["high_range"]) and now["high_range"] <= now["low_range"]:
        raise BadInput("high_range", gettext_noop("The upper end lies above the lower end."))
    if not isinstance(now["period_s"], int) or not 1 <= now["period_s"] <= 86_400:
        raise BadInput("period_s", gettext_noop("Give seconds, from 1 to 86,400."))
    return now


def _need_own(work: Work, gateway: Gateway, installation: int | None) -> None:
    if installation is not None:
        known = selectors.installations_of(work.actor, gateway).filter(pk=getattr(installation, "pk", installation))
        if not known.exists():
            raise BadInput("installation", gettext_noop("Choose an installation at the site of the gateway."))


def _made(gateway: Gateway, now: Mapping[str, Any]) -> Tag:
    fields = {name: now[name] for name in FIELDS if name != "installation"}
    return Tag(
        region_path=gateway.region_path, sector=gateway.sector, holder=gateway.holder, gateway=gateway,
        unit_id=gateway.unit_id, site_id=gateway.site_id, name=now["name"],
        installation_id=getattr(now["installation"], "pk", now["installation"]), **fields,
    )  # fmt: skip


def _changed(tag: Tag, now: Mapping[str, Any]) -> list[str]:
    """The fields that differ, already set on the tag."""
    changed = []
    for field in FIELDS:
        attribute = "installation_id" if field == "installation" else field
        value = getattr(now[field], "pk", now[field])
        if getattr(tag, attribute) != value:
            setattr(tag, attribute, value)
            changed.append(field)
    return changed


@act(may=VIEW, on=Tag)
def note_taken(work: Work, tag: Tag, *, rows: int, since: dt.datetime, until: dt.datetime) -> None:
    """Journal that the actor takes the readings of a tag over a time away."""
    first, last = (at.astimezone(clock.CHINA).isoformat(" ", "minutes")[:16] for at in (since, until))
    work.record(ReadingsTaken(rows=rows, since=first, until=last), on=tag)
