"""Short messages (SMS) through a gateway that the deployment names; without one nothing offers to send any.

``HttpGateway`` speaks to any gateway that takes a request over HTTP: the address, the body's template and the headers
come from the environment (``ANLAN_SMS_*``). Another kind of gateway is another class with ``send``.
"""

from __future__ import annotations

import json
import urllib.parse
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings

from anlan.kernel.outgoing import METHODS, NotReached, ask


class NotSent(Exception):
    """The gateway could not be reached, or did not take the message. Its text holds no number and no message."""


class Gateway(Protocol):
    """What sends a short message."""

    def send(self, phone: str, text: str) -> None:
        """Hand one message to the gateway; ``NotSent`` when it did not take it."""


@dataclass(frozen=True)
class HttpGateway:
    """A gateway over HTTP.

    ``url`` and ``body`` are templates with ``{phone}`` and ``{text}``, filled in as the place demands: percent-encoded
    in the address and in form bodies, escaped as a JSON string where ``media_type`` is JSON. ``expect`` is a text
    the answer must hold (many gateways answer 200 to what they refuse); "" for none.
    """

    url: str
    method: str = "POST"
    media_type: str = "application/json"
    body: str = '{"phone": "{phone}", "text": "{text}"}'
    headers: dict[str, str] = field(default_factory=dict)
    expect: str = ""

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in ("http", "https") or "{" in parts.netloc:
            raise ValueError("ANLAN_SMS_URL must begin with http:// or https:// and name its host itself")
        if self.method not in METHODS:
            raise ValueError("ANLAN_SMS_METHOD must be GET, POST or PUT")

    def send(self, phone: str, text: str) -> None:
        """One request by the one way out; ``NotSent`` unless it is answered as expected."""
        body = None
        headers = dict(self.headers)
        if self.method != "GET":
            body = _filled(self.body, phone, text, "json" if "json" in self.media_type else "form").encode()
            headers["Content-Type"] = f"{self.media_type}; charset=utf-8"
        try:
            answer = ask(_filled(self.url, phone, text, "form"), method=self.method, body=body, headers=headers)
        except NotReached as why:
            raise NotSent(str(why)) from None
        if not 200 <= answer.status < 300:
            raise NotSent(f"the gateway answered {answer.status}")
        said = answer.body.decode("utf-8", "replace")
        if self.expect and self.expect not in said:
            raise NotSent("the gateway did not take the message")


def gateway() -> Gateway | None:
    """The gateway of this deployment; None when none is set."""
    if not settings.SMS_URL:
        return None
    return HttpGateway(
        settings.SMS_URL, settings.SMS_METHOD.upper(), settings.SMS_TYPE, settings.SMS_BODY, settings.SMS_HEADERS,
        settings.SMS_EXPECT,
    )  # fmt: skip


def _filled(template: str, phone: str, text: str, manner: str) -> str:
    def said(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)[1:-1] if manner == "json" else urllib.parse.quote(value, safe="")

    # In one pass, so that a text that happens to hold "{phone}" stays a text.
    parts = template.split("{text}")
    return said(text).join(part.replace("{phone}", said(phone)) for part in parts)
