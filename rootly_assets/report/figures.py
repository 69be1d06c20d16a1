"""What the report shows, read from the marts: tiles, frames for the charts, and what needs attention.

Incidents are those that needed a response (`is_response_incident`: no tests, examples, cancelled ones or
duplicates), as in `incident_metrics_last_90_days`, strict population. Alerts are all that Rootly still has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from rootly_assets.charts.durations import duration
from rootly_assets.queries.alerts import ACKNOWLEDGE_SECONDS, SHARE_FIGURES, alerts_tile
from rootly_assets.queries.clocks import clocks
from rootly_assets.queries.follow_ups import overdue
from rootly_assets.queries.incidents import (
    TIME_COLUMNS,
    TIME_FIGURES,
    medians,
    resolutions,
    services,
    time_tiles,
    with_words,
)
from rootly_assets.queries.medians import SMALL, Median, change_of_median, judged_medians
from rootly_assets.queries.on_call import hours_of_the_week, people_on_call
from rootly_assets.queries.periods import every_period, extents, first_day_of
from rootly_assets.queries.populations import (
    ALERTS,
    INCIDENTS,
    OPEN_INCIDENTS,
    SIGNAL,
    reaches_back_to,
)
from rootly_assets.queries.portable import median, total
from rootly_assets.queries.private import title, url
from rootly_assets.queries.severities import severity_colors
from rootly_assets.queries.tiles import Tile, change_of_count
from rootly_assets.reader import Dataset
from rootly_assets.sql import instant

DAYS = 90
MOST_SERVICES = MOST_PEOPLE = 10
MOST_ROWS = 8

_WEEK = "CAST(date_trunc('week', started_on) AS DATE)"


@dataclass(frozen=True)
class Row:
    """Something that needs attention.

    Attributes:
        what: its title.
        url: where Rootly shows it; None where it has no page of its own.
        why: since when, or by how much.
        details: what else there is to know: whose it is, when it was due.
        incident: title and address of the incident that it comes from.
    """

    what: str
    url: str | None
    why: str
    details: str = ""
    incident: tuple[str, str | None] | None = None


@dataclass(frozen=True)
class Figures:
    """All that the report shows.

    Attributes:
        loaded_at: when Rootly was last asked for incidents, by its own clock; None before the first sync.
        tiles: the headline figures.
        weekly: `period_start, series` (severity), `value, n` (incidents), `extent`; a row for each week.
        severities: colour by severity, of those weeks, the most severe first.
        resolutions: one row a resolved incident: `severity, rank, level, seconds, took, title, jitter`.
        medians: `period_start, series` (time), `value` (seconds), `n, low, high, shown, extent`; likewise.
        services: `service, incidents, took`.
        alerts: `period_start, series` (noise), `value, n` (alerts), `extent`; likewise.
        people: `person, alerts, took`.
        hours: `weekday, hour, interruptions`.
        on_call: `person, weekday, night, weekend` (hours), `interruptions, after_hours, per_day`.
        attention: rows under each heading, which says of how many they are the first; headings without rows are
            left out.
    """

    loaded_at: datetime | None
    tiles: list[Tile]
    weekly: pd.DataFrame
    severities: dict[str, str]
    resolutions: pd.DataFrame
    medians: pd.DataFrame
    services: pd.DataFrame
    alerts: pd.DataFrame
    people: pd.DataFrame
    hours: pd.DataFrame
    on_call: pd.DataFrame
    attention: dict[str, list[Row]]


@dataclass(frozen=True)
class _Days:
    """The last 90 days of a list, up to when Rootly was last asked for it.

    Attributes:
        until: that instant; None before the first sync, and then there are no days.
        zone: where days and weeks are cut.
    """

    until: datetime | None
    zone: ZoneInfo

    @property
    def today(self) -> date | None:
        """The day of the end; None before the first sync."""
        return None if self.until is None else self.until.astimezone(self.zone).date()

    def ago(self, days: int) -> str:
        """SQL of the instant so many days before the end; after it where they are negative."""
        return "NULL" if self.until is None else instant(self.until - timedelta(days=days))

    @property
    def since(self) -> str:
        """SQL of the first instant."""
        return self.ago(DAYS)

    @property
    def since_day(self) -> str:
        """SQL of the day of the first instant."""
        return "NULL" if self.first_day is None else f"DATE '{self.first_day}'"

    @property
    def first_day(self) -> date | None:
        """The day of the first instant; None before the first sync."""
        if self.until is None:
            return None
        return (self.until - timedelta(days=DAYS)).astimezone(self.zone).date()

    def every_week(self, frame: pd.DataFrame, *, zero: bool) -> pd.DataFrame:
        """Series of weeks with a row for each up to the end, and its `extent`.

        Neither the first nor the last is whole.

        Args:
            frame: `period_start, series, value, n`.
            zero: whether the value of a week without records is 0; else it is unknown.
        """
        if frame.empty:
            return frame
        filled = every_period(frame, period="week", today=self.today, zero=zero)
        starts = filled["period_start"]
        first = None if self.first_day is None else first_day_of("week", self.first_day)
        return filled.assign(extent=extents(starts, period="week", today=self.today, cut_off=first))


def figures(dataset: Dataset, *, time_zone: str) -> Figures:
    """Read everything that the report shows.

    Args:
        dataset: where to read.
        time_zone: IANA name of the zone in which days and weeks are cut.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    known, zone = clocks(dataset), ZoneInfo(time_zone)
    of_incidents, of_alerts, of_pages, of_shifts = (
        _Days(known.of(table), zone) for table in ("incidents", "alerts", "alert_events", "shifts")
    )
    recent = f"{INCIDENTS} AND started_at >= {of_incidents.since}"
    weekly = of_incidents.every_week(
        _frame(
            dataset,
            f"SELECT {_WEEK} AS period_start, coalesce(severity_name, 'No severity') AS series, "
            "count(*) AS value, count(*) AS n "
            f"FROM marts.fct_incidents WHERE {recent} GROUP BY 1, 2 ORDER BY 1, 2",
        ),
        zero=True,
    )
    return Figures(
        loaded_at=of_incidents.until,
        tiles=[
            *_incident_tiles(dataset, of_incidents),
            *_alert_tiles(dataset, of_alerts, were_read=known.were_read("alerts")),
        ],
        weekly=weekly,
        severities=severity_colors(dataset, weekly["series"]),
        resolutions=resolutions(dataset, recent),
        medians=_medians(dataset, of_incidents, recent),
        services=services(dataset, recent, most=MOST_SERVICES),
        alerts=of_alerts.every_week(
            _frame(
                dataset,
                f"SELECT {_WEEK} AS period_start, {SIGNAL} AS series, count(*) AS value, count(*) AS n "
                f"FROM marts.fct_alerts WHERE {ALERTS} AND started_at >= {of_alerts.since} "
                "GROUP BY 1, 2 ORDER BY 1, 2",
            ),
            zero=True,
        ),
        people=with_words(_people(dataset, of_alerts)),
        hours=hours_of_the_week(dataset, f"interrupted_at >= {of_pages.since}"),
        on_call=people_on_call(dataset, since_day=of_shifts.since_day, most=MOST_PEOPLE),
        attention=_attention(dataset, of_incidents),
    )


def _medians(dataset: Dataset, days: _Days, where: str) -> pd.DataFrame:
    found = days.every_week(medians(dataset, where, period=_WEEK), zero=False)
    return found.assign(shown=[duration(each) for each in found["value"]])


def _people(dataset: Dataset, days: _Days) -> pd.DataFrame:
    return _frame(
        dataset,
        f"""
        SELECT links.member_name AS person, count(*) AS alerts,
            {median(ACKNOWLEDGE_SECONDS)} AS seconds
        FROM marts.fct_alerts AS facts
        INNER JOIN marts.bridge_alert_dimensions AS links
            ON facts.alert_id = links.alert_id AND links.dimension = 'responder'
        WHERE {ALERTS} AND started_at >= {days.since}
        GROUP BY 1 ORDER BY alerts DESC, person LIMIT {MOST_PEOPLE}
        """,
    )


_OPEN = f"""
SELECT {title()} AS title, {url()} AS url, severity_name, open_age_seconds AS seconds,
    {total("marts.fct_incidents", OPEN_INCIDENTS)} AS total
FROM marts.fct_incidents
WHERE {OPEN_INCIDENTS} ORDER BY seconds DESC NULLS LAST LIMIT {MOST_ROWS}
"""


_LACKING = f"""{INCIDENTS} AND severity_level IN ('critical', 'high')
AND incident_id IN (SELECT incident_id FROM marts.fct_retrospectives WHERE is_overdue)"""

# Whenever they started, like follow-ups: those that wait longest are what the list is for.
_UNLEARNED = f"""
SELECT {title()} AS title, {url()} AS url, severity_name, resolved_at,
    {total("marts.fct_incidents", _LACKING)} AS total
FROM marts.fct_incidents
WHERE {_LACKING} ORDER BY resolved_at, title LIMIT {MOST_ROWS}
"""


def _incident_tiles(dataset: Dataset, days: _Days) -> list[Tile]:
    now, before = _periods(dataset, days, "incidents", INCIDENTS, TIME_FIGURES, TIME_COLUMNS)
    open_now = _row(
        dataset, f"SELECT count(*) AS n FROM marts.fct_incidents WHERE {OPEN_INCIDENTS}"
    )["n"]
    return [
        Tile(
            "Incidents",
            f"{now.n:,}",
            change_of_count(now.n, before.n if before else None),
            f"in {DAYS} days, sub-incidents included",
        ),
        Tile("Open now", f"{open_now:,}", note="whenever they started"),
        *time_tiles(now.row, now.medians, before.medians if before else {}),
    ]


def _alert_tiles(dataset: Dataset, days: _Days, *, were_read: bool) -> list[Tile]:
    parts = (
        f"{SHARE_FIGURES}, {median(ACKNOWLEDGE_SECONDS)} AS acknowledge, "
        f"count({ACKNOWLEDGE_SECONDS}) AS acknowledge_n"
    )
    columns = {"acknowledge": ACKNOWLEDGE_SECONDS}
    now, before = _periods(dataset, days, "alerts", ALERTS, parts, columns)
    row, time = now.row, now.medians["acknowledge"]
    known = row["acknowledged_of"]
    acknowledged = (
        f"; {row['acknowledged'] / known:.0%} of those that paged were acknowledged"
        if known
        else ""
    )
    leaders = row["converted_of"]
    attached = f"{row['converted'] / leaders:.0%} led to an incident" if leaders else ""
    then = before.medians["acknowledge"] if before else None
    few = min(time.n, then.n if then else 0) < SMALL
    return [
        alerts_tile(
            now.n,
            were_read=were_read,
            change=change_of_count(now.n, before.n if before else None),
            note=attached,
        ),
        Tile(
            "Alert acknowledged in",
            duration(time.value),
            None if few else change_of_median(time, then),
            f"median of {time.n:,.0f}{acknowledged}",
            small=0 < time.n < SMALL,
        ),
    ]


@dataclass(frozen=True)
class _Period:
    """Figures of 90 days: how many records there are, the row that was asked for, and its medians."""

    n: int
    row: dict[str, Any]
    medians: dict[str, Median]


def _periods(
    dataset: Dataset,
    days: _Days,
    records: str,
    counted: str,
    parts: str,
    columns: dict[str, str],
) -> tuple[_Period, _Period | None]:
    """The same figures for the last 90 days and for the 90 before them; none where those began unrecorded."""

    def period(since: str, until: str) -> _Period:
        rows = (
            f"marts.fct_{records} "
            f"WHERE {counted} AND started_at >= {since} AND started_at < {until}"
        )
        row = _row(dataset, f"SELECT count(*) AS n, {parts} FROM {rows}")
        return _Period(row["n"], row, judged_medians(dataset, row, columns, rows))

    before = days.ago(2 * DAYS)
    now = period(days.since, days.ago(-1))
    whole = reaches_back_to(dataset, before, records=records)
    return now, period(before, days.since) if whole else None


def _attention(dataset: Dataset, days: _Days) -> dict[str, list[Row]]:
    def opened(each: dict[str, Any]) -> Row:
        severity = each["severity_name"] or "no severity"
        return Row(each["title"], each["url"], f"{severity}, open {duration(each['seconds'])}")

    def promised(each: dict[str, Any]) -> Row:
        return Row(
            each["summary"],
            None,
            f"{_days(each['days_overdue'])} overdue",
            f"{each['owner'] or 'nobody'}, due {each['due_date']:%d %b %Y}",
            (each["incident"], each["url"]) if each["incident"] else None,
        )

    def unlearned(each: dict[str, Any]) -> Row:
        assert days.today is not None, "something is overdue only once there was a sync"
        resolved_on = each["resolved_at"].astimezone(days.zone).date()
        since = (days.today - resolved_on).days
        return Row(
            each["title"], each["url"], f"{each['severity_name']}, resolved {_days(since)} ago"
        )

    lists: list[tuple[str, Callable[[dict[str, Any]], Row], list[dict[str, Any]]]] = [
        ("Open incidents", opened, _rows(dataset, _OPEN)),
        ("Severe incidents, retrospective overdue", unlearned, _rows(dataset, _UNLEARNED)),
        ("Overdue follow-ups", promised, overdue(dataset, most=MOST_ROWS)),
    ]
    return {_of_all(heading, rows): list(map(row, rows)) for heading, row, rows in lists if rows}


def _of_all(heading: str, rows: list[dict[str, Any]]) -> str:
    """A heading that says how many there are, where only the first are listed."""
    count = rows[0]["total"]
    return heading if len(rows) == count else f"{heading}, {len(rows)} of {count:,}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _rows(dataset: Dataset, query: str) -> list[dict[str, Any]]:
    return dataset.portable(query).records()


def _row(dataset: Dataset, query: str) -> dict[str, Any]:
    return _rows(dataset, query)[0]


def _frame(dataset: Dataset, query: str) -> pd.DataFrame:
    return dataset.portable(query).df()
