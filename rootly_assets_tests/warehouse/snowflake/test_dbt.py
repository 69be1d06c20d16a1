"""The dbt project builds on what stands in for Snowflake: every seed, every model, every test."""

import pytest

from rootly_assets.catalogue import wired
from rootly_assets_tests.dbt.dbt_build import dbt_build
from rootly_assets_tests.snowflake_server import SnowflakeServer
from rootly_assets_tests.warehouse.snowflake.table import warehouse

pytestmark = pytest.mark.timeout(600)


def test_every_model_builds_and_every_test_passes(
    tmp_path_factory: pytest.TempPathFactory, snowflake: SnowflakeServer
) -> None:
    database = snowflake.database()
    warehouse(database).prepare(wired())
    folder = tmp_path_factory.mktemp("on_snowflake")
    built = dbt_build(folder / "warehouse.duckdb", environment=database.environment)
    assert set(built.statuses.values()) == {"success", "pass"}
    assert len(built.named("success")) > 100
