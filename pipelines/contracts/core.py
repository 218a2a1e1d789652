"""The core tables: what is known as of a month, with no policy in it."""

from pipelines.contracts import codes, exports
from pipelines.contracts.model import COUNT, DATE, FLAG, MONTH, RATIO, SMALL, YUAN, Column, Table, pa

RAW_FILE = Table(
    "raw_file", "收到的文件", "一个文件的一张表（被以后批次更正的，每次更正另有一行）", ("batch_month", "file_number", "edition"),
    (Column("batch_month", "批次月份", MONTH, "data/raw 下的文件夹，即数据截止月", unit="yyyymm", nullable=False),
     Column("file_number", "文件序号", MONTH, "批次内按路径排序，从 0 起", nullable=False),
     Column("edition", "版本月份", MONTH, "从哪一批起如此读取：本批，或更正它的那一批", unit="yyyymm", nullable=False),
     Column("path", "文件", nullable=False), Column("sheet", "工作表"), Column("kind", "种类"),
     Column("status", "状态", nullable=False, codes=codes.FILE_STATUS), Column("message", "说明"),
     Column("content", "内容摘要", description="文件字节的 SHA-256", nullable=False),
     Column("digest", "读入摘要", description="文件内容、工作表与读入版本的摘要", nullable=False),
     Column("rows", "收到行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("rows_accepted", "采用行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("rows_rejected", "退回行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("rows_left_out", "未计入的行", COUNT, "重复的表头、合计、表尾等不是数据的行", unit="行", nullable=False, minimum=0),
     Column("amount_accepted", "采用金额", YUAN, "该种类的对账金额", unit="元", decimals=2),
     Column("amount_rejected", "退回金额", YUAN, "退回行中可识别的金额", unit="元", decimals=2),
     Column("premium_months", "缴费月份", description="缴费：正常缴费行所属的月份，以逗号分隔"),
     Column("repeated_months", "重复月份", description="缴费：同一单位在文件内有多行正常缴费的月份")))

REJECTED_ROW = Table(
    "rejected_row", "退回的行", "一行不能使用的数据", ("batch_month", "file_number", "row_number"),
    (RAW_FILE["batch_month"], RAW_FILE["file_number"], RAW_FILE["path"], RAW_FILE["sheet"], RAW_FILE["kind"],
     exports.LINEAGE[0], Column("rule", "规则", description="每条为 规则:列，以逗号分隔", nullable=False),
     Column("message", "原因", nullable=False), exports.UNIT,
     Column("reference", "案件/流水", description="该行的认定书编号、流水号等，便于找到它")))

CORRECTION = Table(
    "correction", "更正记录", "一条更正", ("batch_month", "path", "entry"),
    (RAW_FILE["batch_month"], Column("path", "更正文件", nullable=False),
     Column("entry", "条目", pa.int32(), "工作表的行号，或 TOML 中的第几项", nullable=False),
     Column("target_path", "被更正的文件", nullable=False), Column("target_sheet", "被更正的工作表"), RAW_FILE["kind"],
     Column("column_title", "列", nullable=False), Column("target_row", "被更正的行号", pa.int32()),
     Column("action", "做法", codes=codes.CORRECTION_ACTION, nullable=False), Column("rule", "原规则"),
     Column("reason", "更正说明", nullable=False), Column("corrected_on", "更正日期", DATE),
     Column("expected", "应有行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("status", "结果", codes=codes.CORRECTION_STATUS, nullable=False)))

DOUBTFUL_ROW = Table(
    "doubtful_row", "存疑的行", "一行已采用的数据中存疑的一处",
    ("batch_month", "file_number", "row_number", "rule", "column_name"),
    (RAW_FILE["batch_month"], RAW_FILE["file_number"], RAW_FILE["path"], RAW_FILE["sheet"], RAW_FILE["kind"],
     exports.LINEAGE[0], REJECTED_ROW["rule"],
     Column("column_name", "列", description="宜核对的列；空串 = 整行", nullable=False), REJECTED_ROW["message"],
     exports.UNIT,
     Column("agency", "经办机构", description="单位所属；unknown = 单位或其经办机构不明", nullable=False),
     Column("reference", "案件/流水", description="该行的认定书编号、流水号或费款所属期，便于找到它")))

SOURCE_RECONCILIATION = Table(
    "source_reconciliation", "来源对账", "一个文件的一张表", ("batch_month", "file_number"),
    (RAW_FILE["batch_month"], RAW_FILE["file_number"], RAW_FILE["path"], RAW_FILE["sheet"], RAW_FILE["kind"],
     Column("rows_received", "收到行数", COUNT, unit="行", nullable=False, minimum=0),
     RAW_FILE["rows_accepted"], RAW_FILE["rows_rejected"],
     Column("rows_superseded", "被更新行数", COUNT, "后来的同一事实的行取代了它，或与他行完全相同", unit="行", nullable=False,
            minimum=0),
     Column("rows_later", "以后才知的行数", COUNT, "截至本月尚不可知", unit="行", nullable=False, minimum=0),
     Column("amount_received", "收到金额", YUAN, unit="元", decimals=2), RAW_FILE["amount_accepted"],
     RAW_FILE["amount_rejected"], Column("amount_superseded", "被更新金额", YUAN, unit="元", decimals=2),
     Column("amount_later", "以后才知的金额", YUAN, unit="元", decimals=2),
     Column("rows_vanished", "消失的编号", COUNT, "全量交付的种类：上一批有、本批没有的编号", unit="个", minimum=0)))

SOURCE = (
    Column("source_batch", "来源批次", MONTH, unit="yyyymm", nullable=False),
    Column("source_file", "来源文件序号", MONTH, nullable=False),
    Column("source_row", "来源行号", pa.int32(), nullable=False),
)

INDUSTRY_LEVELS = tuple(
    Column(f"industry_{level}", title, description="该层代码；未细分到该层时为空")
    for level, title in ((1, "门类"), (2, "大类"), (3, "中类"), (4, "小类"))
)

PLACED = (
    exports.ENTERPRISE["street"],
    Column("street_source", "街道来源", description="对照表、地址文字：取自生产经营地址，没有则单位地址", codes=codes.ORIGIN),
    exports.ENTERPRISE["park"], Column("park_source", "园区来源", description="同上", codes=codes.ORIGIN),
)
ENTERPRISE = Table(
    "enterprise", "参保单位", "一个参保单位", ("enterprise_id",),
    (Column("enterprise_id", "单位编号", nullable=False), exports.USCC, exports.ENTERPRISE["enterprise_name"],
     Column("industry_code", "行业代码", description="交付时的代码"), *INDUSTRY_LEVELS,
     Column("is_industry_known", "行业可识别", FLAG, nullable=False), exports.ENTERPRISE["risk_class"],
     *(exports.ENTERPRISE[name] for name in ("region_code", "agency")),
     *PLACED,
     *(exports.ENTERPRISE[name] for name in ("group_name", "unit_type", "employment", "status", "insured_on", "cancelled_on",
                                             "staff", "dispatched", "revenue_10k_yuan", "lon", "lat", "datum")),
     Column("marks", "存疑列", description="值无法识别而置空的列，以逗号分隔"), *SOURCE))

HEADS = Column("heads", "缴费人数", COUNT, unit="人", minimum=0)
ENTERPRISE_MONTH = Table(
    "enterprise_month", "单位月度缴费", "参保单位 × 费款所属期 × 到账月份 × 缴费类型",
    ("enterprise_id", "month", "received_month", "payment_kind"),
    (ENTERPRISE["enterprise_id"], Column("month", "费款所属期", MONTH, unit="yyyymm", nullable=False),
     Column("received_month", "到账月份", MONTH, "未填到账日期时等于费款所属期", unit="yyyymm", nullable=False),
     Column("payment_kind", "缴费类型", nullable=False, codes=codes.PAYMENT_KIND), HEADS,
     Column("unit_rate", "单位费率", exports.RATE, unit="小数", decimals=6),
     Column("due_yuan", "应缴金额", YUAN, unit="元", decimals=2),
     Column("paid_yuan", "实缴金额", YUAN, "不含滞纳金，退费已冲减", unit="元", decimals=2)), is_query=True)


def _injuries(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, COUNT, description, unit="人次", nullable=False, minimum=0)


INJURY_COUNTS = (
    _injuries("injuries", "工伤", "认定或视同工伤；不含建设项目、老工伤"),
    *(_injuries(f"injuries_{group}", title) for group, (title,) in codes.GROUP.items()),
    _injuries("severe", "1–4 级", "伤残等级 1–4 级"), _injuries("deaths", "死亡"),
)
ENTERPRISE_YEAR = Table(
    "enterprise_year", "单位年度", "参保单位 × 年度", ("enterprise_id", "year"),
    (ENTERPRISE["enterprise_id"], Column("year", "年度", MONTH, nullable=False),
     Column("first_month", "首个缴费月", MONTH, unit="yyyymm"), Column("last_month", "末个缴费月", MONTH, unit="yyyymm"),
     Column("months", "缴费月数", COUNT, unit="月", nullable=False, minimum=0),
     Column("months_to_date", "同期缴费月数", COUNT, unit="月", nullable=False, minimum=0),
     Column("person_months", "人月", COUNT, "各月缴费人数之和", unit="人月", nullable=False, minimum=0),
     Column("person_months_to_date", "同期人月", COUNT, "截至与本月相同的月份", unit="人月", nullable=False, minimum=0),
     Column("heads_in_december", "12 月缴费人数", COUNT, unit="人", nullable=False, minimum=0),
     Column("unit_rate", "年末费率", exports.RATE, "该年最后一个月的单位费率", unit="小数", decimals=6),
     Column("due_yuan", "应缴", YUAN, "按费款所属期", unit="元", nullable=False, decimals=2),
     Column("paid_yuan", "实缴", YUAN, "按费款所属期", unit="元", nullable=False, decimals=2),
     Column("collected_yuan", "征缴", YUAN, "按到账月份", unit="元", nullable=False, decimals=2),
     Column("collected_to_date_yuan", "同期征缴", YUAN, "按到账月份", unit="元", nullable=False, decimals=2),
     *INJURY_COUNTS, Column("payout_yuan", "待遇支付", YUAN, "按支付月份", unit="元", nullable=False, decimals=2)))

CODED = {column.name: column for column in exports.CODED}
TRAVEL = (
    Column("transport_source", "交通方式来源", codes=codes.ORIGIN),
    *(CODED[name] for name in ("commute_direction", "liability", "counterpart")),
)
CAUSES = (
    Column("cause_code", "起因", codes=codes.CAUSE,
           description="事故类别给出的；没有给出，或经过所述是它之内更细的一种（其他伤害中的跌倒，车辆伤害中的道路交通），用经过编码"),
    Column("cause_source", "起因来源", codes=codes.ORIGIN), CODED["activity_code"],
)
CLAIM = Table(
    "claim", "工伤认定", "一件工伤认定", ("claim_id",),
    (Column("claim_id", "案件标识", nullable=False,
            description="ID- 加相连的最小工伤认定信息ID；没有则为认定书编号，再没有则为 ROW- 加来源位置"),
     exports.RECOGNITION_NO,
     Column("enterprise_id", "单位编号", description="有用工单位的归用工单位；对不上的为来文所写的编号、代码或名称"),
     Column("insured_enterprise_id", "参保单位编号"), Column("is_dispatched", "派遣", FLAG, nullable=False),
     exports.PERSON, exports.CLAIM["sex"], exports.CLAIM["birth_year"], exports.CLAIM["occupation"], CODED["post_group"],
     Column("accident_date", "事故日期", DATE, nullable=False),
     Column("accident_month", "事故月份", MONTH, unit="yyyymm", nullable=False),
     Column("accident_hour", "事故小时", SMALL, "未给出时刻的为空", unit="时", minimum=0, maximum=23),
     Column("accident_minute", "事故分钟", SMALL, "未给出时刻的为空", unit="分", minimum=0, maximum=59),
     exports.ACCIDENT_PLACE, *exports.PLACE, exports.CLAIM["transport"], *TRAVEL, exports.CLAIM["is_third_party"],
     *(exports.CLAIM[name] for name in ("reported_on", "applied_on", "accepted_on", "decided_on", "conclusion")),
     Column("is_counted", "计入工伤", FLAG, "认定工伤或视同工伤", nullable=False), exports.CLAIM["clause"],
     Column("clause_group", "情形", codes=codes.GROUP), exports.CLAIM["accident_type"], *CAUSES,
     exports.CLAIM["body_part"], CODED["body_part_code"],
     exports.CLAIM["severity"], exports.CLAIM["died_on"], exports.CLAIM["disease"],
     Column("is_project", "建设项目", FLAG, nullable=False), Column("is_old_injury", "老工伤", FLAG, nullable=False),
     exports.GRADE, exports.APPRAISAL["care"], Column("is_severe", "1–4 级", FLAG, nullable=False),
     Column("is_death", "死亡", FLAG, nullable=False), CODED["narrative_rules"],
     ENTERPRISE["marks"], *SOURCE))

NARRATIVE_CODING = Table(
    "narrative_coding", "叙述编码命中率", "批次 × 方面 × 规则", ("batch_month", "aspect", "rule_id"),
    (RAW_FILE["batch_month"], Column("aspect", "方面", nullable=False), Column("aspect_title", "方面名称", nullable=False),
     Column("rule_id", "规则号", description="tables/narrative_rules.csv、post_groups.csv；---- 未编码", nullable=False),
     Column("texts", "行数", COUNT, "该规则最先命中的认定行", unit="行", nullable=False, minimum=0),
     Column("texts_asked", "应编码行数", COUNT, "该批次该方面有文字可编码的认定行", unit="行", nullable=False, minimum=0),
     Column("share_pct", "占比", RATIO, unit="%", decimals=2, nullable=False, minimum=0, maximum=100)))

APPRAISAL = Table(
    "appraisal", "劳动能力鉴定", "一次鉴定结论", ("source_batch", "source_file", "source_row"),
    (exports.RECOGNITION_NO, exports.APPRAISAL["appraisal_kind"], exports.APPRAISAL["concluded_on"], exports.GRADE,
     exports.APPRAISAL["care"], Column("is_latest", "最新结论", FLAG, "同一认定书的最后一次结论", nullable=False), *SOURCE))

PAYOUT = Table(
    "payout", "待遇支付", "一笔支付", ("source_batch", "source_file", "source_row"),
    (exports.PAYOUT["payment_id"], exports.RECOGNITION_NO,
     Column("enterprise_id", "单位编号", description="有认定书的归事故发生单位"), exports.PAYOUT["benefit"],
     Column("amount_yuan", "支付金额", YUAN, unit="元", nullable=False, decimals=2),
     Column("paid_month", "支付月份", MONTH, unit="yyyymm", nullable=False), exports.PAYOUT["payment_type"],
     Column("has_claim", "有认定", FLAG, "支付能对上一件认定；老工伤常常没有", nullable=False), *SOURCE))

FUND = Table(
    "fund", "基金收支", "年度 × 统筹地区", ("year", "pool"),
    (Column("year", "年度", MONTH, nullable=False), Column("pool", "统筹地区", nullable=False),
     *(exports.FUND[name] for name in ("collected_yuan", "revenue_yuan", "benefits_yuan", "prevention_yuan",
                                       "balance_yuan", "allotted_yuan")), *SOURCE))

DESIGNATION = Table(
    "designation", "重点企业名录", "一家企业列入一个名录", ("source_batch", "source_file", "source_row"),
    (Column("enterprise_id", "单位编号", description="没有单位编号的按代码或名称找，对不上的为空"), exports.USCC,
     exports.UNIT_NAME,
     *(exports.DESIGNATION[name] for name in ("category", "department", "listed_on")), *SOURCE))

CORE = (RAW_FILE, REJECTED_ROW, DOUBTFUL_ROW, CORRECTION, SOURCE_RECONCILIATION, ENTERPRISE, ENTERPRISE_MONTH, ENTERPRISE_YEAR,
        CLAIM, NARRATIVE_CODING, APPRAISAL, PAYOUT, FUND, DESIGNATION)
