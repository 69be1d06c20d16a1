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
    assert build_of_nothing.rows_of_marts() == dict.fromkeys(marts, 0)


@pytest.fixture(scope="module")
def columns(build_of_nothing: Build) -> dict[tuple[str, str], dict[str, str]]:
    """Names and types of the columns of each model, by schema and name."""
    found = build_of_nothing.query(
        "SELECT table_schema, table_name, column_name, lower(data_type) AS data_type "
        "FROM information_schema.columns"
    )
    return {
        (str(schema), str(name)): dict(zip(rows["column_name"], rows["data_type"], strict=True))
        for (schema, name), rows in found.groupby(["table_schema", "table_name"])
    }


def test_every_mart_has_the_columns_and_types_of_its_contract(
    build_of_nothing: Build, columns: dict[tuple[str, str], dict[str, str]]
) -> None:
    for node in build_of_nothing.manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "marts":
            continue
        assert node["config"]["contract"]["enforced"] is True, node["name"]
        promised = {
            name: column["data_type"].replace("double precision", "double")
            for name, column in node["columns"].items()
        }
        assert columns["marts", node["name"]] == promised


def test_every_model_and_every_column_is_described(
    build_of_nothing: Build, columns: dict[tuple[str, str], dict[str, str]]
) -> None:
    for node in build_of_nothing.manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        assert node["description"], node["name"]
        described = {name for name, column in node["columns"].items() if column["description"]}
        assert columns[node["schema"], node["name"]].keys() == described, node["name"]


def test_a_synced_workspace_without_incidents_has_zeros_for_headlines(tmp_path: Path) -> None:
    database = make_raw_workspace(
        tmp_path / "warehouse.duckdb",
        {"severities": [{"id": "s1", "name": "SEV1", "severity": "critical", "position": 1}]},
        loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    build = dbt_build(
        database, select=["+incident_metrics_last_90_days", "+incident_metrics_daily"]
    )

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
