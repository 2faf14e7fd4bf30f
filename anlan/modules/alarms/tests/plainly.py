"""The engine's rules once more, a reading and a setting at a time: slow, plain, and what the fast one is held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from anlan.modules.alarms.engine import Setting, Transition

MINUTE, DAY_SHIFT = 60_000, 3 * 24 * 60


def watched(setting: Setting, at: int) -> bool:
    if setting.schedule is None:
        return True
    minute = ((at + 8 * 3_600_000) // MINUTE + DAY_SHIFT) % 10_080
    return any(begin <= minute < end for begin, end in setting.schedule)


def next_watched(setting: Setting, at: int) -> int | None:
    for ahead in range(10_081):
        moment = at if not ahead else (at // MINUTE + ahead) * MINUTE
        if watched(setting, moment):
            return moment
    return None


@dataclass
class One:
    """One setting and what it remembers."""

    setting: Setting
    phase: str = "calm"
    due: int = 0
    last: tuple[int, float] | None = None
    anchor: tuple[int, float] | None = None
    found: list[tuple[str, int, float | None]] = field(default_factory=list)

    def pass_time(self, now: int) -> None:
        s = self.setting
        if s.kind == "no_data" and self.last:
            out = self.last[0] + int(s.threshold * 1000) + s.on_delay_ms
            if self.phase == "going" and out <= min(now, self.due):
                self.phase = "raised"
            at = next_watched(s, out)
            if self.phase == "calm" and out <= now and at is not None and at <= now:
                self.phase = "raised"
                self.found.append(("raised", at, None))
        if self.phase == "coming" and self.due <= now:
            self.phase = "raised" if watched(s, self.due) else "calm"
            if self.phase == "raised":
                self.found.append(("raised", self.due, self.last and self.last[1]))
        if self.phase == "going" and self.due <= now:
            self.phase = "calm"
            self.found.append(("returned", self.due, self.last and self.last[1]))

    def read(self, at: int, value: float) -> None:
        s = self.setting
        if self.last and at <= self.last[0]:
            return
        if self.last:
            self.pass_time(at)
        if self.anchor is None or not abs(value - self.anchor[1]) <= s.dead_band:
            self.anchor = (at, value)
        met, over = self.judge(at, value)
        if not watched(s, at):
            met, over = False, True
        if self.phase == "calm" and met:
            self.due = at + (0 if s.kind == "stuck" else s.on_delay_ms)
            self.phase = "coming"
            if self.due == at:
                since = self.anchor[0] + int(s.threshold * 1000) + s.on_delay_ms
                self.phase = "raised"
                self.found.append(("raised", since if s.kind == "stuck" and watched(s, since) else at, value))
        elif self.phase == "coming" and not met:
            self.phase = "calm"
        elif self.phase == "raised" and over:
            self.phase, self.due = "going", at + s.off_delay_ms
            if not s.off_delay_ms:
                self.phase = "calm"
                self.found.append(("returned", at, value))
        elif self.phase == "going" and not over:
            self.phase = "raised"
        self.last = (at, value)

    def judge(self, at: int, value: float) -> tuple[bool, bool]:
        s, limit, band = self.setting, self.setting.threshold, self.setting.dead_band
        if s.kind in ("high", "high_high"):
            return value >= limit, value < limit - band
        if s.kind in ("low", "low_low"):
            return value <= limit, value > limit + band
        if s.kind == "digital":
            return abs(value - limit) < 0.5, not abs(value - limit) < 0.5
        if s.kind == "no_data":
            return False, True
        if s.kind == "stuck":
            assert self.anchor is not None
            held = self.anchor[0] + int(limit * 1000) + s.on_delay_ms <= at
            return held, not held
        if self.last is None:
            return False, True
        change, stretch = abs(value - self.last[1]), at - self.last[0]
        return change >= limit / MINUTE * stretch, not change >= (limit - band) / MINUTE * stretch


class Plainly:
    """As the engine, one at a time."""

    def __init__(self, settings: list[Setting]) -> None:
        self.ones = [One(s) for s in settings]

    def feed(self, rows: list[tuple[int, int, float, int, bool]]) -> None:
        for tag, at, value, quality, late in rows:
            if quality < 2 and not late and value == value:
                for one in self.ones:
                    if one.setting.tag == tag:
                        one.read(at, value)

    def tick(self, now: int) -> None:
        for one in self.ones:
            one.pass_time(now)

    def transitions(self) -> list[Transition]:
        return [Transition(one.setting.id, one.setting.tag, kind, at, value)  # type: ignore[arg-type]
                for one in self.ones for kind, at, value in one.found]  # fmt: skip
