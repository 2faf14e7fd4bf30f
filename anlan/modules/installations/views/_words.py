"""Words of rules on screens."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language

from anlan.rules.wording import in_language


def _said(label: str) -> str:
    return in_language(label, get_language() or "zh-hans")


lazily = lazy(_said, str)
"""A rule's words in the reader's language, when they are shown."""
