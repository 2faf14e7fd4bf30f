"""How the alarms themselves behave: standing, chattering, most frequent, floods. By the manner of ISA-18.2."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.regions import reach
from anlan.kernel.scope import system_read, within
from anlan.modules.alarms.choices import CHATTER_COUNT, FLOOD_COUNT, FLOOD_MINUTES, STANDING_HOURS
from anlan.modules.alarms.models import Alarm, AlarmSetting, AlarmTransition
from anlan.modules.alarms.selectors.desk import office_of
from anlan.modules.alarms.selectors.records import alarms, settings
from anlan.modules.alarms.workflow import ACTIVE, VIEW

SHOWN = 10
LONGEST = dt.timedelta(days=366)
READ = 20_000  # of the newest that are looked through for chattering and floods, which need every moment in its order
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@dataclass(frozen=True)
class Counted:
    """A setting and how often: times raised, which is ``share`` (0 to 1) of all; or minutes in which it chattered."""

    setting: AlarmSetting
    times: int
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class FloodSpan:
    """A time of more alarms than one desk answers: its first and last alarm, how many were raised, and the most that
    were within the minutes a flood is counted over."""

    begins: dt.datetime
    ends: dt.datetime
    raised: int
    most: int

    @classmethod
    def among(cls, moments: Sequence[dt.datetime], most: int, minutes: int) -> list[FloodSpan]:
        """The floods among moments in order of time: each begins with the first alarm of the ``minutes`` in which more
        than ``most`` were raised, and ends with the last one before half as many, or fewer, were left of such a time.

        >>> at = [dt.datetime(2026, 1, 1, 3, n) for n in (0, 1, 1, 2, 2, 40)]
        >>> [(f.begins.minute, f.ends.minute, f.raised, f.most) for f in FloodSpan.among(at, 3, 10)]
        [(0, 2, 5, 5)]
        """
        found: list[FloodSpan] = []
        recent: deque[dt.datetime] = deque()
        span, last = dt.timedelta(minutes=minutes), None
        for at in moments:
            while recent and at - recent[0] >= span:
                recent.popleft()
            if last is not None and 2 * len(recent) <= most:
                found.append(last)
                last = None
            recent.append(at)
            if last is not None:
                last = cls(last.begins, at, last.raised + 1, max(last.most, len(recent)))
            elif len(recent) > most:
                last = cls(recent[0], at, len(recent), len(recent))
        return [*found, last] if last is not None else found


@dataclass(frozen=True)
class Statistics:
    """Of a stretch of time: raised in all, an hour on average, the busiest hour; by region; the lists.

    Everything is counted over the whole of it but chattering and floods: of those no more than the ``READ`` newest
    alarms are looked through, from ``looked_since`` on (``since`` where these are all; ``cut`` where they are not), and
    ``looked_through`` says how many. ``flooded`` is the share (0 to 1) of that time that was flood, and ``flood_times``
    how many floods there were. ``standing`` is as of now.
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
    by_path: dict[str, int]
    standing: list[Alarm]
    standing_hours: int
    frequent: list[Counted]
    chattering: list[Counted]
    chatter_count: int
    floods: list[FloodSpan]
    flood_count: int
    flood_minutes: int
    flood_times: int
    flooded: float


def statistics_place(actor: Actor, path: str = "") -> reach.Place | None:
    """The region asked for, or the actor's own; None for a unit's people, who see their own alarms alone.

    ``NotFound`` for a region outside reach, ``NotAllowed`` for those who see no alarms at all.
    """
    if not actor.may(VIEW):
        raise NotAllowed(permission=VIEW)
    if any(g.path and not g.holder for g in actor.grants_for(VIEW)):
        return reach.place(actor, path, permission=VIEW)
    if path:
        raise NotFound
    return None


@system_read("a stretch of time, no rows")
def statistics_stretch(since: dt.datetime | None, until: dt.datetime | None) -> tuple[dt.datetime, dt.datetime]:
    """The time asked about: up to now and of a week where it is not said, in China's time without a zone.

    ``BadInput`` where the end lies before the beginning, or more than a year between them.
    """
    first, last = (at if at is None or at.tzinfo else at.replace(tzinfo=clock.CHINA) for at in (since, until))
    last = clock.now() if last is None else last
    first = last - dt.timedelta(days=7) if first is None else first
    if last <= first:
        raise BadInput("until", gettext_noop("The end lies before the beginning."))
    if last - first > LONGEST:
        raise BadInput("since", gettext_noop("Choose a year at most."))
    return first, last


def statistics(
    actor: Actor, path: str = "", since: dt.datetime | None = None, until: dt.datetime | None = None,
    *, shown: int = SHOWN,
) -> Statistics:  # fmt: skip
    """How alarms behaved within reach (of a region) from ``since`` (a week ago) to ``until`` (now); each list with at
    most ``shown`` entries, the gravest first, floods the newest first."""
    now, place = clock.now(), path or office_of(actor)
    until = now if until is None else min(until, now)
    since = until - dt.timedelta(days=7) if since is None else since
    rows = AlarmTransition.objects.visible_to(actor).filter(
        within("region_path", path), raised=True, at__gt=since, at__lte=until
    )
    by_path = dict(rows.order_by().values_list("region_path").annotate(n=Count("pk")))
    raised = sum(by_path.values())
    read = list(rows.order_by("-at", "-pk").values_list("setting", "at")[: READ + 1])
    cut, read = len(read) > READ, read[:READ]
    looked_since = read[-1][1] if cut else since
    chatter_count, standing_hours = parameter(CHATTER_COUNT, place), parameter(STANDING_HOURS, place)
    most, minutes = parameter(FLOOD_COUNT, place), parameter(FLOOD_MINUTES, place)
    often = rows.order_by().values_list("setting").annotate(n=Count("pk")).order_by("-n", "setting")
    frequent, chattering = list(often[:shown]), _first(_chatter(sorted(read), chatter_count), shown)
    named = {s.pk: s for s in settings(actor).filter(pk__in={key for key, _n in (*frequent, *chattering)})}
    inside = alarms(actor).filter(within("region_path", path))
    old = inside.filter(state__in=ACTIVE, raised_at__lt=now - dt.timedelta(hours=standing_hours))
    hours = max((until - since) / HOUR, 1.0)
    found = FloodSpan.among([at for _setting, at in reversed(read)], most, minutes)
    flood, looked = sum((f.ends - f.begins for f in found), dt.timedelta()), until - looked_since
    return Statistics(
        since=since, until=until, looked_since=looked_since, looked_through=len(read), cut=cut, raised=raised,
        an_hour=round(raised / hours, 2), most_in_an_hour=_busiest(rows),
        escalated=inside.filter(raised_at__gt=since, raised_at__lte=until, escalations__gt=0).order_by().count(),
        by_path=by_path, standing=list(old.order_by("raised_at", "pk")[:shown]), standing_hours=standing_hours,
        frequent=[Counted(named[key], n, n / max(raised, n)) for key, n in frequent if key in named],
        chattering=[Counted(named[key], n) for key, n in chattering if key in named],
        chatter_count=chatter_count, floods=found[::-1][:shown], flood_count=most, flood_minutes=minutes,
        flood_times=len(found), flooded=flood / looked if looked else 0.0,
    )  # fmt: skip


def _busiest(rows: QuerySet[AlarmTransition]) -> int:
    """How many were raised in the fullest hour of the clock."""
    hours = rows.order_by().annotate(hour=TruncHour("at")).values_list("hour").annotate(n=Count("pk"))
    return next((n for _hour, n in hours.order_by("-n")[:1]), 0)


def _first(times: dict[int, int], shown: int) -> list[tuple[int, int]]:
    return sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))[:shown]


def _chatter(moments: list[tuple[int, dt.datetime]], count: int) -> dict[int, int]:
    """Of settings raised ``count`` times within a minute: in how many such minutes."""
    found: dict[int, int] = {}
    at = 0
    while at + count <= len(moments):
        setting, first = moments[at]
        last_setting, last = moments[at + count - 1]
        if setting == last_setting and last - first <= MINUTE:
            found[setting] = found.get(setting, 0) + 1
            at += count
        else:
            at += 1
    return found
