"""The HTTP API of alarms: alarms and their calls, settings, and every act of the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.scope import within
from anlan.modules.alarms import selectors, services
from anlan.ui.api import PageQuery, actor_of, expose, page_of, paged

router = Router()


class AlarmOut(Schema):
    """An alarm; ``value`` and ``threshold`` in the tag's unit, ``priority`` 1 (most urgent) to 4."""

    id: int
    setting_id: int
    tag_id: int
    unit_id: int
    site_id: int
    region_path: str
    tag: str
    unit: str
    kind: str
    priority: int
    statutory: bool
    state: str
    threshold: float
    value: float | None
    raised_at: dt.datetime
    returned_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledger_id: int | None
    note: str
    repeats: int
    shelved_until: dt.datetime | None
    shelf_reason: str
    escalations: int
    hazard_id: int | None
    closed_at: dt.datetime | None
    version: int

    @staticmethod
    def resolve_tag(row: Any) -> str:
        """The tag's label."""
        return str(row.tag.label)

    @staticmethod
    def resolve_unit(row: Any) -> str:
        """The unit's name."""
        return str(row.unit.name)


class SettingOut(Schema):
    """A limit of a tag; ``schedule``: stretches of the week in minutes since Monday midnight, null for always."""

    id: int
    tag_id: int
    region_path: str
    tag: str
    kind: str
    threshold: float
    dead_band: float
    on_delay_s: int
    off_delay_s: int
    priority: int
    schedule: list[list[int]] | None
    statutory: bool
    out_until: dt.datetime | None
    out_reason: str
    retired_at: dt.datetime | None
    version: int

    @staticmethod
    def resolve_tag(row: Any) -> str:
        """The tag's label."""
        return str(row.tag.label)


class CallOut(Schema):
    """A call about an alarm."""

    id: int
    alarm_id: int
    at: dt.datetime
    by_id: int
    whom: str
    outcome: str
    note: str


class MadeOut(Schema):
    """For how many tags a limit was set."""

    made: int


class PhoneOut(Schema):
    """A telephone, empty when none is held."""

    phone: str


class WhereQuery(PageQuery):
    """Which records: below which region (its path), of which unit, at which state."""

    region: str = ""
    unit: int | None = None
    state: str = ""


class SettingQuery(PageQuery):
    """Which settings: below which region (its path), of which tag; ended ones too with ``ended``."""

    region: str = ""
    tag: int | None = None
    ended: bool = False


class CallQuery(PageQuery):
    """Of which alarm."""

    alarm: int | None = None


@router.get("/alarms", response=page_of(AlarmOut), operation_id="alarms_alarms")
def list_alarms(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The alarms within the caller's reach, the newest first."""
    rows = selectors.alarms(actor_of(request)).filter(within("region_path", query.region))
    rows = rows.filter(unit=query.unit) if query.unit is not None else rows
    rows = rows.filter(state=query.state) if query.state else rows
    return paged(rows.order_by("-raised_at", "-pk"), query)


@router.get("/settings", response=page_of(SettingOut), operation_id="alarms_settings")
def list_settings(request: HttpRequest, query: Query[SettingQuery]) -> dict[str, Any]:
    """The limits of tags within the caller's reach."""
    rows = selectors.settings(actor_of(request)).filter(within("region_path", query.region))
    rows = rows.filter(tag=query.tag) if query.tag is not None else rows
    rows = rows if query.ended else rows.filter(retired_at=None)
    return paged(rows.order_by("-pk"), query)


@router.get("/calls", response=page_of(CallOut), operation_id="alarms_calls")
def list_calls(request: HttpRequest, query: Query[CallQuery]) -> dict[str, Any]:
    """The calls about alarms within the caller's reach, the newest first."""
    rows = selectors.calls(actor_of(request))
    rows = rows.filter(alarm=query.alarm) if query.alarm is not None else rows
    return paged(rows.order_by("-pk"), query)


expose(router, services.make_setting, out=SettingOut, name="settings")
expose(
    router, services.make_settings, out=MadeOut, name="settings-by-quantity", show=lambda actor, made: {"made": made}
)
expose(router, services.change_setting, out=SettingOut, name="figures", under="settings")
expose(router, services.take_out_of_service, out=SettingOut, name="take-out", under="settings")
expose(router, services.put_back_in_service, out=SettingOut, name="put-back", under="settings")
expose(router, services.retire_setting, out=SettingOut, name="retire", under="settings")
expose(router, services.acknowledge_alarm, out=AlarmOut, name="acknowledge", under="alarms")
expose(router, services.shelve_alarm, out=AlarmOut, name="shelve", under="alarms")
expose(router, services.unshelve_alarm, out=AlarmOut, name="unshelve", under="alarms")
expose(router, services.log_call, out=CallOut, name="calls", under="alarms")
expose(router, services.dial, out=PhoneOut, name="dial", under="alarms", show=lambda actor, phone: {"phone": phone})
