"""What exists: every contract has an asset, described in Chinese, with its columns and one blocking check."""

import re

import dagster as dg
import pytest
import yaml

from pipelines.contracts.catalogue import CONTRACTS

GROUPS = {
    "core": {"raw_file", "rejected_row", "doubtful_row", "correction", "source_reconciliation", "enterprise", "enterprise_month",
             "enterprise_year", "claim", "narrative_coding", "appraisal", "payout", "fund", "designation", "unit_match",
             "incident", "key_staff", "programme", "training_record", "decision", "official_total", "project_site",
             "platform_injury", "landmark", "traffic_accident", "reference_reconciliation", "total_reconciliation"},
    "rates": {"enterprise_period", "enterprise_risk", "industry_injury_rate", "fund_balance", "injury_pattern",
              "benefit_payout", "public_figure"},
    "targeting": {"priority_enterprise", "outreach_enterprise", "decided_enterprise", "enterprise_history",
                  "enterprise_outlook", "norm_rate", "group_target", "silent_enterprise", "commuting_enterprise"},
    "evaluation": {"list_backtest", "programme_effect"},
    "tracking": {"timed_claim", "claim_development", "definition_comparison", "target_progress"},
    "commuting": {"located_accident", "place_quality", "pile_up", "commuting_hotspot", "hotspot_neighbour"},
    "plan": {"training_demand", "plan_item", "plan_budget", "plan_check", "plan_choice", "plan_change"},
    "dossiers": {"enterprise_trend", "enterprise_profile", "enterprise_peer"},
    "quality": {"data_quality"},
    "documents": {"suggested_list", "verification_list", "plan_workbook", "hotspot_files", "decision_form", "plan_draft",
                  "special_report", "enterprise_dossier", "public_workbook", "analysis_board"},
    "publication": {"published_month"},
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def graph(_environment):
    from assets.definitions import defs

    return defs.resolve_asset_graph()


@pytest.fixture(scope="module")
def defs(_environment):
    from assets.definitions import defs

    dg.Definitions.validate_loadable(defs)
    return defs


def test_assets_and_their_groups(graph):
    found = {group: set() for group in GROUPS}
    for node in graph.asset_nodes:
        found.setdefault(node.group_name, set()).add(node.key.path[-1])
    assert found == GROUPS


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_every_contract_has_an_asset_with_description_and_columns(graph, name):
    node, contract = graph.get(dg.AssetKey(name)), CONTRACTS[name]
    assert node.description.startswith(contract.title) and "主键" in node.description
    schema = node.metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns] == list(contract.names)
    assert [column.type for column in schema.columns] == [str(column.type) for column in contract.columns]
    assert all(CHINESE.search(column.description) for column in schema.columns)
    assert [column.constraints.nullable for column in schema.columns] == [column.nullable for column in contract.columns]


def test_every_asset_is_described_in_chinese(graph):
    assert all(CHINESE.search(node.description or "") for node in graph.asset_nodes)


def test_every_contract_has_one_blocking_check_and_nothing_else_is_checked(graph):
    checks = {key: graph.get_check_spec(key) for key in graph.asset_check_keys}
    assert sorted((key.asset_key.path[-1], key.name) for key in checks) == sorted((name, "contract") for name in CONTRACTS)
    assert all(spec.blocking for spec in checks.values())


def test_only_raw_file_belongs_to_no_month(graph):
    without = {node.key.path[-1] for node in graph.asset_nodes if node.partitions_def is None}
    assert without == {"raw_file"}
    assert {node.partitions_def.name for node in graph.asset_nodes if node.partitions_def} == {"month"}


def test_publication_waits_for_every_table_and_document(graph):
    last = graph.get(dg.AssetKey("published_month"))
    assert {key.path[-1] for key in last.parent_keys} == {*CONTRACTS, *GROUPS["documents"]}


def test_one_job_runs_everything_in_one_process(defs, graph):
    jobs = [job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")]
    assert jobs == ["month"]
    job = defs.resolve_job_def("month")
    assert job.asset_layer.selected_asset_keys == graph.get_all_asset_keys()
    assert job.executor_def.name == "in_process"


def test_dagster_yaml_keeps_everything_in_one_folder_and_runs_one_month_at_a_time(pytestconfig):
    said = yaml.safe_load((pytestconfig.rootpath / "dagster.yaml").read_text(encoding="utf-8"))
    folders = {said[section]["config"]["base_dir"]["env"] for section in ("compute_logs", "local_artifact_storage")}
    assert folders | {said["storage"]["sqlite"]["base_dir"]["env"]} == {"YUFANG_DAGSTER"}
    assert said["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert said["telemetry"] == {"enabled": False}
