"""What a row of right values means: the people it names, its risks, its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.modules.registry.choices import Flag, PostKind, UnitKind


def kind_told_by(code: str) -> str:
    """What the first two characters of a code say: 92 an individual business, 9x an enterprise, 1x and 5x a body.

    >>> [str(kind_told_by(code)) for code in ("92441481MA0000015X", "91441481MA00000073", "Y1441481MA00000073")]
    ['individual', 'enterprise', '']
    """
    if code[:1] == "9":
        return UnitKind.INDIVIDUAL if code[1:2] == "2" else UnitKind.ENTERPRISE
    return UnitKind.INSTITUTION if code[:1] in ("1", "5") else ""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person a row names: posts, name, telephone."""

    posts: tuple[str, ...]
    name: str
    phone: str


def people_of(values: Mapping[str, Any]) -> tuple[Somebody, ...]:
    """The people of a row. One name in two posts is one person; a telephone without a name is its post's.

    ``phone`` belongs to the contact when one is named, else to the principal, else to the legal representative.
    """
    found: dict[str, Somebody] = {}
    loose = values.get("phone") or ""
    has_contact = bool(values.get("contact"))
    owner = (
        PostKind.CONTACT
        if has_contact
        else PostKind.PRINCIPAL
        if values.get("principal") and not values.get("principal_phone")
        else PostKind.LEGAL_REPRESENTATIVE
        if values.get("legal_representative") and not values.get("legal_phone") and not values.get("principal")
        else PostKind.CONTACT
    )
    for post, name_field, phone_field in (
        (PostKind.LEGAL_REPRESENTATIVE, "legal_representative", "legal_phone"),
        (PostKind.PRINCIPAL, "principal", "principal_phone"),
        (PostKind.SAFETY_MANAGER, "safety_manager", "safety_phone"),
        (PostKind.CONTACT, "contact", ""),
    ):
        name = values.get(name_field) or ""
        phone = (values.get(phone_field) or "") if phone_field else ""
        if post == owner and not phone:
            phone = loose
        if not name and not phone:
            continue
        key = name or f"?{post}"
        known = found.get(key)
        if known is None or (phone and known.phone and phone != known.phone):
            found[key if known is None else f"{key}+{post}"] = Somebody((post.value,), name, phone)
        else:
            found[key] = Somebody((*known.posts, post.value), name, known.phone or phone)
    return tuple(found.values())


def flags_of(values: Mapping[str, Any], now: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The special risks of a row in the order of the table: those named and ticked, less those answered no.

    ``now`` are those on file, kept where the row says nothing.
    """
    given = values.get("flags")
    chosen = set(now if given is None else given)
    for flag in Flag:
        answer = values.get(f"flag_{flag.value}")
        if answer is True:
            chosen.add(flag.value)
        elif answer is False:
            chosen.discard(flag.value)
    return tuple(flag.value for flag in Flag if flag.value in chosen)


def line_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Sector line and, for 工贸, the line within it.

    >>> line_of({"sector": "industry_trade:machinery"}), line_of({"sector": "chem"}), line_of({})
    (('industry_trade', 'machinery'), ('chem', ''), ('', ''))
    """
    sector, _colon, trade = (values.get("sector") or "").partition(":")
    return sector, trade
