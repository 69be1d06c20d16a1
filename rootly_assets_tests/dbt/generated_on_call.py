"""Raw shifts and alert events by a seed: overlaps, gaps, zones over changes of the clock, bursts of calls."""

import random
from datetime import UTC, datetime, timedelta

from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row

ZONES = {
    "1": "America/New_York",
    "2": "Europe/Berlin",
    "3": "Australia/Lord_Howe",  # half an hour of daylight saving
    "4": "Kathmandu",  # as Rails says; a quarter of an hour off
    "5": "Nowhere/Land",
    "6": None,
}
SCHEDULE_ZONES = {"day": "Asia/Tokyo", "night": None}
FIRST = datetime(2025, 9, 25, tzinfo=UTC)
SPAN = LOADED_AT + timedelta(days=20) - FIRST


def people() -> dict[str, list[Row]]:
    """Users, and rotations of schedules, with their zones."""
    return {
        "users": [
            {"id": key, "full_name": f"Person {key}", "time_zone": zone}
            for key, zone in ZONES.items()
        ],
        "schedules": [{"id": key, "name": key.title()} for key in SCHEDULE_ZONES],
        "schedule_rotations": [
            {"id": f"r-{key}", "schedule_id": key, "time_zone": zone}
            for key, zone in SCHEDULE_ZONES.items()
        ],
    }


def shifts(seed: int, count: int) -> list[Row]:
    """Shifts that overlap, touch and reach beyond the last sync; shadows, gaps and overrides among them."""
    dice = random.Random(seed)
    rows: list[Row] = [
        # The whole days on which New York sets its clock back and forward.
        {
            "id": f"shift-{day:%m-%d}",
            "user_id": 1,
            "schedule_id": "day",
            "rotation_id": "r-day",
            "starts_at": day,
            "ends_at": day + timedelta(days=2),
            "is_shadow": False,
            "is_override": False,
        }
        for day in (datetime(2025, 11, 2, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC))
    ]
    for number in range(count):
        start = FIRST + timedelta(minutes=dice.randrange(int(SPAN.total_seconds() // 60)))
        schedule = dice.choice(list(SCHEDULE_ZONES))
        rows.append(
            {
                "id": f"shift-{number}",
                "user_id": dice.choice([*map(int, ZONES), None]),
                "schedule_id": schedule,
                "rotation_id": dice.choice([f"r-{schedule}", f"r-{schedule}-2", None]),
                "starts_at": start,
                "ends_at": start + timedelta(minutes=dice.choice([30, 480, 720, 1440, 4000])),
                "is_shadow": dice.random() < 0.1,
                "is_override": dice.random() < 0.2,
            }
        )
    return rows


def alert_events(seed: int, count: int) -> list[Row]:
    """Bursts of notifications, and people who acknowledge and resolve alerts of theirs at once."""
    dice = random.Random(seed)
    rows: list[Row] = []
    now = FIRST
    while len(rows) < count:
        now += timedelta(seconds=dice.choice([1, 29, 30, 59, 60, 61, 90, 4000, 60_000]))
        action = dice.choice(
            ["called", "texted", "notified", "notified", "emailed", "acknowledged", "resolved"]
        )
        is_notification = action not in {"acknowledged", "resolved"}
        rows.append(
            {
                "id": f"{len(rows):05}",
                "alert_id": f"alert-{dice.randrange(count // 8)}",
                "kind": "notification" if is_notification else "status_update",
                "action": action,
                "user_id": dice.choice([*map(int, ZONES), None]),
                "schedule": dice.choice(
                    [None, {"data": {"id": dice.choice(list(SCHEDULE_ZONES))}}]
                ),
                "created_at": now + timedelta(milliseconds=dice.choice([0, 0, 500])),
            }
        )
    return rows
