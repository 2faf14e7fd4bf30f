"""``GET /healthz``: the state of each part, for people, load balancers and the start itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from psycopg_pool import PoolTimeout

from anlan.runtime import state

GOOD = {"ready", "external", "unmanaged", "off"}
_STALE = 60  # seconds without a sign of life after which a worker counts as gone


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when every part is well and the demo city can be used, else 503; nobody has to sign in to ask."""
    parts = part_states()
    well = all(part["state"] in GOOD for part in parts.values())
    answer = JsonResponse({"status": "ok" if well else "unavailable", "parts": parts}, status=200 if well else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def part_states() -> dict[str, dict[str, Any]]:
    """What is known of supervisor, database, web, worker, message server, historian and demo city.

    Under another process manager (systemd, containers) there is no supervisor of ours: ``unmanaged``.
    """
    known = state.read(settings.DATA)
    managed = state.supervisor(known) is not None
    recorded = known.get("parts", {}) if managed else {}
    database = _database()
    return {
        "supervisor": {"state": "ready", "since": known.get("since")} if managed else {"state": "unmanaged"},
        "database": _merged(recorded.get("database"), database, external=managed and "database" not in recorded),
        "web": {**_public(recorded.get("web")), "state": "ready"},  # it is answering
        "worker": _public(recorded.get("worker")) if managed else _worker(database),
        **{name: _public(recorded[name]) for name in ("nats", "historian") if name in recorded},
        "demo": known.get("demo", {"state": "off"}) if managed else {"state": "off"},
    }


def _public(facts: dict[str, Any] | None) -> dict[str, Any]:
    """A part's facts without process numbers and command lines: the page is open to everybody."""
    if facts is None:
        return {"state": "absent"}
    return {name: facts[name] for name in ("state", "since", "restarts", "last_exit") if facts.get(name) is not None}


def _merged(recorded: dict[str, Any] | None, seen: str, *, external: bool) -> dict[str, Any]:
    """The supervisor's word on the database, corrected by what this process has just seen of it."""
    if recorded is None:
        return {"state": ("external" if external else "ready") if seen == "ready" else seen}
    facts = _public(recorded)
    return facts if seen == "ready" or facts["state"] != "ready" else {**facts, "state": seen}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, PoolTimeout):
        return "unreachable"
    return "ready"


def _worker(database: str) -> dict[str, Any]:
    """Whether any worker has shown itself lately, by the queue's own heartbeats."""
    if database != "ready":
        return {"state": "unknown"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [_STALE],
        )
        (count,) = cursor.fetchone()
    return {"state": "ready" if count else "absent", "count": count}
