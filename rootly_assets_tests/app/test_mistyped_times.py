"""An incident that began in 2226, or in 1226 by its record, is one mistyped time, and spoils no chart."""

from datetime import date, timedelta

import pandas as pd
import pytest

from rootly_assets.app.filters import Filters
from rootly_assets.app.panels import default_dashboard
from rootly_assets.app.reliability import reliability
from rootly_assets.app.series import over_time
from rootly_assets.charts import panels
from rootly_assets.charts.drawn import Drawn
from rootly_assets.queries.periods import MOST_ROWS
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import drawn, points
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT


@pytest.mark.slow
@pytest.mark.parametrize("days", [90, None])
def test_what_begins_after_the_last_sync_is_not_shown(
    build_of_hundreds: Build, hundreds: Dataset, days: int | None
) -> None:
    later = build_of_hundreds.query("SELECT max(started_on) AS last FROM marts.fct_incidents")
    assert later["last"][0].year == 2226
    filters = Filters(LOADED_AT, days, "week", "UTC")
    tabs = [
        reliability(hundreds, filters),
        default_dashboard(hundreds, filters, name="Incident Response"),
    ]
    for tab in tabs:
        titles = [each.title for each in tab.cards if isinstance(each.body, Drawn)]
        assert titles
        for title in titles:
            assert sum(map(len, drawn(tab, title))) <= MOST_ROWS, title
    assert points(tabs[0], "Median time")["period_start"].max() <= LOADED_AT.date()


@pytest.mark.parametrize("year", [1226, 1970])
def test_a_chart_of_all_time_does_not_reach_back_to_a_mistyped_year(year: int) -> None:
    frame = pd.DataFrame(
        {
            "period_start": [date(year, 1, 1), LOADED_AT.date()],
            "series": "incidents",
            "value": [1, 2],
            "n": [1, 2],
        }
    )
    card = over_time(
        "Incidents",
        frame,
        Filters(LOADED_AT, None, "day", "UTC"),
        draw=panels.trend,
        unit="count",
        colors={"incidents": "#000000"},
        note="By day.",
    )
    first = LOADED_AT.date() - timedelta(days=MOST_ROWS - 1)
    assert card.note == f"By day. Periods before {first:%-d %B %Y} are left out."
    assert isinstance(card.body, Drawn)
    (rows,) = card.body.to_dict()["datasets"].values()
    assert len(rows) == MOST_ROWS
    assert [row["value"] for row in rows if row["value"]] == [2]
