"""Code lists: the code that the product uses, and the texts that bureaus send for it.

Belongs here: closed lists. Industry and region codes are open trees and live in pipelines/classification.py.
"""

CONCLUSION = {
    "recognised": ("认定工伤", "认定为工伤", "工伤", "予以认定"),
    "deemed": ("视同工伤", "视同"),
    "refused": ("不予认定", "不予认定工伤", "非工伤", "不认定"),
    "not_accepted": ("不予受理",),
    "suspended": ("中止",),
    "ended": ("终止",),
    "revoked": ("撤销", "撤销认定", "已撤销"),
    "pending": ("待认定", "受理中", "认定中", "未认定", "审核中"),
}
COUNTED_CONCLUSIONS = ("recognised", "deemed")

CLAUSE_GROUP = {
    "14-1": "production",
    "14-2": "production",
    "14-3": "production",
    "14-4": "occupational_disease",
    "14-5": "off_site",
    "14-6": "commuting",
    "14-7": "other",
    "15-1": "sudden_death",
    "15-2": "other",
    "15-3": "other",
}
CLAUSE = {clause: (clause,) for clause in (*CLAUSE_GROUP, "16-1", "16-2", "16-3")}
GROUP = {
    "production": ("生产性工伤",),
    "occupational_disease": ("职业病",),
    "off_site": ("因工外出",),
    "commuting": ("上下班途中",),
    "sudden_death": ("突发疾病死亡",),
    "other": ("其他",),
}
SEX = {"male": ("男", "1", "男性", "M"), "female": ("女", "2", "女性", "F")}
YES_NO = {"true": ("是", "1", "Y", "y", "有", "true", "TRUE", "√"), "false": ("否", "0", "N", "n", "无", "false", "FALSE")}
PAYMENT_KIND = {
    "normal": ("正常", "正常缴费", "正常应缴"),
    "late": ("补缴", "补收", "补缴费"),
    "refund": ("退费", "退款", "退收"),
    "one_off": ("一次性缴费", "项目缴费", "趸缴"),
}
EMPLOYMENT = {
    "direct": ("直接用工", "单位用工", "正常用工"),
    "dispatch": ("劳务派遣", "劳务派遣单位", "派遣"),
    "project": ("按项目参保", "建设项目", "项目参保"),
    "flexible": ("灵活就业", "个体"),
}
ENTERPRISE_STATUS = {
    "insured": ("正常参保", "参保", "正常", "在保", "正常缴费"),
    "suspended": ("暂停参保", "暂停缴费", "停保", "暂停"),
    "cancelled": ("注销", "终止参保", "已注销", "终止"),
}
SEVERITY = {
    "slight": ("轻伤", "受伤", "轻微伤"),
    "serious": ("重伤",),
    "death": ("死亡", "工亡"),
    "disease": ("职业病",),
}
APPRAISAL_KIND = {
    "first": ("初次", "初次鉴定", "首次", "首次鉴定"),
    "again": ("再次", "再次鉴定"),
    "review": ("复查", "复查鉴定"),
}
CARE = {"full": ("完全", "完全护理", "一级"), "most": ("大部分", "大部分护理", "二级"), "part": ("部分", "部分护理", "三级")}
DATUM = {
    "WGS84": ("WGS84", "WGS-84", "wgs84"),
    "CGCS2000": ("CGCS2000", "2000国家大地坐标系", "国家2000"),
    "GCJ02": ("GCJ02", "GCJ-02", "gcj02", "火星坐标", "高德", "腾讯"),
    "BD09": ("BD09", "BD-09", "bd09", "百度"),
    "LOCAL-METRES": ("LOCAL-METRES", "地方坐标", "平面坐标"),
}
TRANSPORT = {
    "on_foot": ("步行", "行人"),
    "bicycle": ("自行车", "骑自行车"),
    "e_bike": ("电动车", "电动自行车", "电瓶车"),
    "motorcycle": ("摩托车",),
    "car": ("小汽车", "汽车", "轿车", "私家车", "机动车"),
    "bus": ("公交车", "公交", "班车", "客车"),
    "rail": ("地铁", "火车", "轨道交通"),
    "other": ("其他",),
}
# GB 6441-1986 accident types (01–20) with the names of the 2025 edition put to the type that they come from
# (its own codes are not published); beside them what work-injury cases hold and the standard does not.
CAUSE = {
    "01": ("物体打击",),
    "02": ("车辆伤害", "厂(场)内车辆致害", "厂内车辆致害", "场内车辆致害", "厂内车辆伤害"),
    "03": ("机械伤害", "机械致害", "机器工具伤害", "机器伤害"),
    "04": ("起重伤害", "起重致害"),
    "05": ("触电", "触电伤害"),
    "06": ("淹溺",),
    "07": ("灼烫", "灼烫伤害", "烫伤", "灼伤"),
    "08": ("火灾", "火灾伤害"),
    "09": ("高处坠落", "高空坠落", "跌落"),
    "10": ("坍塌", "滑坡", "坍塌伤害"),
    "11": ("冒顶片帮", "冒顶"),
    "12": ("透水", "水害"),
    "13": ("放炮", "爆破伤害"),
    "14": ("火药爆炸", "民用爆炸物品爆炸", "烟花爆竹爆炸"),
    "15": ("瓦斯爆炸",),
    "16": ("锅炉爆炸",),
    "17": ("容器爆炸", "管道爆炸", "压力容器爆炸"),
    "18": ("其他爆炸", "可燃气体爆炸", "可燃液体蒸汽爆炸", "粉尘爆炸", "其他可燃固体爆炸", "高温熔融物爆炸", "爆炸"),
    "19": ("中毒和窒息", "中毒", "窒息", "中毒窒息"),
    "20": ("其他伤害", "其他事故", "泄漏", "其他"),
    "road_traffic": ("道路交通事故", "道路(轨道)车辆致害", "交通事故", "上下班交通", "上下班交通事故", "道路交通", "机动车事故"),
    "slip": ("滑倒绊倒", "摔倒", "跌倒"),
    "strain": ("扭伤", "用力不当"),
    "violence": ("暴力伤害", "意外伤害(暴力)", "暴力"),
    "sudden_illness": ("突发疾病",),
    "occupational_disease": ("职业病",),
}
ACTIVITY = {
    "machine": ("操作机床设备",),
    "carry": ("人力搬运",),
    "load": ("装卸",),
    "repair": ("检修",),
    "install": ("安装",),
    "height": ("登高",),
    "drive": ("驾驶",),
    "weld": ("焊接切割",),
    "clean": ("清理清洁",),
    "lift": ("吊装",),
    "mine": ("采掘",),
    "build": ("施工",),
    "cook": ("烹饪",),
    "deliver": ("送货配送",),
    "patrol": ("巡查",),
    "care": ("护理",),
    "walk": ("行走",),
    "errand": ("因工外出",),
    "event": ("单位组织活动",),
}
COMMUTE_DIRECTION = {"to_work": ("上班",), "from_work": ("下班",), "meal": ("往返就餐",), "other": ("未写明或顺路",)}
LIABILITY = {
    "none": ("无责任",),
    "secondary": ("次要责任",),
    "equal": ("同等责任",),
    "main": ("主要责任",),
    "full": ("全部责任",),
    "undetermined": ("无法认定",),
}
COUNTERPART = {
    "truck": ("货车",),
    "car": ("小汽车",),
    "bus": ("客车",),
    "machinery": ("工程或农用车辆",),
    "motorcycle": ("摩托车",),
    "e_bike": ("电动自行车",),
    "bicycle": ("自行车",),
    "pedestrian": ("行人",),
    "train": ("火车",),
    "single": ("单方事故",),
}
# GB 6441-1986, annex A, table A.1.
BODY_PART = {
    "1.01": ("颅脑",), "1.02": ("面颌部",), "1.03": ("眼部",), "1.04": ("鼻",), "1.05": ("耳",), "1.06": ("口",),
    "1.07": ("颈部",), "1.08": ("胸部",), "1.09": ("腹部",), "1.10": ("腰部",), "1.11": ("脊柱",), "1.12": ("上肢",),
    "1.13": ("腕及手",), "1.14": ("下肢",), "1.15": ("踝及脚",),
}
# Groups of posts that prevention speaks to; the number is the major or middle group of 职业分类大典（2022年版）.
POST_GROUP = {
    "manager": ("单位负责人 1",),
    "safety": ("安全管理人员 2-02",),
    "team_leader": ("班组长 6",),
    "engineer": ("专业技术人员 2-02",),
    "medical": ("医护人员 2-05",),
    "teacher": ("教师 2-08",),
    "clerk": ("文员与管理人员 3-01",),
    "security": ("保安 4-07",),
    "sales": ("销售 4-01",),
    "driver": ("驾驶员 4-02",),
    "courier": ("快递与外卖 4-02",),
    "catering": ("餐饮 4-03",),
    "cleaner": ("保洁环卫 4-09",),
    "service": ("其他服务人员 4",),
    "farmer": ("农林牧渔人员 5",),
    "miner": ("采掘工 6-16",),
    "builder": ("建筑施工人员 6-29",),
    "height": ("高处作业人员 6-29",),
    "welder": ("焊工 6-18",),
    "electrician": ("电工 6-31",),
    "maintenance": ("机修工 6-31",),
    "forklift": ("叉车与起重司机 6-30",),
    "handler": ("搬运装卸工 6-30",),
    "warehouse": ("仓储人员 4-02",),
    "operator": ("生产操作工 6",),
    "labourer": ("普工 6",),
}
ORIGIN = {"given": ("数据给出",), "narrative": ("事故经过",), "alias": ("对照表",), "pattern": ("地址文字",)}
PLACE_KIND = {kind: (kind,) for kind in ("园区", "社区", "商业区", "写字楼", "学校", "村", "道口", "工地")}
FILE_STATUS = {
    "accepted": ("已采用",),
    "unknown": ("种类不明",),
    "unusable": ("不能使用",),
    "ignored": ("已忽略",),
    "marker": ("说明文件",),
    "control": ("确认或更正",),
}
CORRECTION_ACTION = {"cell": ("改值",), "row": ("整行重录",), "void": ("作废",), "confirmed": ("属实",)}
CORRECTION_STATUS = {
    "applied": ("已更正",),
    "still_rejected": ("更正后仍退回",),
    "file_changed": ("文件已变，未采用",),
    "file_missing": ("找不到文件",),
    "unusable": ("文件不能使用",),
}
PERIOD = {
    "last_year": ("上年度",),
    "last_3_years": ("近三年",),
    "last_5_years": ("近五年",),
    "year_to_date": ("本年累计",),
    "same_period_last_year": ("上年同期",),
}
QUALITY = {
    "completeness": ("完整",), "validity": ("有效",), "timeliness": ("及时",), "duplicates": ("不重",), "outlier": ("可信",),
}
QUALITY_VERDICT = {"good": ("良好",), "watch": ("留意",), "bad": ("须改正",)}
