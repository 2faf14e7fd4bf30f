"""The HTTP API of alarms: alarms and their calls, settings, and every act of the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.kernel.scope import within
from anlan.modules.alarms import selectors, services
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged

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


class ChatterOut(Schema):
    """A limit, and in how many minutes it chattered."""

    setting_id: int
    tag_id: int
    tag: str
    kind: str
    unit_id: int
    unit: str
    region_path: str
    times: int

    @staticmethod
    def of(one: selectors.Counted) -> dict[str, Any]:
        """As it is said."""
        setting, tag = one.setting, one.setting.tag
        return {
            "setting_id": setting.pk, "tag_id": tag.pk, "tag": tag.label, "kind": setting.kind, "unit_id": tag.unit_id,
            "unit": tag.unit.name, "region_path": setting.region_path, "times": one.times, "share": round(one.share, 4),
        }  # fmt: skip


class FrequentOut(ChatterOut):
    """A limit, and how many times it was raised: ``share`` (0 to 1) of all."""

    share: float


class FloodOut(Schema):
    """A flood: its first and last alarm, how many were raised, and the most within the minutes it is counted over."""

    begins: dt.datetime
    ends: dt.datetime
    raised: int
    most: int


class RaisedOut(Schema):
    """How many alarms were raised in a region's own places."""

    region_path: str
    raised: int


class StatisticsOut(Schema):
    """How alarms behaved from ``since`` to ``until``: ``raised`` in all, ``an_hour`` on average, in the busiest hour;
    ``flooded`` is the share (0 to 1) of the time in flood. ``standing`` is as of now: for more than
    ``standing_hours``. Chattering is ``chatter_count`` times or more within a minute; a flood begins above
    ``flood_count`` alarms within ``flood_minutes``. Everything is counted over the whole time but chattering and
    floods: of those the newest alarms alone are looked through, ``looked_through`` of them, from ``looked_since`` on;
    ``cut`` says that there were more, and ``flooded`` is then of that shorter time. ``flood_times``: how many floods
    there were. Of each list at most as many as were asked for, the gravest first, floods the newest first.
    """

    since: dt.datetime
    until: dt.datetime
    looked_since: dt.datetime
    looked_through: int
    cut: bool
    raised: int
    an_hour: float
    most_in_an_hour: int
    escalated: int
    flooded: float
    regions: list[RaisedOut]
    frequent: list[FrequentOut]
    chattering: list[ChatterOut]
    standing: list[AlarmOut]
    floods: list[FloodOut]
    standing_hours: int
    chatter_count: int
    flood_count: int
    flood_minutes: int
    flood_times: int


class StatisticsQuery(Schema):
    """Below which region (its path; the caller's own without one), from when to when (ISO 8601, China's time without a
    zone; the week up to now without them), how many entries of each list."""

    region: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    most: int = Field(100, ge=1, le=5_000)


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


@router.get("/statistics", response={200: StatisticsOut, **REFUSALS}, operation_id="alarms_statistics")
def alarm_statistics(request: HttpRequest, query: Query[StatisticsQuery]) -> dict[str, Any]:
    """How alarms behaved over a stretch of time within the caller's reach: what the page of statistics shows."""
    actor = actor_of(request)
    place = selectors.statistics_place(actor, query.region)
    since, until = selectors.statistics_stretch(query.since, query.until)
    found = selectors.statistics(actor, place.path if place else "", since, until, shown=query.most)
    plain = {name: getattr(found, name) for name in StatisticsOut.model_fields if hasattr(found, name)}
    return {
        **plain, "flooded": round(found.flooded, 4),
        "regions": [{"region_path": at, "raised": n} for at, n in sorted(found.by_path.items())],
        "frequent": [ChatterOut.of(one) for one in found.frequent],
        "chattering": [ChatterOut.of(one) for one in found.chattering],
    }  # fmt: skip


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
