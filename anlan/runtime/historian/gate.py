"""The gatekeeper: answers the message server when a gateway signs in, ends connections, counts what was refused.

By NATS auth callout: the server asks ``$SYS.REQ.USER.AUTH``, the answer is signed with the account's key. A gateway may
publish its own topic and nothing else; the server acknowledges to MQTT what it throws away, so refused publishes are
counted from its log. While nobody answers here, nobody signs in, and who is connected stays so; who knocked meanwhile
is told to knock again once somebody is here.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections
from psycopg_pool import PoolTimeout

from anlan.kernel import messaging
from anlan.modules.monitoring.public import CHANNEL, Credential, accepted, credentials
from anlan.runtime.database import VARIABLE as DATABASE
from anlan.runtime.embedded.nats import ACCOUNT, SYSTEM_VARIABLE
from anlan.runtime.historian.stream import PREFIX
from anlan.runtime.historian.telling import Teller

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = logging.getLogger(__name__)
SIGN_IN, REVOKED, OTHER_TOPIC = "sign_in", "revoked", "other_topic"
_PAGE = 1024  # connections told at a time
_LATE_S = 0.3  # seconds the other servers of a cluster are waited for, once one has answered
LOOK_S = 30.0  # seconds between two looks at all connections and all credentials
_VIOLATION = re.compile(rb'[mc]id:(\d+) - .*?Publish Violation - .*?Subject "([^"]{1,200})"')


class Gate:
    """On a thread of its own. ``changed`` is called when gateways or tags were changed."""

    def __init__(self, seed: bytes, teller: Teller, changed: Callable[[], None], words: Path | None = None) -> None:
        import nkeys

        self._key = nkeys.from_seed(seed)
        self._teller, self._changed, self._words = teller, changed, words
        self._known: dict[str, Credential] = {}
        self._passed: dict[tuple[str, int], bytes] = {}
        # Server and its connection, to the gateway and the credential it came in under.
        self._inside: dict[tuple[str, int], tuple[str, int]] = {}
        self._heard: set[tuple[str, int]] = set()  # who was asked about since the last look
        self._opened = 0.0  # when the server was last reached anew, until whoever knocked before was looked for
        self._client: Client | None = None
        self._system: Client | None = None
        self._ending = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no longer."""
        self._ending = True
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        parts = [self._answering(), self._listening(), self._looking()]
        if self._words is not None:
            parts.append(self._reading(self._words))
        self._loop.run_until_complete(_together(parts))

    # -- signing in ------------------------------------------------------------------------------------------------

    async def _answering(self) -> None:
        while not self._ending:
            try:
                await self._load()
                self._client = await messaging.connected("anlan-gate", reconnected_cb=self._reached)
                self._system = await messaging.connected("anlan-gate-system", address=os.environ.get(SYSTEM_VARIABLE))
                await self._client.subscribe("$SYS.REQ.USER.AUTH", queue="gate", cb=self._asked)
                await self._put_out(None)
                await self._reached()
                return
            except Exception as why:  # noqa: BLE001 - whatever the library raises, the gate opens later
                log.warning("the gate is not open yet (%s: %s)", type(why).__name__, why)
                await self._close()
                await asyncio.sleep(0.5)

    async def _asked(self, msg: Msg) -> None:
        asked = claims_of(msg.data)
        given = asked["nats"]
        self._heard.add((str(given["server_id"]["id"]), int(given.get("client_info", {}).get("id", 0))))
        options = given.get("connect_opts", {})
        code, secret = str(options.get("user", "")), str(options.get("pass", ""))
        refusal = await self._refusal(code, secret)
        if not refusal:
            connection = int(given.get("client_info", {}).get("id", 0))
            self._inside[str(given["server_id"]["id"]), connection] = (code, self._known[code].issued)
        else:
            self._teller.add({(code, refusal): (1, str(given.get("client_info", {}).get("host", "")))})
        await msg.respond(self._answer(given["user_nkey"], given["server_id"]["id"], code, refusal))

    async def _reached(self) -> None:
        """From now on the server's questions come here."""
        assert self._client is not None
        await self._client.flush()
        self._opened = time.monotonic()

    async def _turn_away(self, ago: float) -> None:
        """End what asked to be let in while nobody was here: the server asked nobody, and would let the gateway wait
        for ten seconds. Whoever is ended knocks again at once."""
        system = self._system
        assert system is not None
        async for server, connection, now in self._connections(everybody=True):
            who, age = (server, connection["cid"]), (now - _moment(connection["start"])).total_seconds()
            waiting = connection.get("type") == "mqtt" and not connection.get("account")
            if waiting and age > ago and who not in self._heard:
                await self._kick(*who)
                log.info("connection %d knocked while nobody was here: to knock again", connection["cid"])

    async def _refusal(self, code: str, secret: str) -> str:
        """Why nobody may come in under this code with this secret; "" when he may."""
        found = self._known.get(code)
        if found is None:
            return SIGN_IN
        if not found.active:
            return REVOKED
        stamp, mark = (code, found.issued), hashlib.sha256(secret.encode()).digest()
        if self._passed.get(stamp) == mark:
            return ""
        if not await self._loop.run_in_executor(None, accepted, found.digest, secret):
            return SIGN_IN
        self._passed[stamp] = mark
        return ""

    def _answer(self, user: str, server: str, code: str, refusal: str) -> bytes:
        said: dict[str, Any] = {"type": "authorization_response", "version": 2}
        if refusal:
            said["error"] = "credential refused"
        else:
            own = {"allow": [f"{PREFIX}{code}"]}
            # Where it may publish; it subscribes to nothing.
            rights = {"pub": own, "sub": {"deny": [">"]}, "subs": -1, "data": -1, "payload": -1}
            inner = {**rights, "type": "user", "version": 2}
            said["jwt"] = self._signed({"sub": user, "aud": ACCOUNT, "name": code, "nats": inner}).decode()
        return self._signed({"sub": user, "aud": server, "nats": said})

    def _signed(self, claims: dict[str, Any]) -> bytes:
        issuer = self._key.public_key.decode()
        body = {**claims, "iss": issuer, "iat": int(time.time())}
        digest = hashlib.new("sha512_256", json.dumps(body).encode()).digest()
        body["jti"] = base64.b32encode(digest).rstrip(b"=").decode()
        head = _packed({"typ": "JWT", "alg": "ed25519-nkey"})
        signing = head + b"." + _packed(body)
        return signing + b"." + _coded(self._key.sign(signing))

    # -- what the acts say -----------------------------------------------------------------------------------------

    async def _load(self) -> None:
        """All credentials as they stand now."""
        try:
            self._known = await self._loop.run_in_executor(None, _credentials)
            self._passed = {key: mark for key, mark in self._passed.items() if self._issued(key[0]) == key[1]}
        except (DatabaseError, PoolTimeout) as why:
            log.warning("credentials could not be read (%s)", str(why).strip().partition("\n")[0])
            if not self._known:
                raise

    def _issued(self, code: str) -> int:
        found = self._known.get(code)
        return found.issued if found is not None and found.active else 0

    async def _listening(self) -> None:
        while not self._ending:
            try:
                async with await psycopg.AsyncConnection.connect(os.environ[DATABASE], autocommit=True) as heard:
                    await heard.execute(f"LISTEN {CHANNEL}")  # a name of our own
                    self._changed()
                    while not self._ending:
                        words = [word.payload async for word in heard.notifies(timeout=1, stop_after=1)]
                        if words:
                            await self._load()
                            await self._put_out({code for code in words if code})
                            self._changed()
            except (psycopg.Error, OSError) as why:
                log.warning("the gate hears nothing of the database (%s)", str(why).strip().partition("\n")[0])
                await asyncio.sleep(1)

    async def _looking(self) -> None:
        """Now and then all connections are compared with the credentials in force."""
        looked = time.monotonic()
        while not self._ending:
            await asyncio.sleep(0.1)
            if self._system is None or not self._system.is_connected:
                continue
            try:
                if opened := self._opened:
                    self._opened = 0.0
                    await self._turn_away(time.monotonic() - opened)
                if time.monotonic() - looked > LOOK_S:
                    looked = time.monotonic()
                    self._heard.clear()
                    await self._load()
                    await self._put_out(None)
            except Exception as why:  # noqa: BLE001 - the next look comes
                log.warning("connections could not be looked at (%s: %s)", type(why).__name__, why)
        await self._close()

    async def _put_out(self, codes: set[str] | None) -> None:
        """End the connections whose credential is no longer the one in force; of these gateways, or of all."""
        if self._system is None or not self._system.is_connected:
            return
        there: dict[tuple[str, int], tuple[str, int]] = {}
        async for server, connection, _ in self._connections():
            code = connection.get("authorized_user") or ""
            known = self._known.get(code)
            if known is None:
                continue
            # A connection from before this process is judged by its age.
            began = _moment(connection["start"])
            held = there[server, connection["cid"]] = self._inside.get(
                (server, connection["cid"]), (code, known.issued if began >= known.issued_at else 0)
            )
            if (codes is None or code in codes) and held != (code, self._issued(code)):
                await self._kick(server, connection["cid"])
                log.info("disconnected %s: its credential is no longer in force", code)
        self._inside = there

    async def _kick(self, server: str, connection: int) -> None:
        assert self._system is not None
        kick = json.dumps({"cid": connection}).encode()
        await self._system.request(f"$SYS.REQ.SERVER.{server}.KICK", kick, timeout=2)

    async def _connections(self, *, everybody: bool = False) -> Any:
        """Each server's identity, a connection of the gateways' account (or any), and the server's clock."""
        system = self._system
        assert system is not None
        for said in await _from_all(system, "$SYS.REQ.SERVER.PING.CONNZ", _page(0, everybody)):
            server, offset = said["server"]["id"], 0
            while True:
                data = said.get("data") or {}
                for connection in data.get("connections") or []:
                    yield server, connection, _moment(data["now"])
                offset += _PAGE
                if offset >= int(data.get("total", 0)):
                    break
                told = await system.request(f"$SYS.REQ.SERVER.{server}.CONNZ", _page(offset, everybody), timeout=2)
                said = json.loads(told.data)

    # -- what the server threw away --------------------------------------------------------------------------------

    async def _reading(self, words: Path) -> None:
        """Follow the server's log from where it ends now."""
        place, inode = (words.stat().st_size, words.stat().st_ino) if words.exists() else (0, 0)
        rest = b""
        while not self._ending:
            await asyncio.sleep(0.5)
            try:
                found = words.stat()
                if found.st_ino != inode or found.st_size < place:
                    place, inode, rest = 0, found.st_ino, b""
                with words.open("rb") as file:
                    file.seek(place)
                    fresh = rest + file.read(4_000_000)
                    place = file.tell()
            except FileNotFoundError:
                continue
            whole, _, rest = fresh.rpartition(b"\n")
            counted: dict[tuple[str, str], list[Any]] = {}
            inside = {number: code for (_, number), (code, _) in self._inside.items()}  # the log is of one server
            for cid, subject in _VIOLATION.findall(whole):
                code = inside.get(int(cid), "")
                known = counted.setdefault((code, OTHER_TOPIC), [0, ""])
                known[0] += 1
                known[1] = subject.decode("utf-8", "replace")
            self._teller.add(counted)

    async def _close(self) -> None:
        for client in (self._client, self._system):
            if client is not None and not client.is_closed:
                await client.close()
        self._client = self._system = None


def _page(offset: int, everybody: bool) -> bytes:
    whose = {} if everybody else {"acc": ACCOUNT}
    return json.dumps({"auth": True, **whose, "limit": _PAGE, "offset": offset}).encode()


def _moment(text: str) -> dt.datetime:
    """A moment as the server writes it, to the nanosecond; the digits behind the microsecond are left out."""
    return dt.datetime.fromisoformat(text[:26].rstrip("Z")).replace(tzinfo=dt.UTC)


async def _from_all(client: Client, subject: str, wanted: bytes) -> list[dict[str, Any]]:
    """What every server of the cluster answers; one server is not waited for longer than it takes."""
    from nats.errors import TimeoutError as Late

    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    found: list[dict[str, Any]] = []
    try:
        await client.publish(subject, wanted, reply=inbox)
        known = max(len(client.servers), len(messaging.servers(os.environ.get(SYSTEM_VARIABLE, ""))), 1)
        while len(found) < known:
            # A server that is down is among those known: whoever answers does so at once.
            found.append(json.loads((await answers.next_msg(timeout=_LATE_S if found else 2)).data))
    except Late:
        if not found:
            raise
    finally:
        await answers.unsubscribe()
    return found


async def _together(parts: list[Any]) -> None:
    await asyncio.gather(*parts)


def claims_of(token: bytes) -> dict[str, Any]:
    """What a token of the server says; it came over our own connection."""
    body = token.split(b".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    return said


def _packed(value: dict[str, Any]) -> bytes:
    return _coded(json.dumps(value, separators=(",", ":")).encode())


def _coded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _credentials() -> dict[str, Credential]:
    try:
        return credentials()
    finally:
        close_old_connections()
