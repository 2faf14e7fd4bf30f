"""What of a unit decides which duties bind it: its line, what it has, how large it is.

Every line and flag of the registry stands here, so that a duty of any of them is a row of ``data/unit_duties.csv``.
"""

from __future__ import annotations

from enum import StrEnum

from anlan.rules.wording import Wording


class Mark(StrEnum):
    """What of a unit decides which duties bind it: its line, what it has, how many it employs."""

    COAL = "coal"
    MINING = "mining"
    METAL_SMELTING = "metal_smelting"
    CONSTRUCTION = "construction"
    TRAFFIC = "traffic"
    CHEM = "chem"
    FIREWORKS = "fireworks"
    EXPLOSIVES = "explosives"
    FISHERY = "fishery"
    CROWDED = "crowded"
    DUST = "dust"
    AMMONIA = "ammonia"
    CONFINED_SPACE = "confined_space"
    HIGH_RISK = "high_risk"
    ABOVE_SCALE = "above_scale"
    OVER_100 = "over_100"
    INDUSTRY_TRADE = "industry_trade"
    WATERWAY = "waterway"
    RAILWAY = "railway"
    PORT = "port"
    PIPELINE = "pipeline"
    GAS = "gas"
    POWER = "power"
    SPECIAL_EQUIPMENT = "special_equipment"
    FIRE = "fire"
    FARM_MACHINERY = "farm_machinery"
    WATER = "water"
    TOURISM = "tourism"
    EDUCATION = "education"
    HEALTH_CARE = "health_care"
    POSTAL = "postal"
    KEY_PROCESS = "key_process"
    KEY_CHEMICAL = "key_chemical"
    MAJOR_HAZARD = "major_hazard"
    MOLTEN_METAL = "molten_metal"
    DEEP_CASTING = "deep_casting"
    SOLVENT = "solvent"
    GAS_USE = "gas_use"


MARKS = {
    Mark.COAL: Wording("coal mine", "煤矿"),
    Mark.MINING: Wording("non-coal mine", "非煤矿山"),
    Mark.METAL_SMELTING: Wording("metal smelting", "金属冶炼"),
    Mark.CONSTRUCTION: Wording("building", "建筑施工"),
    Mark.TRAFFIC: Wording("road transport", "道路运输"),
    Mark.CHEM: Wording("hazardous chemicals", "危险化学品"),
    Mark.FIREWORKS: Wording("fireworks", "烟花爆竹"),
    Mark.EXPLOSIVES: Wording("civil explosives", "民用爆炸物品"),
    Mark.FISHERY: Wording("fishing vessels", "渔业生产"),
    Mark.CROWDED: Wording("crowded place", "人员密集场所"),
    Mark.DUST: Wording("combustible dust", "粉尘涉爆"),
    Mark.AMMONIA: Wording("ammonia refrigeration", "涉氨制冷"),
    Mark.CONFINED_SPACE: Wording("confined spaces", "有限空间"),
    Mark.HIGH_RISK: Wording("high-risk sector", "高危行业"),
    Mark.ABOVE_SCALE: Wording("large or medium-sized", "大中型企业"),
    Mark.OVER_100: Wording("more than 100 staff", "从业人员超过100人"),
    Mark.INDUSTRY_TRADE: Wording("industry and trade", "工贸"),
    Mark.WATERWAY: Wording("water transport", "水上交通"),
    Mark.RAILWAY: Wording("railways", "铁路"),
    Mark.PORT: Wording("ports", "港口"),
    Mark.PIPELINE: Wording("oil and gas pipelines", "油气管道"),
    Mark.GAS: Wording("town gas", "城镇燃气"),
    Mark.POWER: Wording("electric power", "电力"),
    Mark.SPECIAL_EQUIPMENT: Wording("special equipment", "特种设备"),
    Mark.FIRE: Wording("fire safety of crowded places", "人员密集场所消防"),
    Mark.FARM_MACHINERY: Wording("farm machinery", "农业机械"),
    Mark.WATER: Wording("water works", "水利"),
    Mark.TOURISM: Wording("tourism and culture", "文化旅游"),
    Mark.EDUCATION: Wording("schools", "教育"),
    Mark.HEALTH_CARE: Wording("health care", "医疗卫生"),
    Mark.POSTAL: Wording("post and delivery", "邮政快递"),
    Mark.KEY_PROCESS: Wording("key supervised chemical process", "重点监管危险化工工艺"),
    Mark.KEY_CHEMICAL: Wording("key supervised hazardous chemical", "重点监管危险化学品"),
    Mark.MAJOR_HAZARD: Wording("major hazard installation", "危险化学品重大危险源"),
    Mark.MOLTEN_METAL: Wording("molten metal", "高温熔融金属"),
    Mark.DEEP_CASTING: Wording("deep-well casting", "深井铸造"),
    Mark.SOLVENT: Wording("flammable solvents or spray painting", "易燃溶剂或者喷涂"),
    Mark.GAS_USE: Wording("uses combustible gas", "使用可燃气体"),
}
