"""How assets meet tables: the workspace as a resource, the I/O manager, table_asset, the generated contract checks.

Belongs here: what every table needs from Dagster. Does not belong here: what any one table is.
"""

import math
from collections.abc import Callable, Iterable
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import checks, engine, lazy
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.contracts.model import Table
from pipelines.deliveries import Deliveries
from pipelines.workspace import Workspace, month_number

MONTH_PARTITIONS = "month"
MONTHS = dg.DynamicPartitionsDefinition(name=MONTH_PARTITIONS)
PREVIEW_ROWS = 10


class WorkspaceResource(dg.ConfigurableResource):
    """Where data/raw and the data folder are; the launcher sets the environment that fills it in."""

    raw: str
    data: str

    def open(self) -> Workspace:
        return Workspace(Path(self.raw), Path(self.data))


def month_of(context) -> int:
    """The month (yyyymm) of a run's partition."""
    return month_number(context.partition_key)


def deliveries_of(context, workspace: WorkspaceResource, raw_file: lazy.Stored) -> Deliveries:
    """What had been delivered as of the run's month."""
    return workspace.open().deliveries(raw_file.columns(), month_of(context))


class MonthTables(dg.ConfigurableIOManager):
    """Tables as Parquet under data/core: a Query is streamed there, a small table written, a reader gets a Stored."""

    workspace: dg.ResourceDependency[WorkspaceResource]

    def handle_output(self, context: dg.OutputContext, obj: lazy.Query | lazy.Computed) -> None:
        place = self._stored(context.asset_key, context)
        if place.contract.is_query and isinstance(obj, lazy.Query):
            is_new = engine.write_stored_query(obj, place.contract, place.path)
        else:
            is_new = engine.write(obj, place.contract, place.path, self.workspace.open().core)
        context.add_output_metadata({"未变": not is_new, **_described(place)})

    def load_input(self, context: dg.InputContext) -> lazy.Stored:
        return self._stored(context.asset_key, context)

    def _stored(self, key: dg.AssetKey, context) -> lazy.Stored:
        name = key.path[-1]
        return self.workspace.open().stored(name, 0 if name == "raw_file" else month_of(context))


def _described(place: lazy.Stored) -> dict:
    """Row count and a preview of the columns that carry nothing personal."""
    if place.contract.is_query:
        return {"说明": "只存查询，不存行；行在读取时算出"}
    rows = pq.read_metadata(place.path).num_rows
    shown = [column.name for column in place.contract.columns if not column.pii]
    file = pq.ParquetFile(place.path)
    first = next(file.iter_batches(PREVIEW_ROWS, columns=shown), None)
    preview = pa.Table.from_batches([first]) if first is not None else place.contract.schema.empty_table().select(shown)
    return {"dagster/row_count": rows, "preview": dg.MetadataValue.md(_markdown(preview, place.contract))}


def _markdown(table: pa.Table, contract: Table) -> str:
    names = table.column_names
    head = [" | ".join(contract[name].title for name in names), " | ".join("---" for _ in names)]
    body = [" | ".join(_cell(value) for value in row.values()) for row in table.to_pylist()]
    return "\n".join(f"| {line} |" for line in head + body)


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def table_asset(contract: Table, **options) -> Callable:
    """The asset decorator of a contract's table: name, group, Chinese description, column schema, months."""
    columns = [
        dg.TableColumn(column.name, str(column.type), description=f"{column.title}。{column.description}".rstrip("。"),
                       constraints=dg.TableColumnConstraints(nullable=column.nullable))
        for column in contract.columns
    ]
    said = {
        "name": contract.name, "group_name": contract.group, "io_manager_key": "tables", "partitions_def": MONTHS,
        "description": f"{contract.title}：一行是{contract.row}。主键 {'、'.join(contract.grain)}；{contract.level}。",
        "metadata": {"dagster/column_schema": dg.TableSchema(columns=columns)}, "kinds": {"duckdb", "parquet"},
    }
    return dg.asset(**{**said, **options})


def contract_check(contract: Table) -> dg.AssetChecksDefinition:
    """One blocking check: every rule of the table's contract."""

    @dg.asset_check(
        asset=dg.AssetKey(contract.name), name="contract", blocking=True,
        partitions_def=None if contract.name == "raw_file" else MONTHS,
        description="主键唯一、必填、代码表、取值范围、引用",
    )
    def check(context: dg.AssetCheckExecutionContext, workspace: WorkspaceResource) -> dg.AssetCheckResult:
        place = workspace.open()
        month = 0 if contract.name == "raw_file" else month_number(context.partition_key)
        references = {column: place.stored(table, month) for column, table in contract.references.items()}
        report = checks.check(place.stored(contract.name, month), place.core, references)
        broken = "；".join(f"{rule}：{number} 行" for rule, number in report.broken.items())
        found = {"行数": report.rows, "不符": broken or "无", "样例": "；".join(report.samples) or "无"}
        return dg.AssetCheckResult(passed=report.is_fine, metadata=found)

    return check


def contract_checks() -> Iterable[dg.AssetChecksDefinition]:
    """The check of every table."""
    return [contract_check(contract) for contract in CONTRACTS.values()]
