"""A workspace whose key may not read On-Call: everything builds, and what is not known is missing, not zero."""

from datetime import UTC, datetime

import pytest

from rootly_assets.app.filters import Filters
from rootly_assets.app.on_call_health import on_call_health
from rootly_assets.catalogue import wired
from rootly_assets.queries.clocks import clocks
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import figures
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.sources import lists_of
from rootly_assets_tests.sync.project import Project

pytestmark = pytest.mark.slow

FORBIDDEN = {
    *("/v1/alerts", "/v1/alert_events", "/v1/alert_urgencies", "/v1/heartbeats"),
    *("/v1/shifts", "/v1/schedules", "/v1/escalation_policies"),
}
OF_ALERTS_AND_ON_CALL = {
    *("bridge_alert_dimensions", "fct_alerts", "fct_heartbeats"),
    *("fct_interruptions", "metrics_alert_outcomes"),
    *("metrics_alert_times", "metrics_interruptions", "metrics_on_call_fairness"),
    *("metrics_on_call_load", "metrics_responder_effort", "panels_on_call_metrics"),
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One sync of every list that dbt reads, and the whole project on it."""
    folder = tmp_path_factory.mktemp("without_on_call")
    workspace = Workspace.build(incidents=25, now=datetime(2026, 7, 15, 12, tzinfo=UTC))
    with serve(workspace, requests_per_minute=60_000, forbidden=FORBIDDEN) as server:
        outcomes = Project(server, folder, wired()).sync(lists_of())
    refused = {name for name, each in outcomes.items() if each.status is Status.NOT_PERMITTED}
    assert refused >= {path.removeprefix("/v1/") for path in FORBIDDEN}
    assert not [name for name, each in outcomes.items() if each.status is Status.FAILED]
    return dbt_build(folder / "warehouse.duckdb")


def test_everything_builds(build: Build) -> None:
    assert build.named("error") == build.named("fail") == build.named("skipped") == set()
    assert "every_link_finds_its_record" not in build.named("warn"), (
        "what nobody may read is no gap"
    )


def test_marts_of_alerts_and_on_call_have_no_rows_and_no_zeros(build: Build) -> None:
    empty = {name for name, rows in build.rows_of_marts().items() if rows == 0}
    assert empty == OF_ALERTS_AND_ON_CALL
    failures = build.mart("metrics_time_between_failures")
    assert set(failures["failure_type"]) == {"incidents"}


def test_an_incident_does_not_claim_that_no_alert_detected_it(build: Build) -> None:
    detection = build.mart("fct_incident_detection")
    assert len(detection) == 25
    assert detection["is_detected_by_alert"].isna().all()
    assert detection["declaration_lag_seconds"].isna().all()
    assert not (detection["attached_alert_count"] == 0).any()
    assert set(detection["lag_unknown_reason"]) <= {"alerts_not_read", "backfilled"}
    assert build.mart("fct_incident_responders")["has_responded_to_alert"].isna().all()


def test_incidents_are_measured_as_ever(build: Build) -> None:
    headlines = build.query(
        "SELECT incident_count, resolution_time_n FROM marts.incident_metrics_last_90_days"
        " WHERE is_total AND population = 'parity'"
    ).iloc[0]
    assert headlines["incident_count"] >= headlines["resolution_time_n"] > 0
    assert not build.mart("panels_incident_response").empty


def test_the_dashboard_says_that_it_is_not_known(build: Build) -> None:
    dataset = Dataset(FileSource(build.database))
    synced = clocks(dataset)
    tab = on_call_health(
        dataset, Filters(synced.of("incidents"), None, "week", "UTC", clocks=synced)
    )
    assert all(card.is_empty for card in tab.cards)
    said = {card.title: card.nothing for card in tab.cards}
    assert said["Alerts, signal and noise"] == "Not known: alerts were never read."
    assert said["When people were interrupted"] == "Not known: alert events were never read."
    assert said["Hours on call"] == "Not known: shifts were never read."
    assert "None." not in said.values()
    alerts = next(tile for tile in tab.tiles if tile.label == "Alerts")
    assert (alerts.value, alerts.note) == ("–", "never read")


def test_the_report_says_so_too(build: Build) -> None:
    tiles = {
        tile.label: tile
        for tile in figures(Dataset(FileSource(build.database)), time_zone="UTC").tiles
    }
    assert (tiles["Alerts"].value, tiles["Alerts"].note) == ("–", "never read")
    assert int(tiles["Incidents"].value) > 0
