"""Keeps the parts running: starts them in order, restarts what crashes, stops them in reverse order."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anlan.runtime import state
from anlan.runtime.log import PartLog
from anlan.runtime.places import mark
from anlan.runtime.processes import Identity, end, end_all, end_members, identify, identify_started
from anlan.runtime.screen import Step, Trouble, say

_LOOK = 0.1  # seconds between two looks at the parts
_WORKED = 5.0  # seconds a part has to have been ready to count as one that works
_CALM = 20.0  # and until its crashes are forgiven
_SLOWEST = 30.0  # seconds between two restarts of a part that keeps crashing
_SLOWEST_THAT_WORKED = 0.5  # and of one that worked: it is wanted back, whoever keeps killing it
_LEFT = 1.0  # seconds for the processes of a part whose leader has died, to answer what they have begun
_ORPHANS = 3.0  # seconds for the parts of a dead supervisor, the database excepted: what they do survives SIGKILL
_TRIES = 5  # crashes before the first success after which the start as a whole is given up


class Stopped(Exception):
    """The person, or the system, asked to stop."""


@dataclass(frozen=True)
class Part:
    """One process to keep running.

    ``ready`` is asked, with the seconds since the start, until it says yes; ``spawn`` are further
    options of ``subprocess.Popen`` (cwd, env, user). ``ends_with`` names a part without which it comes to its end,
    however slowly: once that one is back, it is begun anew.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[float], bool]
    spawn: Mapping[str, Any] = field(default_factory=dict)
    stop: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    ends_with: str = ""


class _Running:
    """A part and what became of it so far."""

    def __init__(self, part: Part, log: PartLog) -> None:
        self.part = part
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.identity: Identity | None = None
        self.state = "starting"
        self.since = _now()
        self.began = 0.0
        self.due = 0.0  # when to start again, on the monotonic clock
        self.ready_at = 0.0
        self.crashes = 0  # since it last worked calmly
        self.restarts = 0
        self.was_ready = False
        self.last_exit: str | None = None

    def turn(self, state: str) -> None:
        self.state, self.since = state, _now()

    def worked(self, seconds: float) -> bool:
        """Whether it is, or was until just now, ready for so long."""
        return self.state == "ready" and time.monotonic() - self.ready_at > seconds

    def as_dict(self) -> dict[str, Any]:
        facts = {"state": self.state, "since": self.since, "restarts": self.restarts, "last_exit": self.last_exit}
        stop = {"stop": int(self.part.stop), "patience": self.part.patience}
        return facts | stop | (self.identity.as_dict() if self.identity else {})


class Supervisor:
    """Runs parts for one data folder and writes what it knows to the state file."""

    def __init__(self, data: Path, facts: Mapping[str, Any] | None = None) -> None:
        self.data = data
        self.marker = f"ANLAN_MARK={mark(data)}"
        self.facts = dict(facts or {})
        self._parts: dict[str, _Running] = {}
        self._log = PartLog(data / "log", "supervisor")
        self._stop = threading.Event()
        self._hurry = False
        self._own = identify(os.getpid())
        self._since = _now()

    # -- signals ------------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Takes Ctrl-C, SIGTERM and a closed terminal as the wish to stop; a second Ctrl-C as hurry."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, number: int, _: object) -> None:
        self._hurry = self._stop.is_set() and number == signal.SIGINT
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def pause(self, seconds: float = _LOOK) -> None:
        """Lets time pass; raises ``Stopped`` when asked to stop."""
        if self._stop.wait(seconds):
            raise Stopped

    # -- what an earlier supervisor left ------------------------------------------------------------------------

    def end_orphans(self) -> list[str]:
        """Ends the parts of a supervisor that died without stopping them; gives back their names.

        Each is known by number, start time, command line and boot: a number given to another process since is left.
        What was started first, the database, ends last; the others end side by side.
        """
        left = state.read(self.data).get("parts", {})
        found = [(name, facts, who) for name, facts in left.items() if (who := Identity.from_dict(facts))]
        ended = [name for name, _, who in reversed(found) if who.alive()]
        for some, most in ((found[1:], _ORPHANS), (found[:1], 60.0)):
            asked = [
                (who, signal.Signals(facts.get("stop", signal.SIGTERM)), min(float(facts.get("patience", 15)), most))
                for _, facts, who in some
            ]
            end_all(asked, self.marker)
        if ended:
            self._note("orphans ended", parts=ended)
        return ended

    # -- parts --------------------------------------------------------------------------------------------------

    def start(self, part: Part) -> None:
        self._parts[part.name] = _Running(part, PartLog(self.data / "log", part.name))
        self._launch(self._parts[part.name])

    def await_ready(self, name: str, step: Step | None = None) -> None:
        """Looks after all parts until ``name`` is ready.

        Raises ``Trouble`` with the part's last words when it keeps crashing before it was ever ready.
        """
        running = self._parts[name]
        while running.state != "ready":
            self.tick()
            if running.crashes >= _TRIES and not running.was_ready:
                raise Trouble(f"The part “{name}” does not start ({running.last_exit}).\n{self._last_words(running)}")
            if step:
                step.beat(f"waiting for {name}")
            self.pause()

    def run(self, title: str, command: Sequence[str], *, name: str, spawn: Mapping[str, Any] | None = None) -> None:
        """Runs a command to its end, its output on the screen, while looking after the parts.

        Raises ``Trouble`` when it fails.
        """
        step = Step(title)
        process = subprocess.Popen(
            command, start_new_session=True, stdin=subprocess.DEVNULL, **self._spawn(spawn or {})
        )
        identity = identify_started(process.pid)
        self.facts["task"] = {"name": name, **(identity.as_dict() if identity else {})}
        self._write()
        try:
            while process.poll() is None:
                self.tick()
                step.beat()
                self.pause()
        finally:
            if process.poll() is None and identity:
                end(identity, self.marker, patience=10)
                process.wait()
            del self.facts["task"]
            self._write()
        if process.returncode:
            raise Trouble(f"{title}: ended with {_words(process.returncode)}.")

    def tick(self) -> None:
        """One look at every part: notice crashes, restart what is due, ask those that start whether they are ready."""
        self._look_after()
        for running in self._parts.values():
            if running.process is None or running.state == "ready":
                continue
            if running.part.ready(time.monotonic() - running.began):
                back, running.was_ready = running.was_ready, True
                running.turn("ready")
                running.ready_at = time.monotonic()
                self._write()  # before the screen says so: whoever reads it may ask the health page at once
                for other in self._parts.values():
                    if other.part.ends_with == running.part.name and other.process and other.began < running.began:
                        other.process.kill()
                if back:
                    self._tell(f"{running.part.name} is back after {running.restarts} restart(s).")
            self._look_after()  # to ask may have taken seconds, and another one died meanwhile

    def watch(self) -> None:
        """Looks after the parts until somebody asks to stop."""
        while not self.stopping:
            self.tick()
            self._stop.wait(_LOOK)

    def set_fact(self, name: str, value: Any) -> None:
        """Adds a fact to the state file (the address, how far the demo city is)."""
        self.facts[name] = value
        self._write()

    def stop(self) -> None:
        """Stops all parts, the last started first, each with its own signal and patience."""
        for running in reversed(list(self._parts.values())):
            if running.process is not None and running.process.poll() is None and running.identity:
                running.turn("stopping")
                self._write()
                began = time.monotonic()
                running.process.send_signal(running.part.stop)
                while running.process.poll() is None:
                    if self._hurry or time.monotonic() - began > running.part.patience:
                        running.process.kill()
                    time.sleep(0.02)
                end_members(running.identity.pid, self.marker)
            running.process, running.identity = None, None
            running.turn("stopped")
            running.log.close()
        self._own = None
        self._note("stopped")
        self._write()
        self._log.close()

    # -- inside -------------------------------------------------------------------------------------------------

    def _look_after(self) -> None:
        for running in self._parts.values():
            if running.process is None:
                if time.monotonic() >= running.due:
                    self._launch(running)
            elif (code := running.process.poll()) is not None:
                self._crashed(running, code)
            elif running.crashes and running.worked(_CALM):
                running.crashes = 0

    def _launch(self, running: _Running) -> None:
        part = running.part
        process = subprocess.Popen(
            part.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self._spawn(part.spawn),
        )
        if process.stdout is None:
            raise AssertionError("a pipe was asked for")
        running.log.follow(process.stdout)
        running.process, running.identity = process, identify_started(process.pid)
        running.began = time.monotonic()
        running.turn("starting" if not running.restarts else "restarting")
        self._note("started", part=part.name, pid=process.pid)
        self._write()

    def _crashed(self, running: _Running, code: int) -> None:
        name, pid = running.part.name, running.process.pid if running.process else 0
        end_members(pid, self.marker, _LEFT)
        # At once the first time; then after a pause that doubles.
        slowest = _SLOWEST_THAT_WORKED if running.worked(_WORKED) else _SLOWEST
        delay = min(0.25 * 2**running.crashes, slowest) if running.crashes else 0.0
        running.crashes += 1
        running.restarts += 1
        running.last_exit = _words(code)
        running.process, running.identity, running.due = None, None, time.monotonic() + delay
        running.turn("crashed")
        when = f"in {delay:.1f} s" if delay else "at once"
        self._tell(f"{name} ended with {running.last_exit}; restarting it {when} ({running.log.path}).")
        self._note("crashed", part=name, pid=pid, exit=running.last_exit, delay=delay)
        self._write()

    def _spawn(self, options: Mapping[str, Any]) -> dict[str, Any]:
        name, _, value = self.marker.partition("=")
        return {**options, "env": {**(options.get("env") or os.environ), name: value}}

    def _last_words(self, running: _Running) -> str:
        return "\n".join(f"    {line}" for line in running.log.last) + f"\n  All of it: {running.log.path}"

    def _tell(self, text: str) -> None:
        say(f"  {datetime.now().astimezone():%H:%M:%S} {text}")

    def _note(self, event: str, **facts: Any) -> None:
        self._log.line(state.dumps({"timestamp": _now(), "event": event, **facts}))

    def _write(self) -> None:
        parts = {name: running.as_dict() for name, running in self._parts.items()}
        task = self.facts.get("task")
        if task and "pid" in task:
            parts = {**parts, "task": {**task, "state": "running"}}
        facts = {name: value for name, value in self.facts.items() if name != "task"}
        own = self._own.as_dict() if self._own else None
        state.write(self.data, {"supervisor": own, "since": self._since, "parts": parts, **facts})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _words(code: int) -> str:
    """An exit code as a person says it."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
