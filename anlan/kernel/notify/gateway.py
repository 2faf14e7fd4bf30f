"""Short messages (SMS) through a gateway that the deployment names; without one nothing offers to send any.

``HttpGateway`` speaks to any gateway that takes a request over HTTP: the address, the body's template and the headers
come from the environment (``ANLAN_SMS_*``). Another kind of gateway is another class with ``send``.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings

TIMEOUT_SECONDS = 10
MOST_READ = 4096


class NotSent(Exception):
    """The gateway could not be reached, or did not take the message. Its text holds no number and no message."""


class Gateway(Protocol):
    """What sends a short message."""

    def send(self, phone: str, text: str) -> None:
        """Hand one message to the gateway; ``NotSent`` when it did not take it."""


class _Still(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere is not followed: the number would go to an address nobody configured."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """None: the redirect is an error."""
        return


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
        if urllib.parse.urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError("ANLAN_SMS_URL must begin with http:// or https://")
        if self.method not in ("GET", "POST", "PUT"):
            raise ValueError("ANLAN_SMS_METHOD must be GET, POST or PUT")

    def send(self, phone: str, text: str) -> None:
        """One request, no redirect followed; ``NotSent`` unless it is answered as expected."""
        body = None
        headers = dict(self.headers)
        if self.method != "GET":
            body = _filled(self.body, phone, text, "json" if "json" in self.media_type else "form").encode()
            headers["Content-Type"] = f"{self.media_type}; charset=utf-8"
        request = urllib.request.Request(
            _filled(self.url, phone, text, "form"), data=body, headers=headers, method=self.method
        )
        try:
            with urllib.request.build_opener(_Still).open(request, timeout=TIMEOUT_SECONDS) as answer:
                said = answer.read(MOST_READ).decode("utf-8", "replace")
        except urllib.error.HTTPError as why:
            raise NotSent(f"the gateway answered {why.code}") from None
        except (OSError, ValueError) as why:  # not reached, cut off, or no HTTP at all
            raise NotSent(f"the gateway could not be reached ({type(why).__name__})") from None
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
