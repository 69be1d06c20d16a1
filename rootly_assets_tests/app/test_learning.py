"""The tab Learning: what the marts say was learned, of incidents that count."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rootly_assets.app.cards import Tab
from rootly_assets.app.filters import Filters
from rootly_assets.app.learning import learning
from rootly_assets.reader import Dataset
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.app.drawn import card, points
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.dbt.learned import NOT_COUNTED

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tab(hundreds: Dataset) -> Tab:
    return learning(hundreds, Filters(LOADED_AT, None, "month", "UTC"))


def test_follow_ups_of_incidents_that_dont_count_are_nobodys_work(tab: Tab) -> None:
    tiles = {tile.label: tile.value for tile in tab.tiles}
    assert (tiles["Open follow-ups"], tiles["Overdue"]) == ("1", "1")
    overdue = card(tab, "Overdue follow-ups").body
    assert isinstance(overdue, pd.DataFrame)
    assert NOT_COUNTED.keys().isdisjoint(overdue["follow-up"])


def test_a_published_retrospective_is_completed_whatever_rootlys_progress_says(tab: Tab) -> None:
    shown = points(tab, "Retrospectives of incidents that ended")
    counts = shown.groupby("series")["value"].sum().to_dict()
    assert (counts["completed"], counts["not started"]) == (1, 2)


def drawn_from(path: Path) -> Tab:
    """The tab of a warehouse."""
    with Dataset(FileSource(path)).opened() as opened:
        return learning(opened, Filters(LOADED_AT, None, "month", "UTC"))


def test_who_is_exempt_from_a_retrospective_is_not_shown_without_one(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE marts.fct_retrospectives SET retrospective_rule = 'skip' "
            "WHERE retrospective_status = 'not_started'"
        )
    shown = points(drawn_from(path), "Retrospectives of incidents that ended")
    assert set(shown["series"]) == {"completed", "unknown"}


def test_the_time_to_a_retrospective_is_that_of_the_mart(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    """The one that is published has no time of its own; here it was published two days after the resolution."""
    path = build_of_hundreds.copied(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE marts.fct_retrospectives SET lag_seconds = 172800, published_at_source = 'last_change' "
            "WHERE incident_id = 'Published'"
        )
    tab = drawn_from(path)
    title = "Median time from resolution to published retrospective"
    shown = points(tab, title).dropna(subset=["value"])
    assert [*zip(shown["shown"], shown["n"], strict=True)] == [("2d 0h", 1)]
    assert "Rootly has no date of publication for 1 of 1" in card(tab, title).note


def test_overdue_follow_ups_are_sorted_by_their_days_and_lead_to_their_incident(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE marts.fct_action_items SET incident_id = 'Published', summary = 'Write it down' "
            "WHERE is_overdue; "
            "UPDATE marts.fct_incidents SET url = 'https://rootly.example/7' WHERE incident_id = 'Published'; "
            "INSERT INTO marts.fct_action_items SELECT * REPLACE ('sooner' AS action_item_id, "
            "DATE '2025-12-24' AS due_date) FROM marts.fct_action_items WHERE is_overdue"
        )
    found = card(drawn_from(path), "Overdue follow-ups")
    assert isinstance(found.body, pd.DataFrame)
    days = found.body["due"].sort_values()
    assert found.formats["due"](days.iloc[0]) == "24 Dec 2025"
    row = found.body.iloc[0]
    assert (row["owner"], row["incident"]) == ("nobody", "Published")
    assert 'href="https://rootly.example/7"' in found.formats["in Rootly"](row["in Rootly"]).text
    assert found.formats["in Rootly"]("javascript:alert(1)") == ""
