"""``anlan up``: everything on one machine, started in order and looked after until somebody stops it."""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from anlan.runtime import connections, frontend, prepared, ready, state
from anlan.runtime.database import VARIABLE, named_database, refuse_unfit
from anlan.runtime.embedded import nats, postgres
from anlan.runtime.places import data_folder
from anlan.runtime.processes import listener
from anlan.runtime.screen import Trouble, padded, say, step, warn
from anlan.runtime.supervisor import Part, Stopped, Supervisor

PARTS = ("database", "nats", "web", "worker", "historian")
SignIns = list[dict[str, str]]


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-demo", action="store_true", help="start with an empty city")
    parser.add_argument("--only", choices=PARTS, action="append", help="start this part only (may be given again)")


def handle(chosen: argparse.Namespace) -> int:
    """Starts everything; comes back when it was stopped. 0 after a clean stop, 1 when it could not start."""
    data = data_folder()
    try:
        data.mkdir(mode=0o755, parents=True, exist_ok=True)
        with state.Lock(data):
            return _supervised(data, set(chosen.only or PARTS), demo=not chosen.no_demo)
    except state.Taken:
        return _already_running(data)
    except PermissionError as problem:
        warn(f"  {problem.filename or data} cannot be written by this user. Name another folder: ANLAN_DATA=… ./run up")
        return 1


def _supervised(data: Path, wanted: set[str], *, demo: bool) -> int:
    say(f"Anlan 安澜 · data in {data}")
    supervisor = Supervisor(data, {"demo": {"state": "waiting" if demo else "off"}})
    supervisor.listen()
    code = 0
    try:
        _start(supervisor, data, wanted, demo=demo)
        supervisor.watch()
    except Stopped:
        pass
    except Trouble as problem:
        warn(f"\n  {problem}")
        code = 1
    finally:
        say("  Stopping" if code == 0 else "  Stopping what had been started")
        supervisor.stop()
        postgres.Engine(data, account=None).tidy()
        say("  Stopped.")
    return code


def _start(supervisor: Supervisor, data: Path, wanted: set[str], *, demo: bool) -> None:
    left, own = prepared.left_behind(data), named_database() is None
    if ended := supervisor.end_orphans():
        say(f"  Ended what an earlier start had left behind: {', '.join(ended)}")
    port, host, report = _port(), os.environ.get("ANLAN_LISTEN") or "127.0.0.1", _report(data)
    if "web" in wanted:
        refuse_taken(host, port)
        frontend.build(lambda title, command, spawn: supervisor.run(title, command, name="frontend", spawn=spawn))
    if "database" in wanted:
        start_database(supervisor, data)
    elif named_database() is None:
        raise Trouble(f"Without a database of its own --only needs one named in {VARIABLE}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")
    os.environ.setdefault("ANLAN_LOG_LEVEL", "INFO")
    os.environ["ANLAN_DATA"], os.environ["ANLAN_PORT"] = str(data), str(port)
    server = _start_messages(supervisor, data) if "nats" in wanted else None
    if "historian" in wanted and not os.environ.get(nats.VARIABLE):
        raise Trouble(f"Without a message server of its own --only needs one named in {nats.VARIABLE}.")
    if {"web", "worker", "historian"} & wanted:
        budget = _share_connections()
        shown = _look_over(supervisor, left if own else prepared.Left(), report if demo else None)
        parts = {
            "web": _web(host, port, budget, ready.empty_folder(data)), "worker": _worker(budget),
            "historian": _historian(data),
        }  # fmt: skip
        for name, part in parts.items():
            if name in wanted:
                supervisor.start(part)
    sign_ins = _load_demo(supervisor, report, shown) if demo and "web" in wanted else []
    for name in ("nats", "web", "worker", "historian"):
        if name in wanted and (name != "nats" or server is not None):
            with step(f"Waiting for {name}") as current:
                supervisor.await_ready(name, current)
    if demo and {"web", "historian"} <= wanted:
        supervisor.start(Part("simulator", [sys.executable, "-m", "anlan.runtime.demo.simulator"], lambda _: True))
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '') else f'[{host}]' if ':' in host else host}:{port}"
    supervisor.set_fact("address", address)
    if "web" in wanted:
        _tell(address, sign_ins, server)
    else:
        say(f"  Running: {', '.join(name for name in PARTS if name in wanted)}. Stop with Ctrl-C.")


def _look_over(supervisor: Supervisor, left: prepared.Left, report: Path | None) -> SignIns:
    """Brings the database and what is derived from the sources in order, unless a supervisor that has died had just
    done so for this very program and this very database; gives back the sign-ins it knew."""
    program = prepared.program()
    if left.fits(program, os.environ[VARIABLE], demo=report is not None):
        say("  Everything is still as the start before this one put it in order")
        supervisor.set_fact("prepared", left.stamp)
        return left.sign_ins
    with step("Checking the database's form"):
        asked = ["--report", str(report)] if report else []
        supervisor.run("Preparing", [*_prepare("schema"), *asked], name="prepare")
    supervisor.set_fact("prepared", prepared.stamp(program, os.environ[VARIABLE]))
    return []


def start_database(supervisor: Supervisor, data: Path) -> None:
    """Starts our own PostgreSQL, or checks the one that ``ANLAN_DATABASE_URL`` names; children find it by that name."""
    address = named_database()
    if address:
        with step("Using the database of ANLAN_DATABASE_URL"):
            refuse_unfit(address)
        return
    engine = postgres.Engine(data)
    with step("Starting PostgreSQL") as current:
        if engine.prepare():
            say("    made a new, empty cluster")
        supervisor.set_fact("socket", str(engine.socket))
        supervisor.start(
            Part(
                "database",
                engine.command(),
                lambda _: engine.answers(),
                engine.spawn_options(),
                postgres.STOP,
                postgres.PATIENCE,
            )
        )
        supervisor.await_ready("database", current)
        engine.complete()
        refuse_unfit(engine.address)
    os.environ[VARIABLE] = engine.address


def _start_messages(supervisor: Supervisor, data: Path) -> nats.Server | None:
    """Starts our own message server, unless ``ANLAN_NATS_URL`` names one; children find it by that name."""
    if os.environ.get(nats.VARIABLE):
        os.environ.pop(nats.OURS, None)
        say(f"  Using the message server of {nats.VARIABLE}")
        return None
    server = nats.Server(data, nats.Ports.chosen(warn))
    server.prepare()
    os.environ.update(server.environment())
    supervisor.set_fact("mqtt", f"{server.ports.mqtt_host}:{server.ports.mqtt}")
    supervisor.start(Part("nats", server.command(), lambda _: server.answers(), server.spawn_options(), nats.STOP))
    return server


def refuse_taken(host: str, port: int) -> None:
    """Raises ``Trouble`` that names who holds the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Trouble(
                f"Port {port} on {host} cannot be used ({problem.strerror}): held by {listener(port)}. "
                f"Stop that program, or choose another port: ANLAN_PORT={port + 1} ./run up"
            ) from None


def _prepare(what: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "anlan.runtime.prepare", what, *more]


def _share_connections() -> connections.Budget:
    """What each process may hold of the server's connections; said when it is less than was asked for.

    Raises ``Trouble`` when the server allows too few.
    """
    web, jobs = connections.number("ANLAN_WEB_WORKERS", 2), connections.number("ANLAN_JOBS", 4)
    wanted = connections.wanted()
    budget = connections.share(connections.allowed(os.environ[VARIABLE]), web=web, jobs=jobs, wanted=wanted)
    if budget.pool < wanted:
        say(
            f"  The database allows {budget.limit} connections: each web process answers {budget.pool} requests at a "
            f"time, not {wanted}."
        )
    return budget


def _web(host: str, port: int, budget: connections.Budget, folder: Path) -> Part:
    command = [sys.executable, "-m", "anlan.runtime.web", "--interface", "asgi", "--host", host, "--port", str(port)]
    # Every open stream counts as a request under way: past these the server takes no more calls. Without the kill
    # timeout an open stream would hold up the stop for ever.
    most = connections.number("ANLAN_STREAMS_MAX", connections.STREAMS) + 500
    command += ["--workers", str(budget.web), "--backlog", "1024", "--backpressure", str(most)]
    command += ["--workers-kill-timeout", "3"]
    command += ["--respawn-failed-workers", "--no-ws", "anlan.config.asgi:application"]
    local = "127.0.0.1" if host in ("0.0.0.0", "") else host
    home = f"http://{f'[{local}]' if ':' in local else local}:{port}/healthz"
    environment = {**os.environ, "ANLAN_POOL_MAX": str(budget.pool), ready.ANNOUNCE: str(folder)}

    def all_ready(_: float) -> bool:
        return ready.count(folder) >= budget.web and _answers(home)

    return Part("web", command, all_ready, {"env": environment})


def _worker(budget: connections.Budget) -> Part:
    jobs = str(budget.jobs)
    command = [sys.executable, "-m", "anlan.runtime.cli", "manage", "procrastinate", "worker"]
    command += ["--concurrency", jobs, "--shutdown-graceful-timeout", "10"]
    query = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"

    def ready(age: float) -> bool:
        try:
            with psycopg.connect(os.environ[VARIABLE], connect_timeout=2) as connection:
                return connection.execute(query, [age]).fetchone() is not None
        except psycopg.Error:
            return False

    # A worker that lost the database takes ten seconds to end, even when it is back.
    environment = {**os.environ, "ANLAN_POOL_MAX": jobs}
    return Part("worker", command, ready, {"env": environment}, ends_with="database")


def _historian(data: Path) -> Part:
    flag = state.run_folder(data) / "historian-ready"
    flag.unlink(missing_ok=True)
    command = [sys.executable, "-m", "anlan.runtime.cli", "historian", "--ready", str(flag)]

    return Part(
        "historian", command, lambda _: ready.said(flag), {"env": {**os.environ, "ANLAN_POOL_MAX": "2"}}, patience=40.0
    )


def _answers(address: str) -> bool:
    """Whether our web answers at all: 503 is an answer too, other parts may still be starting."""
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code == 503
    except OSError:
        return False


def _port() -> int:
    text = os.environ.get("ANLAN_PORT") or "8600"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Trouble(f"ANLAN_PORT={text} is not a port: a number from 1 to 65535.")
    return int(text)


def _report(data: Path) -> Path:
    """Where a child writes the demo city's sign-ins; nothing is there yet."""
    report = state.run_folder(data) / "sign-ins.json"
    report.unlink(missing_ok=True)
    return report


def _load_demo(supervisor: Supervisor, report: Path, shown: SignIns) -> SignIns:
    """Loads the demo city, unless its sign-ins are known already, or the preparation found it there and has reported
    them."""
    if shown:
        supervisor.set_fact("demo", {"state": "ready"})
        supervisor.set_fact("sign_ins", shown)
        return shown
    if not report.exists():
        supervisor.set_fact("demo", {"state": "loading"})
        with step("Looking after the demo city"):
            supervisor.run("Loading the demo city", [*_prepare("demo"), "--report", str(report)], name="demo")
    sign_ins: SignIns = json.loads(report.read_text())
    report.unlink()
    supervisor.set_fact("demo", {"state": "ready"})
    supervisor.set_fact("sign_ins", sign_ins)
    return sign_ins


def _tell(address: str, sign_ins: SignIns, server: nats.Server | None) -> None:
    say(f"\n  Anlan is ready: {address}\n")
    if server is not None:
        say(f"    Gateways publish by MQTT to {server.ports.mqtt_host}:{server.ports.mqtt}\n")
    if sign_ins:
        say("    One sign-in per role of the demo city (role, name, password):")
        for sign_in in sign_ins:
            role = (
                f"{sign_in['role_zh']} {sign_in['role']}" if sign_in["role_zh"] != sign_in["role"] else sign_in["role"]
            )
            say(f"      {padded(role, 46)}{sign_in['name']:<24}{sign_in['password']}")
        say("")
    say("  Stop with Ctrl-C.")


def _already_running(data: Path) -> int:
    current = state.read(data)
    owner = state.supervisor(current)
    where = f" at {current['address']}" if current.get("address") else ""
    who = f" (pid {owner.pid})" if owner else ""
    warn(f"  Anlan already runs on {data}{where}{who}. Stop it first, or name another folder: ANLAN_DATA=… ./run up")
    return 1
