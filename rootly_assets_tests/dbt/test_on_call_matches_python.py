"""Hundreds of odd shifts and events: on-call metrics equal figures computed apart from the SQL."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rootly_assets_tests.dbt import expected_on_call
from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row
from rootly_assets_tests.dbt.generated_on_call import alert_events, people, shifts
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

pytestmark = pytest.mark.slow

ZONE = "America/Sao_Paulo"


@pytest.fixture(scope="module")
def held() -> list[Row]:
    return shifts(seed=1127, count=250)


@pytest.fixture(scope="module")
def events() -> list[Row]:
    return alert_events(seed=2711, count=1500)


@pytest.fixture(scope="module")
def build(held: list[Row], events: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Build:
    database = make_raw_workspace(
        tmp_path_factory.mktemp("on_call") / "warehouse.duckdb",
        {"shifts": held, "alert_events": events, **people()},
        loaded_at=LOADED_AT,
    )
    return dbt_build(
        database,
        variables={"rootly_time_zone": ZONE},
        select=["+metrics_on_call_fairness", "+metrics_interruptions", "+metrics_responder_effort"],
    )


def test_odd_values_fail_nothing(build: Build) -> None:
    assert set(build.statuses.values()) == {"success", "pass"}


def test_every_minute_on_call_is_in_its_day_and_night(build: Build, held: list[Row]) -> None:
    days, nights = expected_on_call.on_call_minutes(held, ZONE)
    found = build.query("SELECT * FROM intermediate.int_rootly__on_call_days")
    keys = [(row.user_id, row.schedule_id, row.local_date) for row in found.itertuples()]
    assert len(keys) > 500
    assert dict(zip(keys, found["on_call_seconds"] / 60, strict=True)) == dict(days)
    assert dict(zip(keys, found["night_seconds"] / 60, strict=True)) == {
        key: nights[key] for key in days
    }
    # The clock was set forward and back in those months.
    assert {23 * 60, 24 * 60, 25 * 60} <= set(days.values())


def test_interruptions_begin_after_a_minute_of_quiet(build: Build, events: list[Row]) -> None:
    found = build.mart("fct_interruptions")
    assert {
        row.interruption_id: (row.notification_count, row.local_date, row.local_hour)
        for row in found.itertuples()
    } == expected_on_call.interruptions(events, ZONE)
    assert found["notification_count"].max() > 2
    assert set(found["time_zone_from"]) == {"user", "schedule", "workspace"}


def test_an_interruption_is_within_a_minute_on_call_or_not(build: Build, held: list[Row]) -> None:
    minutes = expected_on_call.zones_on_call(held, ZONE)
    found = build.query("SELECT * FROM marts.fct_interruptions WHERE is_on_call IS NOT NULL")
    for row in found.itertuples():
        minute = row.interrupted_at.floor("min").to_pydatetime()
        assert row.is_on_call == ((row.user_id, "all", minute) in minutes)
        in_schedule = (row.user_id, row.schedule_id, minute) in minutes
        assert row.is_on_call_in_schedule == in_schedule
    assert found["is_on_call"].nunique() == found["is_on_call_in_schedule"].nunique() == 2


def test_load_and_fairness_are_those_of_the_days(build: Build, held: list[Row]) -> None:
    days, _ = expected_on_call.on_call_minutes(held, ZONE)
    loads: Counter[tuple[date, str, str]] = Counter()
    for (user, schedule, day), minutes in days.items():
        loads[expected_on_call.month(day), schedule, user] += minutes
    by_month: dict[tuple[date, str], list[float]] = defaultdict(list)
    for (month, schedule, _), minutes in loads.items():
        by_month[month, schedule].append(minutes)

    found = build.mart("metrics_on_call_fairness")
    assert len(found) == len(by_month)
    for row in found.itertuples():
        values = by_month[row.month_start, row.schedule_id]
        assert row.person_count == len(values)
        assert row.on_call_seconds == 60 * sum(values)
        if len(values) > 1:
            assert row.on_call_gini == pytest.approx(expected_on_call.gini(values))


def test_two_alerts_at_once_are_not_twice_the_work(build: Build, events: list[Row]) -> None:
    found = build.mart("metrics_responder_effort")
    keys = [(row.user_id, row.week_start) for row in found.itertuples()]
    efforts = dict(zip(keys, found["effort_seconds"], strict=True))
    assert {key: effort for key, effort in efforts.items() if effort} == pytest.approx(
        expected_on_call.effort_seconds(events, ZONE)
    )
    # From the first event to the week of the last sync.
    seen = [at for row in events if isinstance(at := row["created_at"], datetime)]
    begun = min(seen).astimezone(ZoneInfo(ZONE)).date()
    today = LOADED_AT.astimezone(ZoneInfo(ZONE)).date()
    running = today - timedelta(days=today.weekday())
    for row in found.itertuples():
        assert row.is_whole_period == (begun < row.week_start < running)
    people = found.groupby("user_id")[["effort_seconds", "summed_seconds"]].sum()
    assert (people["effort_seconds"] < people["summed_seconds"]).all()
