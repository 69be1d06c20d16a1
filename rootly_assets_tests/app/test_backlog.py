"""The backlog: what was open when each period ended, as the mart has it of that day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rootly_assets.app.backlog import backlog
from rootly_assets.app.filters import Filters, choices
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import points_of
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT
from rootly_assets_tests.system.refreshed import NOW


def of_the_mart(dataset: Dataset, severity: str = "All") -> dict[date, int]:
    """How many of a severity were open at the end of each day."""
    rows = dataset.sql(f"""
        SELECT metric_date, sum(open_count) AS opened FROM marts.metrics_open_incidents_daily
        WHERE population = 'strict' AND severity_name = '{severity}' GROUP BY 1
    """).records()
    return {row["metric_date"]: int(row["opened"]) for row in rows}


def shown(dataset: Dataset, filters: Filters) -> dict[date, int]:
    """How many were open at the end of each period, by its first day."""
    points = points_of(backlog(dataset, filters))
    return dict(zip(points["period_start"], points["value"], strict=True))


def the_same_every_day(dataset: Dataset, now: datetime) -> None:
    """Of each day since the first on which something was opened, and of each severity."""
    filters = Filters(now, None, "day", "UTC")
    everything = shown(dataset, filters)
    mart = of_the_mart(dataset)
    assert everything == {day: n for day, n in mart.items() if day >= min(everything)}
    assert not any(n for day, n in mart.items() if day < min(everything))
    assert max(everything.values()) > 0
    for severity in choices(dataset)["severity"]:
        some = shown(dataset, replace(filters, severity=severity))
        of_one = of_the_mart(dataset, severity)
        assert some == {day: n for day, n in of_one.items() if day >= min(some)}
        assert sum(some.values()) < sum(everything.values())


def test_every_day_is_that_of_the_mart(dataset: Dataset) -> None:
    the_same_every_day(dataset, NOW)


@pytest.mark.slow
def test_so_it_is_where_times_are_missing_or_in_no_order(hundreds: Dataset) -> None:
    the_same_every_day(hundreds, LOADED_AT)
    note = backlog(hundreds, Filters(LOADED_AT, None, "day", "UTC")).note
    assert "Left out are those that are over without a time at which they ended" in note


def test_a_week_has_what_was_open_when_it_ended_and_the_last_one_what_is(dataset: Dataset) -> None:
    mart = of_the_mart(dataset)
    weeks = shown(dataset, Filters(NOW, 30, "week", "UTC"))
    assert min(weeks) == date(2026, 6, 15), "what was opened before is open all the same"
    assert weeks == {monday: mart[min(monday + timedelta(days=6), NOW.date())] for monday in weeks}


def test_of_a_service_that_is_in_no_incident_there_is_nothing(dataset: Dataset) -> None:
    assert backlog(dataset, Filters(NOW, None, "day", "UTC", service="Nobody's")).body is None
