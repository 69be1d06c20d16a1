"""The whole project on what stands in for Snowflake gives what it gives on DuckDB: raw tables and marts."""

import pytest

from rootly_assets.catalogue import wired
from rootly_assets_tests.snowflake_server import SnowflakeServer
from rootly_assets_tests.warehouse.both import MARTS, Both, Settings, records, rows

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(900)]

# They ask in SQL of their own, which was written for DuckDB and PostgreSQL.
NOT_THERE = {"panel_parity", "rootly_report"}


@pytest.fixture(scope="module")
def elsewhere(snowflake: SnowflakeServer) -> Settings:
    database = snowflake.database()
    return lambda _: database.environment


def test_every_raw_table_and_every_model_is_there(both: Both) -> None:
    assert both.there is not None
    assert both.here.assets - both.there.assets <= NOT_THERE
    passed = {
        check: passed for check, passed in both.here.checks.items() if check[0] not in NOT_THERE
    }
    assert {check: both.there.checks.get(check) for check in passed} == passed


def test_every_table_and_mart_is_the_same_row_for_row(both: Both) -> None:
    with both.duckdb.source.open() as here, both.other.source.open() as there:
        marts = [{str(row["name"]) for row in records(each, MARTS)} for each in (here, there)]
        assert marts[0] - marts[1] <= {"marts.panel_parity"}
        names = {f"rootly.{each.table}" for each in wired()} | {"rootly._rootly_sync"} | marts[1]
        differing = {name for name in names if rows(here, name) != rows(there, name)}
    assert differing == set()


def test_a_second_sync_changes_what_changed(both: Both) -> None:
    workspace = both.running.workspace
    (service,) = workspace.records("services")[:1]
    workspace.delete("services", service.id)
    (incident,) = workspace.records("incidents")[:1]
    workspace.update("incidents", incident.id, title="Changed", surprise={"a": [1]})
    both.sync()
    for name in ("rootly.services", "rootly.incidents"):
        with both.duckdb.source.open() as here, both.other.source.open() as there:
            assert rows(here, name) == rows(there, name)
