"""Logs: one JSON object a line on standard error; the supervisor files and turns them by part."""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from collections.abc import MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

import structlog

_SIZE, _KEPT = 10 * 1024 * 1024, 7
_IDENTITY_NUMBER = re.compile(r"(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?!\d)")
_CODE = re.compile(r"(?<![A-Za-z0-9-])[A-HJ-KM-NP-Z2-9]{4}(?:-[A-HJ-KM-NP-Z2-9]{4}){2}(?![A-Za-z0-9-])")
_TOKEN = re.compile(r"anlan_[A-Za-z0-9_-]{16,}")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def mask(text: str) -> str:
    """Hides identity numbers, mobile numbers, one-time codes and API tokens that slipped into a log line.

    >>> mask("sent to 13800001234 for 440101199001011234")
    'sent to 138****1234 for 4401**********1234'
    >>> mask("GET /welcome/claim/ABCD-EFGH-JKMN/ by anlan_0123456789abcdefXYZ")
    'GET /welcome/claim/****-****-****/ by anlan_****'
    """
    text = _TOKEN.sub("anlan_****", _CODE.sub("****-****-****", text))
    return _MOBILE.sub(r"\1****\2", _IDENTITY_NUMBER.sub(r"\1**********\2", text))


def mask_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same for every value of a structured line (a processor of structlog), however deep it lies."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    """Numbers stay numbers; what is no plain value (a request with its address, say) is written as text here."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {mask(str(key)): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in value]
    return mask(value if isinstance(value, str) else repr(value))


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """Django's ``LOGGING``: standard library and structlog alike as JSON lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    mask_values,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django would mail a fault with all that was sent to whoever ADMINS names; ours are lines in the log alone.
            "django": {"handlers": [], "level": "INFO"},
            # Every refused page is a warning of Django's; they are ours to count, not to page anybody.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            "axes.apps": {"level": "WARNING"},
        },
    }


class PartLog:
    """A part's output: every line goes to ``log/NAME.log`` (turned at 10 MB, 7 kept); the last ones stay at hand."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.path = folder / f"{name}.log"
        self.last: deque[str] = deque(maxlen=20)
        self._handler = RotatingFileHandler(self.path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")

    def line(self, text: str) -> None:
        self.last.append(text)
        self._handler.emit(logging.LogRecord("part", logging.INFO, "", 0, text, None, None))

    def follow(self, stream: IO[bytes]) -> threading.Thread:
        """Reads a part's output on a thread of its own until the part and its children have closed it."""
        thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        self._handler.close()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for raw in stream:
                self.line(raw.decode(errors="replace").rstrip("\n"))
