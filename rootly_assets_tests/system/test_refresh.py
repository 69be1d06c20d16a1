"""A refresh brings the whole workspace and its metrics, and running it again changes nothing."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from rootly_assets.catalogue import wired
from rootly_assets.cli.summary import print_summary
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import figures
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets.sensors import failure_reason
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.system.refreshed import Once, Refreshed, copied, materializations
from rootly_assets_tests.system.running import Project
from rootly_assets_tests.system.truth import differences, stored
from rootly_assets_tests.warehouse.guide import carry_out_python


@pytest.fixture(scope="module")
def refreshed(
    tmp_path_factory: pytest.TempPathFactory, on_duckdb: Once
) -> Iterator[tuple[Project, Refreshed]]:
    folder = tmp_path_factory.mktemp("refresh")
    with pytest.MonkeyPatch.context() as patch, copied(patch, folder, on_duckdb) as running:
        yield running, on_duckdb.refreshed


def test_every_list_has_the_rows_of_the_workspace(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, result = refreshed
    assert result.success
    assert differences(running.workspace, running.database) == {}
    assert stored(running.database) > 1000
    counts = running.rows("SELECT count(*), count(updated_at) FROM incidents")
    assert counts == [(len(running.workspace.records("incidents")),) * 2]


def test_a_materialization_says_what_it_did(
    refreshed: tuple[Project, Refreshed],
) -> None:
    _, result = refreshed
    metadata = result.materializations["rootly/incidents"].metadata
    assert metadata["dagster/row_count"].value == 40
    assert metadata["rows new"].value == 40
    assert metadata["requests"].value == 1
    assert {
        "rows changed",
        "rows vanished",
        "seconds",
        "bytes",
        "watermark before",
        "watermark after",
        "rate limit left",
    } <= metadata.keys()
    assert "| id |" in str(metadata["preview"].value)


def test_every_number_of_rootlys_default_dashboards_is_ours_too(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, result = refreshed
    compared = running.rows(
        "SELECT count(DISTINCT panel_id), count(*) > 300, bool_and(agrees) FROM marts.panel_parity"
    )
    assert compared == [(38, True, True)]
    (check,) = (each for each in result.checks if each.check_name == "panels_agree")
    assert check.passed


def test_the_marts_of_the_default_dashboards_have_rootlys_numbers(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    # The range begins in the middle of a period, which the marts have whole.
    compared = running.rows("""
        WITH shown AS (
            SELECT *, CASE dashboard WHEN 'Incident Response' THEN 'day' ELSE 'week' END AS period
            FROM marts.panel_parity
            WHERE rootly <> 0 AND TRY_CAST(label AS DATE) IS NOT NULL
            QUALIFY label > min(label) OVER (PARTITION BY dashboard)
        ), marts AS (
            FROM marts.panels_incident_response
            UNION ALL FROM marts.panels_workload
            UNION ALL FROM marts.panels_on_call_metrics
        )
        SELECT count(*) > 100, count(*) FILTER (abs(value - rootly) < 1e-6) = count(*)
        FROM shown LEFT JOIN marts
            ON shown.dashboard = marts.dashboard AND panel = panel_title
            AND shown.series = marts.series AND shown.period = marts.period
            AND CAST(label AS DATE) = period_start AND display NOT IN ('pie_chart', 'table')
    """)
    assert compared == [(True, True)]


def test_the_summary_names_rows_metrics_parity_and_files(
    refreshed: tuple[Project, Refreshed], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, _ = refreshed
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(running.database))
    shown = StringIO()
    print_summary(Console(file=shown, width=110), requests=12, seconds=3.4)
    said = shown.getvalue()

    # The workspace forbids one list.
    assert f"of {len(wired()) - 1} lists in 12 requests; 3 s" in said
    ((until,),) = running.rows(
        "SELECT strftime(synced_at, '%Y-%m-%d %H:%M') FROM rootly._rootly_sync WHERE table_name = 'incidents'"
    )
    assert f"90 days to {until} UTC" in said
    ((total,),) = running.rows(
        "SELECT incident_count FROM marts.incident_metrics_last_90_days"
        " WHERE population = 'strict' AND is_total"
    )
    assert re.search(rf"All +{total} +MTTD", said)
    for severity in running.workspace.records("severities"):
        assert re.search(rf"{severity.attributes['name']} +\d+ +MTTD", said)
    assert re.search(r"([\d,]+) of \1 numbers in 38 panels", said)
    assert "report.html" in said


def test_the_report_compares_with_the_days_before(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    with Dataset(FileSource(running.database)).opened() as opened:
        tiles = figures(opened, time_zone=TIME_ZONE.key).tiles
    compared = {tile.label for tile in tiles if tile.change is not None}
    assert compared >= {"Incidents", "Median time to resolve", "Alerts", "Alert acknowledged in"}


def test_a_preview_shows_no_personal_data(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, result = refreshed
    preview = str(result.materializations["rootly/users"].metadata["preview"].value)
    for user in running.workspace.records("users"):
        assert user.attributes["email"] not in preview
        assert user.attributes["full_name"] not in preview


def test_no_credential_and_no_telephone_number_is_stored(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    stored = running.everything()
    assert "sandbox-secret" not in stored
    assert running.server.token not in stored
    phones = [
        record.attributes["phone"] for record in running.workspace.records("user_phone_numbers")
    ]
    assert phones, "the sandbox has telephone numbers to leak"
    assert not [phone for phone in phones if phone in stored]
    emails = [record.attributes["email"] for record in running.workspace.records("users")]
    assert all(email in stored for email in emails), "e-mail addresses are kept by default"


def test_neither_is_in_the_event_log(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, result = refreshed
    assert "sandbox-secret" not in result.log
    assert running.server.token not in result.log
    assert len(result.log) > 10_000


def test_a_list_that_the_key_may_not_read_is_a_note_and_no_failure(
    refreshed: tuple[Project, Refreshed],
) -> None:
    _, result = refreshed
    metadata = result.materializations["rootly/alert_routing_rules"].metadata
    assert "403" in str(metadata["note"].value)


def test_the_promises_of_every_table_are_checked(
    refreshed: tuple[Project, Refreshed],
) -> None:
    _, result = refreshed
    checks = result.checks
    failed = [
        check
        for check in checks
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]
    assert failed == []
    of_incidents = {
        check.check_name
        for check in checks
        if check.asset_key == dg.AssetKey(["rootly", "incidents"])
    }
    assert of_incidents >= {"complete", "primary_key", "nothing_rescued", "columns_declared"}
    assert any(check.asset_key.path[0] == "marts" for check in checks), "dbt tests are checks"


@pytest.mark.exhaustive
def test_columns_can_be_traced_from_the_mart_to_the_list(
    refreshed: tuple[Project, Refreshed], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, _ = refreshed
    monkeypatch.setenv("ROOTLY_COLUMN_LINEAGE", "true")
    traced = dg.AssetSelection.assets(
        ["staging", "stg_rootly__incidents"], ["marts", "fct_incidents"]
    )
    here = Path.cwd()
    result = running.run("rootly_metrics", selection=traced)
    assert Path.cwd() == here
    metadata = materializations(result)["staging/stg_rootly__incidents"].metadata
    lineage = metadata["dagster/column_lineage"].value.deps_by_column
    sources = {(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage["started_at"]}
    assert ("rootly/incidents", "started_at") in sources
    mart = materializations(result)["marts/fct_incidents"].metadata
    assert mart["dagster/column_lineage"].value.deps_by_column["resolution_time_seconds"]


def test_the_headline_metrics_are_there(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    total = running.rows(
        "SELECT incident_count, resolution_time_n FROM marts.incident_metrics_last_90_days "
        "WHERE is_total AND population = 'parity'"
    )
    assert total[0][0] > 0
    assert total[0][1] > 0


def test_the_readmes_lines_of_python_read_it(
    on_duckdb: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(on_duckdb.folder / "warehouse.duckdb"))
    read = carry_out_python(Path(__file__).parents[2] / "README.md")
    assert len(read["incidents"]) == 40
    assert not read["alerts"].empty
    assert not read["shifts"].empty


@pytest.mark.slow
def test_running_it_again_changes_nothing(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    result = running.run("rootly_sync")
    assert result.success
    moved = {
        name: (event.metadata["rows new"].value, event.metadata["rows changed"].value)
        for name, event in materializations(result).items()
        if "rows new" in event.metadata
        and (event.metadata["rows new"].value or event.metadata["rows changed"].value)
    }
    assert moved == {}
    lists = sum(endpoint.parent is None for endpoint in wired())
    steps = 10  # each asks the server for its time
    windows = 4  # shifts are read in pieces
    under_every_parent = sum(
        running.rows(f"SELECT count(*) FROM {endpoint.parent.table}")[0][0]
        for endpoint in wired()
        if endpoint.parent and not endpoint.follows_parent
    )
    more_pages = 15
    most = lists + steps + windows + under_every_parent + more_pages
    assert len(running.server.requests) <= most


def test_what_was_written_to_disk_on_the_way_is_gone(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    landed = [file for file in (running.folder / "landing").rglob("*") if file.is_file()]
    assert landed == []
    logs = [file for file in (running.folder / "dbt").rglob("*.log") if file.is_file()]
    assert logs, "dbt keeps a log"
    for log in logs:
        assert running.server.token not in log.read_text()


@pytest.mark.exhaustive
def test_what_happens_in_the_workspace_arrives_and_deletions_with_the_nightly_read(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    running.workspace.advance(timedelta(days=3))
    gone = running.workspace.records("services")[0]
    running.workspace.delete("services", gone.id)
    closed = running.workspace.records("incidents")[0]
    running.workspace.delete("incidents", closed.id)

    assert running.run("rootly_sync").success
    unseen = differences(running.workspace, running.database)
    # Of lists that are read onwards, rows that were deleted show with the nightly read.
    assert "incidents" in unseen
    onwards = {"incidents", "alerts", "alert_events", "audits", "pulses", "workflow_runs"}
    # What comes along with these goes with them: children and links of an incident that was deleted.
    onwards |= {each.table for each in wired() if each.parent and each.parent.table in onwards}
    assert unseen.keys() <= onwards, unseen
    assert all(re.fullmatch(r"0 missing, \d+ too many, 0 stale", each) for each in unseen.values())

    assert running.run("rootly_sync", full_refresh=True).success
    assert differences(running.workspace, running.database) == {}
    for table, record in (("services", gone), ("incidents", closed)):
        marked = f"SELECT _deleted_at IS NOT NULL FROM {table} WHERE id = '{record.id}'"
        assert running.rows(marked) == [(True,)]


@pytest.mark.slow
def test_a_span_of_time_can_be_read_again_without_moving_the_watermark(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    watermark = "SELECT watermark FROM _rootly_sync WHERE table_name = 'incidents'"
    before = running.rows(watermark)
    running.rows("UPDATE incidents SET title = 'bent'")
    since = running.workspace.now - timedelta(days=60)
    until = running.workspace.now - timedelta(days=10)
    span = {"since": since.isoformat(), "until": until.isoformat()}
    assert running.run("rootly_incidents_sync", **span).success
    again = {id_ for (id_,) in running.rows("SELECT id FROM incidents WHERE title <> 'bent'")}
    within = {
        record.id
        for record in running.workspace.records("incidents")
        if since <= datetime.fromisoformat(record.attributes["updated_at"]) <= until
    }
    assert within
    assert again == within
    assert running.rows(watermark) == before


def test_a_time_that_is_none_is_refused_with_an_example(
    refreshed: tuple[Project, Refreshed],
) -> None:
    running, _ = refreshed
    result = running.run("rootly_status_pages_sync", since="yesterday")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "since: 'yesterday' is not a valid time. Write it like 2026-01-31" in failure_reason(
        failure
    )
    assert running.server.requests == []
