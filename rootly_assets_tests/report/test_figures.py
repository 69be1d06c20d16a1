"""The figures of the report, of workspaces with every oddity that they have to cope with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rootly_assets.report.figures import Figures
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.report.workspaces import drawn_from, run, synced_at, tile

pytestmark = pytest.mark.slow


def test_ninety_days_are_not_compared_with_the_twenty_of_a_young_workspace(found: Figures) -> None:
    assert [tile.label for tile in found.tiles if tile.change is not None] == []


def test_one_old_incident_written_down_afterwards_is_nothing_to_compare_with(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        f"""
        INSERT INTO marts.fct_incidents SELECT * REPLACE (
            'old' AS incident_id, 'backfilled' AS kind, false AS is_real_time,
            TIMESTAMPTZ '{LOADED_AT - timedelta(days=300)}' AS started_at
        ) FROM marts.fct_incidents WHERE incident_id = 'Published'
        """,
    )
    shown = drawn_from(path)
    assert [tile.label for tile in shown.tiles if tile.change is not None] == []


def test_what_waits_in_triage_is_open_now_though_nobody_has_started_it(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        INSERT INTO marts.fct_incidents SELECT * REPLACE (
            'waits' AS incident_id, 'Waits' AS title, 'in_triage' AS status, true AS is_open,
            null AS started_at, null AS started_on, null AS has_plausible_start, 1e9 AS open_age_seconds
        ) FROM marts.fct_incidents WHERE incident_id = 'Published'
        """,
    )
    shown = drawn_from(path)
    assert int(tile(shown, "Open now").value) == int(tile(found, "Open now").value) + 1
    heading = next(each for each in shown.attention if each.startswith("Open incidents"))
    assert shown.attention[heading][0].what == "Waits"
    assert tile(shown, "Incidents").value == tile(found, "Incidents").value


def test_how_many_alerts_were_acknowledged_is_of_those_that_paged_somebody(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    assert "acknowledged" not in tile(found, "Alert acknowledged in").note, "no event was ever read"
    path = build_of_hundreds.copied(tmp_path)
    run(path, "UPDATE marts.fct_alerts SET was_paged = true, is_acknowledged = (noise IS NOT NULL)")
    run(path, "UPDATE marts.fct_alerts SET was_paged = false WHERE is_group_member")
    read = drawn_from(path)
    assert (
        tile(read, "Alert acknowledged in").note
        == "median of 0; 50% of those that paged were acknowledged"
    )


def test_alerts_that_nobody_marked_are_neither_signal_nor_noise(found: Figures) -> None:
    assert dict(zip(found.alerts["series"], found.alerts["value"], strict=True)) == {
        "noise": 1,
        "signal": 1,
        "not marked": 3,
    }


def test_where_events_were_not_read_nobody_says_that_no_alert_was_acknowledged(
    build_of_hundreds: Build, found: Figures, tmp_path: Path
) -> None:
    """Of five alerts the events of none were read, or of two: one of these was acknowledged."""

    def said(figures: Figures) -> str:
        return next(tile.note for tile in figures.tiles if tile.label == "Alert acknowledged in")

    assert said(found) == "median of 0"
    path = build_of_hundreds.copied(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE marts.fct_alerts SET was_paged = true, is_acknowledged = alert_id = 'alert-1'"
            " WHERE alert_id IN ('alert-0', 'alert-1')"
        )
    some = drawn_from(path)
    assert said(some) == "median of 0; 50% of those that paged were acknowledged"


def test_weeks_and_days_are_cut_where_the_workspace_is(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    """It was Monday by UTC, and still Sunday in New York, when the days began."""
    path = synced_at(build_of_hundreds, tmp_path, incidents=datetime(2026, 3, 8, 3, tzinfo=UTC))
    first, resolved = {}, {}
    for zone in ("UTC", "America/New_York"):
        found = drawn_from(path, zone)
        first[zone] = found.weekly.sort_values("period_start").iloc[0]
        (overdue,) = found.attention["Severe incidents, retrospective overdue"]
        resolved[zone] = overdue.why
    assert {row["period_start"] for row in first.values()} == {pd.Timestamp("2025-12-08")}
    assert first["UTC"]["extent"] == "cut off"
    assert first["America/New_York"]["extent"] == "whole", "it was the week before that is cut"
    # Resolved on 18 February, at 06:30 by UTC.
    assert resolved["UTC"].endswith("resolved 18 days ago")
    assert resolved["America/New_York"].endswith("resolved 17 days ago")


@pytest.mark.parametrize("records", ["Incidents", "Alerts"])
def test_columns_and_headlines_count_the_same(records: str, build_of_hundreds: Build) -> None:
    found = drawn_from(build_of_hundreds.database)
    columns = {"Incidents": found.weekly, "Alerts": found.alerts}[records]
    assert f"{columns['value'].sum():,.0f}" == tile(found, records).value != "0"


def test_a_quiet_week_stands_between_its_neighbours_and_neither_the_first_nor_the_last_is_whole(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        "DELETE FROM marts.fct_incidents WHERE started_on BETWEEN '2026-02-02' AND '2026-02-15'",
    )
    shown = drawn_from(path)
    weeks = [*pd.date_range("2025-12-08", "2026-03-09", freq="W-MON")]
    for frame in (shown.weekly, shown.medians):
        for _, series in frame.groupby("series"):
            assert [*series["period_start"]] == weeks
            middle = ["whole"] * (len(weeks) - 2)
            assert [*series["extent"]] == ["cut off", *middle, "not over yet"]
    counts, times = (
        frame.loc[frame["period_start"] == "2026-02-09", "value"]
        for frame in (shown.weekly, shown.medians)
    )
    assert set(counts) == {0}
    assert times.isna().all(), "a gap in the line"
    assert [*shown.alerts["extent"]] == ["not over yet"] * 3


def test_alerts_are_of_the_days_before_rootly_was_asked_for_alerts(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = synced_at(
        build_of_hundreds, tmp_path, incidents=LOADED_AT + timedelta(days=200), alerts=LOADED_AT
    )
    tiles = {tile.label: tile for tile in drawn_from(path).tiles}
    assert tiles["Incidents"].value == "0"
    assert tiles["Alerts"].value == "5"


def test_a_time_that_is_known_of_no_incident_is_not_judged(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(path, "UPDATE marts.fct_incidents SET detection_time_seconds = NULL")
    shown = tile(drawn_from(path), "Median time to detect")
    assert (shown.value, shown.note, shown.small) == ("–", "not known of any", False)
