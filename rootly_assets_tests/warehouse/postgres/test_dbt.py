"""The whole dbt project builds on PostgreSQL where nothing was synced: every model, test and unit test."""

import pytest

from rootly_assets.catalogue import wired
from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.postgres_server import Database, PostgresServer
from rootly_assets_tests.warehouse.postgres.table import warehouse

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> Database:
    """Raw tables before any sync, on a server whose zone is not UTC."""
    made = postgres.database()
    warehouse(made).prepare(wired())
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Build:
    folder = tmp_path_factory.mktemp("on_postgres")
    return dbt_build(folder / "warehouse.duckdb", environment=database.environment, unit_tests=True)


def test_every_model_builds_and_every_test_passes(built: Build) -> None:
    assert set(built.statuses.values()) == {"success", "pass"}
    assert {name.split(".")[0] for name in built.statuses} == {"model", "seed", "test", "unit_test"}
    assert not built.database.exists()


def test_every_mart_has_the_columns_and_types_of_its_contract(
    built: Build, database: Database
) -> None:
    marts = [
        node
        for node in built.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    ]
    assert len(marts) > 10
    for node in marts:
        promised = {name: column["data_type"] for name, column in node["columns"].items()}
        found = database.query(
            "SELECT column_name, replace(data_type, 'character varying', 'varchar') "
            "FROM information_schema.columns WHERE table_schema = 'marts' AND table_name = %s",
            [node["name"]],
        )
        assert {name: kind.replace("text", "varchar") for name, kind in found} == promised


def test_building_again_in_a_database_full_of_views_and_tables_works(
    built: Build, database: Database
) -> None:
    assert set(built.statuses.values()) == {"success", "pass"}
    again = dbt_build(
        built.database, environment=database.environment, select=["+incident_metrics_daily"]
    )
    assert len(again.statuses) > 10
    assert again.statuses.items() <= built.statuses.items()
