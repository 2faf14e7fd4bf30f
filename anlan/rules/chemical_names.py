"""Names and CAS numbers of chemicals, as inspectors write them, found in the tables of the standards.

Width and spaces do not matter (甲醛（含量＞90％） is 甲醛(含量>90%)), nor the case of Latin letters. A name without its
bracket leads to every entry it may mean; the caller asks which. Nothing is guessed by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Generic, TypeVar

from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording

T = TypeVar("T")
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
CAS_SHAPE = re.compile(r"(\d{2,7})-(\d{2})-(\d)", re.ASCII)
CAS_ACCEPTED = Wording("a CAS number with its check digit, such as 7664-41-7", "带校验位的 CAS 号，如 7664-41-7")


def plain_name(text: str) -> str:
    """The name as it is compared.

    >>> plain_name("甲醛（含量＞90 ％）") == plain_name("甲醛(含量>90%)")
    True
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold().replace("〔", "[").replace("〕", "]")


def stem(text: str) -> str:
    """The name without its brackets, wherever they stand.

    >>> stem("硝化纤维素[干的或含水(或乙醇)<25%]"), stem("石棉(石棉含量>10%)粉尘"), stem("1,2-环氧丙烷")
    ('硝化纤维素', '石棉粉尘', '1,2-环氧丙烷')
    """
    whole = name = plain_name(text)
    while (shorter := _BRACKET.sub("", name)) != name:
        name = shorter
    return name or whole


def checked_cas(text: str, field: str = "cas") -> str:
    """The CAS number, its check digit verified; ``BadInput`` otherwise.

    >>> checked_cas("7664-41-7")
    '7664-41-7'
    >>> checked_cas("7664-41-8")
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.BadInput: cas: is 7664-41-8; accepted: a CAS number with its check digit, such as 7664-41-7
    """
    found = CAS_SHAPE.fullmatch(text := unicodedata.normalize("NFKC", text).strip())
    digits = (found[1] + found[2])[::-1] if found else ""
    if not found or sum(at * int(digit) for at, digit in enumerate(digits, 1)) % 10 != int(found[3]):
        raise BadInput(field, Wording(f"is {text}", f"为{text}"), CAS_ACCEPTED)
    return text


class Names(Generic[T]):
    """Entries by name, by alias, by name without brackets, and by CAS; each may lead to several."""

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._loose: dict[str, list[T]] = {}
        self._cas: dict[str, list[T]] = {}

    def add(self, entry: T, names: Iterable[str], cas: Iterable[str] = ()) -> None:
        """Enters one entry under its printed name (the first), its aliases and its CAS numbers."""
        for name in names:
            _into(self._exact, plain_name(name), entry)
            _into(self._loose, stem(name), entry)
        for number in cas:
            _into(self._cas, number, entry)

    def named(self, name: str) -> tuple[T, ...]:
        """The entries of exactly that name or alias; else those whose name without brackets it is."""
        key = plain_name(name)
        return tuple(self._exact.get(key) or self._loose.get(key) or ())

    def numbered(self, cas: str) -> tuple[T, ...]:
        """The entries of that CAS number."""
        return tuple(self._cas.get(cas, ()))


def _into(index: dict[str, list[T]], key: str, entry: T) -> None:
    entries = index.setdefault(key, [])
    if entry not in entries:
        entries.append(entry)
