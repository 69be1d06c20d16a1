"""Series have every period up to the last sync; shares say something, however few incidents a week has."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from rootly_assets.app.filters import Filters
from rootly_assets.app.series import trailing_share
from rootly_assets.queries.periods import every_period

# Of four Mondays one has no incident.
WEEKS = pd.DataFrame(
    {
        "period_start": ["2026-06-01", "2026-06-08", "2026-06-22", "2026-06-29"],
        "series": "SEV1",
        "met": [0, 1, 3, 0],
        "n": [1, 1, 4, 2],
    }
)


def shares(frame: pd.DataFrame, period: str) -> list[tuple[float | None, int]]:
    """Value (None where unknown) and n of each period."""
    filters = Filters(datetime(2026, 7, 2, tzinfo=UTC), None, period, "UTC")
    found = trailing_share(frame, filters)
    return [
        (None if pd.isna(value) else round(value, 1), n)
        for value, n in zip(found["value"], found["n"], strict=True)
    ]


def test_a_week_is_taken_together_with_the_three_before_it() -> None:
    assert shares(WEEKS, "week") == [
        (0.0, 1),
        (50.0, 2),
        (50.0, 2),
        (66.7, 6),
        (57.1, 7),  # the first week is no longer in it
    ]


def test_a_month_stands_for_itself_and_one_without_incidents_is_unknown() -> None:
    months = WEEKS.iloc[[0, 2]].assign(period_start=["2026-04-01", "2026-06-01"])
    assert shares(months, "month") == [(0.0, 1), (None, 0), (75.0, 4), (None, 0)]


def test_without_incidents_there_is_nothing_to_draw() -> None:
    assert trailing_share(WEEKS.iloc[:0], Filters(None, None, "week", "UTC")).empty


# An incident at 04:00 on 29 November, Tokyo's time; another on the evening of the 27th in Los Angeles.
@pytest.mark.parametrize(
    ("zone", "synced_at", "newest", "today"),
    [
        ("Asia/Tokyo", datetime(2026, 11, 28, 20, tzinfo=UTC), "2026-11-29", "2026-11-29"),
        ("America/Los_Angeles", datetime(2026, 11, 29, 3, tzinfo=UTC), "2026-11-27", "2026-11-28"),
    ],
)
def test_the_last_day_is_today_where_days_are_cut(
    zone: str, synced_at: datetime, newest: str, today: str
) -> None:
    frame = pd.DataFrame(
        {"period_start": ["2026-11-26", newest], "series": "all", "value": 1, "n": 1}
    )
    last = Filters(synced_at, None, "day", zone).today
    found = every_period(frame, period="day", today=last, zero=True)
    assert found["period_start"].max() == pd.Timestamp(today)
    assert found["n"].sum() == 2
