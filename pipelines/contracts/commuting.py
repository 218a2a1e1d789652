"""Where people are hurt on the road: every accident once and where it lies, how well that is known, points that are no places."""

from pipelines.contracts import codes, core, exports
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, Column, Table
from pipelines.contracts.shared import AS_OF, DEFINITION

SOURCE = Column(
    "source", "来源", nullable=False,
    codes={"commuting": ("上下班工伤",), "off_site": ("因工外出工伤",), "not_recognised": ("未认定的上下班事故",),
           "platform_injury": ("职业伤害",), "traffic_accident": ("交通事故",)})
LOCATED_BY = {
    "given": ("数据给出坐标",), "full_key": ("路口或门牌同名",), "house_number": ("相邻门牌或里程",),
    "landmark": ("场所名称",), "road_section": ("路段同名",)}
OFF_MAP = {"pile_up": ("坐标堆积",), "outside": ("不在本市",), "road_only": ("只知道路",), "no_place": ("地点不明",)}
REGION_SOURCE = {"text": ("地点文字",), "near": ("最近的已知地点",), "employer": ("单位所在地",)}


def _metres(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, RATIO, description, unit="米", decimals=1)


LOCATED_ACCIDENT = Table(
    "located_accident", "定位事故", "一起道路事故", ("accident_id",),
    (Column("accident_id", "事故标识", nullable=False,
            description="C（工伤）、P（职业伤害）、T（交通事故）加其编号；多件同一事故的用首件"), SOURCE,
     *(core.CLAIM[name] for name in ("accident_date", "accident_month", "accident_hour", "accident_minute")),
     Column("year", "年度", MONTH, "事故年", nullable=False),
     exports.REGION, Column("region_source", "地区来源", codes=REGION_SOURCE),
     exports.LON, exports.LAT,
     Column("datum", "坐标系", description="全市统一为一种：WGS84，或本就是地方坐标（米）", codes={
         name: codes.DATUM[name] for name in ("WGS84", "LOCAL-METRES")}),
     _metres("x_m", "东", "距全市中心以东；地方坐标即其横坐标"), _metres("y_m", "北", "距全市中心以北；地方坐标即其纵坐标"),
     Column("located_by", "定位方式", codes=LOCATED_BY),
     _metres("uncertainty_m", "定位误差", "90 % 的误差不超过；数据给出坐标的不知其误差，为空"),
     Column("is_on_map", "上图", FLAG, nullable=False), Column("off_map_reason", "不上图原因", codes=OFF_MAP),
     Column("claims", "工伤件数", COUNT, "同一事故的工伤认定和职业伤害；交通事故为 0", unit="件", nullable=False, minimum=0),
     Column("has_police_record", "有交警记录", FLAG, "有一起交通事故与它是同一事故，已并入", nullable=False),
     Column("is_injury", "伤人", FLAG, "工伤都是；交通事故以登记为准，没有登记的为空"),
     Column("is_severe", "重", FLAG, "任一件重伤、1–4 级或死亡", nullable=False),
     exports.CLAIM["transport"], core.CODED["commute_direction"], exports.CLAIM["sex"],
     Column("age_band", "年龄段", codes=codes.AGE_BAND), core.CLAIM["enterprise_id"], core.ENTERPRISE["industry_2"],
     Column("place_key", "地点名", description="交叉的两条路、路与门牌百号段、路与里程；只有路名，没有门牌"),
     Column("road_name", "道路", description="第一条路，不含段、巷"), DEFINITION), group="commuting")

PLACE_QUALITY = Table(
    "place_quality", "定位情况", "来源 × 地区 × 结果", ("source", "region_code", "outcome"),
    (AS_OF, SOURCE, Column("region_code", "行政区划代码", description="unknown = 不明", nullable=False),
     Column("outcome", "结果", description="定位方式，或不上图原因", codes={**LOCATED_BY, **OFF_MAP}, nullable=False),
     LOCATED_ACCIDENT["is_on_map"],
     Column("accidents", "事故", COUNT, unit="起", nullable=False, minimum=1), LOCATED_ACCIDENT["claims"],
     Column("share_pct", "占比", RATIO, "占该来源该地区的事故", unit="%", decimals=2, nullable=False, minimum=0, maximum=100),
     _metres("median_uncertainty_m", "定位误差中位数", "数据给出坐标的不知其误差，为空"), DEFINITION), group="commuting")

PILE_UP = Table(
    "pile_up", "坐标堆积点", "一个堆积了工伤的坐标点", ("number",),
    (AS_OF, Column("number", "序号", MONTH, "按件数", nullable=False, minimum=1), exports.REGION, exports.LON, exports.LAT,
     LOCATED_ACCIDENT["datum"], Column("accidents", "事故", COUNT, unit="起", nullable=False, minimum=1),
     LOCATED_ACCIDENT["claims"], Column("roads", "路名数", COUNT, "这些事故的地点文字写到的不同道路", unit="条", minimum=0),
     Column("road_names", "写到的道路", description="前五条，按次数"), DEFINITION), group="commuting")

POPULATION = Column("population", "人群", codes={"commuting": ("上下班职工",), "platform": ("新就业形态",)}, nullable=False)
SITE = Column("rank", "名次", MONTH, "在该人群、该地区中的次序", nullable=False, minimum=1)
AREA = Column("area_code", "地区", description="按区县设点位时为 6 位区划代码；all = 全市", nullable=False)
RADIUS = Column("radius_m", "半径", RATIO, unit="米", decimals=0, nullable=False, minimum=0)


def _accidents(name: str, title: str, description: str = "", decimals: int = 2) -> Column:
    return Column(name, title, RATIO, description, unit="起", decimals=decimals, minimum=0)


COMMUTING_HOTSPOT = Table(
    "commuting_hotspot", "上下班交通事故多发路段", "人群 × 地区 × 名次", ("population", "area_code", "rank"),
    (AS_OF, POPULATION, AREA, SITE,
     Column("site_name", "点位", description="圈内最常见的路口、路段或道路；没有文字的按最近的重点场所", nullable=False),
     Column("tier", "证据", codes={"A": ("A 证据充分",), "B": ("B 较可能",), "C": ("C 与偶然无法区分",)}, nullable=False),
     exports.LON, exports.LAT, LOCATED_ACCIDENT["datum"],
     LOCATED_ACCIDENT["x_m"], LOCATED_ACCIDENT["y_m"], RADIUS,
     Column("accidents", "事故", COUNT, "圈内已有的事故，落在几个圈内的只算名次靠前的", unit="起", nullable=False, minimum=0),
     Column("accidents_last_year", "最近年份事故", COUNT, "数据截止的那一年里已知的；年中截止时不满一年", unit="起",
            nullable=False, minimum=0),
     LOCATED_ACCIDENT["claims"],
     Column("severe", "其中重伤以上", COUNT, unit="起", nullable=False, minimum=0),
     Column("other_accidents", "其他事故", COUNT, "圈内的因工外出、未认定和交警登记的事故", unit="起", nullable=False, minimum=0),
     _accidents("background", "周边水平", "按 500 米范围内的一般水平，同样多年应有"),
     Column("ratio", "与周边之比", RATIO, "收缩后", decimals=2, minimum=0),
     Column("above_probability", "高于周边 1.5 倍的概率", RATIO, decimals=3, minimum=0, maximum=1),
     Column("scan_probability", "偶然出现的概率", RATIO, "在没有多发点的城市里，全市最突出的点也会这样突出的概率", decimals=3,
            minimum=0, maximum=1),
     _accidents("forecast", "来年预计", "不采取措施"), _accidents("forecast_low", "来年预计下限", "90 % 区间", 0),
     _accidents("forecast_high", "来年预计上限", "90 % 区间", 0),
     Column("change_expected_pct", "不采取措施的变化", RATIO, "来年预计与以往年均相比：按以往件数选出的点位本会回落", unit="%",
            decimals=1),
     Column("since_year", "成为多发点的年份", MONTH, "此后历年都不低于周边水平的第一年"),
     Column("usual_hours", "常见时段"), Column("usual_transports", "常见交通方式"),
     Column("over_represented", "偏多的情形", description="与其余点位和路段相比，至少 5 起，错误发现率不超过 0.1"),
     Column("evidence", "依据", nullable=False), DEFINITION), group="commuting")

HOTSPOT_NEIGHBOUR = Table(
    "hotspot_neighbour", "多发路段周边", "人群 × 地区 × 名次 × 次序", ("population", "area_code", "rank", "number"),
    (AS_OF, POPULATION, AREA, SITE,
     Column("number", "次序", MONTH, "先按在此受伤的职工，再按人数、距离", nullable=False, minimum=1),
     Column("neighbour_kind", "类别", description="用人单位，或重点场所的类别", nullable=False),
     Column("neighbour_name", "名称", nullable=False), core.CLAIM["enterprise_id"],
     Column("distance_m", "距离", RATIO, "到点位中心；场所有半径的减去半径", unit="米", decimals=0, minimum=0),
     Column("heads", "参保约", COUNT, unit="人", minimum=0),
     Column("injured_here", "在此受伤职工", COUNT, unit="起", nullable=False, minimum=0), DEFINITION), group="commuting")

COMMUTING = (PLACE_QUALITY, PILE_UP, COMMUTING_HOTSPOT, HOTSPOT_NEIGHBOUR)
