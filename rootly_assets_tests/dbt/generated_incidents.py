"""A few hundred raw incidents by a seed, with everything odd that Rootly lets through."""

import random
from datetime import UTC, datetime, timedelta, timezone

LOADED_AT = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
FIRST_START = datetime(2025, 11, 20, tzinfo=UTC)

KINDS = ("normal",) * 12 + (
    *("normal_sub", "backfilled", "backfilled", "test", "test_sub", "example", "example_sub"),
    *("scheduled", "scheduled_sub", "drill", None),
)
STATUSES = ("resolved",) * 8 + (
    *("in_triage", "started", "mitigated", "closed", "closed", "cancelled", "completed", None),
)
SERVICES = {"svc-1": "Checkout", "svc-2": "Search 🔎", "svc-3": "Ledger", "svc-gone": "Fax"}
TEAMS = {"team-1": "Core", "team-2": "Edge"}
SEVERITIES = {"sev-0": "critical", "sev-1": "high", "sev-2": None}

Row = dict[str, object]


def catalogues() -> dict[str, list[Row]]:
    """Services, teams and severities; `svc-gone` is only named by incidents."""
    return {
        "services": [{"id": key, "name": SERVICES[key]} for key in ("svc-1", "svc-2", "svc-3")],
        "teams": [{"id": key, "name": name} for key, name in TEAMS.items()],
        "severities": [
            {"id": key, "name": key.upper(), "severity": level, "position": place}
            for place, (key, level) in enumerate(SEVERITIES.items(), start=1)
        ],
    }


def generated_incidents(seed: int, count: int) -> list[Row]:
    """Raw rows of the table `incidents`."""
    dice = random.Random(seed)
    return [_incident(dice, number) for number in range(count)]


def _incident(dice: random.Random, number: int) -> Row:
    started_at = _start(dice)
    stamps = {
        name: _milestone(dice, started_at, share)
        for name, share in (
            *(("detected_at", 0.4), ("acknowledged_at", 0.5)),
            *(("mitigated_at", 0.7), ("resolved_at", 0.8)),
        )
    }
    if dice.random() < 0.2:
        stamps["mitigated_at"] = stamps["resolved_at"]
    severity = dice.choice([*SEVERITIES, None])
    return {
        "id": f"incident-{number}",
        "title": dice.choice(["Checkout is slow", "", "🔥 'quoted' \"twice\"", None]),
        "kind": dice.choice(KINDS),
        "status": dice.choice(STATUSES),
        "started_at": started_at,
        **stamps,
        "closed_at": _milestone(dice, started_at, 0.3),
        "cancelled_at": _milestone(dice, started_at, 0.05),
        "duplicate_incident_id": "incident-0" if dice.random() < 0.06 else None,
        "parent_incident_id": "incident-1" if dice.random() < 0.06 else None,
        "severity": None if severity is None else _resource(dice, severity, severity.upper()),
        "services": _members(dice, SERVICES),
        "groups": _members(dice, TEAMS),
        "_deleted_at": LOADED_AT if dice.random() < 0.05 else None,
    }


def _start(dice: random.Random) -> datetime | None:
    odd = dice.random()
    if odd < 0.02:
        return None
    if odd < 0.03:
        return datetime(1970, 1, 1, tzinfo=UTC)
    if odd < 0.04:
        return datetime(2226, 3, 1, tzinfo=UTC)
    span = (LOADED_AT - FIRST_START).total_seconds()
    at = FIRST_START + timedelta(seconds=dice.uniform(0, span))
    return at.astimezone(timezone(timedelta(hours=dice.choice([-8, 0, 5.5, 9]))))


def _milestone(dice: random.Random, started_at: datetime | None, share: float) -> datetime | None:
    if started_at is None or dice.random() > share:
        return None
    return started_at + timedelta(seconds=dice.choice([0, dice.uniform(-600, 90_000)]))


def _resource(dice: random.Random, key: str, name: str) -> object:
    attributes = {"name": name}
    return dice.choice(
        [
            {"data": {"id": key, "type": "things", "attributes": attributes}},
            {"id": key, **attributes},
        ]
    )


def _members(dice: random.Random, names: dict[str, str]) -> object:
    keys = dice.choices([*names], k=dice.choice([0, 1, 1, 2, 3]))
    members = [_resource(dice, key, names[key]) for key in keys]
    return dice.choice([members, {"data": members}, members or None])
