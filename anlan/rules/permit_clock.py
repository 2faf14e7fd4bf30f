"""许可的期限: acceptance, decision, delivery, hearing, renewal, and the limits of each licence of work safety.

The authority's limits of 行政许可法 are working days (第八十二条); those of the older regulations say 日 and are
natural days. The Hazardous Chemicals Safety Law has been in force since 1 May 2026: what it sets anew is working
days, and an act before that day is answered by the regulation of its own day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, held, not_held, not_in_force
from anlan.rules.inputs import Input, given
from anlan.rules.limits import (
    UNDATED,
    Limit,
    Sense,
    Term,
    Unit,
    choices,
    cited_by,
    clock,
    editions_of,
    table,
    term,
    undated,
)
from anlan.rules.permit_texts import (
    EXPERT_TIME,
    LICENSING_DAYS,
    by_drug_precursors,
    by_explosives,
    by_fireworks,
    by_licensing_law,
    by_permit_regulation,
    hazchem,
    hazchem_only,
)
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "permit_clock"
ACCEPTED = Wording("the day the application was accepted", "受理申请之日")
MATERIALS = Wording("the day the papers were received", "收到材料之日")
APPLIED = Wording("the day the application was received", "收到申请之日")
EXPIRY = Wording("the last day of validity, counted back", "有效期届满之日（倒算）")
SOLD = Wording("the day of the sale", "销售之日")
DECIDED = Wording("the day of the decision", "作出许可决定之日")
APPLICANT = Wording(
    "the working days of 行政许可法 82 are those of the authority; a limit of the applicant is counted in its favour",
    "《行政许可法》第八十二条所称工作日针对行政机关实施许可的期限，申请人的期限按有利于申请人的方式计算",
)
DESIGN = undated("建设项目安全设施“三同时”监督管理办法", "", Confidence.C, "安监总局令第36号，令第77号修正")
TRAINING = undated("生产经营单位安全培训规定", "第二十四条", Confidence.C, "安监总局令第3号")
FIRE = Citation("消防法", "第十五条第三款", valid_from=dt.date(2021, 4, 29))
FIRE_2019 = Citation("消防法", "（2021年修正前）", valid_to=dt.date(2021, 4, 28))
COAL = Citation("煤矿安全生产条例", "第四十一条第一款", valid_from=dt.date(2024, 5, 1))
EQUIPMENT = Citation("特种设备安全法", "第三十三条", valid_from=dt.date(2014, 1, 1))
BUILDING = Citation("建设工程安全生产管理条例", "第三十五条第三款", valid_from=dt.date(2004, 2, 1))


def _working(number: int, more: int = 0, *, back: bool = False, said: tuple[Wording, ...] = ()) -> Limit:
    return Limit(number, Unit.WORKING_DAYS, more=more, back=back, counted=LICENSING_DAYS, said=said)


def _days(number: int) -> Limit:
    return Limit(number, Unit.DAYS, roll=True)


def _design(limit: Limit) -> tuple[Edition[Limit], ...]:
    early = Citation(DESIGN.law, "（2016年前）", valid_to=UNDATED - dt.timedelta(days=1), number=DESIGN.number)
    return (not_held(EVER, early), held(UNDATED, DESIGN, limit))


def _training(limit: Limit) -> tuple[Edition[Limit], ...]:
    early = Citation(TRAINING.law, "（2016年前）", valid_to=UNDATED - dt.timedelta(days=1), number=TRAINING.number)
    return (not_held(EVER, early), held(UNDATED, TRAINING, limit))


COAL_LAST = dt.date(2024, 4, 30)
SALES = (
    clock(
        NAME, "toxic_sale_record",
        Wording("Reporting a sale or purchase of highly toxic or explosive-prone chemicals to the police",
                "剧毒、易制爆危险化学品销售、购买后备案"),
        Wording("the day of sale or purchase", "销售、购买之日"),
        *hazchem_only("第四十一条第二款", Limit(5, Unit.DAYS), "第六十一条", Limit(3, Unit.DAYS)),
    ),
    clock(
        NAME, "drug_sale_first",
        Wording("Reporting a sale of a precursor of drugs of class I to the police", "第一类易制毒化学品销售情况备案"),
        SOLD, *by_drug_precursors("第十九条第二款", Limit(5, Unit.DAYS)),
    ),
    clock(
        NAME, "drug_sale_others",
        Wording("Reporting a sale of a precursor of drugs of class II or III to the police",
                "第二类、第三类易制毒化学品销售情况备案"),
        SOLD, *by_drug_precursors("第十九条第三款", Limit(30, Unit.DAYS)),
    ),
    clock(
        NAME, "drug_production_filing",
        Wording("Filing the production of a precursor of drugs of class II or III with the city's work safety "
                "department", "生产第二类、第三类易制毒化学品向设区的市级安全生产监督管理部门备案"),
        Wording("the first day of production", "生产之日"), *by_drug_precursors("第十三条第一款", Limit(30, Unit.DAYS)),
    ),
    clock(
        NAME, "drug_trade_filing",
        Wording("Filing the trade in a precursor of drugs of class II (with the city) or III (with the county)",
                "经营第二类（向设区的市级）、第三类（向县级）易制毒化学品向安全生产监督管理部门备案"),
        Wording("the first day of trade", "经营之日"), *by_drug_precursors("第十三条第二款", Limit(30, Unit.DAYS)),
    ),
    clock(
        NAME, "pipeline_works",
        Wording("Telling the owner of a hazardous chemicals pipeline of works",
                "可能危及危险化学品管道安全的施工书面通知"),
        Wording("the first day of works, counted back", "开工之日（倒算）"),
        *hazchem_only("第十三条第二款", Limit(7, Unit.DAYS, back=True), "", Limit(7, Unit.DAYS, back=True)),
    ),
)  # fmt: skip
CLOCKS = table(
    clock(
        NAME,
        "supplement",
        Wording("Telling once what is missing, else accepted", "一次告知补正内容，逾期不告知即为受理"),
        MATERIALS,
        *by_licensing_law("第三十二条第一款第四项", _working(5)),
    ),
    clock(
        NAME,
        "decision",
        Wording("Decision on an application", "作出许可决定"),
        ACCEPTED,
        *by_licensing_law("第四十二条第一款", _working(20, 10)),
    ),
    clock(
        NAME,
        "joint_decision",
        Wording("Joint or centralised handling", "统一办理、联合办理、集中办理"),
        ACCEPTED,
        *by_licensing_law("第四十二条第二款", _working(45, 15)),
    ),
    clock(
        NAME,
        "lower_review",
        Wording("Review by the lower authority", "下级行政机关审查"),
        ACCEPTED,
        *by_licensing_law("第四十三条", _working(20)),
    ),
    clock(
        NAME,
        "delivery",
        Wording("Delivering the licence", "颁发、送达许可证件"),
        DECIDED,
        *by_licensing_law("第四十四条", _working(10)),
    ),
    clock(
        NAME,
        "hearing_request",
        Wording("Asking for a hearing", "申请听证"),
        Wording("the day the right was told", "被告知听证权利之日"),
        *by_licensing_law("第四十七条第一款", _working(5, said=(APPLICANT,))),
    ),
    clock(
        NAME,
        "hearing",
        Wording("Holding the hearing", "组织听证"),
        Wording("the day it was asked for", "提出听证申请之日"),
        *by_licensing_law("第四十七条第一款", _working(20)),
    ),
    clock(
        NAME,
        "hearing_notice",
        Wording("Telling time and place of the hearing", "通知听证时间、地点"),
        Wording("the day of the hearing, counted back", "举行听证之日（倒算）"),
        *by_licensing_law("第四十八条第一款第一项", _working(7, back=True)),
    ),
    clock(
        NAME,
        "renewal",
        Wording("Applying to renew a licence", "申请延续许可有效期"),
        EXPIRY,
        *by_licensing_law("第五十条第一款", Limit(30, Unit.DAYS, back=True, said=(APPLICANT,))),
    ),
    clock(
        NAME,
        "again_after_false_papers",
        Wording("Applying again after false papers", "提供虚假材料后再次申请"),
        Wording("the day of the warning", "给予警告之日"),
        *by_licensing_law("第七十八条", Limit(1, Unit.YEARS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "again_after_fraud",
        Wording("Applying again after a licence got by fraud", "以欺骗、贿赂取得许可后再次申请"),
        Wording("the day of the penalty", "给予处罚之日"),
        *by_licensing_law("第七十九条", Limit(3, Unit.YEARS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "safety_permit",
        Wording("Work safety permit: decision", "安全生产许可证：审查完毕"),
        APPLIED,
        *by_permit_regulation("第七条第一款", _days(45)),
    ),
    clock(
        NAME,
        "safety_permit_renewal",
        Wording("Work safety permit: extension", "安全生产许可证：办理延期手续"),
        EXPIRY,
        *by_permit_regulation("第九条第一款", Limit(3, Unit.MONTHS, back=True)),
    ),
    clock(
        NAME,
        "hazchem_conditions",
        Wording("Hazardous chemicals project: review of its safety conditions", "危险化学品建设项目安全条件审查"),
        Wording("the day the report was received", "收到报告之日"),
        *hazchem("第十二条第二款", 45, "第二十三条", 20),
    ),
    clock(
        NAME,
        "hazchem_business",
        Wording("Hazardous chemicals business licence", "危险化学品经营许可证"),
        Wording("the day the proofs were received", "收到证明材料之日"),
        *hazchem("第三十五条第一款", 30, "第五十五条", 20),
    ),
    clock(
        NAME,
        "hazchem_use",
        Wording("Hazardous chemicals use licence", "危险化学品安全使用许可证"),
        Wording("the day the proofs were received", "收到证明材料之日"),
        *hazchem("第三十一条第一款", 45, "第五十条", 20),
    ),
    clock(
        NAME,
        "toxic_purchase",
        Wording("Licence to buy highly toxic chemicals", "剧毒化学品购买许可证"),
        MATERIALS,
        *hazchem("第三十九条第二款", 3, "第五十九条", 3),
    ),
    clock(
        NAME,
        "toxic_transport",
        Wording("Pass to carry highly toxic chemicals by road", "剧毒化学品道路运输通行证"),
        MATERIALS,
        *hazchem("第五十条第三款", 7, "第七十一条", 7),
    ),
    *SALES,
    clock(
        NAME,
        "fireworks_first_view",
        Wording("Fireworks production: first view of the city", "烟花爆竹安全生产许可证：市级初步意见"),
        MATERIALS,
        *by_fireworks("第九条", _days(20)),
    ),
    clock(
        NAME,
        "fireworks_production",
        Wording("Fireworks production: review of the province", "烟花爆竹安全生产许可证：省级审查"),
        ACCEPTED,
        *by_fireworks("第九条", _days(45)),
    ),
    clock(
        NAME,
        "fireworks_wholesale",
        Wording("Fireworks wholesale licence", "烟花爆竹经营（批发）许可证"),
        ACCEPTED,
        *by_fireworks("第十九条第一款", _days(30)),
    ),
    clock(
        NAME,
        "fireworks_retail",
        Wording("Fireworks retail licence", "烟花爆竹经营（零售）许可证"),
        ACCEPTED,
        *by_fireworks("第十九条第二款", _days(20)),
    ),
    clock(
        NAME,
        "fireworks_transport",
        Wording("Fireworks road transport licence", "烟花爆竹道路运输许可证"),
        ACCEPTED,
        *by_fireworks("第二十四条第一款", _days(3)),
    ),
    clock(
        NAME,
        "fireworks_return",
        Wording("Giving back the transport licence", "交回烟花爆竹道路运输许可证核销"),
        Wording("the day of arrival", "运达目的地之日"),
        *by_fireworks("第二十六条", _days(3)),
    ),
    clock(
        NAME,
        "fireworks_display",
        Wording("Fireworks display licence", "焰火燃放许可证"),
        ACCEPTED,
        *by_fireworks("第三十三条第二款", _days(20)),
    ),
    clock(
        NAME,
        "explosives_production",
        Wording("Civil explosives production licence", "民用爆炸物品生产许可证"),
        ACCEPTED,
        *by_explosives("第十二条第一款", _days(45)),
    ),
    clock(
        NAME,
        "explosives_sale",
        Wording("Civil explosives sale licence", "民用爆炸物品销售许可证"),
        ACCEPTED,
        *by_explosives("第十九条第一款", _days(30)),
    ),
    clock(
        NAME,
        "explosives_purchase",
        Wording("Civil explosives purchase licence", "民用爆炸物品购买许可证"),
        ACCEPTED,
        *by_explosives("第二十一条第二款", _days(5)),
    ),
    clock(
        NAME,
        "explosives_transport",
        Wording("Civil explosives transport licence", "民用爆炸物品运输许可证"),
        ACCEPTED,
        *by_explosives("第二十六条第二款", _days(3)),
    ),
    clock(
        NAME,
        "blasting",
        Wording("Blasting unit licence", "爆破作业单位许可证"),
        ACCEPTED,
        *by_explosives("第三十二条第一款", _days(20)),
    ),
    clock(
        NAME,
        "coal_design",
        Wording("Review of a coal mine's safety design", "煤矿建设项目安全设施设计审查"),
        ACCEPTED,
        not_held(EVER, Citation("煤矿安全监察条例", "", valid_to=COAL_LAST)),
        held(COAL.valid_from, COAL, _days(30)),
    ),
    clock(
        NAME,
        "design_review",
        Wording(
            "Review of the safety design of mines, smelting, hazardous chemicals and fireworks",
            "矿山、金属冶炼、危险化学品、烟花爆竹建设项目安全设施设计审查",
        ),
        ACCEPTED,
        *_design(Limit(20, Unit.WORKING_DAYS, more=10)),
    ),
    clock(
        NAME,
        "trial_run_least",
        Wording("Trial run, at least", "试运行最短期限"),
        Wording("the first day of the trial run", "试运行首日"),
        *_design(Limit(30, Unit.DAYS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "trial_run_most",
        Wording("Trial run, at most", "试运行最长期限"),
        Wording("the first day of the trial run", "试运行首日"),
        *_design(Limit(180, Unit.DAYS)),
    ),
    clock(
        NAME,
        "fire_check",
        Wording(
            "Fire safety check of a public gathering place without a pledge",
            "公众聚集场所消防安全检查（不采用告知承诺）",
        ),
        ACCEPTED,
        not_held(EVER, FIRE_2019),
        held(FIRE.valid_from, FIRE, Limit(10, Unit.WORKING_DAYS)),
    ),
    clock(
        NAME,
        "equipment_registration",
        Wording("Registering special equipment after it was put to use", "特种设备投入使用后办理使用登记"),
        Wording("the day it was put to use", "投入使用之日"),
        not_in_force(EVER, EQUIPMENT),
        held(EQUIPMENT.valid_from, EQUIPMENT, _days(30)),
    ),
    clock(
        NAME,
        "equipment_inspection",
        Wording("Asking for the periodic inspection of special equipment", "提出特种设备定期检验要求"),
        Wording("the last day the inspection holds, counted back", "检验合格有效期届满之日（倒算）"),
        not_in_force(EVER, EQUIPMENT),
        held(EQUIPMENT.valid_from, EQUIPMENT.at("第四十条第一款"), Limit(1, Unit.MONTHS, back=True)),
    ),
    clock(
        NAME,
        "building_machines",
        Wording("Registering building cranes and self-raising scaffolds", "施工起重机械、自升式架设设施登记"),
        Wording("the day of acceptance", "验收合格之日"),
        not_in_force(EVER, BUILDING),
        held(BUILDING.valid_from, BUILDING, _days(30)),
    ),
    clock(
        NAME,
        "manager_assessment",
        Wording(
            "Assessing principals and safety managers of high-risk units",
            "高危行业主要负责人、安全生产管理人员考核合格",
        ),
        Wording("the day of taking up the post", "任职之日"),
        *_training(Limit(6, Unit.MONTHS)),
    ),
)
LABELS = choices(CLOCKS)
LEFT_OUT = {"decision", "joint_decision", "lower_review", "delivery"}


@dataclass(frozen=True, kw_only=True)
class PermitStep(Input):
    """Which limit, the day it is counted from, and working days the law leaves out (hearing, tests, expert review)."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")
    expert_days: int = given(
        "Working days of hearing, tests and expert review, not counted",
        "听证、检验、检测、鉴定和专家评审所需工作日（不计入）",
        unit="days",
        least=0,
        most=1000,
        default=0,
    )

    def consistent(self) -> None:
        """Only the authority's limits of 行政许可法 leave such days out."""
        if self.expert_days and self.step not in LEFT_OUT:
            raise BadInput(
                "expert_days",
                Wording(f"is {self.expert_days}", f"为{self.expert_days}"),
                Wording("0: this step leaves no days out", "0：本环节不扣除"),
            )


@rule(
    NAME,
    Wording("Time limits of licences", "行政许可期限"),
    theme="licensing",
    about=Wording(
        "the last day of each step of a licence, general and by kind, by the text in force on its day",
        "计算许可各环节及各类安全许可的办理期限，按行为当日有效的文本",
    ),
    takes=PermitStep,
    editions=editions_of(CLOCKS),
    cites=lambda: (*cited_by(CLOCKS), EXPERT_TIME),
    dated_by="start",
    examples=(
        Example(
            {"step": "decision", "start": "2026-01-30"},
            dt.date(2026, 1, 30),
            {"due": "2026-03-05", "extended": "2026-03-19"},
            "行政许可法 第四十二条第一款",
        ),
        Example(
            {"step": "hazchem_business", "start": "2026-04-30"},
            dt.date(2026, 4, 30),
            {"due": "2026-06-01", "number": 30, "unit": "days"},
            "危险化学品安全管理条例 第三十五条第一款",
        ),
        Example(
            {"step": "hazchem_business", "start": "2026-05-01"},
            dt.date(2026, 5, 1),
            {"due": "2026-06-01", "number": 20, "unit": "working_days"},
            "危险化学品安全法 第五十五条",
        ),
        Example(
            {"step": "safety_permit_renewal", "start": "2026-05-31"},
            dt.date(2026, 5, 31),
            {"due": "2026-02-28"},
            "安全生产许可证条例 第九条第一款",
        ),
    ),
    bounds=Wording(
        "orders of ministries that set working days for the same licences (order 41 and others) were not read",
        "部门规章对同一许可另行规定工作日的（如令第41号）尚未收录",
    ),
)
def permit_clock(asked: PermitStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> on = dt.date(2026, 4, 30)
    >>> permit_clock(PermitStep(step="toxic_sale_record", start=on), on).value.due
    datetime.date(2026, 5, 5)
    >>> on = dt.date(2026, 5, 1)
    >>> permit_clock(PermitStep(step="toxic_sale_record", start=on), on).value.due
    datetime.date(2026, 5, 4)
    >>> permit_clock(PermitStep(step="drug_sale_others", start=on), on).value.due
    datetime.date(2026, 5, 31)
    """
    found = term(CLOCKS[asked.step], asked.start, on, not_counted=asked.expert_days)
    if not asked.expert_days:
        return found
    return Finding(found.value, (*found.citations, EXPERT_TIME), found.inputs, found.steps)
