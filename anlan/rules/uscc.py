"""统一社会信用代码 (GB 32100-2015), its organisation part (GB 11714), and the platform's own provisional number.

Eighteen characters: registering department, kind of organisation, six digits of the registering office's area
(GB/T 2260), nine of the organisation, one check character. The alphabet leaves out I, O, S, V and Z, so a
letter O typed for a zero is refused and named, never silently changed: the clerk corrects the document, not we.
"""

from __future__ import annotations

import re
from operator import getitem, mul

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.wording import Wording

GB32100 = Citation("法人和其他组织统一社会信用代码编码规则", "GB 32100-2015", Confidence.A)
GB11714 = Citation("全国组织机构代码编制规则", "GB 11714", Confidence.A)
PROVISIONAL = Citation(
    "本地规定", "临时编号规则", Confidence.A, Level.LOCAL, note="a convention of this platform, not a national code"
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^(i−1) mod 31
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
LENGTH = 18
PROVISIONAL_PREFIX = "TMP"

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# For each of the 18 places, what a character allowed there adds to a sum that 31 divides when the code is right.
_WEIGHED = tuple(
    {char: value * weight for char, value in _VALUES.items() if char.isdigit() or not 2 <= place <= 7}
    for place, weight in enumerate((*WEIGHTS, 1))
)
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def normalise(text: str) -> str:
    """The code as it should be written: half-width, upper case, without spaces or invisible characters.

    Nothing else is touched: O and I stay as typed, so that ``problems`` can name them.

    >>> normalise(" ９１１１００００ 600037341l ")
    '91110000600037341L'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return _BLANK.sub("", text.translate(_WIDTH)).upper()


def check_character(first17: str) -> str:
    """The 18th character: alphabet[(31 − Σ CᵢWᵢ mod 31) mod 31], GB 32100-2015.

    Raises ``ValueError`` when there are not 17 characters of the alphabet.

    >>> check_character("91440300708461136")
    'T'
    """
    if len(first17) != LENGTH - 1 or any(c not in ALPHABET for c in first17):
        raise ValueError("17 characters of the GB 32100 alphabet are needed")
    return ALPHABET[-sum(map(mul, map(_VALUES.__getitem__, first17), WEIGHTS)) % 31]


def organisation_check(first8: str) -> str:
    """The ninth character of an organisation code: 11 − Σ CᵢWᵢ mod 11, ten written X, eleven 0 (GB 11714).

    Letters count 10 to 35. Raises ``ValueError`` when there are not eight digits or capital letters.

    >>> organisation_check("60003734"), organisation_check("M000100Y")
    ('1', '4')
    """
    if not re.fullmatch(r"[0-9A-Z]{8}", first8):
        raise ValueError("eight digits or capital letters are needed")
    total = sum(int(c, 36) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def problems(code: str) -> tuple[Wording, ...]:
    """What is wrong with a normalised code; empty when it is a valid one. GB 32100-2015.

    >>> problems("91110000600037341L")
    ()
    >>> [p.zh for p in problems("911100O060003734IL")]
    ['第7位不能是“O”（应为数字0？）', '第17位不能是“I”（应为数字1？）']
    >>> [p.zh for p in problems("91350211M000100Y43")]
    ['校验码不符：第18位应为“6”，请核对营业执照原件']
    """
    if len(code) == LENGTH:
        try:
            if not sum(map(getitem, _WEIGHED, code)) % 31:
                return ()  # a ledger holds hundreds of thousands that are right
        except KeyError:
            pass  # a character that cannot stand there: named below
    if len(code) != LENGTH:
        return (
            Wording(
                f"must have 18 characters, has {len(code)}; copy it from the licence",
                f"应为18位，现为{len(code)}位，请按营业执照原件填写",
            ),
        )
    found = []
    for place, char in enumerate(code, 1):
        if char in ALPHABET:
            if 3 <= place <= 8 and not char.isdigit():
                found.append(
                    Wording(
                        f"character {place} must be a digit (area of registration), is “{char}”",
                        f"第{place}位应为数字（登记机关行政区划），现为“{char}”",
                    )
                )
        else:
            hint_en, hint_zh = {
                "O": (" (a zero?)", "（应为数字0？）"),
                "I": (" (a one?)", "（应为数字1？）"),
                "Z": (" (a two?)", "（应为数字2？）"),
                "S": (" (a five?)", "（应为数字5？）"),
            }.get(char, ("", ""))
            found.append(
                Wording(f"character {place} cannot be “{char}”{hint_en}", f"第{place}位不能是“{char}”{hint_zh}")
            )
    if not found and (right := check_character(code[:-1])) != code[-1]:
        found.append(
            Wording(
                f"the check character does not fit: the 18th would be “{right}”; compare the licence",
                f"校验码不符：第18位应为“{right}”，请核对营业执照原件",
            )
        )
    return tuple(found)


def doubts(code: str) -> tuple[Wording, ...]:
    """What to ask about a valid code without refusing it: an organisation part that GB 11714 would not give.

    Refusing would turn away registered codes: only the 18th character is the check of GB 32100 itself.

    >>> doubts("91110000600037341L")
    ()
    """
    if not is_valid(code) or organisation_check(code[8:16]) == code[16]:
        return ()
    return (
        Wording(
            "characters 9 to 17 do not satisfy the organisation code's own check (GB 11714); compare the licence",
            "第9至17位不符合组织机构代码校验规则（GB 11714），请核对营业执照原件",
        ),
    )


def is_valid(code: str) -> bool:
    """True for a normalised, correct code.

    >>> is_valid("91440300708461136T"), is_valid("91440300708461136U")
    (True, False)
    """
    return not problems(code)


def adcode(code: str) -> str:
    """The six-digit area of the registering office; ``ValueError`` for an invalid code.

    It says where the unit was registered, not where its sites are.

    >>> adcode("91440300708461136T")
    '440300'
    """
    if not is_valid(code):
        raise ValueError(f"not a valid unified social credit code: {code}")
    return code[2:8]


def organisation_code(code: str) -> str:
    """The organisation code inside, written with its hyphen; ``ValueError`` for an invalid code.

    >>> organisation_code("91110000600037341L")
    '60003734-1'
    """
    if not is_valid(code):
        raise ValueError(f"not a valid unified social credit code: {code}")
    return f"{code[8:16]}-{code[16]}"


def make_valid(prefix8: str, serial: int) -> str:
    """A valid code for invented units: the same one for the same arguments, a different one for every serial.

    ``prefix8`` is department, kind and area, for example ``91441481``; ``serial`` runs from 0 to 31⁶ − 1.
    The organisation part starts with MA, as codes given since 2015 do, and satisfies GB 11714 as well.

    >>> make_valid("91441481", 0), make_valid("91441481", 1)
    ('91441481MA00000073', '91441481MA0000015X')
    """
    if not 0 <= serial < 31**6:
        raise ValueError(f"serial must be from 0 to {31**6 - 1}")
    body = ""
    for _ in range(6):
        serial, digit = divmod(serial, 31)
        body = ALPHABET[digit] + body
    first17 = prefix8 + "MA" + body + organisation_check("MA" + body)
    code = first17 + check_character(first17)
    if found := problems(code):
        raise ValueError(f"prefix {prefix8}: {found[0]}")
    return code


def make_provisional(adcode6: str, serial: int) -> str:
    """A provisional number for a site without a code: TMP, area, eight digits, check character.

    A convention of this platform (本地规定), eighteen characters wide so that it fits the same column; its third
    character is a letter, where a unified social credit code has a digit, so the two cannot be confused.

    >>> make_provisional("441481", 12)
    'TMP44148100000012R'
    """
    if not re.fullmatch(r"[0-9]{6}", adcode6) or not 0 <= serial < 10**8:
        raise ValueError("a six-digit area and a serial from 0 to 99999999 are needed")
    first17 = f"{PROVISIONAL_PREFIX}{adcode6}{serial:08d}"
    return first17 + check_character(first17)


def is_provisional(code: str) -> bool:
    """True for a number made by ``make_provisional``, its check character included.

    >>> is_provisional(make_provisional("441481", 12)), is_provisional("91440300708461136T")
    (True, False)
    """
    return bool(re.fullmatch(rf"{PROVISIONAL_PREFIX}[0-9]{{14}}.", code)) and (check_character(code[:-1]) == code[-1])
