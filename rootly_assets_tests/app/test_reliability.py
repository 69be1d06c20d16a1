"""The tab Reliability: what comes back, how often, and where time went, as the marts have it."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rootly_assets.app.cards import Tab
from rootly_assets.app.failures import MOST_SERVICES
from rootly_assets.app.filters import Filters
from rootly_assets.app.reliability import reliability
from rootly_assets.charts.durations import duration
from rootly_assets.reader import Dataset
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.app.drawn import bars, card, drawn
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.system.refreshed import NOW


@pytest.fixture(scope="module")
def tab(hundreds: Dataset) -> Tab:
    return reliability(hundreds, Filters(LOADED_AT, None, "week", "UTC"))


@pytest.fixture(scope="module")
def with_twins(build_of_hundreds: Build, tmp_path_factory: pytest.TempPathFactory) -> Tab:
    """The tab of a workspace in which each service is there twice, and both are on every incident of one."""
    path = build_of_hundreds.copied(tmp_path_factory.mktemp("twins"))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO intermediate.int_rootly__incident_dimensions "
            "SELECT * REPLACE ('twin-' || member_id AS member_id) "
            "FROM intermediate.int_rootly__incident_dimensions WHERE dimension = 'service'"
        )
    with Dataset(FileSource(path)).opened() as opened:
        return reliability(opened, Filters(LOADED_AT, None, "week", "UTC"))


@pytest.mark.slow
def test_time_between_incidents_of_a_service_is_that_of_the_mart(
    tab: Tab, build_of_hundreds: Build
) -> None:
    mart = build_of_hundreds.query("""
        SELECT service_name, sum(mean_seconds * n) / sum(n) AS seconds, sum(n) AS n
        FROM marts.metrics_time_between_failures
        WHERE failure_type = 'incidents' AND service_id <> 'all'
        GROUP BY 1 HAVING min(n) >= 3 ORDER BY seconds
    """)
    assert len(mart) > 1
    assert bars(tab, "Mean time between incidents, by service") == {
        row.service_name: f"{duration(row.seconds)} (n {row.n:.0f})" for row in mart.itertuples()
    }


def recurrences_are_those_of_the_mart(tab: Tab, dataset: Dataset) -> pd.DataFrame:
    """Compare them; gives what the mart says."""
    mart = dataset.sql("""
        SELECT service_name, sum(recurring_count) AS recurring, sum(n) AS n, sum(unknown_count) AS unknown,
            sum(expected_share * n) / sum(n) AS expected
        FROM marts.metrics_recurrence WHERE service_id NOT IN ('all', 'none') GROUP BY 1
    """).df()
    expected = {
        row.service_name: f"{row.recurring / row.n:.0%} ({row.recurring:.0f} of {row.n:.0f}), "
        f"{row.expected:.0%} by chance"
        for row in mart.itertuples()
        if row.n
    }
    shown = bars(tab, "Incidents that are recurrences, by service")
    assert shown.items() <= expected.items()
    assert len(shown) == min(len(expected), MOST_SERVICES)
    return mart


def test_recurrences_of_a_service_are_those_of_the_mart_after_a_refresh(dataset: Dataset) -> None:
    tab = reliability(dataset, Filters(NOW, None, "week", "UTC"))
    assert recurrences_are_those_of_the_mart(tab, dataset)["n"].sum() > 0


@pytest.mark.slow
def test_so_they_are_where_times_are_missing_or_in_no_order(tab: Tab, hundreds: Dataset) -> None:
    mart = recurrences_are_those_of_the_mart(tab, hundreds)
    assert mart["recurring"].sum() > 0
    assert mart["expected"].between(0, 1, inclusive="neither").all()
    assert mart["unknown"].sum() > 0, "those of the first days are in no share"


@pytest.mark.slow
def test_what_a_recurrence_is_follows_the_variable(
    hundreds: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", '{"rootly_recurrence_days": 14}')
    changed = reliability(hundreds, Filters(LOADED_AT, None, "week", "UTC"))
    title = "Incidents that are recurrences, by service"
    (card,) = (each for each in changed.cards if each.title == title)
    assert "within 14 days of the resolution" in card.note


@pytest.mark.slow
@pytest.mark.parametrize(
    "title",
    [
        "Services with the most incidents",
        "Mean time between incidents, by service",
        "Incidents that are recurrences, by service",
    ],
)
def test_services_of_one_name_are_one_bar(title: str, tab: Tab, with_twins: Tab) -> None:
    """An incident of both counts once in it."""
    assert drawn(with_twins, title) == drawn(tab, title)


@pytest.mark.slow
def test_times_that_were_all_written_down_afterwards_say_so(
    tab: Tab, build_of_hundreds: Build, tmp_path: Path
) -> None:
    assert "backfilled" not in card(tab, "Median time in status").note
    path = build_of_hundreds.copied(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE marts.fct_incidents SET kind = 'backfilled' WHERE incident_id IN "
            "(SELECT incident_id FROM marts.fct_incident_statuses WHERE status = 'mitigated')"
        )
    with Dataset(FileSource(path)).opened() as opened:
        changed = reliability(opened, Filters(LOADED_AT, None, "week", "UTC"))
    said = card(changed, "Median time in status").note
    assert said.endswith(" Times of mitigated come only from the stamps of backfilled incidents.")


@pytest.mark.slow
def test_time_in_status_is_one_time_an_incident(tab: Tab, build_of_hundreds: Build) -> None:
    stays = build_of_hundreds.query("""
        SELECT stays.* FROM marts.fct_incident_statuses AS stays
        INNER JOIN marts.fct_incidents AS facts ON stays.incident_id = facts.incident_id
        WHERE facts.is_response_incident AND facts.has_plausible_start AND NOT facts.is_deleted
    """)
    known = stays.groupby(["incident_id", "status"])["seconds"].agg(
        lambda seconds: seconds.sum() if seconds.notna().all() else None
    )
    times = pd.to_numeric(known).dropna().groupby("status").agg(["median", "count"])
    shown = {
        str(status).replace("_", " "): f"{duration(row['median'])} (n {row['count']:.0f})"
        for status, row in times.iterrows()
    }
    ended = {status: shown.pop(status) for status in ("resolved", "closed") if status in shown}
    assert ended
    assert len(shown) > 1
    assert bars(tab, "Median time in status") == shown
    said = card(tab, "Median time in status").note
    assert all(f"{status} {time}" in said for status, time in ended.items())
