"""The hours of a setting as people write them: ``1-5 08:00-18:00; 6-7 00:00-24:00`` (1 is Monday)."""

from __future__ import annotations

import re

from anlan.kernel.errors import BadInput, gettext_noop

DAY = 24 * 60
_PART = re.compile(r"^([1-7])(?:-([1-7]))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")
WRONG = gettext_noop("Write hours as “1-5 08:00-18:00; 6-7 00:00-24:00”: days from 1 for Monday, then from and to.")


def schedule_of(text: str) -> list[list[int]] | None:
    """Stretches of the week in minutes since Monday midnight, in order; None for always. ``BadInput`` when unreadable.

    A stretch that ends before it begins goes on over midnight.

    >>> schedule_of("1-2 08:00-18:00"), schedule_of("7 22:00-06:00"), schedule_of(" ")
    ([[480, 1080], [1920, 2520]], [[0, 360], [9960, 10080]], None)
    """
    found: list[tuple[int, int]] = []
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        match = _PART.match(part.strip().replace("：", ":").replace("—", "-").replace("–", "-"))
        if match is None:
            raise BadInput("hours", WRONG)
        first, last = int(match[1]), int(match[2] or match[1])
        begin, end = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
        if last < first or begin >= DAY or end > DAY or begin == end or int(match[4]) > 59 or int(match[6]) > 59:
            raise BadInput("hours", WRONG)
        for day in range(first - 1, last):
            found += _stretch(day * DAY + begin, day * DAY + (end if end > begin else end + DAY))
    return [list(one) for one in _joined(found)] or None


def schedule_said(stretches: list[list[int]] | None) -> str:
    """The stretches as text that ``schedule_of`` reads back; "" for always.

    >>> schedule_said(schedule_of("1-2 08:00-18:00; 7 22:00-06:00"))
    '1 00:00-06:00; 1-2 08:00-18:00; 7 22:00-24:00'
    """
    by_hours: dict[str, list[int]] = {}
    for begin, end in stretches or ():
        for day in range(begin // DAY, (end - 1) // DAY + 1):
            first, last = max(begin - day * DAY, 0), min(end - day * DAY, DAY)
            by_hours.setdefault(f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}", []).append(day + 1)
    said = []
    for hours, days in sorted(by_hours.items(), key=lambda pair: (pair[1], pair[0])):
        run: list[int] = []
        for day in [*sorted(days), 99]:
            if run and day != run[-1] + 1:
                said.append(f"{run[0]}-{run[-1]} {hours}" if len(run) > 1 else f"{run[0]} {hours}")
                run = []
            run.append(day)
    return "; ".join(said)


def _stretch(begin: int, end: int) -> list[tuple[int, int]]:
    """A stretch within the week; what goes past Sunday midnight goes on on Monday."""
    week = 7 * DAY
    return [(begin, end)] if end <= week else [(begin, week), (0, end - week)]


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
