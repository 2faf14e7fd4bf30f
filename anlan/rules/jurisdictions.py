"""The five jurisdictions whose planning documents describe this platform, and what lies above and under them.

Names and codes are facts with their source: GB/T 2260 as carried by a published table for provinces to counties,
the planning documents themselves for towns and parks. A code that is not held is left blank, never made up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anlan.rules.tables import day, parts, rows
from anlan.rules.wording import Wording


class Kind(StrEnum):
    """Why a place is in the table: one of the five, above one of them, or under one of them."""

    SEED = "seed"
    ANCESTOR = "ancestor"
    MEMBER = "member"


class PlaceLevel(StrEnum):
    """The level of a place; a park is no unit of the administrative code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    PARK = "park"


class DocumentStatus(StrEnum):
    """Whether a document was issued or is a draft."""

    ISSUED = "issued"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class PlanningDocument:
    """One planning document: its jurisdiction (six digits), and the period within which its duties bind."""

    code: str
    title: Wording
    number: str
    jurisdiction: str
    status: DocumentStatus
    issued: dt.date | None
    period_from: dt.date
    period_to: dt.date | None
    note: str

    def covers(self, on: dt.date) -> bool:
        """True when the day lies in the document's period, both ends included."""
        return self.period_from <= on and (self.period_to is None or on <= self.period_to)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One place. ``code`` has twelve digits or is empty where none is held; ``parent`` is the twelve digits above."""

    code: str
    name: Wording
    short_name: str
    level: PlaceLevel
    parent: str
    kind: Kind
    aliases: tuple[str, ...]
    source: str
    note: str

    @property
    def adcode(self) -> str:
        """The first six digits, or empty."""
        return self.code[:6]

    @property
    def documents(self) -> tuple[PlanningDocument, ...]:
        """The planning documents of the place."""
        return tuple(d for d in documents() if self.code and d.jurisdiction == self.adcode)


@lru_cache(maxsize=1)
def documents() -> tuple[PlanningDocument, ...]:
    """The five planning documents.

    >>> [(d.code, d.jurisdiction) for d in documents()]
    [('YJ', '441700'), ('DG', '441900'), ('XN', '441481'), ('YX', '530400'), ('NH', '440605')]
    """
    found = []
    for row in rows("planning_documents"):
        begins = day(row["period_from"])
        if begins is None:
            raise ValueError(f"planning_documents.csv: {row['code']} has no period_from")
        found.append(
            PlanningDocument(
                row["code"],
                Wording(row["title_en"], row["title_zh"]),
                row["number"],
                row["jurisdiction"],
                DocumentStatus(row["status"]),
                day(row["issued"]),
                begins,
                day(row["period_to"]),
                row["note"],
            )
        )
    return tuple(found)


def document(code: str) -> PlanningDocument:
    """The document of that short code; ``KeyError`` when there is none."""
    for found in documents():
        if found.code == code:
            return found
    raise KeyError(code)


@lru_cache(maxsize=1)
def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Every place, those above before those under them.

    >>> [j.name.zh for j in jurisdictions() if j.kind is Kind.SEED]
    ['阳江市', '东莞市', '兴宁市', '玉溪市', '南海区']
    """
    return tuple(
        Jurisdiction(
            row["code"],
            Wording(row["name_en"], row["name"]),
            row["short_name"],
            PlaceLevel(row["level"]),
            row["parent"],
            Kind(row["kind"]),
            parts(row["aliases"]),
            row["source"],
            row["note"],
        )
        for row in rows("jurisdictions")
    )


def seeds() -> tuple[Jurisdiction, ...]:
    """The five jurisdictions themselves."""
    return tuple(j for j in jurisdictions() if j.kind is Kind.SEED)


def jurisdiction(code: str) -> Jurisdiction:
    """The place of a six- or twelve-digit code; ``KeyError`` when it is not in the table.

    >>> jurisdiction("441481").name.zh, jurisdiction("441481").parent
    ('兴宁市', '441400000000')
    """
    if not code:
        raise KeyError(code)
    wanted = code.ljust(12, "0")
    for found in jurisdictions():
        if found.code == wanted:
            return found
    raise KeyError(code)


def members(code: str) -> tuple[Jurisdiction, ...]:
    """The places directly under one.

    >>> [j.name.zh for j in members("440605")]
    ['大沥镇', '里水镇', '西樵镇', '丹灶镇']
    """
    parent = jurisdiction(code).code
    return tuple(j for j in jurisdictions() if j.parent == parent)


def path(code: str) -> tuple[Jurisdiction, ...]:
    """The places from the province down to the one asked for.

    >>> "".join(j.name.zh for j in path("441481"))
    '广东省梅州市兴宁市'
    """
    here = jurisdiction(code)
    return ((*path(here.parent), here)) if here.parent else (here,)
