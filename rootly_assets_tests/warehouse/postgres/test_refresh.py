"""The whole project on PostgreSQL gives what it gives on DuckDB: every raw table, mart, panel and figure."""

import json
import subprocess
from datetime import timedelta

import pandas as pd
import pytest

from rootly_assets.report.figures import figures
from rootly_assets_tests.postgres_server import PASSWORD, PostgresServer
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import blocks, carry_out_python
from rootly_assets_tests.warehouse.same_refresh import (  # noqa: F401
    test_both_runs_succeed_with_the_same_assets_and_checks,
    test_every_tab_of_the_dashboard_shows_the_same,
    test_every_table_and_mart_is_the_same_row_for_row,
)

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def elsewhere(postgres: PostgresServer) -> Settings:
    database = postgres.database()
    return lambda _: database.environment


def test_every_number_of_rootlys_dashboards_is_ours_too(both: Both) -> None:
    compared = both.other.sql(
        "SELECT count(DISTINCT panel_id) AS panels, count(*) AS numbers, bool_and(agrees) AS agree "
        "FROM marts.panel_parity"
    ).records()
    assert compared[0]["agree"] is True
    assert compared[0]["panels"] == 38


def test_frames_have_the_same_types(both: Both) -> None:
    for name in ("marts.fct_incidents", "marts.incident_metrics_daily"):
        here, there = both.duckdb.table(name).df(), both.other.table(name).df()
        keys = [column for column in here.columns if here[column].is_unique] or list(
            here.columns[:2]
        )
        pd.testing.assert_frame_equal(
            here.sort_values(keys, ignore_index=True), there.sort_values(keys, ignore_index=True)
        )
        assert both.duckdb.table(name).arrow().schema == both.other.table(name).arrow().schema


def test_the_report_shows_the_same(both: Both) -> None:
    here, there = (figures(each, time_zone="UTC") for each in (both.duckdb, both.other))
    assert here.tiles == there.tiles
    assert here.attention == there.attention
    assert here.loaded_at == there.loaded_at
    for name in ("weekly", "resolutions", "medians", "services", "alerts", "people"):
        ours, theirs = getattr(here, name), getattr(there, name)
        assert len(ours) > 0
        order = list(ours.columns)
        pd.testing.assert_frame_equal(
            ours.sort_values(order, ignore_index=True), theirs.sort_values(order, ignore_index=True)
        )


def test_the_guides_commands_do_what_it_says(
    both: Both, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in postgres.psql_environment.items():
        monkeypatch.setenv(name, value)
    set_up, _, use, grants = blocks("postgresql.md", "sh")
    assert psql(set_up).split() == ["CREATE", "ROLE", "CREATE", "DATABASE"]
    postgres.forget("rootly", role="rootly")
    monkeypatch.setenv("PGDATABASE", both.environment["ROOTLY_POSTGRES_DATABASE"])
    assert "SEV" in psql(use)
    psql('psql -c "CREATE ROLE dashboards"')
    assert psql(grants).split() == ["GRANT", "GRANT", "ALTER", "DEFAULT", "PRIVILEGES"]

    with both.chosen():
        carry_out_python("postgresql.md")


def psql(command: str) -> str:
    """Carry out a command of the guide; what it says."""
    done = subprocess.run(["sh", "-ec", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_changes_then_changes_in_both_and_a_run_without_changes_writes_nothing(
    both: Both,
) -> None:
    both.change()
    both.sync("incidents", "services")
    assert both.differences() == {}
    deleted = both.other.sql(
        "SELECT id FROM rootly.services WHERE _deleted_at IS NOT NULL"
    ).records()
    assert len(deleted) == 2
    written = "SELECT id, xmin::text AS written FROM rootly.incidents ORDER BY id"
    before = both.other.sql(written).records()
    assert both.run_on_other("rootly_incidents_sync").success
    assert both.other.sql(written).records() == before


def test_the_models_change_in_both_too(both: Both) -> None:
    both.running.workspace.advance(timedelta(days=3))
    both.refresh()
    assert both.differences() == {}


def test_the_password_is_in_no_file_and_in_no_event(both: Both) -> None:
    secret = PASSWORD.encode()
    holding = [
        str(path)
        for path in both.running.folder.rglob("*")
        if path.is_file()
        and (
            secret in path.read_bytes() or json.dumps(PASSWORD)[1:-1].encode() in path.read_bytes()
        )
    ]
    assert holding == []
    instance = both.running.instance
    for run in instance.get_run_records():
        events = instance.all_logs(run.dagster_run.run_id)
        assert not [event for event in events if PASSWORD in str(event)]
