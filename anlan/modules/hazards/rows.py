"""The row schema of a hazard: one for the form, the API and the ledger. No Django here.

``HAZARD`` holds what is said about a hazard; ``LEDGER`` adds the columns by which a ledger names the site and how far
the matter has come. Categories are a plain list of this platform (people, thing, surroundings, management and the
usual subjects of inspection), not a national code: no settled one is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.schema import Choice, Field, RowSchema
from anlan.rules import uscc


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction."""
    return message


_ = gettext_noop
TITLE_LENGTH = 40  # characters taken from the description when a ledger has no title column


@dataclass(frozen=True, slots=True)
class Category:
    """A category: its group is one of people, thing, surroundings, management."""

    code: str
    label: str
    group: str
    aliases_zh: tuple[str, ...] = ()


CATEGORIES = (
    Category("people", _("Unsafe act"), "people", ("人的不安全行为", "人员", "人的因素", "违章作业", "三违")),
    Category("thing", _("Unsafe condition of things"), "thing", ("物的不安全状态", "物的因素", "设备设施",
        "设施设备", "设备")),
    Category("surroundings", _("Unsafe surroundings"), "surroundings", ("环境的不安全因素", "环境", "环境因素",
        "作业环境", "场所环境")),
    Category("management", _("Defect of management"), "management", ("管理缺陷", "管理", "管理因素", "基础管理",
        "安全管理", "制度")),
    Category("training", _("Training and certificates"), "people", ("教育培训与持证", "教育培训", "培训", "持证上岗",
        "从业人员资格")),
    Category("protection", _("Personal protective equipment"), "people", ("劳动防护", "个体防护", "劳动防护用品",
        "劳保用品")),
    Category("electrical", _("Electrical safety"), "thing", ("用电安全", "电气安全", "电气", "用电", "临时用电")),
    Category("fire", _("Fire protection"), "thing", ("消防安全", "消防", "消防设施", "疏散通道")),
    Category("machinery", _("Machinery"), "thing", ("机械安全", "机械", "机械设备", "机械防护")),
    Category("special_equipment", _("Special equipment"), "thing", ("特种设备", "压力容器", "起重机械", "叉车",
        "电梯")),
    Category("chemicals", _("Dangerous chemicals"), "thing", ("危险化学品", "危化品", "化学品", "危化")),
    Category("gas", _("Gas"), "thing", ("燃气", "燃气安全", "瓶装液化气")),
    Category("dust", _("Explosive dust"), "thing", ("粉尘涉爆", "粉尘", "粉尘防爆")),
    Category("ammonia", _("Ammonia refrigeration"), "thing", ("涉氨制冷", "液氨", "涉氨")),
    Category("confined_space", _("Confined spaces"), "surroundings", ("有限空间", "受限空间", "有限空间作业")),
    Category("special_operation", _("Special operations"), "people", ("特殊作业", "危险作业", "动火作业",
        "高处作业", "动火", "吊装")),
    Category("building", _("Buildings"), "thing", ("建筑安全", "房屋建筑", "建筑", "房屋结构", "建筑结构")),
    Category("construction", _("Construction work"), "thing", ("建筑施工", "施工安全", "在建工程", "脚手架", "基坑")),
    Category("traffic", _("Traffic and transport"), "thing", ("交通运输", "道路交通", "厂内交通", "运输")),
    Category("mining", _("Mining and quarrying"), "thing", ("矿山", "非煤矿山", "采石场", "尾矿库")),
    Category("fireworks", _("Fireworks"), "thing", ("烟花爆竹", "烟花")),
    Category("health", _("Occupational health"), "surroundings", ("职业健康", "职业卫生", "职业病危害")),
    Category("emergency", _("Emergency preparedness"), "management", ("应急管理", "应急救援", "应急", "应急预案")),
    Category("signs", _("Warning signs"), "management", ("安全标志", "警示标志", "警示标识", "标志标识")),
    Category("records", _("Records and ledgers"), "management", ("台账档案", "资料台账", "台账", "档案资料")),
    Category("contractors", _("Contractors and tenants"), "management", ("承包商与承租方", "承包商管理", "外包",
        "相关方", "承包承租", "出租厂房")),
    Category("other", _("Other"), "management", ("其他", "其它")),
)  # fmt: skip

GROUPS = {
    "people": _("People"),
    "thing": _("Things"),
    "surroundings": _("Surroundings"),
    "management": _("Management"),
}

SOURCES = (
    Choice("self_check", _("Self-check"), ("企业自查", "自查", "单位自查", "自查自报", "日常自查", "企业自查自报")),
    Choice("inspection", _("Inspection"), ("监督检查", "执法检查", "检查", "部门检查", "日常巡查", "巡查",
        "专项检查", "镇街检查", "督查")),
    Choice("tip_off", _("Tip-off"), ("举报", "群众举报", "投诉举报", "举报投诉")),
    Choice("alarm", _("Alarm"), ("监测报警", "报警", "预警", "在线监测")),
    Choice("expert", _("Expert"), ("专家检查", "专家", "专家诊断", "第三方检查", "第三方", "专家指导服务",
        "安责险检查")),
    Choice("other", _("Other source"), ("其他来源", "其他", "其它", "上级交办", "交办")),
)  # fmt: skip

GRADES = (
    Choice("general", _("General hazard"), ("一般隐患", "一般", "一般事故隐患")),
    Choice("major", _("Major hazard"), ("重大隐患", "重大", "重大事故隐患", "重大火灾隐患")),
)

PROGRESS = (
    Choice("open", _("Still open"), ("未整改", "整改中", "未完成", "正在整改", "待整改", "否", "未销号", "限期整改",
        "未闭环")),
    Choice("done", _("Already settled"), ("已整改", "已完成", "整改完成", "已销号", "是", "已闭环", "完成整改",
        "立即整改完成", "已销账")),
)  # fmt: skip

FIELDS = (
    Field("title", _("Name of the hazard"), aliases_zh=("隐患名称", "隐患标题", "问题名称", "隐患"), max_length=120),
    Field("description", _("Description"), Kind.LINES, required=True, min_length=4, max_length=2000,
          aliases_zh=("隐患描述", "隐患内容", "存在问题", "存在的问题", "问题描述", "存在隐患", "隐患情况",
          "事故隐患内容", "问题隐患",
                      "隐患问题", "存在的主要问题", "隐患及问题", "检查发现问题", "主要问题", "隐患具体内容")),
    Field("place", _("Place on the site"), aliases_zh=("隐患部位", "具体部位", "隐患位置", "隐患所在部位",
        "具体位置", "隐患地点", "部位"), max_length=120),
    Field("category", _("Category"), Kind.CHOICE, aliases_zh=("隐患类别", "隐患类型", "类别", "问题类别",
        "隐患分类"), default="other",
          choices=tuple(Choice(c.code, c.label, c.aliases_zh) for c in CATEGORIES)),
    Field("source", _("Source"), Kind.CHOICE, choices=SOURCES, aliases_zh=("隐患来源", "来源", "发现方式",
        "排查方式", "检查类型")),
    Field("found_on", _("Found on"), Kind.DAY, required=True, max=clock.today,
          aliases_zh=("发现日期", "发现时间", "排查日期", "排查时间", "检查日期", "检查时间", "登记日期",
          "登记时间", "隐患发现时间")),
    Field("found_by", _("Found by"), aliases_zh=("发现人", "排查人", "检查人", "检查人员", "排查人员",
        "登记人"), max_length=80),
    Field("lon", _("Longitude"), Kind.LON, aliases_zh=("经度", "隐患经度")),
    Field("lat", _("Latitude"), Kind.LAT, aliases_zh=("纬度", "隐患纬度")),
    Field("proposed_grade", _("Proposed grade"), Kind.CHOICE, choices=GRADES,
          aliases_zh=("隐患等级", "隐患级别", "等级", "隐患分级", "重大或一般", "级别", "建议等级")),
    Field("proposed_due", _("Proposed time limit"), Kind.DAY,
          aliases_zh=("整改期限", "整改时限", "限期", "整改截止日期", "要求完成时间", "整改完成期限",
          "计划完成时间", "完成时限", "建议整改期限")),
    Field("responsible", _("Person in charge of rectification"), max_length=60,
          aliases_zh=("整改责任人", "责任人", "整改负责人", "隐患责任人")),
    Field("money_needed_yuan", _("Money needed"), Kind.DECIMAL, unit="元", min=0, max=9_999_999_999, places=2,
          aliases_zh=("整改资金", "所需资金", "治理资金", "整改经费", "计划资金", "资金")),
    Field("proposed_measures", _("Proposed measures"), Kind.LINES, max_length=2000,
          aliases_zh=("整改措施", "整改要求", "治理措施", "整改建议", "整改意见", "整改内容", "防范措施", "建议措施")),
)  # fmt: skip

HAZARD = RowSchema("hazard", _("Hazard"), FIELDS)

LEDGER = RowSchema(
    "hazards",
    _("Hazards"),
    (
        Field("uscc", _("Unified social credit code"), Kind.CODE, min_length=18, max_length=18,
              normalise=uscc.normalise, check=uscc.problems, example="91441481MA00000073",
              aliases_zh=("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码")),
        Field("unit", _("Unit"), Kind.NAME, required=True, max_length=200,
              aliases_zh=("企业名称", "单位名称", "隐患单位", "受检单位", "被检查单位", "生产经营单位", "企业",
              "单位", "场所名称", "被检查单位名称",
                          "生产经营单位名称", "隐患所在单位", "责任单位")),
        Field("site", _("Site"), Kind.NAME, max_length=200, aliases_zh=("厂区", "分厂", "厂区名称", "生产场所",
            "场所", "厂址")),
        *FIELDS,
        Field("progress", _("Progress"), Kind.CHOICE, choices=PROGRESS,
              aliases_zh=("整改情况", "整改状态", "是否整改", "是否完成整改", "整改进度", "完成情况", "是否销号",
              "状态", "整改完成情况", "办理进度")),
    ),
)  # fmt: skip


def _due_after_found(values: Mapping[str, Any]) -> Problem | None:
    if values["proposed_due"] < values["found_on"]:
        return HAZARD.problem(
            "proposed_due", "due_before_found",
            _(
                "%(field)s “%(value)s” lies before the day the hazard was found, %(limit)s: "
                "correct one of the two days."
            ),
            value=values["proposed_due"], limit=values["found_on"],
        )  # fmt: skip
    return None


def _whole_point(values: Mapping[str, Any]) -> Problem | None:
    given = [values.get(name) is not None for name in ("lon", "lat")]
    if any(given) and not all(given):
        column = "lat" if given[0] else "lon"
        return HAZARD.problem(
            column, "half_point", _("%(field)s is empty: give both longitude and latitude, or neither.")
        )
    return None


for _schema in (HAZARD, LEDGER):
    _schema.check(_due_after_found, needs=("proposed_due", "found_on"))
    _schema.check(_whole_point)


def title_of(values: Mapping[str, Any]) -> str:
    """The title given, else the beginning of the description."""
    if values.get("title"):
        return str(values["title"])
    first = str(values["description"]).splitlines()[0]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
