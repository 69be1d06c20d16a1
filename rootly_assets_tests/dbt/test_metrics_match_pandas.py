"""Hundreds of odd incidents: every figure of every mart equals one computed apart from the SQL."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from rootly_assets_tests.dbt import expected_metrics as expected
from rootly_assets_tests.dbt.builds import ZONE, odd_incidents
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row

pytestmark = pytest.mark.slow

POPULATIONS = ("parity", "strict")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return odd_incidents()


@pytest.fixture(scope="module")
def build(build_of_odd_incidents: Build) -> Build:
    return build_of_odd_incidents


def assert_metrics_equal(mart_row: pd.Series, rows: list[Row], population: str) -> None:
    wanted = expected.metrics(rows, population)
    found = mart_row[list(wanted)].astype("float64").to_dict()
    assert found == pytest.approx(wanted, nan_ok=True)


def test_odd_values_warn_and_fail_nothing(build: Build) -> None:
    assert set(build.statuses.values()) == {"success", "pass", "warn"}


def test_every_incident_is_a_fact_with_its_durations(build: Build, rows: list[Row]) -> None:
    facts = build.mart("fct_incidents").set_index("incident_id")

    assert set(facts.index) == {row["id"] for row in rows}
    for row in rows:
        fact = facts.loc[row["id"]]
        assert fact["is_parity_kind"] == expected.is_parity(row)
        assert fact["is_response_incident"] == expected.is_strict(row)
        for name, milestone in expected.MILESTONES.items():
            for prefix, population in (("parity_", "parity"), ("", "strict")):
                found = fact[f"{prefix}{name}_time_seconds"]
                wanted = expected.SECONDS[population](row, milestone)
                assert (None if pd.isna(found) else found) == wanted


@pytest.mark.parametrize("population", POPULATIONS)
def test_each_day_has_its_figures(build: Build, rows: list[Row], population: str) -> None:
    daily = build.mart("incident_metrics_daily").query("population == @population")
    members = expected.counted(rows, population)

    assert daily["incident_count"].sum() == len(members)
    for _, mart_row in daily.iterrows():
        started = [row for row in members if expected.day(row, ZONE) == mart_row["metric_date"]]
        assert_metrics_equal(mart_row, started, population)


def test_days_run_without_a_gap_to_the_last_sync(build: Build, rows: list[Row]) -> None:
    days = sorted(set(build.mart("incident_metrics_daily")["metric_date"]))

    assert days[0] == min(expected.day(row, ZONE) for row in expected.counted(rows, "parity"))
    assert days[-1] == expected.day({"started_at": LOADED_AT}, ZONE)
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=1)}


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize(
    ("dimension", "attribute"),
    [("service", "services"), ("team", "groups"), ("severity", "severity")],
)
def test_each_member_has_its_figures_on_each_day(
    build: Build, rows: list[Row], population: str, dimension: str, attribute: str
) -> None:
    mart, key = f"incident_metrics_daily_by_{dimension}", f"{dimension}_id"
    daily = build.mart(mart).query("population == @population")
    of_member: dict[tuple[object, str | None], list[Row]] = {}
    for row in expected.counted(rows, population):
        value = row[attribute]
        if attribute == "severity":
            value = None if value is None else [value]
        for member in expected.member_ids(value) or {None}:
            of_member.setdefault((expected.day(row, ZONE), member), []).append(row)

    assert daily["incident_count"].sum() == sum(len(found) for found in of_member.values())
    for _, mart_row in daily[daily["incident_count"] > 0].iterrows():
        member = None if pd.isna(mart_row[key]) else mart_row[key]
        assert_metrics_equal(mart_row, of_member[mart_row["metric_date"], member], population)


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_headlines_are_those_of_the_last_90_days(
    build: Build, rows: list[Row], population: str
) -> None:
    headlines = build.mart("incident_metrics_last_90_days").query("population == @population")
    recent = [
        row
        for row in expected.counted(rows, population)
        if row["started_at"] >= LOADED_AT - timedelta(days=90)
    ]

    assert len(headlines) == 5  # three severities, none, and all together
    for _, mart_row in headlines.iterrows():
        severity = None if pd.isna(mart_row["severity_id"]) else mart_row["severity_id"]
        of_severity = [
            row
            for row in recent
            if mart_row["is_total"]
            or (expected.member_ids([row["severity"]] if row["severity"] else None) or {None})
            == {severity}
        ]
        assert_metrics_equal(mart_row, of_severity, population)


def started_in(row: Row, period: str) -> date:
    """The first day of the week, month or quarter in which an incident started."""
    return pd.Timestamp(expected.day(row, ZONE)).to_period(period[0].upper()).start_time.date()


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_distributions_are_those_of_the_incidents(
    build: Build, rows: list[Row], population: str, period: str
) -> None:
    found = build.mart("metrics_incident_times").query(
        "population == @population and period == @period and dimension == 'all'"
    )
    groups: dict[date, list[Row]] = {}
    for row in expected.counted(rows, population):
        groups.setdefault(started_in(row, period), []).append(row)
    # From the first incident that was not written down afterwards to the period of the last sync.
    begun = min(
        expected.day(row, ZONE)
        for row in expected.counted(rows, "strict")
        if row["kind"] != "backfilled"
    )
    running = started_in({"started_at": LOADED_AT}, period)

    assert len(found) == len(groups) * len(expected.MILESTONES)
    for _, mart_row in found.iterrows():
        group = groups[mart_row["period_start"]]
        wanted = expected.metrics(group, population)
        time = mart_row["measured_time"]
        assert mart_row["incident_count"] == len(group)
        for column in ("n", "coverage"):
            assert mart_row[column] == pytest.approx(wanted[f"{time}_time_{column}"], nan_ok=True)
        for column in ("mean", "median", "p75", "p90"):
            assert float(mart_row[f"{column}_seconds"]) == pytest.approx(
                wanted[f"{time}_time_{column}_seconds"], nan_ok=True
            )
        assert mart_row["is_small_n"] == (mart_row["n"] < 5)
        inferred = wanted["mitigation_inferred_n"] if time == "mitigation" else 0
        assert mart_row["inferred_n"] == inferred
        assert mart_row["is_whole_period"] == (begun < mart_row["period_start"] < running)


def test_incidents_that_name_no_service_have_a_row_of_their_own(
    build: Build, rows: list[Row]
) -> None:
    times = build.mart("metrics_incident_times").query(
        "population == 'parity' and period == 'quarter' and measured_time == 'resolution'"
    )
    nameless = times.query("dimension == 'service' and member_id == 'none'")
    wanted = [
        row for row in expected.counted(rows, "parity") if not expected.member_ids(row["services"])
    ]
    assert nameless["incident_count"].sum() == len(wanted) > 0
    assert set(nameless["member_name"]) == {"No service"}


def test_the_interval_of_a_median_is_that_of_a_bootstrap(build: Build, rows: list[Row]) -> None:
    """Resampled a few thousand times: the ends lie within a rank or two of the closed form."""
    dice = np.random.default_rng(4)
    quarters = build.mart("metrics_incident_times").query(
        "population == 'parity' and period == 'quarter' and dimension == 'all' and n >= 10"
    )
    assert len(quarters) >= 4
    for _, mart_row in quarters.iterrows():
        milestone = expected.MILESTONES[mart_row["measured_time"]]
        values = np.sort(
            [
                took
                for row in expected.counted(rows, "parity")
                if started_in(row, "quarter") == mart_row["period_start"]
                and (took := expected.seconds(row, milestone)) is not None
            ]
        )
        medians = np.median(dice.choice(values, (4000, len(values))), axis=1)
        for side, share in (("low", 0.05), ("high", 0.95)):
            bound = np.quantile(medians, share)
            first = max(np.searchsorted(values, bound, "left") - 2, 0)
            last = min(np.searchsorted(values, bound, "right") + 1, len(values) - 1)
            assert values[first] <= mart_row[f"median_{side}_seconds"] <= values[last]


def test_fewer_than_ten_incidents_have_no_interval(build: Build) -> None:
    times = build.mart("metrics_incident_times")
    few, many = times.query("n < 10"), times.query("n >= 10")
    assert len(few) > 0
    assert few[["median_low_seconds", "median_high_seconds"]].isna().all(axis=None)
    assert (many["median_low_seconds"] <= many["median_seconds"]).all()
    assert (many["median_seconds"] <= many["median_high_seconds"]).all()
