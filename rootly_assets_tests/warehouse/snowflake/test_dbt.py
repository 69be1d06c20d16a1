"""The dbt project builds on what stands in for Snowflake: every seed, every model but one, and their tests."""

import pytest

from rootly_assets.catalogue import wired
from rootly_assets_tests.dbt.dbt_build import dbt_build
from rootly_assets_tests.snowflake_server import SnowflakeServer
from rootly_assets_tests.warehouse.snowflake.table import warehouse

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]

# Snowflake adds whole numbers to a date; fakesnow makes them so long that DuckDB does not.
LEFT_OUT = {"fct_action_item_slas"}


def test_every_other_model_builds_and_every_test_passes(
    tmp_path_factory: pytest.TempPathFactory, snowflake: SnowflakeServer
) -> None:
    database = snowflake.database()
    warehouse(database).prepare(wired())
    folder = tmp_path_factory.mktemp("on_snowflake")
    built = dbt_build(folder / "warehouse.duckdb", environment=database.environment)
    assert built.named("error") == LEFT_OUT
    failed = {name: status for name, status in built.statuses.items() if status == "fail"}
    assert failed == {}
    models = {name for name in built.named("success") if f"model.rootly.{name}" in built.statuses}
    everything = {
        node["name"]
        for node in built.manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    assert everything - models == LEFT_OUT
