"""What the report shows, read from the marts: tiles, frames for the charts, and what needs attention.

Incidents are those that needed a response (`is_response_incident`: no tests, examples, cancelled ones or
duplicates), as in `incident_metrics_last_90_days`, strict population. Alerts are all that Rootly still has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from rootly_assets.charts.durations import duration
from rootly_assets.charts.tiles import Tile, change
from rootly_assets.panels.conditions import instant
from rootly_assets.queries.alerts import SHARE_FIGURES
from rootly_assets.queries.clocks import clocks
from rootly_assets.queries.counted import (
    ALERTS,
    FOLLOW_UPS,
    INCIDENTS,
    SIGNAL,
    SMALL,
    median,
    reaches_back_to,
)
from rootly_assets.queries.incidents import (
    LEVEL,
    RANK,
    TIME_FIGURES,
    medians,
    resolutions,
    services,
    time_tiles,
    with_words,
)
from rootly_assets.queries.on_call import hours_of_the_week, people_on_call
from rootly_assets.reader import Dataset

DAYS = 90
WEEKS = 13
MOST_SERVICES = MOST_PEOPLE = 10
MOST_ROWS = 8

# How the chart of weeks calls what is the same by any period.
_WEEKS_COLUMNS = {"period_start": "week", "series": "time", "value": "seconds"}
_WEEK = "CAST(date_trunc('week', started_on) AS DATE)"


@dataclass(frozen=True)
class Row:
    """Something that needs attention: what, where it leads, since when or by how much."""

    what: str
    url: str | None
    why: str


@dataclass(frozen=True)
class Figures:
    """All that the report shows.

    Attributes:
        loaded_at: when Rootly was last asked for incidents, by its own clock; None before the first sync.
        tiles: the headline figures.
        weekly: `week, level, rank, incidents`.
        resolutions: one row a resolved incident: `severity, rank, level, seconds, took, title, jitter`.
        medians: `week, time, seconds, n, took`.
        services: `service, incidents, took`.
        alerts: `week, noise, alerts`.
        people: `person, alerts, took`.
        hours: `weekday, hour, interruptions`.
        on_call: `person, weekday, night, weekend` (hours), `interruptions, after_hours, per_day`.
        attention: rows under each heading; headings without rows are left out.
    """

    loaded_at: datetime | None
    tiles: list[Tile]
    weekly: pd.DataFrame
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
        return "NULL" if self.until is None else _day(self.until - timedelta(days=DAYS), self.zone)

    @property
    def since_week(self) -> str:
        """SQL of the first day of the weeks that are shown."""
        if self.until is None:
            return "NULL"
        today = self.until.astimezone(self.zone)
        return _day(today - timedelta(days=today.weekday() + 7 * (WEEKS - 1)), self.zone)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"DATE '{moment.astimezone(zone):%Y-%m-%d}'"


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
    of_weeks = f"{INCIDENTS} AND started_on >= {of_incidents.since_week}"
    return Figures(
        loaded_at=of_incidents.until,
        tiles=[*_incident_tiles(dataset, of_incidents), *_alert_tiles(dataset, of_alerts)],
        weekly=_frame(
            dataset,
            f"SELECT {_WEEK} AS week, {LEVEL} AS level, {RANK} AS rank, count(*) AS incidents "
            f"FROM marts.fct_incidents WHERE {of_weeks} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        ),
        resolutions=resolutions(dataset, recent),
        medians=with_words(medians(dataset, of_weeks, period=_WEEK).rename(columns=_WEEKS_COLUMNS)),
        services=services(dataset, recent, most=MOST_SERVICES),
        alerts=_frame(
            dataset,
            f"SELECT {_WEEK} AS week, {SIGNAL} AS noise, count(*) AS alerts FROM marts.fct_alerts "
            f"WHERE {ALERTS} AND started_on >= {of_alerts.since_week} GROUP BY 1, 2 ORDER BY 1, 2",
        ),
        people=with_words(_people(dataset, of_alerts)),
        hours=hours_of_the_week(dataset, f"interrupted_at >= {of_pages.since}"),
        on_call=people_on_call(dataset, since_day=of_shifts.since_day, most=MOST_PEOPLE),
        attention=_attention(dataset, of_incidents),
    )


def _people(dataset: Dataset, days: _Days) -> pd.DataFrame:
    return _frame(
        dataset,
        f"""
        SELECT links.member_name AS person, count(*) AS alerts,
            {median("acknowledge_time_seconds")} AS seconds
        FROM marts.fct_alerts AS facts
        INNER JOIN intermediate.int_rootly__alert_dimensions AS links
            ON facts.alert_id = links.alert_id AND links.dimension = 'responder'
        WHERE {ALERTS} AND started_at >= {days.since}
        GROUP BY 1 ORDER BY alerts DESC, person LIMIT {MOST_PEOPLE}
        """,
    )


_OPEN = f"""
SELECT title, url, severity_name, open_age_seconds AS seconds FROM marts.fct_incidents
WHERE {INCIDENTS} AND is_open ORDER BY seconds DESC NULLS LAST LIMIT {MOST_ROWS}
"""

_OVERDUE = f"""
SELECT summary, days_overdue AS days FROM marts.fct_action_items
WHERE {FOLLOW_UPS} AND is_overdue
ORDER BY days DESC, summary LIMIT {MOST_ROWS}
"""


def _incident_tiles(dataset: Dataset, days: _Days) -> list[Tile]:
    now, before = _periods(dataset, days, "incidents", INCIDENTS, TIME_FIGURES)
    open_now = _row(
        dataset, f"SELECT count(*) AS n FROM marts.fct_incidents WHERE {INCIDENTS} AND is_open"
    )["n"]
    return [
        Tile("Incidents", f"{now['n']:,}", change(now["n"], before.get("n")), f"in {DAYS} days"),
        Tile("Open now", f"{open_now:,}", note="whenever they started"),
        *time_tiles(now, before),
    ]


def _alert_tiles(dataset: Dataset, days: _Days) -> list[Tile]:
    parts = (
        f"{SHARE_FIGURES}, {median('acknowledge_time_seconds')} AS acknowledge, "
        "count(acknowledge_time_seconds) AS acknowledge_n"
    )
    now, before = _periods(dataset, days, "alerts", ALERTS, parts)
    alerts = now["n"]
    answerable = now["acknowledged_of"]
    acknowledged = (
        f"; {now['acknowledged'] / answerable:.0%} were acknowledged" if answerable else ""
    )
    leaders = now["converted_of"]
    attached = f"{now['converted'] / leaders:.0%} led to an incident" if leaders else ""
    few = now["acknowledge_n"] < SMALL or before.get("acknowledge_n", 0) < SMALL
    return [
        Tile("Alerts", f"{alerts:,.0f}", change(alerts, before.get("n")), attached),
        Tile(
            "Alert acknowledged in",
            duration(now["acknowledge"]),
            None if few else change(now["acknowledge"], before["acknowledge"]),
            f"median of {now['acknowledge_n']:,.0f}{acknowledged}",
            small=now["acknowledge_n"] < SMALL,
        ),
    ]


def _periods(
    dataset: Dataset, days: _Days, records: str, counted: str, parts: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same figures for the last 90 days and for the 90 before them; none where those began unrecorded."""

    def period(since: str, until: str) -> dict[str, Any]:
        query = (
            f"SELECT count(*) AS n, {parts} FROM marts.fct_{records} "
            f"WHERE {counted} AND started_at >= {since} AND started_at < {until}"
        )
        return _row(dataset, query)

    before = days.ago(2 * DAYS)
    now = period(days.since, days.ago(-1))
    whole = reaches_back_to(dataset, before, records=records)
    return now, period(before, days.since) if whole else {}


def _attention(dataset: Dataset, days: _Days) -> dict[str, list[Row]]:
    opened = [
        Row(
            each["title"],
            each["url"],
            f"{each['severity_name'] or 'no severity'}, open {duration(each['seconds'])}",
        )
        for each in _rows(dataset, _OPEN)
    ]
    overdue = [
        Row(each["summary"], None, f"{_days(each['days'])} overdue")
        for each in _rows(dataset, _OVERDUE)
    ]
    headings = {
        "Open incidents": opened,
        "Overdue follow-ups": overdue,
        "Severe, retrospective overdue": _unlearned(dataset, days),
    }
    return {heading: rows for heading, rows in headings.items() if rows}


def _unlearned(dataset: Dataset, days: _Days) -> list[Row]:
    rows = _rows(
        dataset,
        f"""
        SELECT title, url, severity_name, resolved_at FROM marts.fct_incidents
        WHERE {INCIDENTS} AND severity_level IN ('critical', 'high') AND started_at >= {days.since}
            AND incident_id IN (SELECT incident_id FROM marts.fct_retrospectives WHERE is_overdue)
        ORDER BY resolved_at, title LIMIT {MOST_ROWS}
        """,
    )

    def since(resolved_at: datetime) -> int:
        assert days.until is not None, "something is overdue only once there was a sync"
        today = days.until.astimezone(days.zone).date()
        return (today - resolved_at.astimezone(days.zone).date()).days

    return [
        Row(
            each["title"],
            each["url"],
            f"{each['severity_name']}, resolved {_days(since(each['resolved_at']))} ago",
        )
        for each in rows
    ]


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _rows(dataset: Dataset, query: str) -> list[dict[str, Any]]:
    return dataset.portable(query).records()


def _row(dataset: Dataset, query: str) -> dict[str, Any]:
    return _rows(dataset, query)[0]


def _frame(dataset: Dataset, query: str) -> pd.DataFrame:
    return dataset.portable(query).df()
