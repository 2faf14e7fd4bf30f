"""From the spool to the platform, by MQTT 3.1.1 with QoS 1 or by HTTP: in order, and gone from the spool once
acknowledged.

A connection that is lost begins anew after the last record acknowledged; what was sent and not acknowledged is sent
again, and the platform keeps a reading that comes twice once.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt

from anlan.runtime.connector.settings import Platform
from anlan.runtime.connector.spool import Spool

log = logging.getLogger(__name__)
WINDOW = 32  # records under way at a time
PATIENCE_S = 20.0  # without an acknowledgement for so long, the connection is given up
_FIRST_S, _LAST_S = 0.5, 15.0  # between two attempts to connect
_REFUSED = {"Not authorized", "Bad user name or password"}


class Sender(threading.Thread):
    """Sends what the spool holds until ``stop``."""

    def __init__(self, spool: Spool, platform: Platform) -> None:
        super().__init__(name="sending", daemon=True)
        self._spool, self._platform = spool, platform
        self._ending = threading.Event()
        self._pause = _FIRST_S
        self.connected = False
        self.trouble = ""

    def stop(self, patience: float = 5.0) -> None:
        """Send what can be sent within the patience, then end."""
        until = time.monotonic() + patience
        while self.connected and self._spool.waiting and time.monotonic() < until:
            self._ending.wait(0.05)
        self._ending.set()
        self.join(5)

    def run(self) -> None:
        """Connect, send, and again: ever more slowly until the platform has signed us in or taken something."""
        while not self._ending.is_set():
            session: _Posting | _Publishing | None = None
            try:
                session = self._session()
                session.open()
                self.connected = True
                session.send()
            except OSError as why:
                self._say(str(why) or type(why).__name__)
            finally:
                self.connected = False
                if session is not None:
                    session.close()
            self._ending.wait(self._pause)
            self._pause = min(self._pause * 2, _LAST_S)

    def _reached(self) -> None:
        self._say("")
        self._pause = _FIRST_S

    def _session(self) -> _Posting | _Publishing:
        of = (self._spool, self._platform, self._ending, self._reached)
        return _Posting(*of) if self._platform.http else _Publishing(*of)

    def _say(self, trouble: str) -> None:
        where = f"{self._platform.host}:{self._platform.port}"
        if trouble and trouble != self.trouble:
            log.error("the platform at %s takes nothing (%s); readings wait on disk", where, trouble)
        elif self.trouble and not trouble:
            log.warning("the platform at %s is reached again; %d readings wait", where, self._spool.waiting)
        self.trouble = trouble


class _Publishing:
    """One connection of MQTT. Its methods raise ``OSError`` when it is over."""

    def __init__(
        self, spool: Spool, platform: Platform, ending: threading.Event, reached: Callable[[], None]
    ) -> None:
        self._spool, self._platform, self._ending, self._reached = spool, platform, ending, reached
        self._turn = threading.Condition()
        self._answer = ""
        self._lost = False
        self._acknowledged: set[int] = set()
        self._under_way: deque[tuple[int, int]] = deque()  # message and record
        # A name of its own: the platform closes the older of two connections of one name.
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"anlan-connector-{platform.gateway}")
        self._client.username_pw_set(platform.gateway, platform.secret)
        self._client.max_inflight_messages_set(WINDOW)
        if platform.tls:
            self._client.tls_set(ca_certs=str(platform.ca) if platform.ca else None)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish

    def open(self) -> None:
        """Connect and sign in."""
        self._client.connect(self._platform.host, self._platform.port, keepalive=20)
        self._client.loop_start()
        with self._turn:
            if not self._turn.wait_for(lambda: self._answer or self._lost, 10):
                raise OSError("no answer to the sign-in")
            if self._answer in _REFUSED:
                raise OSError(f"the credential of {self._platform.gateway} is refused: issue another on its page")
            if self._answer != "Success":
                raise OSError(self._answer or "the connection was closed")
        self._reached()

    def send(self) -> None:
        """Send record after record, until the connection is lost or somebody asks to end."""
        topic = f"anlan/telemetry/{self._platform.gateway}"
        sent = self._spool.acknowledged
        heard = time.monotonic()
        while not self._ending.is_set():
            while len(self._under_way) < WINDOW and (record := self._spool.after(sent)) is not None:
                told = self._client.publish(topic, record.payload, qos=1)
                if told.rc != mqtt.MQTT_ERR_SUCCESS:
                    raise OSError(mqtt.error_string(told.rc))
                self._under_way.append((told.mid, record.number))
                sent = record.number
            if not self._under_way:
                heard = time.monotonic()
                self._spool.wait(sent, 0.25)
                with self._turn:
                    self._look()
                continue
            with self._turn:
                self._turn.wait_for(lambda: self._lost or self._under_way[0][0] in self._acknowledged, 0.25)
                self._look()
                done = 0
                while self._under_way and self._under_way[0][0] in self._acknowledged:
                    mid, done = self._under_way.popleft()
                    self._acknowledged.discard(mid)
            if done:
                heard = time.monotonic()
                self._spool.acknowledge(done)
            elif time.monotonic() - heard > PATIENCE_S:
                raise OSError(f"nothing was acknowledged for {PATIENCE_S:g} s")

    def close(self) -> None:
        """Let go of the connection."""
        with contextlib.suppress(OSError, ValueError):
            self._client.disconnect()
        self._client.loop_stop()

    def _look(self) -> None:
        if self._lost:
            raise OSError("the connection was lost")

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        with self._turn:
            self._answer = str(code)
            self._turn.notify_all()

    def _on_disconnect(self, *_given: Any) -> None:
        with self._turn:
            self._lost = True
            self._turn.notify_all()

    def _on_publish(self, _client: Any, _data: Any, mid: int, *_more: Any) -> None:
        with self._turn:
            self._acknowledged.add(mid)
            self._turn.notify_all()


class _Posting:
    """One connection of HTTP, a record after the other. Its methods raise ``OSError`` when it is over."""

    def __init__(
        self, spool: Spool, platform: Platform, ending: threading.Event, reached: Callable[[], None]
    ) -> None:
        self._spool, self._platform, self._ending, self._reached = spool, platform, ending, reached
        where = (platform.host, platform.port)
        if platform.tls:
            trust = ssl.create_default_context(cafile=str(platform.ca) if platform.ca else None)
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                *where, timeout=PATIENCE_S, context=trust
            )
        else:
            self._connection = http.client.HTTPConnection(*where, timeout=PATIENCE_S)

    def open(self) -> None:
        """Connect; who calls is said with each request."""
        self._connection.connect()

    def send(self) -> None:
        """Send record after record, until the connection is lost or somebody asks to end."""
        path = f"{self._platform.path}/api/v1/telemetry/{self._platform.gateway}"
        idle = False
        headers = {"Authorization": f"Bearer {self._platform.secret}", "Content-Type": "application/json"}
        while not self._ending.is_set():
            record = self._spool.after(self._spool.acknowledged)
            if record is None:
                self._spool.wait(self._spool.acknowledged, 0.25)
                continue
            try:
                self._connection.request("POST", path, record.payload, headers)
                told = self._connection.getresponse()
                words = told.read(500).decode("utf-8", "replace")
            except (http.client.HTTPException, ConnectionError) as why:
                if not idle:
                    raise OSError(f"no answer that is one ({type(why).__name__})")
                idle = False  # a server ends connections that were silent for a while: once more on a fresh one
                self._connection.close()
                continue
            idle = True
            if told.status in (401, 403):
                raise OSError(f"the credential of {self._platform.gateway} is refused: issue another on its page")
            if told.status == 413:  # it will never be taken, and what follows waits behind it
                self._spool.lose(record.readings, "the platform takes no message of that size: lower batch_readings")
            elif told.status != 202:
                raise OSError(f"answered {told.status} {words[:120]}")
            self._spool.acknowledge(record.number)
            self._reached()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
