"""Spelling: one form for what people type with full-width keyboards, copied spaces and invisible characters.

Codes, numbers, dates and choices are folded fully (NFKC). Running text is folded with care: full-width letters and
digits, compatibility ideographs and stray spaces are put right, but ①, ㎡, ℃ and Chinese punctuation stay, because
NFKC would change their meaning (①检查 would become 1检查).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from anlan.kernel.intake.problems import Unfit

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_WIDE = "\uff03-\uff06\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff3a\uff3c\uff3e-\uff5a"
_COMPATIBLE = "\u2f00-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_BROKEN = "\ud800-\udfff\ufffd"

# Anything that keeps a string from being taken as it is. Also: ="0123", which some exports write so that Excel keeps
# the zero, and '=…, the mark our own reports put before a text that a spreadsheet would take for a formula.
_ODD = re.compile(
    rf"[\x00-\x1f\x7f-\x9f{_INVISIBLE}{_SPACES}{_WIDE}{_COMPATIBLE}{_BROKEN}\u2028\u2029]|^ | $|  "
    r"|^'\s*[=+\-@＝＋－＠]|^=\""
)
BETWEEN = "\x1f"
"""No clean text holds it: parts the cells of a column that are looked at together."""
_ODD_AMONG = re.compile(
    rf"[\x00-\x1e\x7f-\x9f{_INVISIBLE}{_SPACES}{_WIDE}{_COMPATIBLE}{_BROKEN}\u2028\u2029]|{BETWEEN} | {BETWEEN}|  "
    rf"|{BETWEEN}'\s*[=+\-@＝＋－＠]|{BETWEEN}=\""
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BAD = re.compile(f"[{_BROKEN}]")
_DROP = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_INVISIBLE}]")
_FOLD = re.compile(f"[{_WIDE}{_COMPATIBLE}]")
_LINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_RUN = re.compile(rf"[ \t{_SPACES}]+")
_QUOTED = re.compile(r'="(.*)"\Z', re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_LONG_NUMBER = re.compile(r"[0-9０-９]{7,}")
_BRACKETS = str.maketrans("()", "（）")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2212\u02d7", "------")


def unwrapped(raw: str) -> str:
    """Take off ``="…"`` and the apostrophe before ``= + - @``."""
    if raw.startswith('="') and (match := _QUOTED.match(raw)):
        return match[1].replace('""', '"')
    if raw[:1] == "'" and raw[1:].lstrip()[:1] in _FORMULA:
        return raw[1:]
    return raw


def clean(raw: str, *, lines: bool = False) -> str:
    """Running text: trimmed, single-spaced, half-width letters and digits, NFC.

    ``lines`` keeps line breaks (as ``\\n``); otherwise a break inside a cell, usually there only to fit its width,
    becomes a space. Raises ``Unfit("unreadable")`` for broken characters.
    """
    if raw.isascii():
        if not _ODD.search(raw):
            return raw
    elif not _ODD.search(raw) and unicodedata.is_normalized("NFC", raw):
        return raw
    if _BAD.search(raw):
        raise Unfit("unreadable")
    text = _DROP.sub("", _LINE.sub("\n", unwrapped(raw)))
    text = _FOLD.sub(lambda match: unicodedata.normalize("NFKC", match[0]), unicodedata.normalize("NFC", text))
    if not lines:
        return unwrapped(_RUN.sub(" ", text.replace("\n", " ")).strip())
    kept = [_RUN.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def is_plain(raw: str) -> bool:
    """Whether :func:`clean` leaves a text as it is."""
    return not _ODD.search(raw) and (raw.isascii() or unicodedata.is_normalized("NFC", raw))


def joined_plainly(cells: Iterable[str]) -> str | None:
    """Texts put together, if :func:`clean` leaves each of them as it is; else None. ``TypeError`` for other cells."""
    text = BETWEEN + BETWEEN.join(cells := list(cells)) + BETWEEN
    if _ODD_AMONG.search(text) or text.count(BETWEEN) != len(cells) + 1:
        return None
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else None


def folded(raw: str) -> str:
    """A code, number, date or choice: NFKC, trimmed, invisible characters removed. May raise as :func:`clean`."""
    if raw.isascii() and not _ODD.search(raw):
        return raw
    if _BAD.search(raw):
        raise Unfit("unreadable")
    text = unicodedata.normalize("NFKC", _DROP.sub("", unwrapped(raw))).translate(_DASHES)
    return unwrapped(" ".join(text.split()))


def tight(raw: str) -> str:
    """:func:`folded` without any space inside: for codes and for comparing headings."""
    text = folded(raw)
    return text.replace(" ", "") if " " in text else text


def name_of(raw: str) -> str:
    """The name of an organisation as a register spells it.

    Brackets are full-width when the name has a Chinese character, and no space stands beside a Chinese character.
    """
    text = clean(raw)
    if text.isascii() or not _HAN.search(text):
        return text
    if "(" in text or ")" in text:
        text = text.translate(_BRACKETS)
    return _BESIDE_HAN.sub("", text) if " " in text else text


def shown(raw: object, limit: int = 40) -> str:
    """A value as it may be repeated in a sentence: one line, cut to ``limit`` characters."""
    if isinstance(raw, float):
        text = str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.15g}"
    else:
        text = " ".join(_DROP.sub("", _BAD.sub("?", str(raw))).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def shown_line(raw: object, limit: int = 40) -> str:
    """A line that is no record, as it may be repeated: long digits in it may be somebody's telephone and are cut.

    >>> shown_line("联系电话：13800138000")
    '联系电话：138…'
    """
    return _LONG_NUMBER.sub(lambda match: match[0][:3] + "…", shown(raw, limit))
