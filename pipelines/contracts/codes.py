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
