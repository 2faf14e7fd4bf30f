"""统一社会信用代码与行政区划代码 in the book: whether a code is sound, what it says, what to correct."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules import admin_code, uscc
from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Editions, held, not_in_force
from anlan.rules.inputs import Input, given
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

GB32100 = Citation(
    uscc.GB32100.law, uscc.GB32100.article, valid_from=dt.date(2015, 10, 1), note="its day of force is from memory"
)
USCC_EDITIONS: Editions[bool] = Editions("uscc", not_in_force(EVER, GB32100), held(dt.date(2015, 10, 1), GB32100, True))
CODE_EDITIONS = Editions("admin_code", held(EVER, admin_code.GBT2260, True))
DAY = dt.date(2026, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Uscc(Input):
    """A code as typed."""

    code: str = given("Unified social credit code", "统一社会信用代码", longest=40)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether it is valid, as it should be written, its parts, what is wrong and what is doubtful."""

    valid: bool
    code: str
    area: str | None
    organisation: str | None
    problems: tuple[Wording, ...]
    doubts: tuple[Wording, ...]
    provisional: bool


@rule(
    "uscc",
    Wording("Unified social credit code", "统一社会信用代码校验"),
    theme="codes",
    about=Wording(
        "whether the code is valid, its parts, and which character to correct", "代码是否有效、各组成部分、应更正的位"
    ),
    takes=Uscc,
    editions=USCC_EDITIONS,
    examples=(
        Example(
            {"code": "91110000600037341L"},
            DAY,
            {"valid": True, "area": "110000", "organisation": "60003734-1"},
            "GB 32100-2015",
        ),
        Example(
            {"code": "９１４４０３００708461136t"}, DAY, {"valid": True, "code": "91440300708461136T"}, "全角、小写"
        ),
        Example({"code": "91350211M000100Y43"}, DAY, {"valid": False}, "校验码不符"),
    ),
    bounds=Wording(
        "it says whether a code is well formed, not whether it was ever given", "仅校验代码结构，不能证明该代码已经赋予"
    ),
)
def uscc_checked(asked: Uscc, on: dt.date) -> Finding[Checked]:
    """The code as it should be written and what is wrong with it.

    >>> [p.zh for p in uscc_checked(Uscc(code="91350211M000100Y43"), DAY).value.problems]
    ['校验码不符：第18位应为“6”，请核对营业执照原件']
    """
    edition = USCC_EDITIONS.on(on)
    code = uscc.normalise(asked.code)
    wrong, temporary = uscc.problems(code), uscc.is_provisional(code)
    valid = not wrong
    steps = [Wording(f"written as {code}", f"规范写法：{code}")]
    if temporary:
        steps.append(
            Wording("a provisional number of this platform, no code", "为本平台临时编号，不是统一社会信用代码")
        )
    elif valid:
        steps.append(
            Wording(
                f"check character over 17 places: {uscc.check_character(code[:-1])}",
                f"按前17位计算校验码：{uscc.check_character(code[:-1])}",
            )
        )
    steps += wrong if not temporary else ()
    value = Checked(
        valid,
        code,
        uscc.adcode(code) if valid else None,
        uscc.organisation_code(code) if valid else None,
        wrong,
        uscc.doubts(code),
        temporary,
    )
    return Finding(value, (edition.citation, uscc.GB11714), {}, tuple(steps))


@dataclass(frozen=True, kw_only=True)
class Area(Input):
    """A code of 6, 9 or 12 digits."""

    code: str = given("Administrative code", "行政区划代码", longest=12)


@dataclass(frozen=True, slots=True)
class Placed:
    """Whether its structure is sound, in twelve digits, its level, what lies above it, what is wrong."""

    valid: bool
    code: str
    level: str | None
    above: tuple[str, ...]
    problems: tuple[Wording, ...]


@rule(
    "admin_code",
    Wording("Administrative division code", "行政区划代码校验"),
    theme="codes",
    about=Wording(
        "whether the structure is sound, its level, and the codes above it", "代码结构是否正确、所属层级和上级代码"
    ),
    takes=Area,
    editions=CODE_EDITIONS,
    examples=(
        Example({"code": "441481"}, DAY, {"level": "county", "above": ["440000000000", "441400000000"]}, "兴宁市"),
        Example({"code": "441900003"}, DAY, {"level": "town"}, "东莞市：不设县的市"),
        Example({"code": "440005"}, DAY, {"valid": False}, "缺地级代码"),
    ),
    bounds=Wording("structure only: it does not say whether such a place exists", "仅校验结构，不能证明该区划存在"),
)
def admin_code_checked(asked: Area, on: dt.date) -> Finding[Placed]:
    """The structure of an administrative code.

    >>> admin_code_checked(Area(code="441481"), DAY).value.level
    'county'
    """
    edition = CODE_EDITIONS.on(on)
    wrong = admin_code.problems(asked.code)
    code = asked.code if wrong else admin_code.full(asked.code)
    level = None if wrong else str(admin_code.level_of(code))
    above = () if wrong else admin_code.ancestors(code)
    steps = wrong or (
        Wording(f"{code}: {level}, under {', '.join(above) or 'none'}", f"{code}：上级代码{'、'.join(above) or '无'}"),
    )
    return Finding(
        Placed(not wrong, code, level, above, wrong), (edition.citation, admin_code.TWELVE_DIGITS), {}, steps
    )
