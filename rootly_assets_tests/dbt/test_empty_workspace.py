"""A workspace without a single record still has every mart, with every column."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

pytestmark = pytest.mark.slow


def test_every_model_builds_and_every_test_passes(build_of_nothing: Build) -> None:
    assert set(build_of_nothing.statuses.values()) == {"success", "pass"}


def test_every_mart_exists_and_has_no_rows(build_of_nothing: Build) -> None:
    found = build_of_nothing.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts'"
    )
    marts = {
        str(node["name"])
        for node in build_of_nothing.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    assert set(found["table_name"]) == marts >= {"fct_incidents", "fct_alerts"}
    assert {name: len(build_of_nothing.mart(name)) for name in marts} == dict.fromkeys(marts, 0)


def test_every_mart_has_the_columns_and_types_of_its_contract(build_of_nothing: Build) -> None:
    for node in build_of_nothing.manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "marts":
            continue
        assert node["config"]["contract"]["enforced"] is True, node["name"]
        promised = {name: column["data_type"] for name, column in node["columns"].items()}
        found = build_of_nothing.query(
            "SELECT column_name, replace(lower(data_type), 'double', 'double precision') AS data_type"
            f" FROM information_schema.columns"
            f" WHERE table_schema = 'marts' AND table_name = '{node['name']}'"
        )
        assert dict(zip(found["column_name"], found["data_type"], strict=True)) == promised


def test_every_model_and_every_column_is_described(build_of_nothing: Build) -> None:
    for node in build_of_nothing.manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        assert node["description"], node["name"]
        found = build_of_nothing.query(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_schema = '{node['schema']}' AND table_name = '{node['name']}'"
        )
        described = {name for name, column in node["columns"].items() if column["description"]}
        assert set(found["column_name"]) == described, node["name"]


def test_a_synced_workspace_without_incidents_has_zeros_for_headlines(tmp_path: Path) -> None:
    database = make_raw_workspace(
        tmp_path / "rootly.duckdb",
        {"severities": [{"id": "s1", "name": "SEV1", "severity": "critical", "position": 1}]},
        loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    build = dbt_build(database)

    assert set(build.statuses.values()) == {"success", "pass"}
    headlines = build.mart("incident_metrics_last_90_days")
    assert sorted(zip(headlines["population"], headlines["severity_name"], strict=True)) == [
        ("parity", "All"),
        ("parity", "SEV1"),
        ("strict", "All"),
        ("strict", "SEV1"),
    ]
    assert set(headlines["incident_count"]) == {0}
    assert headlines["resolution_time_mean_seconds"].isna().all()
    assert build.mart("incident_metrics_daily").empty
