"""Shifts are listed by windows of time; who is on call is worked out at the moment of asking."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from rootly_assets.sandbox import Workspace
from rootly_assets_tests.sandbox.client import Client
from rootly_assets_tests.sandbox.conftest import NOW


def window(start: datetime, days: float) -> dict[str, str]:
    return {"from": start.isoformat(), "to": (start + timedelta(days=days)).isoformat()}


def overlaps(row: dict[str, Any], start: datetime, end: datetime) -> bool:
    starts, ends = (
        datetime.fromisoformat(row["attributes"][name]) for name in ("starts_at", "ends_at")
    )
    return starts < end and ends > start


def test_a_window_gives_the_shifts_that_touch_it(client: Client, workspace: Workspace) -> None:
    start, end = NOW - timedelta(days=40), NOW - timedelta(days=10)
    rows = client.rows("/v1/shifts", page__size=1000, **window(start, 30))
    expected = {
        shift.id
        for shift in workspace.records("shifts")
        if overlaps({"attributes": shift.attributes}, start, end)
    }
    assert {row["id"] for row in rows} == expected
    assert 0 < len(expected) < len(workspace.records("shifts"))


def test_without_a_window_shifts_are_about_now(client: Client) -> None:
    rows = client.rows("/v1/shifts", page__size=1000)
    assert rows
    assert all(overlaps(row, NOW, NOW + timedelta(days=1)) for row in rows)


@pytest.mark.parametrize(
    ("path", "longest"), [("/v1/shifts", 62), ("/v1/schedules/{id}/shifts", 31)]
)
def test_a_window_that_is_too_long_is_refused(
    client: Client, workspace: Workspace, path: str, longest: int
) -> None:
    path = path.replace("{id}", workspace.records("schedules")[0].id)
    assert client.get(path, **window(NOW, longest)).status_code == 200
    answer = client.get(path, **window(NOW, longest + 1))
    assert answer.status_code == 422
    assert "month" in answer.json()["errors"][0]["detail"]


def test_shifts_can_be_asked_for_by_schedule_and_user(client: Client, workspace: Workspace) -> None:
    schedule = workspace.records("schedules")[0]
    rows = client.rows("/v1/shifts", **window(NOW, 30), schedule_ids__=schedule.id)
    assert rows
    assert {row["attributes"]["schedule_id"] for row in rows} == {schedule.id}
    user = rows[0]["attributes"]["user_id"]
    rows = client.rows("/v1/shifts", **window(NOW, 30), user_ids__=user)
    assert {row["attributes"]["user_id"] for row in rows} == {user}


@pytest.mark.slow
def test_later_changes_reach_into_the_past(fresh: Workspace) -> None:
    known = {shift.id for shift in fresh.records("shifts")}
    past = 0
    for _ in range(60):
        fresh.advance(timedelta(days=1))
        new = [shift for shift in fresh.records("shifts") if shift.id not in known]
        known.update(shift.id for shift in new)
        past += sum(datetime.fromisoformat(s.attributes["starts_at"]) < fresh.now for s in new)
    assert past


def test_oncalls_tell_who_has_the_shift_of_each_schedule(
    client: Client, workspace: Workspace
) -> None:
    rows = client.rows("/v1/oncalls")
    entries = [row["attributes"] for row in rows if row["attributes"]["schedule_id"]]
    assert {entry["schedule_id"] for entry in entries} == {
        schedule.id for schedule in workspace.records("schedules")
    }
    on_shift = {
        (row["attributes"]["schedule_id"], row["attributes"]["user_id"])
        for row in client.rows("/v1/shifts", page__size=1000, **window(NOW, 0.0001))
    }
    assert {(entry["schedule_id"], entry["user_id"]) for entry in entries} <= on_shift


def test_oncalls_of_a_longer_time_are_more(client: Client) -> None:
    later = (NOW + timedelta(days=21)).isoformat()
    assert len(client.rows("/v1/oncalls", since=NOW.isoformat(), until=later)) > len(
        client.rows("/v1/oncalls")
    )
