"""The report: figures that agree with the marts, one file that opens from disk, whatever the texts say."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.charts.durations import duration
from rootly_assets.charts.theme import LEVEL_COLORS, level_colors
from rootly_assets.charts.tiles import Tile
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import Figures, figures
from rootly_assets.report.page import key_chart_png, page
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.ui.browser import browser, executable


def drawn_from(path: Path, time_zone: str = "UTC") -> Figures:
    """What the report shows of a warehouse."""
    with Dataset(FileSource(path)).opened() as opened:
        return figures(opened, time_zone=time_zone)


@pytest.fixture(scope="module")
def found(build_of_hundreds: Build) -> Figures:
    return drawn_from(build_of_hundreds.database)


def test_headlines_are_those_of_the_mart(build_of_hundreds: Build, found: Figures) -> None:
    headlines = build_of_hundreds.mart("incident_metrics_last_90_days").query(
        "population == 'strict' and is_total"
    )
    mart = headlines.iloc[0]
    tiles = {tile.label: tile for tile in found.tiles}

    assert tiles["Incidents"].value == str(mart["incident_count"])
    for label, time in (
        ("Time to detect (MTTD)", "detection"),
        ("Time to acknowledge (MTTA)", "acknowledge"),
        ("Time to mitigate (MTTM)", "mitigation"),
        ("Time to resolve (MTTR)", "resolution"),
    ):
        assert tiles[label].value == duration(mart[f"{time}_time_median_seconds"])
        assert f"median of {mart[f'{time}_time_n']}, " in tiles[label].note
        assert f"{mart[f'{time}_time_coverage']:.0%}" in tiles[label].note
    inferred = mart["mitigation_inferred_n"]
    assert inferred > 0
    assert f"; {inferred} inferred" in tiles["Time to mitigate (MTTM)"].note


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


def test_how_many_alerts_were_acknowledged_is_of_those_of_which_it_is_known(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    assert "acknowledged" not in tile(found, "Alert acknowledged in").note, "no event was ever read"
    path = build_of_hundreds.copied(tmp_path)
    run(path, "UPDATE marts.fct_alerts SET is_acknowledged = (noise IS NOT NULL)")
    run(path, "UPDATE marts.fct_alerts SET is_acknowledged = NULL WHERE is_group_member")
    read = drawn_from(path)
    assert tile(read, "Alert acknowledged in").note == "median of 0; 50% were acknowledged"


def test_a_list_that_is_cut_says_of_how_many(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        INSERT INTO marts.fct_action_items SELECT items.* REPLACE ('late ' || copies.n AS action_item_id)
        FROM marts.fct_action_items AS items CROSS JOIN range(56) AS copies(n)
        WHERE items.action_item_id = 'late'
        """,
    )
    attention = drawn_from(path).attention
    assert len(attention["Overdue follow-ups, 8 of 57"]) == 8
    assert "<h3>Overdue follow-ups</h3>" in page(found, time_zone="UTC"), "one of one is all"


def test_what_is_overdue_is_listed_and_what_is_done_is_not(found: Figures) -> None:
    assert [row.why for row in found.attention["Overdue follow-ups"]] == ["68 days overdue"]


def test_what_is_overdue_names_its_owner_its_day_and_its_incident_with_a_way_there(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_action_items SET incident_id = 'Published', assigned_to_user_id = 'nobody knows'
        WHERE is_overdue;
        UPDATE marts.fct_incidents SET url = 'https://rootly.example/7' WHERE incident_id = 'Published'
        """,
    )
    shown = drawn_from(path)
    (row,) = shown.attention["Overdue follow-ups"]
    due = build_of_hundreds.query("SELECT due_date FROM marts.fct_action_items WHERE is_overdue")
    assert row.details == f"User nobody knows, due {due['due_date'][0]:%d %b %Y}"
    assert row.incident == ("Published", "https://rootly.example/7")
    document = page(shown, time_zone="UTC")
    assert '; after <a href="https://rootly.example/7" rel="noreferrer">Published</a>' in document


def test_nobody_learns_from_it_what_a_private_incident_is_about(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_incidents SET is_private = true, title = 'Whistle-blower',
            url = 'https://rootly.example/incidents/7-whistle-blower', sequential_id = 7;
        UPDATE marts.fct_action_items SET summary = 'Talk to the whistle-blower', incident_id = 'Published'
        WHERE is_overdue
        """,
    )
    shown = drawn_from(path)
    rows = [row for rows in shown.attention.values() for row in rows]
    assert {row.what for row in rows} == {"Private incident 7", "Follow-up of a private incident"}
    assert {row.incident[0] for row in rows if row.incident} == {"Private incident 7"}
    assert "histle-blower" not in page(shown, time_zone="UTC")


def test_a_severe_incident_is_listed_once_its_retrospective_is_overdue(
    build_of_hundreds: Build, found: Figures
) -> None:
    listed = [row.what for row in found.attention["Severe incidents, retrospective overdue"]]
    assert listed == ["Never written"]
    mart = build_of_hundreds.query("""
        SELECT facts.title FROM marts.fct_retrospectives AS retrospectives
        INNER JOIN marts.fct_incidents AS facts ON retrospectives.incident_id = facts.incident_id
        WHERE retrospectives.is_overdue AND facts.is_response_incident AND NOT facts.is_deleted
    """)
    assert listed == [*mart["title"]]


def test_what_nobody_learned_from_for_longest_comes_first_however_long_ago(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_incidents
        SET started_at = started_at - INTERVAL 365 DAY, resolved_at = resolved_at - INTERVAL 365 DAY
        WHERE incident_id = 'Never written';
        UPDATE marts.fct_retrospectives SET is_overdue = true WHERE incident_id = 'Still time'
        """,
    )
    heading = "Severe incidents, retrospective overdue"
    rows = drawn_from(path).attention[heading]
    assert [(row.what, row.why.partition(", ")[2]) for row in rows] == [
        ("Never written", "resolved 385 days ago"),
        ("Still time", "resolved 10 days ago"),
    ]


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
            "UPDATE marts.fct_alerts SET is_acknowledged = alert_id = 'alert-1'"
            " WHERE alert_id IN ('alert-0', 'alert-1')"
        )
    some = drawn_from(path)
    assert said(some) == "median of 0; 50% were acknowledged"


@pytest.mark.slow
def test_weeks_and_days_are_cut_where_the_workspace_is(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    """It is Monday by UTC, and still Sunday in New York."""
    path = synced_at(build_of_hundreds, tmp_path, incidents=datetime(2026, 3, 9, 3, tzinfo=UTC))
    first, resolved = {}, {}
    for zone in ("UTC", "America/New_York"):
        found = drawn_from(path, zone)
        first[zone] = pd.Timestamp(found.weekly["period_start"].min()).date()
        (overdue,) = found.attention["Severe incidents, retrospective overdue"]
        resolved[zone] = overdue.why
    assert first == {"UTC": date(2025, 12, 15), "America/New_York": date(2025, 12, 8)}
    # Resolved on 18 February, at 06:30 by UTC.
    assert resolved["UTC"].endswith("resolved 19 days ago")
    assert resolved["America/New_York"].endswith("resolved 18 days ago")


def test_a_quiet_week_stands_between_its_neighbours_and_the_last_is_not_over(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        "DELETE FROM marts.fct_incidents WHERE started_on BETWEEN '2026-02-02' AND '2026-02-15'",
    )
    shown = drawn_from(path)
    weeks = [*pd.date_range("2025-12-15", "2026-03-09", freq="W-MON")]
    for frame in (shown.weekly, shown.medians):
        for _, series in frame.groupby("series"):
            assert [*series["period_start"]] == weeks
            assert [*series["extent"]] == ["whole"] * (len(weeks) - 1) + ["not over yet"]
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


def tile(shown: Figures, label: str) -> Tile:
    """The one tile of this label."""
    (found,) = (each for each in shown.tiles if each.label == label)
    return found


def run(path: Path, statement: str) -> None:
    """Change what the models say, as it would be for another workspace."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def synced_at(build: Build, folder: Path, **lists: datetime) -> Path:
    """A copy of a build's warehouse in which only these lists were ever asked for, last at these times."""
    path = build.copied(folder)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM warehouse.rootly._rootly_sync")
        for table, moment in lists.items():
            connection.execute(
                "INSERT INTO warehouse.rootly._rootly_sync (table_name, synced_at) VALUES (?, ?)",
                [table, moment],
            )
    return path


def test_the_key_chart_is_a_picture(found: Figures) -> None:
    picture = key_chart_png(found)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


def test_a_level_of_severity_that_is_not_known_yet_fails_no_chart(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        "UPDATE marts.fct_incidents SET severity_level = 'apocalyptic'; "
        "UPDATE marts.dim_severities SET severity_level = 'apocalyptic'",
    )
    shown = drawn_from(path)
    assert set(shown.severities) == set(shown.weekly["series"]) == set(found.weekly["series"])
    assert shown.weekly["value"].sum() == found.weekly["value"].sum()
    assert "Incidents by week and severity" in page(shown, time_zone="UTC")


def test_severities_have_the_names_of_the_workspace_in_every_chart(
    build_of_hundreds: Build, found: Figures
) -> None:
    """The most severe first; two of one level don't look the same."""
    names = build_of_hundreds.query(
        "SELECT DISTINCT severity_name FROM marts.fct_incidents WHERE severity_name IS NOT NULL"
    )
    assert set(found.severities) <= {*names["severity_name"], "No severity"}
    assert set(found.resolutions["severity"]) <= set(found.severities)
    assert level_colors(["critical", "high", "high", "none"])[:2] == [*LEVEL_COLORS[:2]]
    assert len(set(level_colors(["high", "high", "high", "medium", "medium"]))) == 5


def test_alerts_of_one_kind_are_named_in_words(found: Figures) -> None:
    """There would be one colour, and nothing that says of what."""
    unmarked = replace(found, alerts=found.alerts[found.alerts["series"] == "not marked"])
    document = page(unmarked, time_zone="UTC")
    assert "Alerts by week, none of them marked as signal or noise" in document


def test_a_time_that_is_known_of_no_incident_is_not_judged(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(path, "UPDATE marts.fct_incidents SET detection_time_seconds = NULL")
    shown = tile(drawn_from(path), "Time to detect (MTTD)")
    assert (shown.value, shown.note, shown.small) == ("–", "not known of any", False)


@pytest.mark.slow
def test_a_workspace_without_records_has_a_report_that_says_so(
    build_of_nothing: Build,
) -> None:
    empty = drawn_from(build_of_nothing.database)

    assert key_chart_png(empty) is None
    document = page(empty, time_zone="UTC")
    assert "Nothing happened in these days." in document
    assert "Nothing is waiting." in document


@pytest.mark.ui
@pytest.mark.skipif(executable() is None, reason="no Chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_disk_draws_every_chart_and_asks_nobody(
    found: Figures, tmp_path: Path, scheme: str
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(found, time_zone="Europe/Berlin"), encoding="utf-8")

    with browser(path.as_uri()) as opened:
        opened.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        opened.page.goto(path.as_uri())
        charts = opened.page.locator(".chart")
        opened.page.locator(".chart svg").last.wait_for()

        assert charts.count() >= 5
        for chart in charts.all():
            assert chart.locator("svg [role='graphics-symbol'], svg path").count() > 3
        assert opened.page.title().startswith("Incident report")
        assert opened.page.locator("img").count() == 0
        assert opened.page.locator("a[href^='javascript']").count() == 0
        assert "days are cut in Europe/Berlin" in opened.page.inner_text("header")
        assert opened.troubles == []


@given(st.one_of(st.none(), st.just(math.nan), st.floats(0, 3e8)))
def test_every_duration_can_be_said_in_few_characters(seconds: float | None) -> None:
    said = duration(seconds)
    assert 1 < len(said) <= 9 or said == "–"
    assert "60m" not in said
    assert "24h" not in said
