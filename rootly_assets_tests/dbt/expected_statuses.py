"""Time in status and the backlog once more, from raw rows: written from the definitions, not from the SQL."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from rootly_assets_tests.dbt.expected_metrics import member_ids
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row
from rootly_assets_tests.dbt.generated_statuses import PARENTS

ENDED = {"resolved", "closed", "cancelled", "completed"}
LIFE = ("in_triage", "started", "mitigated", "resolved", "closed", "cancelled")
SECOND = timedelta(seconds=1)


def severity(row: Row) -> str:
    """The severity that an incident names, or `none`."""
    return next(iter(member_ids([row["severity"]] if row["severity"] else None)), "none")


def is_open(row: Row) -> bool:
    """Whether its status says so, or, without a status, whether no stamp says otherwise."""
    if row["status"] is not None:
        return row["status"] not in ENDED
    return not any(row.get(f"{status}_at") for status in ("resolved", "closed", "cancelled"))


def ended_at(row: Row) -> datetime | None:
    """When it ended, by the first stamp of its life that is not before the start."""
    started_at = row["started_at"]
    assert isinstance(started_at, datetime)
    stamps = (row.get(f"{status}_at") for status in ("resolved", "closed", "cancelled"))
    return next((at for at in stamps if isinstance(at, datetime) and at >= started_at), None)


def ages_at_end_of(day: date, rows: Sequence[Row], zone: str) -> list[int]:
    """Ages in seconds of the incidents that are open when a day ends, or at the last sync on it."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    # Compared as instants: two datetimes of one zone would be compared by their clocks.
    measured_at = min(midnight.timestamp(), LOADED_AT.timestamp())
    ages: list[int] = []
    for row in rows:
        started_at, end = row["started_at"], ended_at(row)
        assert isinstance(started_at, datetime)
        if started_at > LOADED_AT or started_at.timestamp() >= midnight.timestamp():
            continue
        if is_open(row) or (end is not None and end.timestamp() >= midnight.timestamp()):
            ages.append(int(measured_at - started_at.timestamp()))
    return ages


def entries(row: Row, assignments: Sequence[Row]) -> list[tuple[str, datetime]]:
    """Statuses of an incident and when it came into them, in order."""
    placed = sorted(
        (at, str(each["sub_status_id"]))
        for each in assignments
        if isinstance(at := each["assigned_at"], datetime)
    )
    if placed:
        stays = (next(group) for _, group in groupby(placed, key=lambda entry: entry[1]))
        return [(PARENTS.get(key, "unknown"), at) for at, key in stays]
    return [
        (status, at)
        for status in LIFE
        if isinstance(at := row.get(f"{status}_at"), datetime)
        and not (status == "mitigated" and at == row["resolved_at"])
    ]


def seconds_by_status(row: Row, assignments: Sequence[Row]) -> dict[str, int | None]:
    """Seconds in each status that an incident ever was in; None where that is not over or not known."""
    found = entries(row, assignments)
    seconds: dict[str, int | None] = {status: 0 for status, _ in found}
    for (status, entered_at), (_, left_at) in pairwise(found):
        before = seconds[status]
        known = before is not None and left_at >= entered_at
        seconds[status] = before + (left_at - entered_at) // SECOND if known else None
    return seconds | {status: None for status, _ in found[-1:]}
