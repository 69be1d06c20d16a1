"""What the report shows, read from the marts: tiles, frames for the charts, and what needs attention.

Incidents are those that needed a response (`is_response_incident`: no tests, examples, cancelled ones or
duplicates), as in `incident_metrics_last_90_days`, strict population. Alerts are all that Rootly still has.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from zlib import crc32

import pandas as pd

from rootly_assets.charts.durations import duration
from rootly_assets.charts.theme import LEVELS
from rootly_assets.charts.tiles import Tile, change
from rootly_assets.reader import Dataset

DAYS = 90
WEEKS = 13
SMALL = 5
MOST_SERVICES = MOST_PEOPLE = 10
MOST_ROWS = 8

_COUNTED = "is_response_incident AND has_plausible_start AND NOT is_deleted"
_ALERTS = "has_plausible_start AND NOT is_deleted"
_WEEK = "CAST(date_trunc('week', started_on) AS DATE)"
_LEVEL = "coalesce(severity_level, 'none')"

_TIMES = (
    ("MTTD", "Time to detect", "detection", "is_real_time"),
    ("MTTA", "Time to acknowledge", "acknowledge", "is_real_time"),
    ("MTTM", "Time to mitigate", "mitigation", "true"),
    ("MTTR", "Time to resolve", "resolution", "true"),
)


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
    attention: dict[str, list[Row]]


def figures(dataset: Dataset) -> Figures:
    """Read everything that the report shows.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    return Figures(
        loaded_at=_loaded_at(dataset),
        tiles=[*_incident_tiles(dataset), *_alert_tiles(dataset)],
        weekly=_frame(dataset, _WEEKLY),
        resolutions=_with_jitter(_with_words(_frame(dataset, _RESOLUTIONS))),
        medians=_with_words(_frame(dataset, _MEDIANS)),
        services=_with_words(_frame(dataset, _SERVICES)),
        alerts=_frame(dataset, _ALERTS_WEEKLY),
        people=_with_words(_frame(dataset, _PEOPLE)),
        attention=_attention(dataset),
    )


# Standard SQL: it is read from whichever warehouse there is.
def _median(column: str) -> str:
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})"


_CLOCK = "(SELECT max(synced_at) FROM rootly._rootly_sync WHERE table_name = 'incidents')"
_SINCE_WEEK = f"CAST(date_trunc('week', {_CLOCK}) AS DATE) - {7 * (WEEKS - 1)}"
_SINCE = f"{_CLOCK} - INTERVAL '{DAYS}' DAY"

_RANK = f"""CASE {_LEVEL} {" ".join(f"WHEN '{level}' THEN {rank}" for rank, level in enumerate(LEVELS))} END"""

_WEEKLY = f"""
SELECT {_WEEK} AS week, {_LEVEL} AS level, {_RANK} AS rank, count(*) AS incidents
FROM marts.fct_incidents WHERE {_COUNTED} AND started_on >= {_SINCE_WEEK}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

_RESOLUTIONS = f"""
SELECT coalesce(severity_name, 'No severity') AS severity, {_LEVEL} AS level, {_RANK} AS rank, title,
    resolution_time_seconds AS seconds, incident_id
FROM marts.fct_incidents
WHERE {_COUNTED} AND resolution_time_seconds IS NOT NULL AND started_at >= {_SINCE}
ORDER BY rank, seconds, incident_id
"""

_MEDIANS = f"""
SELECT {_WEEK} AS week, 'to mitigate' AS time, {_median("mitigation_time_seconds")} AS seconds,
    count(mitigation_time_seconds) AS n
FROM marts.fct_incidents WHERE {_COUNTED} AND started_on >= {_SINCE_WEEK}
GROUP BY 1 HAVING count(mitigation_time_seconds) > 0
UNION ALL
SELECT {_WEEK}, 'to resolve', {_median("resolution_time_seconds")}, count(resolution_time_seconds)
FROM marts.fct_incidents WHERE {_COUNTED} AND started_on >= {_SINCE_WEEK}
GROUP BY 1 HAVING count(resolution_time_seconds) > 0
ORDER BY 1, 2
"""

_SERVICES = f"""
SELECT links.member_name AS service, count(*) AS incidents, {_median("resolution_time_seconds")} AS seconds
FROM marts.fct_incidents AS facts
INNER JOIN intermediate.int_rootly__incident_dimensions AS links
    ON facts.incident_id = links.incident_id AND links.dimension = 'service'
WHERE {_COUNTED} AND started_at >= {_SINCE}
GROUP BY 1 ORDER BY incidents DESC, service LIMIT {MOST_SERVICES}
"""

_ALERTS_WEEKLY = f"""
SELECT {_WEEK} AS week,
    CASE noise WHEN 'noise' THEN 'noise' WHEN 'not_noise' THEN 'signal' ELSE 'not marked' END AS noise,
    count(*) AS alerts
FROM marts.fct_alerts WHERE {_ALERTS} AND started_on >= {_SINCE_WEEK} GROUP BY 1, 2 ORDER BY 1, 2
"""

_PEOPLE = f"""
SELECT links.member_name AS person, count(*) AS alerts, {_median("acknowledge_time_seconds")} AS seconds
FROM marts.fct_alerts AS facts
INNER JOIN intermediate.int_rootly__alert_dimensions AS links
    ON facts.alert_id = links.alert_id AND links.dimension = 'responder'
WHERE {_ALERTS} AND started_at >= {_SINCE}
GROUP BY 1 ORDER BY alerts DESC, person LIMIT {MOST_PEOPLE}
"""

_OPEN = f"""
SELECT title, url, severity_name, open_age_seconds AS seconds FROM marts.fct_incidents
WHERE {_COUNTED} AND is_open ORDER BY seconds DESC NULLS LAST LIMIT {MOST_ROWS}
"""

_OVERDUE = f"""
SELECT summary, days_overdue AS days FROM marts.fct_action_items
WHERE NOT is_deleted AND kind = 'follow_up' AND is_overdue
ORDER BY days DESC, summary LIMIT {MOST_ROWS}
"""

_WITHOUT_RETROSPECTIVE = f"""
SELECT title, url, severity_name, CAST({_CLOCK} AS DATE) - CAST(resolved_at AS DATE) AS days
FROM marts.fct_incidents
WHERE {_COUNTED} AND NOT is_open AND severity_level IN ('critical', 'high') AND started_at >= {_SINCE}
    AND coalesce(retrospective_progress_status, 'not_started') = 'not_started'
    AND resolved_at < {_CLOCK} - INTERVAL '7' DAY
ORDER BY days DESC, title LIMIT {MOST_ROWS}
"""


def _loaded_at(dataset: Dataset) -> datetime | None:
    loaded_at: datetime | None = _row(dataset, f"SELECT {_CLOCK} AS loaded_at")["loaded_at"]
    return loaded_at


def _incident_tiles(dataset: Dataset) -> list[Tile]:
    parts = ", ".join(
        f"{_median(f'{time}_time_seconds')} FILTER (WHERE {eligible}) AS {time}, "
        f"count({time}_time_seconds) FILTER (WHERE {eligible}) AS {time}_n, "
        f"count(*) FILTER (WHERE {eligible}) AS {time}_eligible"
        for _, _, time, eligible in _TIMES
    )
    now, before = _periods(dataset, "marts.fct_incidents", _COUNTED, parts)
    open_now = _row(
        dataset, f"SELECT count(*) AS n FROM marts.fct_incidents WHERE {_COUNTED} AND is_open"
    )["n"]
    tiles = [
        Tile("Incidents", f"{now['n']:,}", change(now["n"], before["n"]), f"in {DAYS} days"),
        Tile("Open now", f"{open_now:,}", note="whenever they started"),
    ]
    for short, label, time, _ in _TIMES:
        n, eligible = now[f"{time}_n"], now[f"{time}_eligible"]
        tile = Tile(
            f"{label} ({short})",
            duration(now[time]),
            change(now[time], before[time]),
            f"median of {n:,.0f}, known for {n / eligible:.0%}" if eligible else "none",
            small=n < SMALL,
        )
        few = tile.small or before[f"{time}_n"] < SMALL
        tiles.append(replace(tile, change=None) if few else tile)
    return tiles


def _alert_tiles(dataset: Dataset) -> list[Tile]:
    parts = (
        "count(*) FILTER (WHERE is_acknowledged) AS acknowledged, "
        "count(*) FILTER (WHERE was_paged) AS paged, "
        f"{_median('acknowledge_time_seconds')} AS acknowledge, "
        "count(acknowledge_time_seconds) AS acknowledge_n, "
        "count(*) FILTER (WHERE incident_count > 0) AS attached"
    )
    now, before = _periods(dataset, "marts.fct_alerts", _ALERTS, parts)
    alerts = now["n"]
    acknowledged = f"{now['acknowledged'] / alerts:.0%}" if alerts else "–"
    attached = f"{now['attached'] / alerts:.0%} led to an incident" if alerts else ""
    return [
        Tile("Alerts", f"{alerts:,.0f}", change(alerts, before["n"]), attached),
        Tile(
            "Alert acknowledged in",
            duration(now["acknowledge"]),
            change(now["acknowledge"], before["acknowledge"]),
            f"median of {now['acknowledge_n']:,.0f}; {acknowledged} were acknowledged",
            small=now["acknowledge_n"] < SMALL,
        ),
    ]


def _periods(
    dataset: Dataset, table: str, counted: str, parts: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same figures for the last 90 days and for the 90 before them."""

    def period(since: str, until: str) -> dict[str, Any]:
        query = (
            f"SELECT count(*) AS n, {parts} FROM {table} "
            f"WHERE {counted} AND started_at >= {since} AND started_at < {until}"
        )
        return _row(dataset, query)

    before = f"{_CLOCK} - INTERVAL '{2 * DAYS}' DAY"
    return period(_SINCE, f"{_CLOCK} + INTERVAL '1' DAY"), period(before, _SINCE)


def _attention(dataset: Dataset) -> dict[str, list[Row]]:
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
    unlearned = [
        Row(
            each["title"],
            each["url"],
            f"{each['severity_name']}, resolved {_days(each['days'])} ago",
        )
        for each in _rows(dataset, _WITHOUT_RETROSPECTIVE)
    ]
    headings = {
        "Open incidents": opened,
        "Overdue follow-ups": overdue,
        "Severe, no retrospective after a week": unlearned,
    }
    return {heading: rows for heading, rows in headings.items() if rows}


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _rows(dataset: Dataset, query: str) -> list[dict[str, Any]]:
    return dataset.sql(query).records()


def _row(dataset: Dataset, query: str) -> dict[str, Any]:
    return _rows(dataset, query)[0]


def _frame(dataset: Dataset, query: str) -> pd.DataFrame:
    return dataset.sql(query).df()


def _with_words(frame: pd.DataFrame) -> pd.DataFrame:
    seconds = cast("list[float]", frame["seconds"].tolist())
    return frame.assign(took=[duration(each) for each in seconds])


def _with_jitter(frame: pd.DataFrame) -> pd.DataFrame:
    """A place beside its neighbours for each incident, from -1 to 1, the same in every report."""
    ids = cast("list[str]", frame["incident_id"].tolist())
    return frame.assign(jitter=[crc32(each.encode()) % 1000 / 500 - 1 for each in ids])
