"""The words a record chooses from, their other spellings in ledgers, their tones and the clauses they rest on.

The eight lines of 工贸 are one sector line, ``industry_trade``, with the line itself as the site's ``trade``: one
office answers for all eight, and a grant names an office's line.
"""

from __future__ import annotations

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from anlan.kernel.intake.schema import Choice
from anlan.rules.citation import Citation, Confidence

WORK_SAFETY_LAW = "安全生产法"
TRADE_CRITERIA = "工贸企业重大事故隐患判定标准"


class UnitKind(models.TextChoices):
    """What a unit is in law."""

    ENTERPRISE = "enterprise", _("Enterprise")
    INDIVIDUAL = "individual", _("Individual business")
    INSTITUTION = "institution", _("Public institution or organisation")
    UNLICENSED = "unlicensed", _("Site without licence")
    UNSTATED = "unstated", _("Kind not stated")


class Sector(models.TextChoices):
    """The line that answers for a site as a whole (行业主管); one office, one line."""

    CHEM = "chem", _("Hazardous chemicals")
    COAL = "coal", _("Coal mines")
    MINING = "mining", _("Non-coal mines")
    FIREWORKS = "fireworks", _("Fireworks")
    EXPLOSIVES = "explosives", _("Civil explosives")
    INDUSTRY_TRADE = "industry_trade", _("Industry and trade (eight lines)")
    CONSTRUCTION = "construction", _("Construction")
    TRAFFIC = "traffic", _("Road transport")
    WATERWAY = "waterway", _("Water transport")
    RAILWAY = "railway", _("Railways")
    PORT = "port", _("Ports")
    PIPELINE = "pipeline", _("Oil and gas pipelines")
    GAS = "gas", _("Town gas")
    POWER = "power", _("Electric power")
    SPECIAL_EQUIPMENT = "special_equipment", _("Special equipment")
    FIRE = "fire", _("Fire safety of crowded places")
    FISHERY = "fishery", _("Fishing vessels")
    FARM_MACHINERY = "farm_machinery", _("Farm machinery")
    WATER = "water", _("Water works")
    TOURISM = "tourism", _("Tourism and culture")
    EDUCATION = "education", _("Schools")
    HEALTH_CARE = "health_care", _("Health care")
    POSTAL = "postal", _("Post and delivery")
    OTHER = "other", _("Other lines")


class Trade(models.TextChoices):
    """The eight lines of 工贸 (工贸企业重大事故隐患判定标准第二条)."""

    METALLURGY = "metallurgy", _("Metallurgy")
    NONFERROUS = "nonferrous", _("Non-ferrous metals")
    BUILDING_MATERIALS = "building_materials", _("Building materials")
    MACHINERY = "machinery", _("Machinery")
    LIGHT = "light", _("Light industry")
    TEXTILE = "textile", _("Textiles")
    TOBACCO = "tobacco", _("Tobacco")
    COMMERCE = "commerce", _("Commerce")


class Scale(models.TextChoices):
    """The size class as the statistics office states it; the platform takes it as given and does not compute it."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium-sized")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class SiteStatus(models.TextChoices):
    """Whether a site works."""

    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed down")


class Flag(models.TextChoices):
    """What makes a site more dangerous than its line tells."""

    HIGH_RISK = "high_risk", _("High-risk sector")
    KEY_PROCESS = "key_process", _("Key supervised chemical process")
    KEY_CHEMICAL = "key_chemical", _("Key supervised hazardous chemical")
    MAJOR_HAZARD = "major_hazard", _("Major hazard installation")
    DUST = "dust", _("Combustible dust")
    AMMONIA = "ammonia", _("Ammonia refrigeration")
    CONFINED_SPACE = "confined_space", _("Confined space")
    METAL_SMELTING = "metal_smelting", _("Metal smelting")
    MOLTEN_METAL = "molten_metal", _("Molten metal")
    DEEP_CASTING = "deep_casting", _("Deep-well casting")
    CROWDED = "crowded", _("Crowded place")
    SOLVENT = "solvent", _("Flammable solvents or spray painting")
    GAS_USE = "gas_use", _("Uses combustible gas")


class PostKind(models.TextChoices):
    """A post in a unit or at a site."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    PRINCIPAL = "principal", _("Principal")
    CONTROLLER = "controller", _("Actual controller")
    SAFETY_DIRECTOR = "safety_director", _("Safety director")
    SAFETY_MANAGER = "safety_manager", _("Safety manager")
    SITE_MANAGER = "site_manager", _("Site manager")
    SAFETY_ENGINEER = "safety_engineer", _("Certified safety engineer")
    SPECIAL_OPERATOR = "special_operator", _("Special operator")
    EQUIPMENT_OPERATOR = "equipment_operator", _("Special equipment operator")
    CONTACT = "contact", _("Contact person")


RESPONSIBLE = (
    PostKind.PRINCIPAL.value, PostKind.SITE_MANAGER.value, PostKind.LEGAL_REPRESENTATIVE.value, PostKind.CONTACT.value
)  # fmt: skip
"""The posts whose holders answer for a site, the first one first."""


class CertificateKind(models.TextChoices):
    """A person's certificate."""

    ASSESSMENT = "assessment", _("Safety knowledge and management assessment")
    SPECIAL_OPERATION = "special_operation", _("Special operation certificate")
    EQUIPMENT_OPERATION = "equipment_operation", _("Special equipment operator certificate")
    ENGINEER_REGISTRATION = "engineer_registration", _("Certified safety engineer registration")
    OTHER = "other_certificate", _("Other certificate")


WORDS: tuple[type[models.TextChoices], ...] = (
    UnitKind, Sector, Trade, Scale, SiteStatus, Flag, PostKind, CertificateKind,
)  # fmt: skip
"""Every table of words. No code stands in two of them, so that the tables below can be keyed by the code alone."""

COLOURS: dict[str, str] = {
    SiteStatus.OPERATING: "green", SiteStatus.SUSPENDED: "orange", SiteStatus.CLOSED: "grey",
    Flag.HIGH_RISK: "red", Flag.MAJOR_HAZARD: "red", Flag.KEY_PROCESS: "red", Flag.KEY_CHEMICAL: "red",
    Flag.DUST: "orange", Flag.AMMONIA: "orange", Flag.CONFINED_SPACE: "orange", Flag.METAL_SMELTING: "orange",
    Flag.MOLTEN_METAL: "orange", Flag.DEEP_CASTING: "orange",
    UnitKind.ENTERPRISE: "blue", UnitKind.UNLICENSED: "red",
}  # fmt: skip

TWO_KEYS_ONE_MAJOR = (Flag.KEY_PROCESS, Flag.KEY_CHEMICAL, Flag.MAJOR_HAZARD)  # 两重点一重大

BASES: dict[str, Citation] = {
    Flag.HIGH_RISK: Citation(WORK_SAFETY_LAW, "第二十四条第一款"),
    Flag.METAL_SMELTING: Citation(WORK_SAFETY_LAW, "第二十四条第一款"),
    Flag.KEY_PROCESS: Citation("重点监管的危险化工工艺目录", "安监总管三〔2009〕116号、〔2013〕3号"),
    Flag.KEY_CHEMICAL: Citation("重点监管的危险化学品名录", "安监总管三〔2011〕95号、〔2013〕12号", Confidence.B),
    Flag.MAJOR_HAZARD: Citation("危险化学品重大危险源辨识", "GB 18218-2018"),
    Flag.DUST: Citation(TRADE_CRITERIA, "第十一条"),
    Flag.AMMONIA: Citation(TRADE_CRITERIA, "第十二条"),
    Flag.CONFINED_SPACE: Citation(TRADE_CRITERIA, "第十三条"),
    Flag.CROWDED: Citation("消防法", "第七十三条第四项"),
    PostKind.PRINCIPAL: Citation(WORK_SAFETY_LAW, "第五条"),
    PostKind.SAFETY_MANAGER: Citation(WORK_SAFETY_LAW, "第二十四条第一款、第二款"),
    PostKind.SAFETY_DIRECTOR: Citation(WORK_SAFETY_LAW, "第二十五条第二款"),
    CertificateKind.ASSESSMENT: Citation(WORK_SAFETY_LAW, "第二十七条第二款"),
    CertificateKind.SPECIAL_OPERATION: Citation("特种作业人员安全技术考核管理规定", "应急管理部令第19号", Confidence.B),
}
"""The clause a word rests on, where the text is held."""

ALIASES_ZH: dict[str, tuple[str, ...]] = {
    UnitKind.ENTERPRISE: ("企业", "公司", "有限公司", "法人", "企业法人"),
    UnitKind.INDIVIDUAL: ("个体工商户", "个体户", "个体", "个体经营户"),
    UnitKind.INSTITUTION: ("事业单位", "机关", "社会团体", "社会组织", "事业单位或其他组织"),
    UnitKind.UNSTATED: ("未注明类型", "未注明", "不详"),
    UnitKind.UNLICENSED: ("无证照场所", "无照", "无证", "无证无照", "无证照"),
    Sector.CHEM: ("危险化学品", "危化品", "危化", "化工"),
    Sector.COAL: ("煤矿",),
    Sector.MINING: ("非煤矿山", "矿山", "金属非金属矿山"),
    Sector.FIREWORKS: ("烟花爆竹",),
    Sector.EXPLOSIVES: ("民用爆炸物品", "民爆"),
    Sector.INDUSTRY_TRADE: ("工贸", "工贸行业", "工贸（八大行业）", "工矿商贸"),
    Sector.CONSTRUCTION: ("建筑施工", "建筑", "房屋市政"),
    Sector.TRAFFIC: ("道路运输", "道路交通", "交通运输", "交通"),
    Sector.WATERWAY: ("水上交通", "水路运输"),
    Sector.RAILWAY: ("铁路", "轨道交通"),
    Sector.PORT: ("港口",),
    Sector.PIPELINE: ("油气管道", "石油天然气管道"),
    Sector.GAS: ("城镇燃气", "燃气"),
    Sector.POWER: ("电力",),
    Sector.SPECIAL_EQUIPMENT: ("特种设备",),
    Sector.FIRE: ("消防", "人员密集场所消防"),
    Sector.FISHERY: ("渔业船舶", "渔业"),
    Sector.FARM_MACHINERY: ("农业机械", "农机"),
    Sector.WATER: ("水利",),
    Sector.TOURISM: ("文化旅游", "旅游", "文旅", "文化"),
    Sector.EDUCATION: ("教育", "学校"),
    Sector.HEALTH_CARE: ("医疗卫生", "医疗", "卫生"),
    Sector.POSTAL: ("邮政快递", "邮政", "快递"),
    Sector.OTHER: ("其他", "其它", "其他行业"),
    Trade.METALLURGY: ("冶金",),
    Trade.NONFERROUS: ("有色", "有色金属"),
    Trade.BUILDING_MATERIALS: ("建材",),
    Trade.MACHINERY: ("机械", "机械制造"),
    Trade.LIGHT: ("轻工",),
    Trade.TEXTILE: ("纺织",),
    Trade.TOBACCO: ("烟草",),
    Trade.COMMERCE: ("商贸",),
    Scale.LARGE: ("大型", "大", "大型企业"),
    Scale.MEDIUM: ("中型", "中", "中型企业"),
    Scale.SMALL: ("小型", "小", "小型企业"),
    Scale.MICRO: ("微型", "微", "微型企业"),
    SiteStatus.OPERATING: ("在营", "正常", "在业", "存续", "开业", "正常经营", "生产", "正常生产"),
    SiteStatus.SUSPENDED: ("停产", "停业", "停产停业", "停工", "暂停"),
    SiteStatus.CLOSED: ("关闭", "注销", "吊销", "已关闭", "搬迁"),
    Flag.HIGH_RISK: ("高危行业", "高危"),
    Flag.KEY_PROCESS: ("重点监管危险化工工艺", "重点监管工艺", "危险化工工艺"),
    Flag.KEY_CHEMICAL: ("重点监管危险化学品", "重点监管危化品"),
    Flag.MAJOR_HAZARD: ("重大危险源", "危险化学品重大危险源"),
    Flag.DUST: ("粉尘涉爆", "涉爆粉尘", "涉粉", "粉尘"),
    Flag.AMMONIA: ("涉氨制冷", "涉氨", "液氨制冷", "液氨"),
    Flag.CONFINED_SPACE: ("有限空间", "有限空间作业", "受限空间"),
    Flag.METAL_SMELTING: ("金属冶炼", "冶炼"),
    Flag.MOLTEN_METAL: ("高温熔融金属", "金属熔融", "熔融金属"),
    Flag.DEEP_CASTING: ("深井铸造",),
    Flag.CROWDED: ("人员密集场所", "人员密集"),
    Flag.SOLVENT: ("易燃有机溶剂或喷涂", "喷涂", "易燃有机溶剂", "喷漆"),
    Flag.GAS_USE: ("使用可燃气体", "使用燃气", "煤气", "涉燃气"),
    PostKind.LEGAL_REPRESENTATIVE: ("法定代表人", "法人代表", "法人", "负责人（执照）"),
    PostKind.PRINCIPAL: ("主要负责人", "负责人"),
    PostKind.CONTROLLER: ("实际控制人",),
    PostKind.SAFETY_DIRECTOR: ("安全总监",),
    PostKind.SAFETY_MANAGER: ("安全生产管理人员", "安全管理人员", "安全员", "安全负责人"),
    PostKind.SITE_MANAGER: ("现场负责人", "场所负责人"),
    PostKind.SAFETY_ENGINEER: ("注册安全工程师", "注安师"),
    PostKind.SPECIAL_OPERATOR: ("特种作业人员", "特种作业"),
    PostKind.EQUIPMENT_OPERATOR: ("特种设备作业人员",),
    PostKind.CONTACT: ("联系人",),
    CertificateKind.ASSESSMENT: ("安全生产知识和管理能力考核合格证", "安全管理人员证", "主要负责人证"),
    CertificateKind.SPECIAL_OPERATION: ("特种作业操作证",),
    CertificateKind.EQUIPMENT_OPERATION: ("特种设备作业人员证", "特种设备安全管理和作业人员证"),
    CertificateKind.ENGINEER_REGISTRATION: ("注册安全工程师执业证", "注册安全工程师注册证"),
}


def row_choices(words: type[models.TextChoices]) -> tuple[Choice, ...]:
    """The words as a row schema takes them: code, English msgid, the other spellings.

    A spelling that stands for two different words (``other`` in two tables) never meets here: each table is its own.
    """
    with translation.override(None):  # no catalogue: a lazy label then answers its msgid
        return tuple(Choice(word.value, str(word.label), ALIASES_ZH.get(word, ())) for word in words)


def label_of(words: type[models.TextChoices], code: str) -> str:
    """The label of a code in the reader's language; the code itself when it is none of these words."""
    return str(words(code).label) if code in words.values else code


def sectors() -> list[tuple[str, str]]:
    """The sector lines as the pages take them."""
    return [(code, str(label)) for code, label in Sector.choices]
