"""Changes of tiles: coloured only where they are more than chance, and the reason said."""

import math

import pytest

from rootly_assets.queries.incidents import medians
from rootly_assets.queries.medians import Median, change_of_median, judged_medians
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.portable import median
from rootly_assets.queries.tiles import Change, Tile, change_of_count, change_of_value
from rootly_assets.reader import Dataset
from rootly_assets.report.page import tile_of
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build


@pytest.mark.parametrize(
    ("now", "before", "is_clear"),
    [(120, 100, False), (130, 100, True), (100, 130, True), (4, 1, False), (9, 1, True)],
)
def test_counts_differ_where_chance_would_not_make_it(
    now: int, before: int, is_clear: bool
) -> None:
    change = change_of_count(now, before)
    assert change is not None
    assert change.is_clear == is_clear
    assert change.share == now / before - 1


def test_medians_differ_where_their_intervals_have_nothing_in_common() -> None:
    before = Median(100, 50, 80, 120)
    for now, is_clear in (
        (Median(200, 50, 121, 300), True),
        (Median(50, 50, 10, 79), True),
        (Median(200, 50, 120, 300), False),
        (Median(200, 9), False),
    ):
        change = change_of_median(now, before)
        assert change is not None
        assert change.is_clear == is_clear
    few = change_of_median(Median(200, 9), before)
    assert few is not None
    assert few.why == "may be chance: fewer than 10 stand behind one of the two"


def test_without_a_figure_of_before_there_is_no_change() -> None:
    assert change_of_count(5, None) is change_of_count(5, 0) is None
    assert change_of_median(Median(1, 50, 1, 1), Median(None, 0)) is None
    assert change_of_median(Median(None, 0), Median(1, 50, 1, 1)) is None
    assert change_of_value(None, 1) is change_of_value(1, 0) is None


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (Change(0.5, True, "more than chance"), 'class="change worse" title="against the 90 days'),
        (
            Change(-0.5, True, "more than chance"),
            'class="change better" title="against the 90 days',
        ),
        (Change(0.5, False, "may be chance"), 'class="change" title="against the 90 days'),
    ],
)
def test_the_report_colours_what_is_clear_and_says_why_not(change: Change, shown: str) -> None:
    html = tile_of(Tile("Incidents", "3", change))
    assert shown in html
    assert f'before; {change.why}"' in html
    assert change.words in html


@pytest.mark.slow
def test_intervals_of_medians_are_those_of_the_mart(build_of_hundreds: Build) -> None:
    mart = build_of_hundreds.query("""
        SELECT * FROM marts.metrics_incident_times WHERE population = 'strict' AND period = 'month'
            AND dimension = 'all' AND measured_time = 'resolution'
    """)
    assert (mart["n"] < 10).any() or len(mart) > 1
    column = "resolution_time_seconds"
    with Dataset(FileSource(build_of_hundreds.database)).opened() as opened:
        for month in mart.itertuples():
            rows = (
                f"marts.fct_incidents WHERE {INCIDENTS} "
                f"AND date_trunc('month', started_on) = DATE '{month.period_start:%Y-%m-%d}'"
            )
            row = opened.portable(
                f"SELECT {median(column)} AS resolution, count({column}) AS resolution_n FROM {rows}"
            ).records()[0]
            found = judged_medians(opened, row, {"resolution": column}, rows)["resolution"]
            assert found.n == month.n
            if month.n >= 10:
                assert found.low == pytest.approx(month.median_low_seconds)
                assert found.high == pytest.approx(month.median_high_seconds)
            else:
                assert found.low is found.high is None


@pytest.mark.slow
def test_intervals_on_charts_are_those_of_the_mart(build_of_hundreds: Build) -> None:
    mart = build_of_hundreds.query("""
        SELECT * FROM marts.metrics_incident_times WHERE population = 'strict' AND period = 'month'
            AND dimension = 'all' AND measured_time IN ('mitigation', 'resolution') AND n > 0
        ORDER BY period_start, measured_time
    """)
    with Dataset(FileSource(build_of_hundreds.database)).opened() as opened:
        shown = medians(opened, INCIDENTS, period="date_trunc('month', started_on)")
    assert len(shown) == len(mart) > 2
    for ours in ("value", "low", "high"):
        theirs = mart["median_seconds" if ours == "value" else f"median_{ours}_seconds"]
        expected = theirs.to_numpy(float, na_value=math.nan)
        found = shown[ours].to_numpy(float, na_value=math.nan)
        assert found == pytest.approx(expected, nan_ok=True)
    assert [*shown["n"]] == [*mart["n"]]
    assert shown["low"].notna().any()
    assert (shown["low"].notna() == (shown["n"] >= 10)).all()
