"""证照有效期与到期办理: until when a licence or certificate holds, and by when it is renewed or reviewed.

Special operations: until 31 May 2026 a card of six years was reviewed every three (order 30); order 19, in force from
1 June 2026, abolished the review for every card whose review would fall on or after that day, and the card is
replaced when it runs out. The review of a card is judged by the text of the day the review falls on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held, not_in_force
from anlan.rules.inputs import Input, given
from anlan.rules.limits import UNDATED, months_before, spoken, undated
from anlan.rules.permit_clock import EQUIPMENT
from anlan.rules.permit_texts import (
    CHEMICALS,
    CHEMICALS_2011,
    CHEMICALS_FROM,
    HAZCHEM,
    HAZCHEM_FROM,
    PERMITS,
    PERMITS_2013,
    PERMITS_FROM,
)
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

ONE = dt.timedelta(days=1)
REVIEW_ENDS = dt.date(2026, 6, 1)
ORDER_30 = Citation(
    "特种作业人员安全技术培训考核管理规定",
    "",
    Confidence.C,
    valid_from=UNDATED,
    valid_to=REVIEW_ENDS - ONE,
    note="its own first day is not held; answered from 2016 only",
    number="安监总局令第30号",
)
ORDER_19 = Citation(
    "特种作业人员安全技术培训考核管理规定",
    "",
    Confidence.B,
    valid_from=REVIEW_ENDS,
    note="from press reports of the order",
    number="应急管理部令第19号",
)
AGENCIES_2026 = Citation(
    "安全评价检测检验机构管理办法", "", valid_from=dt.date(2026, 1, 1), note="revised in 2026, day and text not held",
    number="应急管理部令第1号，第20号修订",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Validity:
    """Months a certificate holds; months or days before the end by which renewal is asked for; months to a review."""

    months: int
    renew_months: int = 0
    renew_days: int = 0
    review_months: int = 0
    at_most: bool = False
    said: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """One kind of licence or certificate."""

    code: str
    label: Wording
    editions: Editions[Validity]


def _kind(code: str, label: Wording, *editions: Edition[Validity]) -> Certificate:
    return Certificate(code, label, Editions(f"certificate_due: {code}", *editions, label=label))


def _recalled(
    law: str, number: str, validity: Validity, confidence: Confidence = Confidence.C
) -> tuple[Edition[Validity], ...]:
    citation = undated(law, "", confidence, number)
    before = Citation(law, "（2016年前）", valid_to=UNDATED - ONE, number=number)
    return (not_held(EVER, before), held(UNDATED, citation, validity))


WITHOUT_REVIEW = Wording(
    "without a fatal accident and with the law kept, extended three years without review when the authority agrees",
    "有效期内严格遵守安全生产法律法规、未发生死亡事故的，经原颁发机关同意，不再审查，延期3年",
)
SIX_YEARS, THREE_YEARS = 72, 36
PERMIT = PERMITS.at("第九条第一款")
CERTIFICATES = {
    one.code: one
    for one in (
        _kind(
            "special_operation",
            Wording("Special operations card", "特种作业操作证"),
            not_held(EVER, Citation(ORDER_30.law, "（2016年前）", number=ORDER_30.number)),
            held(UNDATED, ORDER_30, Validity(SIX_YEARS, review_months=THREE_YEARS)),
            held(REVIEW_ENDS, ORDER_19, Validity(SIX_YEARS)),
        ),
        _kind(
            "safety_permit",
            Wording("Work safety permit", "安全生产许可证"),
            not_held(EVER, PERMITS_2013),
            held(PERMITS_FROM, PERMIT, Validity(THREE_YEARS, renew_months=3, said=(WITHOUT_REVIEW,))),
        ),
        _kind(
            "hazchem_business",
            Wording("Hazardous chemicals business licence", "危险化学品经营许可证"),
            *_recalled("危险化学品经营许可证管理办法", "安监总局令第55号", Validity(THREE_YEARS, renew_months=3)),
        ),
        _kind(
            "hazchem_use",
            Wording("Hazardous chemicals use licence", "危险化学品安全使用许可证"),
            *_recalled("危险化学品安全使用许可证实施办法", "安监总局令第57号", Validity(THREE_YEARS, renew_months=3)),
        ),
        _kind(
            "fireworks_production",
            Wording("Fireworks work safety permit", "烟花爆竹安全生产许可证"),
            not_held(EVER, PERMITS_2013),
            held(PERMITS_FROM, PERMIT, Validity(THREE_YEARS, renew_months=3, said=(WITHOUT_REVIEW,))),
        ),
        _kind(
            "fireworks_wholesale",
            Wording("Fireworks wholesale licence", "烟花爆竹经营（批发）许可证"),
            *_recalled("烟花爆竹经营许可实施办法", "安监总局令第65号", Validity(THREE_YEARS, renew_months=3)),
        ),
        _kind(
            "fireworks_retail",
            Wording("Fireworks retail licence", "烟花爆竹经营（零售）许可证"),
            *_recalled("烟花爆竹经营许可实施办法", "安监总局令第65号", Validity(24, at_most=True)),
        ),
        _kind(
            "assessment_agency",
            Wording("Qualification of an assessment or testing agency", "安全评价检测检验机构资质"),
            not_held(EVER, Citation(AGENCIES_2026.law, "（2020年前）", valid_to=dt.date(2019, 12, 31))),
            held(
                dt.date(2020, 1, 1),
                Citation(
                    AGENCIES_2026.law,
                    "",
                    Confidence.C,
                    valid_from=dt.date(2020, 1, 1),
                    valid_to=dt.date(2025, 12, 31),
                    note="its own first day is not held; answered from 2020 only",
                    number="应急管理部令第1号",
                ),
                Validity(60, renew_months=3),
            ),
            not_held(dt.date(2026, 1, 1), AGENCIES_2026),
        ),
        _kind(
            "safety_manager",
            Wording(
                "Proof of knowledge and ability of principals and safety managers",
                "主要负责人和安全生产管理人员安全生产知识和管理能力考核合格证明",
            ),
            *_recalled("安全生产培训管理办法", "安监总局令第44号", Validity(THREE_YEARS, renew_days=30)),
        ),
        _kind(
            "safety_assessment",
            Wording(
                "Safety assessment of units that make or store hazardous chemicals", "危险化学品生产、储存企业安全评价"
            ),
            not_held(EVER, CHEMICALS_2011),
            held(CHEMICALS_FROM, CHEMICALS.at("第二十二条第一款"), Validity(THREE_YEARS)),
            held(HAZCHEM_FROM, HAZCHEM.at(""), Validity(THREE_YEARS)),
        ),
        _kind(
            "special_equipment_staff",
            Wording("Special equipment operator's certificate", "特种设备作业人员证"),
            *_recalled("特种设备作业人员监督管理办法", "", Validity(48), Confidence.D),
        ),
        _kind(
            "safety_engineer",
            Wording("Registration of a certified safety engineer", "注册安全工程师注册"),
            *_recalled("注册安全工程师管理规定", "", Validity(60), Confidence.D),
        ),
        _kind(
            "special_equipment",
            Wording("Periodic inspection of special equipment", "特种设备定期检验"),
            not_in_force(EVER, EQUIPMENT),
            held(EQUIPMENT.valid_from, EQUIPMENT.at("第四十条第一款"), Validity(0, renew_months=1)),
        ),
    )
}
LABELS = {code: one.label for code, one in CERTIFICATES.items()}
TEN_YEARS = Wording(
    "ten years of continuous work and no breach: reviewed once in six years, with the end of the card",
    "连续从事本工种10年以上、严格遵守安全生产法律法规的，复审时间可以延长至每6年一次",
)


@dataclass(frozen=True, kw_only=True)
class Held(Input):
    """A certificate in somebody's hands."""

    kind: str = given("Kind", "证照种类", choices=LABELS)
    issued: dt.date = given("First day of validity", "有效期起始日期")
    expires: dt.date | None = given(
        "Last day printed on it",
        "证载有效期截止日期",
        hint=Wording("the years by the rule, if not given", "未填按规定年限推算"),
        default=None,
    )
    reviewed: dt.date | None = given("Day of the last review passed", "最近一次复审合格日期", default=None)
    ten_years: bool = given(
        "Ten years of continuous special operations without a breach", "连续从事本工种10年以上且无违法", default=False
    )

    def consistent(self) -> None:
        """It ends after it begins; a review lies within."""
        for name in ("expires", "reviewed"):
            day = getattr(self, name)
            if day is not None and day < self.issued:
                raise BadInput(
                    name,
                    Wording(f"is {day}, before the first day", f"为{day}，早于有效期起始日期"),
                    Wording(f"a date from {self.issued}", f"不早于{self.issued}的日期"),
                )
        if self.kind == "special_equipment" and self.expires is None:
            raise BadInput(
                "expires",
                Wording("is missing: the interval stands in the inspection report", "缺失：检验周期以检验报告载明为准"),
                Wording("a date such as 2026-03-01", "日期，如 2026-03-01"),
            )


@dataclass(frozen=True, slots=True)
class CertificateTerm:
    """Last day, the day by which renewal is asked for, the day of the review due, and whether it holds.

    ``at_most`` marks an end the issuer may set earlier.
    """

    kind: str
    name: Wording
    expires: dt.date
    renew_by: dt.date | None
    review_due: dt.date | None
    valid: bool
    at_most: bool


def _review(
    one: Certificate, asked: Held, expires: dt.date
) -> tuple[dt.date | None, tuple[Citation, ...], tuple[Wording, ...]]:
    """The next review, by the text of the day it falls on."""
    months = one.editions.at(REVIEW_ENDS - ONE).held.review_months
    day = add_months(asked.reviewed or asked.issued, months, roll=False).due
    if day >= expires:
        return None, (), (Wording("no review is left before the card ends", "有效期届满前无需再复审"),)
    row = one.editions.on(day)
    if not row.held.review_months:
        return (
            None,
            (row.citation,),
            (
                Wording(
                    f"the review of {day} is abolished (days from {REVIEW_ENDS}); the card is replaced at its end",
                    f"原复审日为{day}，{REVIEW_ENDS}（含）以后到期的不再复审，有效期届满换证",
                ),
            ),
        )
    if asked.ten_years:
        return None, (row.citation,), (TEN_YEARS,)
    return (
        day,
        (row.citation,),
        (
            Wording(
                f"reviewed every {spoken(months)}: by {day}, asked for in the 60 days before, after 8 hours' training",
                f"每{spoken(months).zh}复审一次：至{day}，期满前60日内申请，复审前培训不少于8学时",
            ),
        ),
    )


@rule(
    "certificate_due",
    Wording("Until when a certificate holds", "证照到期与复审"),
    theme="licensing",
    about=Wording(
        "the last day of a licence or certificate, by when it is renewed, and whether it is reviewed in between",
        "推算证照的有效期截止日、申请延续（换证）的最迟日期和应否复审",
    ),
    takes=Held,
    editions=tuple(one.editions for one in CERTIFICATES.values()),
    examples=(
        Example(
            {"kind": "special_operation", "issued": "2023-05-20"},
            dt.date(2026, 5, 1),
            {"expires": "2029-05-19", "review_due": "2026-05-20", "valid": True},
            "令第30号（待核实）",
        ),
        Example(
            {"kind": "special_operation", "issued": "2023-06-01"},
            dt.date(2026, 6, 2),
            {"expires": "2029-05-31", "review_due": None, "valid": True},
            "令第19号",
        ),
        Example(
            {"kind": "safety_permit", "issued": "2024-03-15"},
            dt.date(2026, 3, 1),
            {"expires": "2027-03-14", "renew_by": "2026-12-14"},
            "安全生产许可证条例 第九条第一款",
        ),
        Example(
            {"kind": "special_equipment", "issued": "2025-03-31", "expires": "2026-03-31"},
            dt.date(2026, 3, 1),
            {"renew_by": "2026-02-28", "valid": True},
            "特种设备安全法 第四十条第一款",
        ),
    ),
    bounds=Wording(
        "the last day printed on the certificate governs; years are counted from its first day",
        "以证载有效期为准；未载明的自起始日按年推算",
    ),
)
def certificate_due(asked: Held, on: dt.date) -> Finding[CertificateTerm]:
    """The term of a certificate by the edition of ``on``, the day asked about; a review by that of its own day.

    >>> card = Held(kind="special_operation", issued=dt.date(2023, 5, 31))
    >>> certificate_due(card, dt.date(2026, 6, 1)).value.valid
    False
    """
    one = CERTIFICATES[asked.kind]
    edition = one.editions.on(on)
    validity = edition.held
    steps: list[Wording] = [one.label]
    citations: list[Citation] = [edition.citation]
    if asked.expires is not None:
        expires = asked.expires
        steps.append(Wording(f"ends on {expires}, as printed", f"证载有效期至{expires}"))
    else:
        expires = add_months(asked.issued, validity.months, roll=False).due - ONE
        length = spoken(validity.months)
        steps.append(
            Wording(f"{length} from {asked.issued}: to {expires}", f"自{asked.issued}起{length.zh}：至{expires}")
        )
    renew = None
    if validity.renew_months:
        renew = months_before(expires, validity.renew_months)
    elif validity.renew_days:
        renew = expires - dt.timedelta(days=validity.renew_days)
    if renew is not None:
        steps.append(Wording(f"renewal is asked for by {renew}", f"最迟于{renew}申请延续（换证）"))
    review = None
    if asked.kind == "special_operation":
        review, clauses, said = _review(one, asked, expires)
        citations += [clause for clause in clauses if clause not in citations]
        steps += said
    valid = asked.issued <= on <= expires and (review is None or on <= review)
    steps += validity.said
    steps.append(
        Wording(
            f"on {on} it {'holds' if valid else 'does not hold'}", f"{on}{'在有效期内' if valid else '不在有效期内'}"
        )
    )
    value = CertificateTerm(asked.kind, one.label, expires, renew, review, valid, validity.at_most)
    return Finding(value, tuple(citations), {}, tuple(steps))
