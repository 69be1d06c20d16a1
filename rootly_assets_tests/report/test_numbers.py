"""The table behind each chart says what its tooltips say."""

import re

import altair as alt
import pandas as pd
import pytest

from rootly_assets.charts.numbers import numbers
from rootly_assets.charts.panels import counts_with_times, trend
from rootly_assets.markup import MOST_ROWS, numbers_of
from rootly_assets.report.figures import Figures
from rootly_assets.report.page import sections


def chart(frame: pd.DataFrame, *tooltip: alt.Tooltip) -> alt.Chart:
    return alt.Chart(frame).mark_bar().encode(tooltip=list(tooltip))


def test_every_chart_of_the_report_has_numbers(refreshed: Figures) -> None:
    charts = dict(sections(refreshed))
    assert len(charts) == 8
    for title, drawn in charts.items():
        titles, rows = numbers(drawn)
        assert titles, title
        assert rows, title
        assert all(len(row) == len(titles) for row in rows), title


def test_weeks_go_down_and_severities_across_in_the_order_of_the_legend(refreshed: Figures) -> None:
    titles, rows = numbers(dict(sections(refreshed))["Incidents by week and severity"])
    assert titles == ("week of", *refreshed.severities)
    counted = sum(int(value) for row in rows for value in row[1:])
    assert counted == refreshed.weekly["value"].sum() > 0
    assert len(rows) == refreshed.weekly["period_start"].nunique()


def test_incidents_are_a_row_each(refreshed: Figures) -> None:
    titles, rows = numbers(
        dict(sections(refreshed))["Time to resolve: every incident, and the median"]
    )
    assert titles == ("incident", "severity", "to resolve")
    assert len(rows) == len(refreshed.resolutions)


@pytest.mark.parametrize("unit", ["count", "seconds", "percent"])
def test_a_trend_of_which_nothing_is_known_is_drawn_all_the_same(unit: str) -> None:
    frame = pd.DataFrame(
        {
            "period_start": pd.to_datetime(["2026-01-05"]),
            "series": "SEV1",
            "value": [float("nan")],
            "n": [0],
            "shown": [None],
            "extent": ["whole"],
        }
    )
    drawn = trend(frame, unit=unit, period="week", colors={"SEV1": "red"})
    assert numbers(drawn)[1] == [("05 Jan 2026", "–", "0")]


def test_what_is_not_known_is_a_dash_and_a_period_that_is_not_whole_says_so() -> None:
    frame = pd.DataFrame(
        {
            "period_start": pd.to_datetime(["2026-01-05", "2026-01-12"]),
            "series": "SEV1",
            "value": [60.0, None],
            "n": [2, 0],
            "shown": ["1m", None],
            "extent": ["cut off", "whole"],
        }
    )
    drawn = trend(frame, unit="seconds", period="week", colors={"SEV1": "red"})
    assert numbers(drawn) == (
        ("week of", "value", "records"),
        [("05 Jan 2026, cut off", "1m", "2"), ("12 Jan 2026", "–", "0")],
    )


def test_of_a_count_of_records_nobody_says_how_many_they_are() -> None:
    frame = pd.DataFrame(
        {
            "period_start": pd.to_datetime(["2026-01-05", "2026-01-12"] * 2),
            "series": ["SEV2", "SEV2", "SEV1", "SEV1"],
            "value": [3, 0, 1, 2],
            "n": [3, 0, 1, 2],
            "shown": ["3", "0", "1", "2"],
            "extent": "whole",
        }
    )
    drawn = trend(frame, unit="count", period="week", colors={"SEV1": "red", "SEV2": "blue"})
    assert numbers(drawn) == (
        ("week of", "SEV1", "SEV2"),
        [("05 Jan 2026", "1", "3"), ("12 Jan 2026", "2", "0")],
    )


def test_a_count_and_its_time_are_columns_of_their_own() -> None:
    frame = pd.DataFrame({"service": ["api"], "incidents": [1234], "took": ["2h"]})
    drawn = counts_with_times(frame, label="service", count="incidents", time="median")
    assert numbers(drawn) == (("service", "incidents", "median"), [("api", "1,234", "2h")])


def test_a_grid_with_a_hole_stays_a_list() -> None:
    frame = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "p"], "n": [1, 2, 3]})
    titles, rows = numbers(chart(frame, alt.Tooltip("a:N"), alt.Tooltip("b:N"), alt.Tooltip("n:Q")))
    assert titles == ("a", "b", "n")
    assert rows == [("x", "p", "1"), ("x", "q", "2"), ("y", "p", "3")]


@pytest.mark.parametrize("rows", [1, MOST_ROWS, MOST_ROWS + 1])
def test_a_long_table_says_where_it_is_cut(rows: int) -> None:
    frame = pd.DataFrame({"name": [f"<b>{n}" for n in range(rows)], "n": range(rows)})
    shown = numbers_of(chart(frame, alt.Tooltip("name:N"), alt.Tooltip("n:Q")), "Much & more")
    assert len(re.findall("<tr><td>", shown)) == min(rows, MOST_ROWS)
    assert ("The first 500 of 501." in shown) == (rows > MOST_ROWS)
    assert "<b>" not in shown
    assert "Numbers of: Much &amp; more" in shown


def test_a_chart_without_marks_has_no_table() -> None:
    assert numbers_of(chart(pd.DataFrame({"n": [1]})), "Nothing") == ""
