"""The row of an enterprise: its fields under the names offices give columns, and the checks between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anlan.kernel import clock
from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.schema import Choice, Field, RowSchema
from anlan.modules.registry.choices import ALIASES_ZH, Flag, Scale, Sector, SiteStatus, Trade, UnitKind, row_choices
from anlan.modules.registry.rows.industry import industry_code, industry_doubts, own_words
from anlan.modules.registry.rows.meaning import kind_told_by
from anlan.rules import uscc

NO_CODE = ("办理中", "正在办理", "未办理", "未办", "无证", "无照", "没有", "未知", "不详", "待办")
MOST_PEOPLE = 1_000_000


def _lines() -> tuple[Choice, ...]:
    """The sector lines, and the eight lines of 工贸 as parts of theirs: ``industry_trade:machinery``."""
    trades = tuple(
        Choice(f"{Sector.INDUSTRY_TRADE}:{choice.code}", choice.label, choice.aliases_zh)
        for choice in row_choices(Trade)
    )
    return row_choices(Sector) + trades


_FLAG_HEADINGS: dict[str, tuple[str, ...]] = {
    flag.value: tuple(f"{before}{word}" for word in ALIASES_ZH[flag] for before in ("是否", "是否为", "是否属于", ""))
    for flag in Flag
}
for _flag, _more in {
    Flag.HIGH_RISK: ("是否高危企业",),
    Flag.AMMONIA: ("是否涉氨企业", "是否使用液氨"),
    Flag.DUST: ("是否涉及粉尘爆炸危险", "是否粉尘涉爆企业"),
    Flag.CONFINED_SPACE: ("是否有有限空间", "是否涉及有限空间"),
    Flag.MAJOR_HAZARD: ("是否构成重大危险源", "是否有重大危险源"),
    Flag.GAS_USE: ("是否使用天然气",),
}.items():
    _FLAG_HEADINGS[_flag] += _more

_FLAG_LABELS = {choice.code: choice.label for choice in row_choices(Flag)}

_PERSON: dict[str, Any] = {"kind": Kind.TEXT, "max_length": 60}
_PHONE: dict[str, Any] = {"kind": Kind.PHONE, "personal": True, "example": "13800138000"}

ENTERPRISE = RowSchema(
    "enterprises",
    _("Enterprises"),
    (
        Field(
            "name",
            _("Unit name"),
            Kind.NAME,
            required=True,
            min_length=2,
            max_length=120,
            aliases_zh=(
                "企业名称",
                "单位名称",
                "公司名称",
                "名称",
                "生产经营单位",
                "生产经营单位名称",
                "企业（单位）名称",
                "企业全称",
                "单位全称",
                "商户名称",
                "字号名称",
                "企业（个体户）名称",
            ),
            example="兴宁市示例机械有限公司",
        ),
        Field(
            "uscc",
            _("Unified social credit code"),
            Kind.CODE,
            min_length=18,
            max_length=18,
            blanks=NO_CODE,
            normalise=uscc.normalise,
            check=uscc.problems,
            example="91441481MA00000073",
            aliases_zh=(
                "统一社会信用代码",
                "信用代码",
                "社会信用代码",
                "统一信用代码",
                "统一代码",
                "营业执照号码",
                "营业执照号",
                "统一社会信用代码（营业执照号）",
                "组织机构代码或统一社会信用代码",
            ),
        ),
        Field(
            "provisional",
            _("Provisional number"),
            Kind.CODE,
            min_length=18,
            max_length=18,
            check=uscc.is_provisional,
            aliases_zh=("临时编号",),
            example="TMP44148100000012R",
        ),
        Field(
            "kind",
            _("Kind of unit"),
            Kind.CHOICE,
            choices=row_choices(UnitKind),
            aliases_zh=("单位类型", "单位性质", "主体类型", "企业类型", "市场主体类型"),
        ),
        Field(
            "legal_representative",
            _("Legal representative"),
            **_PERSON,
            aliases_zh=("法定代表人", "法人", "法人代表", "法人姓名", "法定代表人姓名", "经营者", "经营者姓名"),
        ),
        Field(
            "legal_phone",
            _("Legal representative's telephone"),
            **_PHONE,
            aliases_zh=("法定代表人电话", "法人电话", "法定代表人联系电话", "法人联系电话", "法人手机", "经营者电话"),
        ),
        Field(
            "principal",
            _("Principal"),
            **_PERSON,
            aliases_zh=("主要负责人", "负责人", "主要负责人姓名", "负责人姓名", "企业负责人"),
        ),
        Field(
            "principal_phone",
            _("Principal's telephone"),
            **_PHONE,
            aliases_zh=(
                "主要负责人电话",
                "负责人电话",
                "主要负责人联系电话",
                "负责人联系电话",
                "主要负责人手机",
                "负责人手机",
                "企业负责人电话",
            ),
        ),
        Field(
            "safety_manager",
            _("Safety manager"),
            **_PERSON,
            aliases_zh=(
                "安全负责人",
                "安全管理人员",
                "安全员",
                "安全生产管理人员",
                "专职安全员",
                "安全主任",
                "安全管理负责人",
                "安全管理员",
                "安全分管负责人",
            ),
        ),
        Field(
            "safety_phone",
            _("Safety manager's telephone"),
            **_PHONE,
            aliases_zh=(
                "安全负责人电话",
                "安全管理人员电话",
                "安全员电话",
                "安全负责人联系电话",
                "安全员联系电话",
                "安全管理人员联系电话",
                "安全负责人手机",
            ),
        ),
        Field("contact", _("Contact person"), **_PERSON, aliases_zh=("联系人", "联系人姓名")),
        Field(
            "phone",
            _("Telephone"),
            **_PHONE,
            aliases_zh=(
                "联系电话",
                "电话",
                "联系方式",
                "手机",
                "手机号",
                "手机号码",
                "电话号码",
                "联系人电话",
                "固定电话",
                "联系手机",
            ),
        ),
        Field(
            "headcount",
            _("Headcount"),
            Kind.WHOLE,
            min=0,
            max=MOST_PEOPLE,
            unit="人",
            example="50",
            aliases_zh=(
                "从业人数",
                "职工人数",
                "员工人数",
                "人数",
                "从业人员",
                "从业人员数",
                "从业人员人数",
                "员工数",
                "职工总数",
                "员工总数",
                "从业人员总数",
                "企业人数",
                "在册职工人数",
            ),
        ),
        Field(
            "founded",
            _("Founded on"),
            Kind.DAY,
            max=clock.today,
            example="2016-03-05",
            aliases_zh=(
                "成立日期",
                "成立时间",
                "注册日期",
                "注册时间",
                "登记日期",
                "设立日期",
                "成立年月日",
                "注册登记日期",
            ),
        ),
        Field(
            "county",
            _("County or district"),
            Kind.TEXT,
            repeats=True,
            max_length=60,
            aliases_zh=(
                *("县区", "区县", "县（市、区）", "所属区县", "所属县区", "所在区县", "区（县）"),
                *("所属县（市、区）", "市县区"),
            ),
        ),
        Field(
            "town",
            _("Town or street"),
            Kind.TEXT,
            repeats=True,
            max_length=120,
            aliases_zh=(
                "所属镇街",
                "镇街",
                "乡镇",
                "镇",
                "街道",
                "所属乡镇",
                "所在镇街",
                "乡镇街道",
                "镇（街道）",
                "镇街（园区）",
                "属地镇街",
                "乡镇（街道）",
                "所属镇（街道）",
                "属地",
                "所属街道",
                "镇（街）",
                "园区",
                "所属区域",
                "所在乡镇",
            ),
            help=_("The name as in the list of regions, or its 9- or 12-digit code."),
        ),
        Field(
            "village",
            _("Village or community"),
            Kind.TEXT,
            repeats=True,
            max_length=60,
            aliases_zh=(
                "村",
                "社区",
                "村居",
                "村（社区）",
                "村/社区",
                "所属村居",
                "所属社区",
                "所属村",
                "所在村居",
                "村委",
                "居委",
                "村（居）",
                "所属村（社区）",
                "村（居）委会",
            ),
        ),
        Field(
            "address",
            _("Address"),
            Kind.TEXT,
            max_length=200,
            aliases_zh=(
                "地址",
                "生产经营地址",
                "详细地址",
                "经营地址",
                "生产地址",
                "企业地址",
                "单位地址",
                "住所",
                "经营场所",
                "场所地址",
                "生产经营场所地址",
                "生产场所地址",
                "所在地址",
                "厂址",
            ),
        ),
        Field(
            "registered_address",
            _("Registered address"),
            Kind.TEXT,
            max_length=200,
            aliases_zh=("注册地址", "注册地", "登记住所", "工商注册地址", "登记地址"),
        ),
        Field(
            "industry",
            _("Industry (GB/T 4754)"),
            Kind.CODE,
            repeats=True,
            normalise=industry_code,
            check=industry_doubts,
            set_aside=own_words,
            aliases_zh=(
                "国民经济行业（GB/T 4754）",
                "行业",
                "行业类别",
                "国民经济行业",
                "行业代码",
                "国民经济行业代码",
                "国民经济行业分类",
                "所属行业",
                "行业分类",
                "行业小类",
                "国民经济行业类别",
                "行业名称",
            ),
            example="2614",
        ),
        Field(
            "sector",
            _("Sector line"),
            Kind.CHOICE,
            choices=_lines(),
            aliases_zh=(
                "监管行业",
                "行业领域",
                "监管领域",
                "行业条线",
                "监管分类",
                "监管类别",
                "所属监管行业",
                "行业主管领域",
                "行业（领域）",
                "监管行业领域",
            ),
        ),
        Field(
            "scale",
            _("Scale"),
            Kind.CHOICE,
            choices=row_choices(Scale),
            aliases_zh=("规模", "企业规模", "单位规模", "规模类型", "规模类别"),
        ),
        Field(
            "flags",
            _("Special risks"),
            Kind.CHOICES,
            choices=row_choices(Flag),
            aliases_zh=(
                "重点领域",
                "风险类型",
                "特殊风险",
                "重点风险",
                "涉及重点领域",
                "高风险类型",
                "风险标签",
                "涉及风险",
            ),
        ),
        *(
            Field(f"flag_{code}", label, Kind.FLAG, aliases_zh=_FLAG_HEADINGS[code])
            for code, label in _FLAG_LABELS.items()
        ),
        Field(
            "status",
            _("Status"),
            Kind.CHOICE,
            choices=row_choices(SiteStatus),
            aliases_zh=("经营状态", "企业状态", "状态", "生产状态", "运行状态", "登记状态", "生产经营状态"),
        ),
        Field(
            "opened",
            _("Opened on"),
            Kind.DAY,
            max=clock.today,
            aliases_zh=("投产日期", "投产（开业）日期", "开业日期", "投产时间", "开业时间"),
        ),
        Field(
            "lon",
            _("Longitude"),
            Kind.LON,
            aliases_zh=("经度", "东经", "经度（WGS84）", "经度坐标"),
            example="115.731648",
        ),
        Field(
            "lat",
            _("Latitude"),
            Kind.LAT,
            aliases_zh=("纬度", "北纬", "纬度（WGS84）", "纬度坐标"),
            example="24.136708",
        ),
        Field(
            "site_name",
            _("Site name"),
            Kind.NAME,
            max_length=120,
            aliases_zh=("场所名称", "厂区名称", "经营场所名称", "分支机构名称", "门店名称", "生产场所名称"),
        ),
        Field(
            "business_scope",
            _("Business scope"),
            Kind.LINES,
            max_length=4000,
            aliases_zh=("经营范围", "主营业务", "主要产品", "主要经营范围"),
        ),
    ),
)

FLAG_FIELDS = tuple(f"flag_{flag.value}" for flag in Flag)
PHONE_FIELDS = ("phone", "legal_phone", "principal_phone", "safety_phone")
PERSONAL_FIELDS = frozenset(PHONE_FIELDS)
UNIT_FIELDS = ("kind", "name", "founded", "registered_address", "business_scope")
SITE_FIELDS = ("site_name", "address", "lon", "lat", "industry", "sector", "scale", "headcount", "flags", "opened")


def _point(values: Mapping[str, Any]) -> Problem | None:
    """Longitude and latitude come together."""
    lon, lat = values.get("lon"), values.get("lat")
    if (lon is None) == (lat is None):
        return None
    return ENTERPRISE.problem(
        "lat" if lat is None else "lon",
        "half_point",
        _("%(field)s is missing: give longitude and latitude, or neither."),
    )


def _kind_and_code(values: Mapping[str, Any]) -> Problem | None:
    """A site without a licence has no unified code; the licence's own digits tell an individual business."""
    kind, code = values.get("kind"), values.get("uscc")
    if not kind or not code:
        return None
    if kind == UnitKind.UNLICENSED:
        return ENTERPRISE.problem(
            "kind",
            "licensed",
            _("A unit with a unified social credit code is not without licence: correct %(field)s or the code."),
        )
    told = kind_told_by(code)
    if told and kind in (UnitKind.ENTERPRISE, UnitKind.INDIVIDUAL) and kind != told:
        return ENTERPRISE.problem(
            "kind",
            "kind_code",
            _("%(field)s does not fit the second character of the code: correct the one or the other."),
        )
    return None


def _flags_agree(values: Mapping[str, Any]) -> Problem | None:
    """A risk is not named in one column and answered no in its own."""
    for code in values.get("flags") or ():
        if values.get(f"flag_{code}") is False:
            return ENTERPRISE.problem(
                f"flag_{code}",
                "flag_twice",
                _("%(field)s is answered no, and the column of special risks names it: correct one."),
            )
    return None


ENTERPRISE.check(_point, when=("lon", "lat"))
ENTERPRISE.check(_kind_and_code, when=("kind",))
ENTERPRISE.check(_flags_agree, when=("flags",))
