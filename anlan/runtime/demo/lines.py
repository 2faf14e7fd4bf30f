"""The trades of the demo city: which sector line, which GB/T 4754 class, how names are made, which flags are likely.

Sector codes are registry's; class codes are GB/T 4754-2017's.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trade:
    """One trade: weight in the city, sector line, class code, words for names, likely flags (name → share)."""

    weight: int
    sector: str
    industry: str
    words: tuple[str, ...]
    flags: dict[str, float] = field(default_factory=dict)
    park_share: float = 0.1

    @property
    def trade(self) -> str:
        """The line of 工贸, for sites of that sector."""
        return EIGHT_LINES.get(self.industry, "")


TRADES: tuple[Trade, ...] = (
    Trade(
        5,
        "chem",
        "2614",
        ("化工", "精细化工", "新材料"),
        {"high_risk": 1, "key_chemical": 0.5, "key_process": 0.3, "major_hazard": 0.25},
        0.7,
    ),
    Trade(3, "chem", "2641", ("涂料", "树脂", "油墨"), {"high_risk": 1, "key_chemical": 0.3}, 0.6),
    Trade(4, "chem", "5265", ("石化加油站", "能源加油站"), {"high_risk": 1, "key_chemical": 1}, 0),
    Trade(3, "chem", "5942", ("化工仓储", "油品仓储"), {"high_risk": 1, "major_hazard": 0.6}, 0.5),
    Trade(1, "fireworks", "5235", ("烟花爆竹经营部",), {"high_risk": 1}, 0),
    Trade(2, "mining", "1011", ("石灰石矿", "采石场"), {"high_risk": 1}, 0),
    Trade(3, "industry_trade", "3130", ("钢管", "轧钢", "型钢"), {"molten_metal": 0.5}, 0.3),
    Trade(3, "industry_trade", "3252", ("铝业", "铝型材"), {"molten_metal": 0.6, "dust": 0.2}, 0.3),
    Trade(6, "industry_trade", "3311", ("金属结构", "钢构"), {"confined_space": 0.1}, 0.2),
    Trade(6, "industry_trade", "3351", ("五金制品", "五金抛光"), {"dust": 0.5}, 0.1),
    Trade(7, "industry_trade", "3525", ("模具", "精密机械", "机械制造"), {}, 0.2),
    Trade(6, "industry_trade", "2110", ("家具", "木业"), {"dust": 0.7}, 0.1),
    Trade(5, "industry_trade", "2929", ("塑料制品", "塑胶"), {}, 0.2),
    Trade(4, "industry_trade", "1819", ("服饰", "制衣"), {}, 0.1),
    Trade(3, "industry_trade", "1713", ("纺织", "印染"), {"confined_space": 0.5}, 0.2),
    Trade(3, "industry_trade", "3021", ("水泥制品", "混凝土"), {"confined_space": 0.4}, 0.2),
    Trade(3, "industry_trade", "3071", ("陶瓷", "建陶"), {}, 0.2),
    Trade(3, "industry_trade", "1361", ("水产加工", "水产冷冻"), {"ammonia": 0.6, "confined_space": 0.4}, 0.2),
    Trade(3, "industry_trade", "1391", ("食品", "粮油"), {"dust": 0.3, "confined_space": 0.3}, 0.2),
    Trade(4, "industry_trade", "3982", ("电子", "电路"), {"key_chemical": 0.1}, 0.4),
    Trade(2, "industry_trade", "2231", ("纸品", "包装"), {"confined_space": 0.3}, 0.2),
    Trade(3, "construction", "4790", ("建设工程", "建筑工程"), {"high_risk": 1}, 0.1),
    Trade(3, "traffic", "5431", ("物流运输", "货运"), {}, 0.2),
    Trade(1, "traffic", "5435", ("危货运输",), {"high_risk": 1, "key_chemical": 1}, 0.2),
    Trade(1, "gas", "4511", ("燃气",), {"high_risk": 1}, 0.1),
    Trade(4, "fire", "5211", ("商业广场", "百货"), {}, 0),
    Trade(3, "fire", "6110", ("酒店", "宾馆"), {}, 0),
    Trade(3, "fire", "8310", ("幼儿园",), {}, 0),
    Trade(6, "fire", "6210", ("餐饮店", "酒楼"), {}, 0),
)

EIGHT_LINES = {
    "3130": "metallurgy",
    "3252": "nonferrous",
    "3311": "machinery",
    "3351": "machinery",
    "3525": "machinery",
    "2110": "light",
    "2929": "light",
    "1819": "textile",
    "1713": "textile",
    "3021": "building_materials",
    "3071": "building_materials",
    "1361": "light",
    "1391": "light",
    "3982": "machinery",
    "2231": "light",
}

FRONT = "安恒宏鑫瑞泰盛达华兴永丰顺利鸿昌嘉诚德信金海东南新伟联创富源天益康隆"
BACK = "达发美宝来龙通成辉盈洋远峰腾杰坤荣福源亿科林和悦祥"
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "厂")
