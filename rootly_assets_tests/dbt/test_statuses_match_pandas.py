"""Hundreds of odd incidents: time in status and the backlog equal figures computed apart from the SQL."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from rootly_assets_tests.dbt import expected_metrics, expected_statuses
from rootly_assets_tests.dbt.builds import ZONE, odd_incidents, odd_statuses
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row

pytestmark = pytest.mark.slow

POPULATIONS = ("parity", "strict")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return odd_incidents()


@pytest.fixture(scope="module")
def assignments() -> dict[object, list[Row]]:
    return odd_statuses()


@pytest.fixture(scope="module")
def build(build_of_odd_incidents: Build) -> Build:
    return build_of_odd_incidents


def of_severity(rows: list[Row], severity_id: str) -> list[Row]:
    """Those of a severity, `none` for those without, `all` for all."""
    return [row for row in rows if severity_id in {"all", expected_statuses.severity(row)}]


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_backlog_of_each_day_is_what_was_open(
    build: Build, rows: list[Row], population: str
) -> None:
    daily = build.mart("metrics_open_incidents_daily").query("population == @population")
    counted = expected_metrics.counted(rows, population)

    assert daily["metric_date"].max() == LOADED_AT.astimezone(ZoneInfo(ZONE)).date()
    assert daily["open_count"].max() > 5
    for _, found in daily.iterrows():
        members = of_severity(counted, found["severity_id"])
        ages = pd.Series(
            expected_statuses.ages_at_end_of(found["metric_date"], members, ZONE), dtype="float64"
        )
        assert found["open_count"] == len(ages)
        assert float(found["median_age_seconds"]) == pytest.approx(
            ages.median(), abs=1, nan_ok=True
        )
        assert float(found["oldest_age_seconds"]) == pytest.approx(ages.max(), abs=1, nan_ok=True)


def test_a_day_is_the_day_before_with_what_opened_and_ended(build: Build) -> None:
    daily = build.mart("metrics_open_incidents_daily").sort_values("metric_date")
    for _, days in daily.groupby(["population", "severity_id"]):
        flow = days["opened_count"] - days["ended_count"] - days["end_unknown_count"]
        assert list(flow.cumsum()) == list(days["open_count"])


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_time_in_status_is_that_of_the_stays(
    build: Build,
    rows: list[Row],
    assignments: dict[object, list[Row]],
    population: str,
    period: str,
) -> None:
    stays = pd.DataFrame(
        [
            {
                "period_start": first_day(row, period),
                "severity_id": severity_id,
                "status": status,
                "seconds": seconds,
            }
            for row in expected_metrics.counted(rows, population)
            for status, seconds in expected_statuses.seconds_by_status(
                row, assignments[row["id"]]
            ).items()
            for severity_id in ("all", expected_statuses.severity(row))
        ]
    ).astype({"seconds": "float64"})
    keys = ["period_start", "severity_id", "status"]
    wanted = stays.groupby(keys)["seconds"].agg(
        incident_count="size",
        n="count",
        median_seconds="median",
        p75_seconds=lambda seconds: seconds.quantile(0.75),
        p90_seconds=lambda seconds: seconds.quantile(0.9),
    )

    found = (
        build.mart("metrics_time_in_status")
        .query("population == @population and period == @period")
        .set_index(keys)
        .sort_index()
    )

    assert wanted["n"].max() > 5
    assert (found["still_in_count"] + found["unknown_count"] + found["n"]).equals(
        found["incident_count"]
    )
    pd.testing.assert_frame_equal(
        found[list(wanted)].astype("float64"), wanted.sort_index().astype("float64")
    )


def first_day(row: Row, period: str) -> date:
    """The first day of the week, month or quarter in which an incident started."""
    day = pd.Timestamp(expected_metrics.day(row, ZONE))
    return day.to_period(period[0].upper()).start_time.date()
