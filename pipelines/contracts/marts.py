"""The marts: what a bureau reads, computed under a policy."""

from pipelines.contracts import codes, core, tracking
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, SMALL, YUAN, Column, Table
from pipelines.contracts.shared import AS_OF, DEFINITION, PERSON_YEARS

PERIOD = Column("period", "时段", nullable=False, codes=codes.PERIOD)
WINDOW = (
    Column("first_month", "时段起月", MONTH, "时段中有缴费数据的首月", unit="yyyymm", nullable=False),
    Column("last_month", "时段止月", MONTH, unit="yyyymm", nullable=False),
    Column("months_covered", "覆盖月数", SMALL, "时段中有缴费数据的月数", unit="月", nullable=False, minimum=0),
    Column("is_short", "时段不足", FLAG, "覆盖月数少于时段应有的月数", nullable=False),
)
ENTERPRISE_ID = core.ENTERPRISE["enterprise_id"]
GROUPED = ("production", "occupational_disease", "commuting", "sudden_death")
COUNTS = tuple(core.ENTERPRISE_YEAR[name] for name in ("injuries", "severe", "deaths"))
RATE = (
    Column("rate_pct", "工伤发生率", RATIO, "工伤人次 ÷ 人年", unit="%", decimals=4, minimum=0),
    Column("rate_low_pct", "发生率下限", RATIO, "95 % 精确泊松区间（Garwood 1936）", unit="%", decimals=4, minimum=0),
    Column("rate_high_pct", "发生率上限", RATIO, "95 % 精确泊松区间（Garwood 1936）", unit="%", decimals=4, minimum=0),
)
MONEY = (
    Column("premium_yuan", "征缴保费", YUAN, "时段内到账，不含滞纳金，退费已冲减", unit="元", nullable=False, decimals=2),
    Column("payout_yuan", "基金支付", YUAN, "时段内支付", unit="元", nullable=False, decimals=2),
    Column("pay_ratio", "支缴率", RATIO, "基金支付 ÷ 征缴保费；保费不为正的为空", unit="%", decimals=2),
)

ENTERPRISE_PERIOD = Table(
    "enterprise_period", "单位分时段计数", "参保单位 × 时段（单位编号为空串的一行 = 未对上单位的）", ("enterprise_id", "period"),
    (ENTERPRISE_ID,
     Column("period", "时段", nullable=False, codes={**codes.PERIOD, "year_before": ("上上年度",)}),
     Column("person_months", "人月", COUNT, "已按派遣人数调整；无从得知的为空", unit="人月", minimum=0),
     *COUNTS, *(core.ENTERPRISE_YEAR[f"injuries_{group}"] for group in GROUPED),
     Column("dispatched_injuries", "派遣工伤", COUNT, "作为用工单位", unit="人次", nullable=False, minimum=0),
     *MONEY[:2]), group="rates")

ENTERPRISE_RISK = Table(
    "enterprise_risk", "企业工伤风险", "参保单位 × 时段", ("enterprise_id", "period"),
    (AS_OF, ENTERPRISE_ID, PERIOD, *WINDOW, core.ENTERPRISE["enterprise_name"], core.ENTERPRISE["industry_code"],
     core.ENTERPRISE["region_code"], *COUNTS, PERSON_YEARS, *RATE, *MONEY, DEFINITION), group="rates")

INDUSTRY_RATE = Table(
    "industry_injury_rate", "行业工伤发生率", "行业（各层）× 时段", ("level", "industry_code", "period"),
    (AS_OF, Column("classification", "行业分类", nullable=False),
     Column("level", "层次", SMALL, "0 全市，1 门类，2 大类，3 中类，4 小类", nullable=False, minimum=0, maximum=4),
     Column("industry_code", "行业代码", description="all = 全市；unknown = 行业不明；以 * 结尾 = 未细分到该层", nullable=False),
     Column("industry_name", "行业名称"), PERIOD, *WINDOW,
     Column("enterprises", "单位数", COUNT, "时段内有人年的单位（N）", unit="家", nullable=False, minimum=0),
     *COUNTS, PERSON_YEARS, *RATE, *tracking.COMPLETED,
     Column("enterprises_above_threshold", "超阈值单位数", COUNT, "发生率高于政策阈值的单位（n）", unit="家", nullable=False,
            minimum=0),
     Column("is_above_threshold", "行业超阈值", FLAG, "行业发生率高于政策阈值"),
     Column("difference", "与全市相比", codes={"above": ("高于",), "below": ("低于",), "none": ("无显著差别",)},
            description="区间整个高于或低于全市发生率"),
     Column("change_pct", "比上年变化", RATIO, "上年度比上上年度，本年累计比上年同期", unit="%", decimals=2),
     *MONEY, DEFINITION), group="rates")

FUND_BALANCE = Table(
    "fund_balance", "基金收支与工伤预防费额度", "统筹地区 × 年度", ("pool", "year"),
    (AS_OF, core.FUND["pool"], core.FUND["year"],
     Column("collected_yuan", "征缴收入", YUAN, unit="元", decimals=2),
     Column("paid_yuan", "待遇支出", YUAN, unit="元", decimals=2), MONEY[2],
     Column("cap_yuan", "预防费上限", YUAN, "上年度征缴收入 × 政策规定的比例", unit="元", decimals=2),
     Column("allotted_yuan", "下达预算额度", YUAN, unit="元", decimals=2),
     Column("used_yuan", "工伤预防费支出", YUAN, unit="元", decimals=2),
     Column("is_reported", "有基金报表", FLAG, "否 = 由缴费与支付明细汇总", nullable=False),
     Column("months_covered", "覆盖月数", SMALL, "由明细汇总时有缴费数据的月数", unit="月", nullable=False, minimum=0),
     DEFINITION), group="rates")

DATA_QUALITY = Table(
    "data_quality", "数据质量", "种类 × 来源 × 经办机构 × 批次 × 规则 × 列",
    ("kind", "source", "agency", "batch_month", "rule", "column_name"),
    (AS_OF, Column("kind", "种类", nullable=False),
     Column("source", "来源", description="文件路径去掉扩展名、数字和日期字样；空串 = 不分来源", nullable=False),
     Column("agency", "经办机构", description="all = 全部；unknown = 单位或其经办机构不明", nullable=False),
     core.RAW_FILE["batch_month"], Column("dimension", "方面", nullable=False, codes=codes.QUALITY),
     core.DOUBTFUL_ROW["rule"], Column("column_name", "列", description="空串 = 不分列", nullable=False),
     Column("issue", "问题", nullable=False),
     Column("rows", "行数", COUNT, "查了多少行；没有交付的月份为 1", unit="行", nullable=False, minimum=0),
     Column("affected", "涉及行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("share_pct", "占比", RATIO, "涉及行数 ÷ 行数", unit="%", decimals=4, minimum=0, maximum=100),
     Column("share_before_pct", "上批占比", RATIO, "同一系列的上一批", unit="%", decimals=4, minimum=0, maximum=100),
     Column("change_points", "变化", RATIO, "占比 − 上批占比", unit="百分点", decimals=4),
     Column("median_delay", "间隔中位数", COUNT, "仅及时：认定为天，缴费和支付为月", unit="天或月"),
     Column("verdict", "程度", nullable=False, codes=codes.QUALITY_VERDICT,
            description="按 pipelines/tables/quality_rules.csv 的界限；比上批多 10 个百分点及以上的至少为留意"),
     Column("advice", "怎么办", nullable=False)), group="quality")

MARTS = (ENTERPRISE_PERIOD, ENTERPRISE_RISK, INDUSTRY_RATE, FUND_BALANCE, DATA_QUALITY)
