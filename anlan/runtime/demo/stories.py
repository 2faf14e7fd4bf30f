"""What is found in the demo city: kinds of hazards as inspectors word them. Invented, not quoted from any list.

``theme`` is a category of the hazards module; ``sectors`` "" means found anywhere; ``clause`` is the statutory
clause an officer of the demo city decides on for a major one (set, clause), as held in ``anlan.rules``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One kind of hazard: how it is titled, where, what was seen, what put it right."""

    theme: str
    title: str
    place: str
    seen: str
    mended: str
    sectors: tuple[str, ...] = ()
    flag: str = ""
    clause: tuple[str, str] | None = None


STORIES: tuple[Story, ...] = (
    Story("electrical", "配电箱未接地且箱门缺失", "一车间配电间", "现场检查发现一车间配电箱箱门缺失，PE 线未与接地干线可靠连接，箱前堆放纸箱。", "更换带锁箱门，重新敷设接地线并测得接地电阻合格，清理箱前杂物并划线。"),
    Story("electrical", "临时线路私拉乱接", "打磨工段", "打磨工段使用花线私接移动插座，线路沿地面敷设无护套，存在被碾压痕迹。", "拆除临时线路，改为桥架固定敷设，加装漏电保护器。"),
    Story("electrical", "漏电保护装置失灵", "食堂后厨", "按下试验按钮后漏电保护器不动作，后厨潮湿环境用电无保护。", "更换漏电保护器，逐回路试验并留存记录。"),
    Story("electrical", "设备检修未执行挂牌上锁", "注塑车间", "维修人员正在更换模具，电源开关未上锁、未悬挂“禁止合闸”标志。", "制定能量隔离程序，配置锁具，组织全员培训并现场考核。"),
    Story("fire", "疏散通道堆放成品", "二楼包装区", "二楼包装区疏散通道被成品占用约两米，通行宽度不足。", "清理通道，重新划定货物堆放区，班组每日点检。"),
    Story("fire", "安全出口上锁", "厂房北侧", "生产时间厂房北侧安全出口用挂锁锁闭，工人无法从内部开启。", "拆除挂锁，更换推闩式防火门锁，明确专人管理。"),
    Story("fire", "消火栓无水", "原料仓库", "原料仓库室内消火栓测试无水，控制阀处于关闭状态。", "开启控制阀并铅封，补充月度放水试验记录。"),
    Story("fire", "灭火器过期且配置不足", "喷漆房门口", "喷漆房门口两具灭火器压力不足，已超过检修期限。", "更换并增配灭火器，建立台账。"),
    Story("fire", "住人与生产仓储合用一栋建筑", "三楼夹层", "三楼夹层设置床铺，与下层仓库未作防火分隔。", "清退住宿人员，拆除床铺，封闭夹层。"),
    Story("fire", "火灾自动报警主机长期故障", "消防控制室", "消防控制室报警主机显示多处故障，值班人员不能说明处置流程。", "维保单位修复回路，值班人员持证上岗并重新培训。", ("fire", "industry_trade")),
    Story("machinery", "冲床双手按钮被短接", "冲压车间", "三号冲床双手启动按钮一侧用胶带固定，光电保护关闭。", "恢复双手按钮与光电保护并加铅封，对操作工再培训。", ("industry_trade",)),
    Story("machinery", "传动部位缺少防护罩", "输送线", "输送线尾轮及链条外露，无防护罩和急停拉绳。", "加装防护罩和急停拉绳，试验有效。", ("industry_trade",)),
    Story("machinery", "砂轮机托架间隙过大", "维修间", "砂轮机托架与砂轮间隙明显过大，无挡屑板，操作人员未戴护目镜。", "调整托架，加装挡屑板，配发护目镜。", ("industry_trade",)),
    Story("machinery", "行车限位失效", "钢构车间", "五吨行车上升限位失效，吊钩防脱装置缺失。", "更换限位器和防脱装置，经检验后使用。", ("industry_trade",)),
    Story("dust", "除尘系统积尘未清理", "抛光车间", "抛光车间除尘管道和墙面积尘明显，无清扫记录。", "停产清扫，建立每班清扫制度并张贴记录表。", ("industry_trade",), "dust", ("industry_trade", "11(10)")),
    Story("dust", "干式除尘器未采取控爆措施", "木工车间", "木工车间干式除尘器未设置泄爆、隔爆等任何控爆措施。", "加装泄爆片和隔爆阀，委托机构验收。", ("industry_trade",), "dust", ("industry_trade", "11(3)")),
    Story("ammonia", "快速冻结装置未单独隔离", "速冻间", "快速冻结装置与包装作业间未作隔离，作业人数超过规定。", "增设隔断和门禁，限制作业人数，加装氨泄漏报警。", ("industry_trade",), "ammonia", ("industry_trade", "12(2)")),
    Story("ammonia", "氨气浓度报警器未定期校验", "制冷机房", "制冷机房氨气浓度报警器超期未校验，现场声光报警不响应。", "送检校验，更换失效探头并测试联动。", ("industry_trade",), "ammonia"),
    Story("confined_space", "有限空间未辨识且无警示标志", "污水处理站", "污水调节池未列入有限空间台账，池口无警示标志。", "完善台账，设置标志和护栏，配备检测与通风设备。", ("industry_trade",), "confined_space", ("industry_trade", "13(1)")),
    Story("confined_space", "有限空间作业未先检测后作业", "浆池", "两名工人进入浆池清理，无作业审批，未检测气体，池外无人监护。", "立即停止作业，全员培训，审批和监护制度上墙。", ("industry_trade",), "confined_space", ("industry_trade", "13(2)")),
    Story("thing", "熔融金属作业区下方设置休息室", "熔炼车间", "熔炼车间行车吊运通道下方设置工人休息室。", "拆除休息室并迁至安全区域，划定吊运禁入区。", ("industry_trade",), "molten_metal", ("industry_trade", "5(1)")),
    Story("chemicals", "可燃气体报警器未投用", "甲类罐区", "甲类罐区两处可燃气体探测器被屏蔽，控制室无报警。", "恢复投用，校验探头，建立屏蔽审批制度。", ("chem",), "", ("chemicals", "12")),
    Story("chemicals", "特种作业人员无证上岗", "合成车间", "合成车间一名加氢工艺操作人员不能出示有效作业证。", "调离岗位，安排持证人员，开展证件专项清查。", ("chem",), "", ("chemicals", "2")),
    Story("chemicals", "禁忌物料混存", "化学品仓库", "氧化剂与易燃液体同库存放，无分区隔离。", "分库存放，张贴禁忌物一览表，核对在库数量。", ("chem",), "", ("chemicals", "20")),
    Story("chemicals", "卸车区静电接地夹损坏", "卸车台", "卸车台静电接地夹断裂，槽车卸料时未接地。", "更换接地夹并加装接地报警仪。", ("chem",)),
    Story("chemicals", "化学品安全技术说明书缺失", "原料库", "原料库现场无所存化学品的安全技术说明书和安全标签。", "补齐说明书和标签，组织岗位培训。"),
    Story("building", "仓库钢结构锈蚀严重", "成品仓库", "成品仓库钢柱根部锈蚀明显，屋面局部变形。", "委托检测鉴定，对锈蚀构件加固并防腐。"),
    Story("building", "高处平台护栏缺失", "料仓平台", "料仓检修平台缺少护栏和踢脚板，高度约四米。", "加装护栏、踢脚板和警示标志。"),
    Story("special_operation", "动火作业未办理审批", "设备检修现场", "检修人员使用气割切割管道，无动火作业票，周边存有可燃物。", "停止作业，补办审批流程培训，配备监火人和灭火器材。"),
    Story("special_operation", "登高作业未系安全带", "外架", "外架作业人员未系安全带，脚手板未满铺。", "停工整改，满铺脚手板，班前教育并配发安全带。", ("construction",)),
    Story("special_operation", "深基坑临边防护不到位", "基坑东侧", "基坑东侧临边防护缺失约二十米，坑边堆土。", "恢复临边防护，清运堆土，加密监测。", ("construction",)),
    Story("management", "新员工三级安全教育记录缺失", "人事档案", "抽查五名新员工，三级安全教育记录均缺失。", "补充培训和考核，建立一人一档。"),
    Story("management", "外包单位未签订安全管理协议", "厂区", "外包检修单位已进场，未签订安全生产管理协议，未统一协调。", "签订协议，明确职责，定期联合检查。", (), "", ("industry_trade", "3(1)")),
    Story("management", "应急预案未演练", "办公室", "现场处置方案编制后未组织演练，员工不熟悉处置程序。", "组织演练并评估，修订处置方案。"),
    Story("traffic", "车辆动态监控离线未处置", "监控室", "两辆货运车辆卫星定位连续离线，监控人员未处置。", "修复终端，落实离线处置和记录。", ("traffic",)),
    Story("gas", "瓶装气与明火距离不足", "后厨", "后厨液化气瓶紧邻灶台，胶管老化无卡箍。", "迁移气瓶，更换金属软管，加装泄漏报警。", ("fire", "gas")),
    Story("mining", "采场边坡浮石未清理", "采场二平台", "采场二平台边坡有浮石，下方仍在装车。", "停止作业，清理浮石，设置警戒。", ("mining",)),
)
