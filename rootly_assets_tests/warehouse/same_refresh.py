"""What holds of a refresh into any destination, or any that DuckDB reads: for modules with an `elsewhere`."""

import pandas as pd

from rootly_assets_tests.app.shown import every_tab
from rootly_assets_tests.warehouse.both import Both


def test_both_runs_succeed_with_the_same_assets_and_checks(both: Both) -> None:
    assert both.here.success
    assert len(both.here.assets) > 100
    assert both.there == both.here


def test_every_table_and_mart_is_the_same_row_for_row(both: Both) -> None:
    assert both.differences() == {}
    assert len(both.other.table("marts.fct_incidents").records()) == 40


def test_frames_have_the_same_types(both: Both) -> None:
    here, there = (each.table("marts.fct_incidents") for each in (both.duckdb, both.other))
    pd.testing.assert_frame_equal(
        here.df().sort_values("incident_id", ignore_index=True),
        there.df().sort_values("incident_id", ignore_index=True),
    )
    assert here.arrow().schema == there.arrow().schema


def test_every_tab_of_the_dashboard_shows_the_same(both: Both) -> None:
    here = every_tab(both.duckdb)
    assert sum(rows is not None for tab in here.values() for rows in tab.values()) > 60
    assert every_tab(both.other) == here
