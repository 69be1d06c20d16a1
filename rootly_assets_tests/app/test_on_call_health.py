"""The tab On-call health: figures of the marts, of whole months and of the same days."""

import math
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import rootly_assets
from rootly_assets.app.cards import Tab
from rootly_assets.app.evenness import gini
from rootly_assets.app.filters import Filters
from rootly_assets.app.on_call_health import on_call_health
from rootly_assets.app.panels import default_dashboard
from rootly_assets.queries.clocks import Clocks
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import DAYS, figures
from rootly_assets_tests.app.drawn import card, drawn, points
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.expected_on_call import gini as expected_gini
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.system.refreshed import NOW, Once


@pytest.mark.parametrize(
    ("days", "months"),
    # NOW is in the middle of July; shifts are read from the middle of December on.
    [(None, date(2026, 1, 1)), (100, date(2026, 5, 1))],
)
def test_evenness_is_of_months_that_are_whole(
    dataset: Dataset, days: int | None, months: date
) -> None:
    shown = card(
        on_call_health(dataset, Filters(NOW, days, "week", "UTC")), "How evenly it is shared"
    ).body
    mart = dataset.table("marts.metrics_on_call_load").df()
    mart["month"] = pd.to_datetime(mart["month_start"]).dt.date
    whole = mart[
        ~mart["schedule_id"].isin(["all", "none"])
        & (mart["on_call_seconds"] > 0)
        & (mart["month"] >= months)
        & (mart["month"] <= date(2026, 6, 1))
    ]
    assert mart["month"].max() == date(2026, 7, 1), "there is a month that is not over"
    assert isinstance(shown, pd.DataFrame)
    rows = shown.set_index("schedule")
    assert set(rows.index) == set(whole["schedule_name"])
    for schedule, months_of in whole.groupby("schedule_name"):
        people = months_of.groupby("user_id")[["on_call_seconds", "interruption_count"]].sum()
        hours, pages = people["on_call_seconds"] / 3600, people["interruption_count"]
        found = rows.loc[schedule]
        assert (found["people"], found["pages"]) == (len(people), pages.sum())
        assert found["hours"] == pytest.approx(hours.sum())
        assert found["unevenness of hours"] == pytest.approx(expected_gini(list(hours)))
        if pages.sum():
            assert found["unevenness of pages"] == pytest.approx(expected_gini(list(pages)))
        assert found["most ÷ median"] == pytest.approx(hours.max() / hours.median())


def test_gini_is_one_less_its_part_where_one_carries_everything() -> None:
    assert gini(pd.Series([0.0, 7.0, 0.0, 0.0])) == pytest.approx(1 - 1 / 4)
    assert gini(pd.Series([5.0, 5.0, 5.0])) == pytest.approx(0)
    assert gini(pd.Series([5.0])) is gini(pd.Series([0.0, 0.0])) is None


def test_where_few_stand_behind_it_that_is_said(on_duckdb: Once, tmp_path: Path) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE marts.metrics_on_call_load SET interruption_count = 1")
        one = connection.execute("""
            SELECT min(schedule_id), max(schedule_name) FROM marts.metrics_on_call_load
            WHERE schedule_id = (SELECT min(schedule_id) FROM marts.metrics_on_call_load WHERE is_whole_month)
        """).fetchone()
        assert one is not None
        connection.execute(
            "DELETE FROM marts.metrics_on_call_load WHERE schedule_id = $1 AND user_id <> "
            "(SELECT min(user_id) FROM marts.metrics_on_call_load WHERE schedule_id = $1 AND is_whole_month"
            " AND on_call_seconds > 0)",
            [one[0]],
        )
    shown = card(tab_of(path, days=100), "How evenly it is shared").body
    assert isinstance(shown, pd.DataFrame)
    said = shown.set_index("schedule")
    assert said.loc[one[1], "people"] == 1
    assert said["people"].max() >= 3
    assert dict(said["little data"]) == {
        schedule: "few people, few pages" if people < 3 else "few pages"
        for schedule, people in said["people"].items()
    }


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ("", "Calls, texts and push notifications; those within 60 seconds of each other are one."),
        (
            '{"rootly_interrupting_actions": ["called", "emailed"], "rootly_interruption_seconds": 90}',
            "Calls and “emailed”; those within 90 seconds of each other are one.",
        ),
    ],
)
def test_what_interrupts_is_said_as_the_variables_have_it(
    dataset: Dataset, variables: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DBT_VARS", variables)
    tab = on_call_health(dataset, Filters(NOW, None, "week", "UTC"))
    assert card(tab, "When people were interrupted").note == said


def test_a_persons_interruptions_are_of_the_days_of_their_hours(dataset: Dataset) -> None:
    interrupted = dataset.sql("""
        SELECT user_name, local_date FROM marts.fct_interruptions
        WHERE CAST(interrupted_at AS DATE) = local_date ORDER BY interrupted_at LIMIT 1
    """).records()[0]
    first = interrupted["local_date"]
    # The span begins in the evening of that day, most likely after the interruption.
    until = datetime.combine(first, time(23, 59), UTC) + timedelta(days=90)
    tab = on_call_health(dataset, Filters(until, 90, "week", "UTC"))
    shown = card(tab, "People on call").body
    assert isinstance(shown, pd.DataFrame)
    wanted = dataset.sql(f"""
        SELECT user_name, count(*) AS n FROM marts.fct_interruptions
        WHERE local_date >= DATE '{first}' GROUP BY 1
    """).records()
    found = dict(zip(shown["person"], shown["interruptions"], strict=True))
    assert {name: n for name, n in found.items() if n} == {
        each["user_name"]: each["n"] for each in wanted
    }
    assert interrupted["user_name"] in found


def tab_of(path: Path, *, days: int | None = None) -> Tab:
    with rootly_assets.dataset(path).opened() as opened:
        return on_call_health(opened, Filters(NOW, days, "week", "UTC"))


@pytest.mark.parametrize(
    "happened",
    [
        "DELETE FROM warehouse.rootly._rootly_sync WHERE table_name = 'alert_events';"
        " DELETE FROM warehouse.rootly.alert_events; DELETE FROM marts.fct_interruptions",
        "UPDATE warehouse.rootly._rootly_sync SET back_to = synced_at - INTERVAL 14 DAY"
        " WHERE table_name = 'alert_events'",
        "UPDATE warehouse.rootly._rootly_sync SET synced_at = synced_at - INTERVAL 14 DAY"
        " WHERE table_name = 'alert_events'",
    ],
    ids=["never read", "back to two weeks ago", "not for two weeks"],
)
def test_where_pages_were_not_read_nobody_knows_that_nobody_was_paged(
    on_duckdb: Once, tmp_path: Path, happened: str
) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(happened)
    tab = tab_of(path)
    found = card(tab, "People on call")
    shown = found.body
    assert isinstance(shown, pd.DataFrame)
    assert (shown["weekday hours"] > 0).any()
    for column in ("interruptions", "after hours", "a day on call"):
        assert {found.formats[column](value) for value in shown[column]} == {"–"}
    (bars,) = drawn(tab, "Hours on call")
    assert {row["interruptions"] for row in bars} == {"–"}


def test_pages_of_days_to_which_the_first_read_has_come_are_known(
    on_duckdb: Once, tmp_path: Path
) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE warehouse.rootly._rootly_sync SET back_to = synced_at - INTERVAL 14 DAY"
            " WHERE table_name = 'alert_events'"
        )
    tab = tab_of(path, days=7)
    shown = card(tab, "People on call").body
    assert isinstance(shown, pd.DataFrame)
    assert shown["interruptions"].notna().all()


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("own", "Hours of your own, by the variable rootly_hour_bands."),
        (
            "pagerduty",
            "Hours as in the preset pagerduty; the variable rootly_hour_preset chooses.",
        ),
    ],
)
def test_whose_hours_are_shown_is_said_with_the_variable_that_chose_them(
    on_duckdb: Once, tmp_path: Path, preset: str, said: str
) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE marts.fct_interruptions SET hour_preset = ?", [preset])
    assert said in card(tab_of(path), "Interruptions, by the person's own hours").note


def test_tables_are_sorted_by_values_and_not_by_their_words(dataset: Dataset) -> None:
    """As words, 10m came before 9m."""
    tab = on_call_health(dataset, Filters(NOW, None, "week", "UTC"))
    for title, column in (
        ("Responders", "median to acknowledge"),
        ("How evenly it is shared", "unevenness of pages"),
        ("People on call", "a day on call"),
    ):
        found = card(tab, title)
        assert isinstance(found.body, pd.DataFrame)
        assert pd.api.types.is_numeric_dtype(found.body[column])
        assert isinstance(found.formats[column](found.body[column].iloc[0]), str)
        assert found.formats[column](math.nan) == "–"


def test_what_is_not_narrowed_says_so(dataset: Dataset) -> None:
    """Shifts belong to no service: figures of them are the same, whatever is chosen."""
    tab = on_call_health(dataset, Filters(NOW, None, "week", "UTC"))
    for title in ("Hours on call", "How evenly it is shared", "People on call"):
        assert "Not narrowed by team, service or severity." in card(tab, title).note


@pytest.mark.slow
def test_days_end_when_rootly_was_last_asked_for_alerts_and_not_for_incidents(
    hundreds: Dataset,
) -> None:
    """Five alerts came just before; incidents were asked for half a year later."""
    later = LOADED_AT + timedelta(days=200)
    known = Clocks({"incidents": later, "alerts": LOADED_AT})
    filters = Filters(later, 90, "week", "UTC", clocks=known)
    assert on_call_health(hundreds, filters).tiles[0].value == "5"
    shown = points(on_call_health(hundreds, filters), "Alerts, signal and noise")
    assert set(shown["extent"]) == {"not over yet"}
    rootlys = points(default_dashboard(hundreds, filters, name="On-Call Metrics"), "Total Alerts")
    assert rootlys["n"].sum() == 5


def test_shares_are_those_of_the_mart(dataset: Dataset) -> None:
    outcomes = dataset.sql("""
        SELECT sum(alert_count) AS alerts, sum(leader_count) AS leaders,
            sum(paged_count) AS paged, sum(paged_acknowledged_count) AS acknowledged,
            sum(converted_count) AS converted,
            sum(noise_count) AS noise, sum(noise_count + signal_count) AS marked,
            sum(first_level_count) AS first_level, sum(level_known_count) AS level_known
        FROM marts.metrics_alert_outcomes WHERE period = 'quarter' AND dimension = 'all'
    """).records()[0]
    assert outcomes["acknowledged"] < outcomes["paged"], "some are never acknowledged"
    assert outcomes["paged"] < outcomes["alerts"], "members of groups page nobody"

    tiles = {
        tile.label: (tile.value, tile.note)
        for tile in on_call_health(dataset, Filters(NOW, None, "week", "UTC")).tiles
    }
    for label, part, whole in (
        ("Acknowledged at all", "acknowledged", "paged"),
        ("Noise", "noise", "marked"),
        ("Led to an incident", "converted", "leaders"),
        ("Stayed at the first level", "first_level", "level_known"),
    ):
        value, note = tiles[label]
        assert value == f"{outcomes[part] / outcomes[whole]:.0%}"
        assert note.startswith(f"of {outcomes[whole]:.0f}")


@pytest.mark.slow
def test_a_group_of_alerts_leads_to_an_incident_once(
    build_of_hundreds: Build, hundreds: Dataset
) -> None:
    """Four alerts and a member of the group of one of them, both attached to an incident."""
    tab = on_call_health(hundreds, Filters(LOADED_AT, None, "week", "UTC"))
    (tile,) = (each for each in tab.tiles if each.label == "Led to an incident")
    mart = build_of_hundreds.query("""
        SELECT conversion_rate FROM marts.metrics_alert_outcomes
        WHERE period = 'quarter' AND dimension = 'all'
    """)["conversion_rate"][0]
    assert (tile.value, tile.note) == (f"{mart:.0%}", "of 4, groups counted once")
    assert mart == 0.25


def test_the_report_says_the_same_of_alerts_that_led_to_an_incident(dataset: Dataset) -> None:
    days = Filters(NOW, DAYS, "week", "UTC")
    shown = {tile.label: tile for tile in on_call_health(dataset, days).tiles}
    said = {tile.label: tile for tile in figures(dataset, time_zone="UTC").tiles}["Alerts"].note
    assert said == f"{shown['Led to an incident'].value} led to an incident"
