"""The one way out: every request the platform sends to another machine goes through ``ask``.

Where a name leads is looked up once, every address it leads to is checked, and the connection goes to an address that
was checked: a name that changes its mind in between (DNS rebinding) leads nowhere else. The platform's own machine, its
private network and the metadata service of a cloud are refused unless ``ANLAN_OUTGOING_INTERNAL`` names them. No
redirect is followed, no proxy of the environment used, and an answer has an end in time and size.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS, MOST_READ = 10, 64 * 1024
METHODS = ("GET", "POST", "PUT")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReached(Exception):
    """Nothing usable was answered. The text names the host at most, never the path, the body or an answer."""


class Forbidden(NotReached):
    """The address is one the platform does not speak to."""


@dataclass(frozen=True)
class Answer:
    """Status and the beginning of what was said, at most ``MOST_READ`` bytes."""

    status: int
    body: bytes


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """One request. ``Forbidden`` for an address that is not allowed, ``NotReached`` when nothing usable came back."""
    parts = urlsplit(url)
    host = _host(parts, method)
    reached = _connected(parts, host, checked(host, _port(parts)), seconds)
    cut = threading.Event()
    hangup = threading.Timer(seconds, _hang_up, [reached.sock, cut])
    hangup.daemon = True
    hangup.start()
    try:
        wanted = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        reached.request(method, wanted, body, dict(headers or {}))
        said = reached.getresponse()
        answer = Answer(said.status, said.read(MOST_READ))
    except (OSError, http.client.HTTPException, ValueError) as why:
        raise NotReached(f"{host} gave no answer ({type(why).__name__})") from None
    finally:
        hangup.cancel()
        reached.close()
    if cut.is_set():
        raise NotReached(f"{host} did not come to an end within {seconds:g} seconds")
    return answer


def checked(host: str, port: int) -> list[Address]:
    """The addresses a host leads to, each of them allowed; ``Forbidden`` when one of them is not."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as why:
        raise NotReached(f"{host} is not known ({type(why).__name__})") from None
    addresses = sorted((ipaddress.ip_address(str(a).partition("%")[0]) for a in found), key=str)
    if not all(_allowed(host, address) for address in addresses):
        raise Forbidden(f"{host} leads into a private network; name it in ANLAN_OUTGOING_INTERNAL if that is meant")
    return addresses


def _allowed(host: str, address: Address) -> bool:
    """Whether an address lies on the open internet, or was named by whoever runs the platform."""
    plain = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    if plain.is_global and not plain.is_multicast:
        return True
    for named in settings.OUTGOING_INTERNAL:
        try:
            if plain in ipaddress.ip_network(named, strict=False):
                return True
        except ValueError:
            if named.lower() == host:
                return True
    return False


def _host(parts: SplitResult, method: str) -> str:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden("only http:// and https:// are spoken")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("an address holds no name and no password")
    if method not in METHODS:
        raise Forbidden(f"the method is none of {', '.join(METHODS)}")
    return parts.hostname.lower()


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Forbidden("the port is no number") from None


def _connected(parts: SplitResult, host: str, addresses: list[Address], seconds: float) -> http.client.HTTPConnection:
    """A connection to the first address that takes it; the certificate is compared with the host's name."""
    why = "nobody there"
    for address in addresses:
        try:
            plain = socket.create_connection((str(address), _port(parts)), timeout=seconds)
            try:
                safe = parts.scheme == "https"
                line = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if safe else plain
            except (OSError, ValueError):
                plain.close()
                raise
        except (OSError, ValueError) as failed:
            why = type(failed).__name__
            continue
        reached = http.client.HTTPConnection(host, _port(parts), timeout=seconds)
        reached.sock = line
        reached.auto_open = 0  # a connection that is cut is not made again behind our back, unchecked
        if (parts.scheme, _port(parts)) == ("https", 443):
            reached.port = 80  # so that the Host header names no port
        return reached
    raise NotReached(f"{host} could not be reached ({why})")


def _hang_up(line: socket.socket, cut: threading.Event) -> None:
    """Cut a line that talks for too long."""
    cut.set()
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
