"""Trends: a period stands there as the marts have it, and one that is not over says so."""

from datetime import date, timedelta

import pytest

from rootly_assets.app.filters import Filters
from rootly_assets.app.panels import default_dashboard
from rootly_assets.app.reliability import reliability
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import points
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT

pytestmark = pytest.mark.slow


# The span begins in the middle of each of these periods.
@pytest.mark.parametrize(
    ("days", "period", "first"),
    [
        (90, "quarter", date(2025, 10, 1)),
        (90, "month", date(2025, 12, 1)),
        (30, "week", date(2026, 2, 2)),
    ],
)
def test_the_first_period_is_whole_as_in_the_mart(
    hundreds: Dataset, build_of_hundreds: Build, days: int, period: str, first: date
) -> None:
    shown = points(reliability(hundreds, Filters(LOADED_AT, days, period, "UTC")), "Median time")
    mart = build_of_hundreds.query(f"""
        SELECT period_start, n FROM marts.metrics_incident_times
        WHERE population = 'strict' AND measured_time = 'resolution' AND dimension = 'all'
            AND period = '{period}' AND period_start >= DATE '{first}' AND n > 0
        ORDER BY 1
    """)
    resolved = shown[(shown["series"] == "to resolve") & (shown["n"] > 0)]
    assert [*zip(resolved["period_start"], resolved["n"], strict=True)] == [
        *zip(mart["period_start"], mart["n"], strict=True)
    ]
    assert resolved["period_start"].min() == first


def test_only_the_period_of_the_last_sync_is_not_over(hundreds: Dataset) -> None:
    shown = points(reliability(hundreds, Filters(LOADED_AT, 90, "month", "UTC")), "Median time")
    assert dict(zip(shown["period_start"], shown["extent"], strict=True)) == {
        date(2025, 12, 1): "whole",
        date(2026, 1, 1): "whole",
        date(2026, 2, 1): "whole",
        date(2026, 3, 1): "not over yet",
    }


def test_rootlys_own_panels_begin_and_end_with_the_span_as_rootlys_range_does(
    hundreds: Dataset, build_of_hundreds: Build
) -> None:
    filters = Filters(LOADED_AT, 90, "quarter", "UTC")
    tab = default_dashboard(hundreds, filters, name="Incident Response")
    shown = points(tab, "Incidents/Severity")
    counted = build_of_hundreds.query(f"""
        SELECT count(*) AS n FROM marts.fct_incidents
        WHERE is_parity_kind AND NOT is_deleted AND severity_name IS NOT NULL
            AND started_at >= TIMESTAMPTZ '{LOADED_AT - timedelta(days=90)}'
            AND started_at <= TIMESTAMPTZ '{LOADED_AT}'
    """)["n"][0]
    assert shown["n"].sum() == counted
    extents = dict(zip(shown["period_start"], shown["extent"], strict=True))
    assert extents[date(2025, 10, 1)] == "cut off"
    assert extents[date(2026, 1, 1)] == "not over yet"


@pytest.mark.parametrize(("days", "compared"), [(30, True), (90, False)])
def test_days_are_compared_with_as_many_before_if_those_were_recorded(
    hundreds: Dataset, days: int, compared: bool
) -> None:
    filters = Filters(LOADED_AT, days, "week", "UTC")  # 110 days after the first incident
    rootlys = default_dashboard(hundreds, filters, name="Incident Response")
    for tab in (reliability(hundreds, filters), rootlys):
        assert (tab.tiles[0].change is not None) == compared


def test_the_first_share_is_of_as_many_days_as_it_says(
    hundreds: Dataset, build_of_hundreds: Build
) -> None:
    filters = Filters(LOADED_AT, 30, "day", "UTC")
    shown = points(reliability(hundreds, filters), "Mitigated within target")
    first = date(2026, 2, 8)
    counted = build_of_hundreds.query(f"""
        SELECT count(*) AS n FROM marts.fct_incidents
        WHERE is_response_incident AND has_plausible_start AND NOT is_deleted
            AND is_mitigated_within_target IS NOT NULL
            AND started_on BETWEEN DATE '{first - timedelta(days=27)}' AND DATE '{first}'
    """)["n"][0]
    assert shown["period_start"].min() == first
    assert shown.loc[shown["period_start"] == first, "n"].sum() == counted > 0
