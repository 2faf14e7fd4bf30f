"""危险化学品重大危险源辨识与分级: GB 18218-2018, one unit of production or storage at a time.

S = Σ q/Q; from S = 1 on the unit is a major hazard installation, and R = α Σ β q/Q gives its level. Quantities are
exact fractions; nothing is rounded before a bound is compared. What is stored counts by its design maximum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from anlan.rules.citation import Citation, Finding
from anlan.rules.gb18218 import CLASS_EDITIONS, EDITIONS, IN_FORCE, STANDARD, SYMBOLS, TABLES, Factor, Tables, factor
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

IDENTIFICATION = STANDARD.at("式（1）")
GRADING = STANDARD.at("式（2）")


class Unit(StrEnum):
    """What is judged on its own: a production unit up to its shut-off valves, or a storage unit."""

    PRODUCTION = "production"
    STORAGE = "storage"


UNIT_NAMES = {
    Unit.PRODUCTION: Wording("production unit", "生产单元"),
    Unit.STORAGE: Wording("storage unit", "储存单元"),
}


class Basis(StrEnum):
    """How a quantity was determined."""

    DESIGN_MAXIMUM = "design_maximum"
    ACTUAL = "actual"


BASIS_NAMES = {
    Basis.DESIGN_MAXIMUM: Wording("design maximum", "设计最大量"),
    Basis.ACTUAL: Wording("actual quantity", "实际存在量"),
}


@dataclass(frozen=True, kw_only=True)
class Holding(Input):
    """One substance in the unit, by name, CAS number, row of Table 1 or category of Table 2, with its tonnes."""

    tonnes: Decimal = given("Quantity", "数量", unit="t", least=0)
    substance: str | None = given("Name or alias of the substance", "物质名称或别名", default=None)
    cas: str | None = given("CAS number", "CAS 号", default=None, longest=15)
    category: str | None = given("Hazard category of Table 2", "表2危险性类别", choices=SYMBOLS, default=None)
    categories: tuple[str, ...] = given("Further hazard categories", "其他危险性类别", choices=SYMBOLS, default=())
    entry: int | None = given("Number in Table 1", "表1序号", least=1, most=85, default=None)
    basis: Basis = given("Basis of the quantity", "数量依据", choices=BASIS_NAMES, default=Basis.DESIGN_MAXIMUM)

    def consistent(self) -> None:
        """It can be looked up."""
        _ = self.factor

    @property
    def factor(self) -> Factor:
        """Threshold and β; ``BadInput`` where the standard does not give them."""
        symbols = (self.category, *self.categories) if self.category else self.categories
        return factor(self.substance, self.cas, self.entry, symbols)


@dataclass(frozen=True, kw_only=True)
class Installation(Input):
    """One unit: all its holdings together, and the persons living within 500 m of the site's boundary."""

    holdings: tuple[Holding, ...] = given("Substances in the unit", "单元内危险化学品")
    exposed: int | None = given(
        "Persons living within 500 m outside the site",
        "厂区边界外500米范围内常住人口数量",
        unit="persons",
        least=0,
        default=None,
    )
    unit: Unit | None = given("Kind of unit", "单元类型", choices=UNIT_NAMES, default=None)

    def consistent(self) -> None:
        """Something is held."""
        if not self.holdings:
            raise BadInput(
                "holdings",
                Wording("is empty", "为空"),
                Wording("at least one substance with its tonnes", "至少一种物质及其数量"),
            )


@dataclass(frozen=True, slots=True)
class Share:
    """What one holding adds: its threshold Q in tonnes, q/Q, β and β q/Q (``None`` where β is not known)."""

    substance: str
    tonnes: Decimal
    basis: Basis
    threshold_t: Fraction
    ratio: Fraction
    beta: Fraction | None
    weighted: Fraction | None
    table1_entry: int | None
    symbol: str | None


@dataclass(frozen=True, slots=True)
class Grading:
    """S, whether it is a major hazard installation, R (``None`` where α or a β is not known) and the level 1 to 4.

    ``level`` is ``None`` below S = 1. ``by_design_maximum`` is false where a quantity is only the actual one.
    """

    S: Fraction
    is_major: bool
    R: Fraction | None
    level: int | None
    level_name: Wording | None
    alpha: Fraction | None
    unit: Unit | None
    by_design_maximum: bool
    holdings: tuple[Share, ...]


@lru_cache(maxsize=65536)
def _ratio(tonnes: Decimal, threshold_t: Fraction) -> Fraction:
    return Fraction(tonnes) / threshold_t


def _sums(held: Iterable[tuple[Factor, Decimal]]) -> tuple[Fraction, Fraction | None]:
    """S and Σ β q/Q, exact, added over a common denominator."""
    s, weighted = Fraction(0), Fraction(0)
    known = True
    for of, tonnes in held:
        ratio = _ratio(tonnes, of.threshold_t)
        s += ratio
        if of.beta is None:
            known = known and not tonnes
        else:
            weighted += of.beta * ratio
    return s, weighted if known else None


def _graded(
    s: Fraction, weighted: Fraction | None, exposed: int | None, by: Tables
) -> tuple[Fraction | None, int | None, Wording | None, Fraction | None]:
    """R, level, its name and α from the sums."""
    alpha = None if exposed is None else by.alpha(exposed)
    r = None if alpha is None or weighted is None else alpha * weighted
    if s < 1 or r is None:
        return r, None, None, alpha
    level, name = by.level(r)
    return r, level, name, alpha


def regrade(
    installations: Iterable[tuple[Iterable[tuple[Factor, Decimal]], int]], on: dt.date
) -> Iterator[tuple[Fraction, Fraction | None, int | None]]:
    """S, R and level of many units by the edition of one day, without the working; the same sums as ``major_hazard``.

    Each unit is its holdings, (``gb18218.factor(…)``, tonnes), and the persons exposed. A unit whose R cannot be
    reckoned because a β is not known answers ``None`` for R and level, though S may reach 1.

    >>> ammonia = factor("液氨")
    >>> [(float(s), float(r), level) for s, r, level in regrade([([(ammonia, Decimal(40))], 120)], IN_FORCE)]
    [(4.0, 16.0, 3)]
    """
    by = EDITIONS.on(on).held
    for held, exposed in installations:
        s, weighted = _sums(held)
        r, level, _name, _alpha = _graded(s, weighted, exposed, by)
        yield s, r, level


def _shown(number: Fraction) -> str:
    """A fraction for reading: six significant decimals at most; a bound is never crossed by it."""
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


EXAMPLES = (
    Example(
        {"holdings": [{"substance": "液氨", "tonnes": 40}], "exposed": 120},
        dt.date(2026, 3, 1),
        {"S": 4, "is_major": True, "R": 16, "level": 3},
        "表1序号1、表3、表5、表6：2.0×2×40/10",
    ),
    Example(
        {
            "holdings": [{"cas": "7664-41-7", "tonnes": 5}, {"category": "W5.3", "tonnes": 400}],
            "exposed": 0,
            "unit": "storage",
        },
        dt.date(2026, 3, 1),
        {"S": 0.9, "is_major": False, "R": 0.7, "level": None},
        "表1序号1、表2 W5.3：5/10+400/1000",
    ),
    Example(
        {"holdings": [{"substance": "光气", "tonnes": "0.3"}], "exposed": 100, "unit": "production"},
        IN_FORCE,
        {"S": 1, "is_major": True, "R": 40, "level": 3},
        "表1序号6、表3、表5：2.0×20×0.3/0.3",
    ),
    Example(
        {
            "holdings": [
                {"cas": "630-08-0", "category": "J3", "categories": ["W2"], "tonnes": 20},
                {"substance": "硝化棉", "entry": 40, "tonnes": 50, "category": "W10"},
            ],
            "exposed": 30,
        },
        dt.date(2026, 3, 1),
        {"S": 3, "R": 6, "level": 4, "alpha": 1.2},
        "表2取最小临界量10，表3一氧化碳β=2；表1序号40",
    ),
)


@rule(
    "major_hazard",
    Wording("Major hazard installation and its level", "危险化学品重大危险源辨识与分级"),
    theme="major_hazards",
    about=Wording(
        "whether a unit is a major hazard installation (S = Σ q/Q) and of which level (R = α Σ β q/Q)",
        "辨识单元是否构成危险化学品重大危险源（S＝Σq/Q），并按R＝αΣβq/Q确定级别",
    ),
    takes=Installation,
    editions=(EDITIONS, CLASS_EDITIONS),
    examples=EXAMPLES,
    bounds=Wording(
        "one unit at a time; a mixture of the same hazard class counts whole as its substance, any other by its own "
        "category; where several categories are given the smallest Q and the largest β of Table 4 are taken: of β the "
        "standard does not say; the category of a Table 1 substance outside Table 3 is the common one where none is "
        "given, to be verified against its data sheet; clauses are cited by table or formula",
        "逐个单元辨识；混合物与其纯物质属相同危险类别的按混合物整体计算，否则按新危险类别；"
        "具有多种危险性类别的，Q取最小值，β取表4中最大值（标准对β未作规定）；表1所列而表3未列的物质未填类别时，"
        "按常见分类取用，须以其安全技术说明书核实；依据标注至表或者公式",
    ),
)
def major_hazard(asked: Installation, on: dt.date) -> Finding[Grading]:
    """Identification and grading of one unit.

    >>> chlorine = Holding(substance="氯", tonnes=Decimal(5))
    >>> value = major_hazard(Installation(holdings=(chlorine,), exposed=0), IN_FORCE).value
    >>> (value.S, value.R, value.level)
    (Fraction(1, 1), Fraction(2, 1), 4)
    >>> Holding(substance="甲醛", tonnes=Decimal(5))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.BadInput: substance: is 甲醛, which Table 1 enters by content: say which entry; \
accepted: entry 8 (甲醛(含量>90%)); outside these contents, the category alone
    """
    edition = EDITIONS.on(on)
    factors = [holding.factor for holding in asked.holdings]
    s, weighted = _sums((of, holding.tonnes) for of, holding in zip(factors, asked.holdings, strict=True))
    if s >= 1:
        _complete(asked, factors)
    r, level, name, alpha = _graded(s, weighted, asked.exposed, edition.held)
    citations: list[Citation] = [IDENTIFICATION]
    steps: list[Wording] = []
    shares = []
    for of, holding in zip(factors, asked.holdings, strict=True):
        ratio = _ratio(holding.tonnes, of.threshold_t)
        product = None if of.beta is None else of.beta * ratio
        shares.append(
            Share(of.name, holding.tonnes, holding.basis, of.threshold_t, ratio, of.beta, product, of.entry, of.symbol)
        )
        citations += of.citations
        q, quotient, tonnes = _shown(of.threshold_t), _shown(ratio), f"{holding.tonnes.normalize():f}"
        beta = "–" if of.beta is None else _shown(of.beta)
        basis = BASIS_NAMES[holding.basis]
        steps.append(
            Wording(
                f"{of.name}: {tonnes} t ({basis}) / Q {q} t ({of.q_from}) = {quotient}; "
                f"β {beta} ({of.beta_from})",
                f"{of.name}：{tonnes}吨（{basis.zh}）÷临界量{q}吨（{of.q_from.zh}）＝{quotient}；"
                f"β＝{beta}（{of.beta_from.zh}）",
            )
        )
    by_design = all(holding.basis is Basis.DESIGN_MAXIMUM for holding in asked.holdings)
    if not by_design:
        steps.append(
            Wording(
                "the standard asks the design maximum of tanks, containers, equipment and storage areas: "
                "with actual quantities this is no identification by it",
                "标准要求储罐及其他容器、设备或仓储区按设计最大量确定：按实际存在量计算的结果不作为辨识结论",
            )
        )
    steps += _summed(s, r, weighted, alpha, asked.exposed, level, name)
    if alpha is not None:
        citations.append(TABLES[5])
    if level is not None:
        citations += [GRADING, TABLES[6]]
    value = Grading(s, s >= 1, r, level, name, alpha, asked.unit, by_design, tuple(shares))
    return Finding(value, tuple(dict.fromkeys(citations)), {}, tuple(steps))


def _complete(asked: Installation, factors: list[Factor]) -> None:
    """From S = 1 on R must be reckoned: the persons exposed and every β are needed."""
    wrong = [
        BadInput(
            f"holdings[{at}].category",
            Wording(f"is missing: {of.beta_from}", f"缺失：{of.beta_from.zh}"),
            Wording(", ".join(SYMBOLS), "、".join(SYMBOLS)),
        )
        for at, (of, holding) in enumerate(zip(factors, asked.holdings, strict=True))
        if of.beta is None and holding.tonnes
    ]
    if asked.exposed is None:
        wrong.append(
            BadInput(
                "exposed",
                Wording("is missing: from S = 1 on the level depends on it (α)", "缺失：S≥1时须据以确定α值并分级"),
                Wording("a whole number (persons) from 0", "不小于0的整数（人）"),
            )
        )
    if wrong:
        raise BadInput(wrong[0].field, wrong[0].why, wrong[0].accepted, wrong[1:])


def _summed(
    s: Fraction,
    r: Fraction | None,
    weighted: Fraction | None,
    alpha: Fraction | None,
    exposed: int | None,
    level: int | None,
    name: Wording | None,
) -> list[Wording]:
    """The last sentences of the working."""
    if s < 1:
        close = " (exactly: below 1)" if _shown(s) == "1" else ""
        said = [
            Wording(
                f"S = {_shown(s)}{close}, below 1: no major hazard installation, no level",
                f"S＝{_shown(s)}{'（精确值小于1）' if close else ''}，小于1：不构成危险化学品重大危险源，不定级",
            )
        ]
    else:
        said = [
            Wording(
                f"S = {_shown(s)}, not below 1: a major hazard installation",
                f"S＝{_shown(s)}≥1：构成危险化学品重大危险源",
            )
        ]
    if r is not None and weighted is not None and alpha is not None:
        said.append(
            Wording(
                f"α {_shown(alpha)} ({exposed} persons); "
                f"R = α Σ β q/Q = {_shown(alpha)} × {_shown(weighted)} = {_shown(r)}",
                f"α＝{_shown(alpha)}（{exposed}人）；R＝αΣβq/Q＝{_shown(alpha)}×{_shown(weighted)}＝{_shown(r)}",
            )
        )
    if level is not None and name is not None:
        said.append(Wording(f"{name} by Table 6", f"按表6为{name.zh}重大危险源"))
    return said
