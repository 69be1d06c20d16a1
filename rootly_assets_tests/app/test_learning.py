"""The tab Learning: what the marts say was learned, of incidents that count."""

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


@pytest.fixture(scope="module")
def tab(build_of_hundreds: Build) -> Tab:
    dataset = Dataset(FileSource(build_of_hundreds.database))
    return learning(dataset, Filters(LOADED_AT, None, "month", "UTC"))


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
