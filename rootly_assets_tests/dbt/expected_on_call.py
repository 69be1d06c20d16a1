"""Interruptions, on-call load and effort once more, from raw rows: minute by minute, not from the SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row
from rootly_assets_tests.dbt.generated_on_call import SCHEDULE_ZONES, ZONES

MINUTE = timedelta(minutes=1)
KNOWN = {**ZONES, "4": "Asia/Kathmandu", "5": None}


def zone_of(user: str, schedule: str | None, workspace: str) -> ZoneInfo:
    """The user's zone, else the schedule's, else the workspace's."""
    return ZoneInfo(KNOWN[user] or (SCHEDULE_ZONES.get(schedule or "") or workspace))


def zones_on_call(shifts: list[Row], workspace: str) -> dict[tuple[str, str, datetime], ZoneInfo]:
    """Each minute on call of a user in a schedule, and in all of them, with the zone that it is of."""
    held: list[tuple[datetime, datetime, str, str, ZoneInfo]] = []
    taken_over = _taken_over(shifts)
    for row in shifts:
        if row["user_id"] is None or row["is_shadow"]:
            continue
        user, schedule = str(row["user_id"]), str(row["schedule_id"])
        left = [
            minute
            for minute in _minutes_of(row)
            if row["is_override"]
            or not any(
                row["rotation_id"] is None or rotation in {None, row["rotation_id"]}
                for rotation in taken_over[schedule, minute]
            )
        ]
        for start, end in _runs(left):
            held.append((start, end, user, schedule, zone_of(user, schedule, workspace)))
    # Of two shifts at a time the one that began first says what the hour is.
    zones: dict[tuple[str, str, datetime], ZoneInfo] = {}
    for start, end, user, schedule, zone in sorted(held, key=lambda of: (*of[:2], of[4].key)):
        minute = start
        while minute < end:
            zones.setdefault((user, schedule, minute), zone)
            zones.setdefault((user, "all", minute), zone)
            minute += MINUTE
    return zones


def on_call_minutes(
    shifts: list[Row], workspace: str
) -> tuple[Counter[tuple[str, str, date]], Counter[tuple[str, str, date]]]:
    """Minutes on call, and those at night, by user, schedule and local day, counted one by one."""
    days: Counter[tuple[str, str, date]] = Counter()
    nights: Counter[tuple[str, str, date]] = Counter()
    for (user, schedule, minute), zone in zones_on_call(shifts, workspace).items():
        local = minute.astimezone(zone)
        days[user, schedule, local.date()] += 1
        nights[user, schedule, local.date()] += local.hour >= 22 or local.hour < 6
    return days, nights


def _runs(minutes: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """First minute and end of each run of minutes without a gap."""
    for _, run in groupby(enumerate(minutes), key=lambda of: of[1] - of[0] * MINUTE):
        members = [minute for _, minute in run]
        yield members[0], members[-1] + MINUTE


def _taken_over(shifts: list[Row]) -> dict[tuple[object, datetime], set[object]]:
    """Rotations in which somebody stands in, by schedule and minute; None for all of the schedule."""
    found: dict[tuple[object, datetime], set[object]] = defaultdict(set)
    for row in shifts:
        if row["is_override"] and not row["is_shadow"] and row["user_id"] is not None:
            for minute in _minutes_of(row):
                found[row["schedule_id"], minute].add(row["rotation_id"])
    return found


def _minutes_of(shift: Row) -> Iterator[datetime]:
    """The minutes of a shift that are over."""
    start, end = shift["starts_at"], shift["ends_at"]
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    while start < min(end, LOADED_AT):
        yield start
        start += MINUTE


def interruptions(events: list[Row], workspace: str) -> dict[str, tuple[int, date, int]]:
    """First event of each interruption: how many notifications, and the local day and hour."""
    found: dict[str, tuple[int, date, int]] = {}
    rows = sorted(
        (row for row in events if row["action"] in {"called", "texted", "notified"}),
        key=lambda row: (str(row["user_id"]), row["created_at"], row["id"]),
    )
    for user, of_user in groupby(rows, key=lambda row: row["user_id"]):
        if user is None:
            continue
        first, before = None, None
        for row in of_user:
            at = row["created_at"]
            assert isinstance(at, datetime)
            if first is None or before is None or (at - before).total_seconds() > 60:
                first = str(row["id"])
                schedule = (
                    row["schedule"]["data"]["id"] if isinstance(row["schedule"], dict) else None
                )
                local = at.astimezone(zone_of(str(user), schedule, workspace))
                found[first] = (0, local.date(), local.hour)
            count, day, hour = found[first]
            found[first] = (count + 1, day, hour)
            before = at
    return found


def effort_seconds(events: list[Row], workspace: str) -> dict[tuple[str, date], float]:
    """Seconds that each person's responses cover in each week, by borders of spans and of weeks."""
    covered: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    deeds = sorted(
        (row for row in events if row["action"] in {"acknowledged", "resolved"}),
        key=lambda row: (str(row["alert_id"]), row["created_at"], row["id"]),
    )
    for _, of_alert in groupby(deeds, key=lambda row: row["alert_id"]):
        taken: Row | None = None
        for row in of_alert:
            if row["action"] == "acknowledged":
                taken = row
            elif taken is not None:
                if taken["user_id"] is not None:
                    start, end = taken["created_at"], row["created_at"]
                    assert isinstance(start, datetime)
                    assert isinstance(end, datetime)
                    covered[str(taken["user_id"])].append((start, end))
                taken = None
    found: Counter[tuple[str, date]] = Counter()
    for user, spans in covered.items():
        for start, end in _union(spans, workspace):
            found[user, week(start, workspace)] += (end - start).total_seconds()
    return dict(found)


def _union(
    spans: list[tuple[datetime, datetime]], workspace: str
) -> Iterator[tuple[datetime, datetime]]:
    """Pieces in any of the spans: between two neighbouring borders either all is covered or nothing."""
    borders = {border for span in spans for border in span}
    monday = week(min(borders), workspace)
    while monday <= week(max(borders), workspace):
        borders.add(datetime.combine(monday, time(), ZoneInfo(workspace)).astimezone(UTC))
        monday += timedelta(days=7)
    for start, end in pairwise(sorted(borders)):
        if any(span[0] <= start and end <= span[1] for span in spans):
            yield start, end


def gini(values: list[float]) -> float:
    """Mean absolute difference of all pairs, over twice the mean: the definition."""
    n, mean = len(values), sum(values) / len(values)
    return sum(abs(one - other) for one in values for other in values) / (2 * n * n * mean)


def month(day: date) -> date:
    """First day of its month."""
    return day.replace(day=1)


def week(instant: datetime, zone: str) -> date:
    """Monday of its week."""
    day = instant.astimezone(UTC).astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())
