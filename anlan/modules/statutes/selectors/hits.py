"""Where a search hit a text: the sentence with the words marked."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from anlan.kernel.scope import system_read
from anlan.kernel.searching import folded

PURE = "a text in hand, no rows"
MOST = 120  # characters of a sentence shown
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")


@system_read(PURE)
def places(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words (folded) stand in a text as printed: spans in order that do not overlap.

    >>> places("液氨（ＮＨ３）储罐", ["nh3", "储罐"])
    [(3, 6), (7, 9)]
    """
    origin: list[int] = []
    smooth = ""
    for at, sign in enumerate(text):
        part = folded(sign)
        smooth += part
        origin += [at] * len(part)
    spans = sorted(
        (origin[m.start()], origin[m.end() - 1] + 1)
        for word in words
        if word
        for m in re.finditer(re.escape(word), smooth)
    )
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


@system_read(PURE)
def sentence_with(text: str, words: list[str]) -> str:
    """The first sentence in which most of the words stand, cut around the first of them; the beginning without one.

    >>> sentence_with("第一句。第二句有液氨储罐。第三句。", ["液氨"])
    '第二句有液氨储罐。'
    """
    best, most = "", 0
    for found in _SENTENCE.finditer(text):
        told = sum(1 for word in words if word in folded(found[0]))
        if told > most:
            best, most = found[0].strip(), told
    if not best:
        best = text.replace("\n", " ")
    if len(best) <= MOST:
        return best
    spans = places(best, words)
    start = max(0, (spans[0][0] if spans else 0) - MOST // 3)
    end = start + MOST
    return ("…" if start else "") + best[start:end] + ("…" if end < len(best) else "")


@system_read(PURE)
def marked(text: str, words: list[str]) -> SafeString:
    """The text with the words marked, everything escaped.

    >>> marked("有<液氨>", ["液氨"])
    '有&lt;<mark>液氨</mark>&gt;'
    """
    out, at = "", 0
    for start, end in places(text, words):
        out += escape(text[at:start]) + "<mark>" + escape(text[start:end]) + "</mark>"
        at = end
    return mark_safe(out + escape(text[at:]))  # each part is escaped above
