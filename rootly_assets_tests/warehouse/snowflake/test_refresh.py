"""The whole project on what stands in for Snowflake gives what it gives on DuckDB: tables, marts, checks."""

import pytest

from rootly_assets_tests.snowflake_server import SnowflakeServer
from rootly_assets_tests.warehouse.both import Both, Settings, rows
from rootly_assets_tests.warehouse.same_refresh import (  # noqa: F401
    test_every_tab_of_the_dashboard_shows_the_same,
)

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def elsewhere(snowflake: SnowflakeServer) -> Settings:
    database = snowflake.database()
    return lambda _: database.environment


def test_both_runs_succeed_with_the_same_assets_and_checks(both: Both) -> None:
    assert both.here.success
    assert both.there == both.here


def test_every_table_and_mart_is_the_same_row_for_row(both: Both) -> None:
    assert both.differences() == {}


def test_a_second_sync_changes_what_changed(both: Both) -> None:
    workspace = both.running.workspace
    (service,) = workspace.records("services")[:1]
    workspace.delete("services", service.id)
    (incident,) = workspace.records("incidents")[:1]
    workspace.update("incidents", incident.id, title="Changed", surprise={"a": [1]})
    both.sync("incidents", "services")
    for name in ("rootly.services", "rootly.incidents"):
        with both.duckdb.source.open() as here, both.other.source.open() as there:
            assert rows(here, name) == rows(there, name)
