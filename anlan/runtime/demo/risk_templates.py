"""The risk points of the demo city: what is found on sites of a flag or line, scored once by the acts' own judging."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """One kind of point: the flag or line it is found with ("" both: everywhere), what is said, LEC twice, measures."""

    flag: str
    sector: str
    name: str
    kind: str
    part: str
    factor: str
    accident: tuple[str, str]
    inherent: tuple[str, str, str]
    residual: tuple[str, str, str]
    control: str
    measures: tuple[tuple[str, str], ...]


def _template(
    flag: str, sector: str, name: str, kind: str, part: str, factor: str, accident: str, inherent: str, residual: str,
    control: str, *measures: str,
) -> Template:  # fmt: skip
    kinds = ("engineering", "management", "training", "protection", "emergency")
    old, _, new = accident.partition("/")
    one, two = inherent.split(), residual.split()
    told = tuple((kinds[int(text[0])], text[1:]) for text in measures)
    return Template(
        flag, sector, name, kind, part, factor, (old, new or old), (one[0], one[1], one[2]), (two[0], two[1], two[2]),
        control, told,
    )  # fmt: skip


# A measure begins with the number of its kind: 0 engineering to 4 emergency. Accidents: old class / class from 2026-07-01.
TEMPLATES = (
    _template("ammonia", "", "氨压缩机房", "place", "开机巡检", "压缩机轴封泄漏氨气", "中毒和窒息/中毒", "6 6 40", "3 6 15", "company",
              "0固定式氨浓度报警联锁事故排风", "1每班巡检两次并记录", "4佩戴空气呼吸器切断进出口阀"),
    _template("ammonia", "", "液氨贮罐区", "equipment", "液位检查", "液位过高超压泄漏", "中毒和窒息/中毒", "6 6 100", "3 6 40", "company",
              "0高液位报警和安全阀", "1液位每小时记录", "4启用水幕喷淋并疏散下风向人员"),
    _template("dust", "", "除尘系统", "equipment", "清灰卸灰", "管道积尘遇火花爆炸", "其他爆炸/粉尘爆炸", "6 6 40", "1 6 40", "workshop",
              "0泄爆和锁气卸灰装置", "1每班清扫并记录", "2粉尘防爆专项培训", "4停机断电后再处置"),
    _template("dust", "", "打磨抛光区", "post", "打磨作业", "作业面积尘扬尘", "其他爆炸/粉尘爆炸", "3 6 15", "1 6 15", "workshop",
              "0湿式或者吸尘台", "3防静电工作服和口罩", "1班后清扫"),
    _template("confined_space", "", "污水池清淤", "process", "下池作业", "硫化氢积聚中毒", "中毒和窒息/中毒", "6 3 40", "1 3 40", "company",
              "1作业票审批和专人监护", "0先通风再检测后作业", "4严禁盲目施救"),
    _template("molten_metal", "", "熔炼炉台", "place", "加料出钢", "炉料潮湿引起喷溅", "灼烫", "6 6 40", "3 6 15", "company",
              "0炉料烘干和防爆坑", "1人员不得在吊运区停留", "3隔热面罩和阻燃服"),
    _template("major_hazard", "", "危险化学品罐区", "place", "收料作业", "物料泄漏遇火源燃爆", "火灾", "3 6 100", "3 6 40", "company",
              "0液位温度压力在线监测和紧急切断", "1收料全程双人值守", "4启动泡沫系统并撤离"),
    _template("key_chemical", "", "危化品仓库", "place", "储存检查", "禁忌物料混存反应放热", "其他爆炸/可燃液体蒸气爆炸", "3 6 40", "1 6 40", "workshop",
              "1分区分类存放并设标识", "0可燃气体报警和防爆电器", "4泄漏收容围堰"),
    _template("key_process", "", "反应釜", "equipment", "投料升温", "超温超压失控", "容器爆炸", "6 6 40", "1 6 40", "company",
              "0温度压力联锁和紧急泄放", "1按操作规程控制加料速度", "4紧急冷却并撤离"),
    _template("high_risk", "", "动火作业", "process", "焊割", "火花引燃周边可燃物", "火灾", "6 3 15", "1 3 15", "workshop",
              "1动火作业票和监护", "0清除周边可燃物", "4配置灭火器"),
    _template("", "chem", "装卸作业区", "place", "槽车装卸", "静电放电引燃蒸气", "火灾", "3 6 40", "1 6 40", "workshop",
              "0静电接地报警", "1车辆熄火垫三角木", "4设消防沙和灭火器"),
    _template("", "mining", "采场边坡", "place", "采装运输", "边坡失稳滑落", "坍塌", "3 6 40", "1 6 40", "company",
              "0边坡位移监测", "1自上而下分台阶开采", "4雨后停止作业"),
    _template("", "construction", "脚手架作业面", "place", "登高作业", "临边防护缺失坠落", "高处坠落", "6 6 15", "1 6 15", "workshop",
              "0临边防护栏杆和安全网", "3全身式安全带高挂低用", "2登高作业交底"),
    _template("", "gas", "调压站", "equipment", "巡检", "法兰泄漏燃气积聚", "其他爆炸/可燃气体爆炸", "3 3 40", "0.5 3 40", "workshop",
              "0泄漏报警联锁切断", "1每周检漏", "4关闭上游阀门并警戒"),
    _template("", "traffic", "停车检修区", "place", "车辆检修", "顶升不稳挤压", "车辆伤害/厂（场）内车辆致害", "3 6 15", "1 6 15", "workshop",
              "1使用支撑和警示牌", "2驾驶员培训", "4现场急救箱"),
    _template("", "fireworks", "烟花爆竹仓库", "place", "出入库", "摩擦撞击引爆", "火药爆炸/烟花爆竹爆炸", "3 6 100", "1 3 100", "company",
              "1严禁超量存放", "0防静电防雷设施", "4严禁烟火"),
    _template("", "fire", "厨房", "place", "烹饪作业", "油烟管道积油起火", "火灾", "3 6 15", "1 6 15", "workshop",
              "0燃气报警切断和灭火装置", "1每季度清洗油烟管道", "4灭火毯和灭火器"),
    _template("", "industry_trade", "冲压机", "equipment", "上下料", "双手误入模区", "机械伤害/机械致害", "6 6 7", "1 6 7", "team",
              "0双手按钮和光电保护", "1班前点检", "2岗位操作培训"),
    _template("", "industry_trade", "行车吊运", "process", "吊运物料", "吊索具断裂坠落", "起重伤害/起重致害", "3 6 15", "1 6 15", "workshop",
              "0限位器和防脱钩", "1吊索具月检", "3安全帽"),
    _template("", "industry_trade", "叉车通道", "place", "物料转运", "人车混行碰撞", "车辆伤害/厂（场）内车辆致害", "3 6 15", "1 6 7", "team",
              "0人车分流和反光镜", "1限速5公里", "2持证上岗"),
    _template("", "", "配电房", "place", "倒闸操作", "误操作触电", "触电", "3 3 15", "1 3 15", "workshop",
              "0绝缘垫和五防闭锁", "1持证电工操作票", "4心肺复苏培训"),
    _template("", "", "疏散通道", "place", "日常使用", "堵塞影响疏散", "火灾", "1 6 15", "0.5 6 7", "post",
              "1每日巡查保持畅通", "0应急照明和指示标志"),
    _template("", "", "登高检修", "process", "更换灯具", "梯子滑倒坠落", "高处坠落", "3 2 15", "1 2 7", "team",
              "1双人作业一人扶梯", "3安全带"),
    _template("", "", "仓储货架", "equipment", "存取货物", "堆码超高倒塌", "坍塌", "1 6 7", "0.5 6 3", "post",
              "1限高限载标识", "0货架防撞护角"),
)  # fmt: skip
