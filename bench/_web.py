"""One web process of a benchmark, as ``./run up`` starts it, and people who are signed in to it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anlan.runtime import connections

if TYPE_CHECKING:
    from anlan.kernel.identity.models import User

PATIENCE_S = 120.0


@contextmanager
def web_process() -> Iterator[int]:
    """A web process on the database at hand; its port."""
    port = free_port()
    # As many calls as streams may be open, and room for the pages beside them: anlan/runtime/up.py.
    most = connections.number("ANLAN_STREAMS_MAX", connections.STREAMS) + 500
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--backlog", "1024"]
    command += ["--backpressure", str(most), "--workers-kill-timeout", "3", "--no-ws", "anlan.config.asgi:application"]
    web = subprocess.Popen(command, stdout=sys.stderr, stderr=sys.stderr, stdin=subprocess.DEVNULL)
    try:
        _await_answer(port, web)
        yield port
    finally:
        web.terminate()
        web.wait()


def session_of(user: User) -> str:
    """The cookie with which somebody is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(port: int, web: subprocess.Popen[bytes]) -> None:
    over, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while time.monotonic() < over and web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            pause.wait(0.1)
        else:
            return
    raise SystemExit("the web process did not start")
