"""重大事故隐患判定标准: the statutory lists of what is a major hazard, and proposals from them.

The lists are held as short titles in our own words with statutory terms, clause by clause; the full conditions
stay in the official texts. A list whose text is not held is a row that says so (``not_held``), never an
invention. The system proposes, a person decides: a proposal is a clause to open and read, not a finding.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import log
from typing import NamedTuple

from anlan.rules.citation import Citation, Confidence, NotHeld
from anlan.rules.overlap import bigrams, shared_words
from anlan.rules.tables import day, rows
from anlan.rules.wording import Wording


class Status(StrEnum):
    """How much of a list is here: the text, short titles in our own words, or nothing."""

    HELD = "held"
    TITLES_ONLY = "titles_only"
    NOT_HELD = "not_held"


SECTORS = {
    "general": Wording("Industry and trade, general", "工贸通用"),
    "metallurgy": Wording("Metallurgy", "冶金"),
    "nonferrous": Wording("Non-ferrous metals", "有色"),
    "building_materials": Wording("Building materials", "建材"),
    "machinery": Wording("Machinery", "机械"),
    "light_industry": Wording("Light industry", "轻工"),
    "textile": Wording("Textiles", "纺织"),
    "tobacco": Wording("Tobacco", "烟草"),
    "dust": Wording("Explosive dust", "粉尘涉爆"),
    "ammonia": Wording("Ammonia refrigeration", "涉氨制冷"),
    "confined_space": Wording("Confined spaces", "有限空间"),
    "chemicals": Wording("Chemicals", "化工和危险化学品"),
    "fireworks": Wording("Fireworks", "烟花爆竹"),
    "mine_underground": Wording("Underground mines", "金属非金属地下矿山"),
    "mine_open_pit": Wording("Open-pit mines", "金属非金属露天矿山"),
    "tailings": Wording("Tailings ponds", "尾矿库"),
    "coal": Wording("Coal mines", "煤矿"),
    "construction": Wording("Building and municipal works", "房屋市政工程"),
    "gas": Wording("Town gas", "城镇燃气"),
    "power": Wording("Electric power", "电力"),
    "civil_explosives": Wording("Civil explosives", "民用爆炸物品"),
    "fire": Wording("Fire", "消防"),
    "special_equipment": Wording("Special equipment", "特种设备"),
}
# Order 10, articles 3 and 11–14, reach across the seven trades of articles 4–10.
TRADES = frozenset(
    {"metallurgy", "nonferrous", "building_materials", "machinery", "light_industry", "textile", "tobacco"}
)
ACROSS_TRADES = frozenset({"general", "dust", "ammonia", "confined_space"})

# Below this share of a clause's weighted words, or with only words that many clauses share (安全, 人员, 管理),
# a proposal is noise; both figures are tuned on the sentences in the tests and are no part of any statute.
LEAST_SCORE = 0.12
TELLING_COUNT = 8


@dataclass(frozen=True, slots=True)
class HazardSet:
    """One edition of one list: ``code`` names the subject, ``version`` the year; ``items`` is ``None`` if not held."""

    code: str
    version: str
    title: Wording
    number: str
    issued: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    confidence: Confidence
    status: Status
    items: int | None
    note: str

    @property
    def begins(self) -> dt.date:
        """Its first day of force. Where only the year of issue is held, a list that answers does so from the next
        year, when it surely was in force; one that only refuses is named from the first day of its year."""
        if self.valid_from:
            return self.valid_from
        return dt.date(self.issued + (self.status is not Status.NOT_HELD), 1, 1)

    def in_force(self, on: dt.date) -> bool:
        """True when the edition is in force that day, by ``begins``."""
        return self.begins <= on and (self.valid_to is None or on <= self.valid_to)

    def citation(self, article: str = "") -> Citation:
        """The edition, or one article of it, as a citation."""
        law = f"{self.title.zh}（{self.number}）"
        note = self.note if self.status is Status.HELD else "; ".join(filter(None, [self.status.value, self.note]))
        return Citation(law, article, self.confidence, valid_from=self.valid_from, valid_to=self.valid_to, note=note)


@dataclass(frozen=True, slots=True)
class Clause:
    """One item of a list. ``code`` is unique within the list; ``printed`` is the article as the text prints it."""

    set: str
    version: str
    code: str
    printed: str
    title: Wording
    sector: str
    terms: tuple[str, ...]
    confidence: Confidence
    status: Status
    source: str
    note: str

    @property
    def edition(self) -> HazardSet:
        """The edition it stands in."""
        return next(s for s in sets() if (s.code, s.version) == (self.set, self.version))

    @property
    def citation(self) -> Citation:
        """The clause as a citation, with its period of force and confidence."""
        return self.edition.citation(self.printed)


class Proposal(NamedTuple):
    """A clause to look at: ``score`` is the share of its words found (0 to 1), ``words`` those words in the text."""

    clause: Clause
    score: float
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def sets() -> tuple[HazardSet, ...]:
    """Every edition of every list, held or not.

    >>> [s.number for s in sets() if s.code == "industry_trade"]
    ['安监总管四〔2017〕129号', '应急管理部令第10号']
    """
    return tuple(
        HazardSet(
            row["set"],
            row["version"],
            Wording(row["title_en"], row["title_zh"]),
            row["number"],
            int(row["issued"]),
            day(row["valid_from"]),
            day(row["valid_to"]),
            Confidence(row["confidence"]),
            Status(row["status"]),
            int(row["items"]) if row["items"] else None,
            row["note"],
        )
        for row in rows("major_hazard_sets")
    )


@lru_cache(maxsize=1)
def _clauses() -> tuple[Clause, ...]:
    return tuple(
        Clause(
            row["set"],
            row["version"],
            row["clause"],
            row["printed"],
            Wording(row["title_en"], row["title_zh"]),
            row["sector"],
            tuple(row["terms"].split()),
            Confidence(row["confidence"]),
            Status(row["status"]),
            row["source"],
            row["note"],
        )
        for row in rows("major_hazard_clauses")
        if row["clause"]
    )


@lru_cache(maxsize=1)
def _by_edition() -> dict[tuple[str, str], tuple[Clause, ...]]:
    found: dict[tuple[str, str], tuple[Clause, ...]] = {(s.code, s.version): () for s in sets()}
    for clause in _clauses():
        found[clause.set, clause.version] += (clause,)
    return found


def clauses_of(edition: HazardSet) -> tuple[Clause, ...]:
    """The clauses of one edition, in the order of the text; none where nothing of it is held.

    >>> [len(clauses_of(s)) for s in sets() if s.code == "industry_trade"]
    [0, 65]
    """
    return _by_edition()[edition.code, edition.version]


def sets_on(on: dt.date) -> tuple[HazardSet, ...]:
    """The editions in force on a day.

    >>> [s.version for s in sets_on(dt.date(2026, 10, 1)) if s.code == "chemicals"]
    ['2017', '2026']
    """
    return tuple(s for s in sets() if s.in_force(on))


def clauses(set: str, on: dt.date) -> tuple[Clause, ...]:
    """The clauses of a list in force on a day, in the order of the text.

    Raises ``KeyError`` for an unknown list and ``NotHeld`` when a list was in force but none of it is held.

    >>> len(clauses("industry_trade", dt.date(2026, 1, 1)))
    65
    >>> clauses("coal", dt.date(2026, 8, 1))
    Traceback (most recent call last):
    anlan.rules.refusal.NotHeld: no text held: 煤矿重大事故隐患判定标准（应急管理部令第21号） on 2026-08-01
    """
    editions = [s for s in sets() if s.code == set]
    if not editions:
        raise KeyError(set)
    valid = [s for s in editions if s.in_force(on)]
    found = tuple(clause for s in valid for clause in _by_edition()[s.code, s.version])
    if not found:
        named = f"{valid[0].title.zh}（{valid[0].number}）" if valid else f"{set}: no edition in force"
        raise NotHeld(named, on)
    return found


def clause(set: str, code: str, on: dt.date) -> Clause:
    """One clause of a list on a day; ``KeyError`` when the list has none of that code, ``NotHeld`` as ``clauses``.

    >>> found = clause("industry_trade", "13(2)", dt.date(2026, 1, 1))
    >>> str(found.citation)
    '《工贸企业重大事故隐患判定标准（应急管理部令第10号）》第十三条第（二）项'
    """
    for found in clauses(set, on):
        if found.code == code:
            return found
    raise KeyError(f"{set} {code}")


def not_held() -> tuple[HazardSet, ...]:
    """The lists of which nothing is here, for a page that says so.

    >>> "coal" in {s.code for s in not_held()}
    True
    """
    return tuple(s for s in sets() if s.status is Status.NOT_HELD)


class _Index(NamedTuple):
    """The word pairs of every clause and what its title weighs; how telling each pair is, the rarer the heavier."""

    pairs: dict[tuple[str, str, str], frozenset[str]]
    whole: dict[tuple[str, str, str], float]
    weight: dict[str, float]
    telling: frozenset[str]


@lru_cache(maxsize=1)
def _index() -> _Index:
    pairs = {}
    for c in _clauses():
        pairs[c.set, c.version, c.code] = bigrams(" , ".join((c.title.zh, *c.terms)).replace(" ", "，"))
    seen = Counter(pair for own in pairs.values() for pair in own)
    weight = {pair: log(len(pairs) / count) for pair, count in seen.items()}
    whole = {(c.set, c.version, c.code): sum(weight[pair] for pair in bigrams(c.title.zh)) for c in _clauses()}
    telling = frozenset(pair for pair, heavy in weight.items() if heavy >= log(len(pairs) / TELLING_COUNT))
    return _Index(pairs, whole, weight, telling)


def _asked(sector: str | Iterable[str] | None) -> frozenset[str] | None:
    if sector is None:
        return None
    asked = frozenset([sector] if isinstance(sector, str) else sector)
    if unknown := asked - SECTORS.keys():
        raise KeyError(f"unknown sector: {', '.join(sorted(unknown))}")
    return asked | ACROSS_TRADES if asked & (TRADES | ACROSS_TRADES) else asked


def propose(
    text: str, sector: str | Iterable[str] | None = None, *, on: dt.date, limit: int = 5, set: str | None = None
) -> tuple[Proposal, ...]:
    """Clauses in force on the day whose words occur in a hazard's description, the nearest first.

    ``sector`` narrows to one or several of ``SECTORS`` (a trade brings the articles that reach across trades), ``set``
    to one list; ``None`` asks all. Words are compared by character pairs, rare pairs weighing more; the same text and
    table always give the same answer. The system proposes, a person decides.
    >>> found = propose("污水池清淤作业未办理有限空间作业审批，现场无监护人", on=dt.date(2026, 5, 1))
    >>> found[0].clause.code, "有限空间作业" in found[0].words
    ('13(2)', True)
    >>> propose("地面有一处油污", on=dt.date(2026, 5, 1))
    ()
    """
    wanted = bigrams(text)
    asked = _asked(sector)
    index = _index()
    ranked = []
    for edition in sets_on(on):
        if set is not None and edition.code != set:
            continue
        for order, c in enumerate(_by_edition()[edition.code, edition.version]):
            if asked is not None and c.sector not in asked:
                continue
            key = (c.set, c.version, c.code)
            common = wanted & index.pairs[key]
            if common.isdisjoint(index.telling):
                continue
            score = min(sum(index.weight[pair] for pair in common) / index.whole[key], 1.0)
            if score >= LEAST_SCORE:
                ranked.append((-score, edition.code, -int(edition.version), order, c, frozenset(common)))
    ranked.sort(key=lambda item: item[:4])
    return tuple(
        Proposal(c, round(-score, 3), shared_words(text, common)) for score, _, _, _, c, common in ranked[:limit]
    )
