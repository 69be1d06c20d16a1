"""The tab Reliability: how long incidents took, as distributions, and where they happen."""

from typing import Any
from zlib import crc32

import pandas as pd

from rootly_assets.app.cards import Card, Tab
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import every_period, median, severity_colors
from rootly_assets.charts import incidents, panels
from rootly_assets.charts.durations import duration
from rootly_assets.charts.theme import LEVELS, PRIMARY, SECONDARY
from rootly_assets.charts.tiles import Tile, change
from rootly_assets.reader import Dataset

SMALL = 5
MOST_SERVICES = MOST_ROWS = 12

_COUNTED = "is_response_incident AND has_plausible_start AND NOT is_deleted"
_TIMES = (
    ("Time to detect", "detection", "is_real_time"),
    ("Time to acknowledge", "acknowledge", "is_real_time"),
    ("Time to mitigate", "mitigation", "true"),
    ("Time to resolve", "resolution", "true"),
)


def reliability(dataset: Dataset, filters: Filters) -> Tab:
    """Medians with n and coverage, every incident's time, targets, services, and what is open.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{_COUNTED} AND {filters.where('incidents', 'incident_id')}"
    return Tab(
        intro="Incidents that needed a response: no tests, examples, cancelled ones or duplicates.",
        tiles=_tiles(dataset, filters),
        cards=[
            _every_incident(dataset, where),
            _medians(dataset, filters, where),
            _targets(dataset, filters, where),
            _services(dataset, where),
            _open(dataset, filters),
        ],
    )


def _tiles(dataset: Dataset, filters: Filters) -> list[Tile]:
    parts = ", ".join(
        f"{median(f'{time}_time_seconds')} FILTER (WHERE {eligible}) AS {time}, "
        f"count({time}_time_seconds) FILTER (WHERE {eligible}) AS {time}_n, "
        f"count(*) FILTER (WHERE {eligible}) AS {time}_eligible"
        for _, time, eligible in _TIMES
    )

    def figures(where: str) -> dict[str, Any]:
        query = f"SELECT count(*) AS n, {parts}, avg(CAST(is_mitigated_within_target AS INT)) AS target, "
        query += "count(is_mitigated_within_target) AS target_n FROM marts.fct_incidents "
        return dataset.sql(f"{query} WHERE {_COUNTED} AND {where}").records()[0]

    now = figures(filters.where("incidents", "incident_id"))
    then: dict[str, Any] = {}
    if before := filters.before():
        span = (
            f"started_at >= TIMESTAMP WITH TIME ZONE '{before.since}' "
            f"AND started_at < TIMESTAMP WITH TIME ZONE '{before.until}'"
        )
        then = figures(" AND ".join([span, *filters.conditions("incidents", "incident_id")]))
    tiles = [Tile("Incidents", f"{now['n']:,}", change(now["n"], then.get("n")))]
    for label, time, _ in _TIMES:
        n, eligible = now[f"{time}_n"], now[f"{time}_eligible"]
        few = min(n, then.get(f"{time}_n", n)) < SMALL
        tiles.append(
            Tile(
                label,
                duration(now[time]),
                None if few else change(now[time], then.get(time)),
                f"median of {n:,}, known for {n / eligible:.0%}." if eligible else "none",
                small=n < SMALL,
            )
        )
    share = now["target"]
    tiles.append(
        Tile(
            "Mitigated within target",
            "–" if share is None else f"{share:.0%}",
            note=f"of {now['target_n']:,} with a target",
        )
    )
    return tiles


def _every_incident(dataset: Dataset, where: str) -> Card:
    rank = " ".join(f"WHEN '{level}' THEN {index}" for index, level in enumerate(LEVELS))
    frame = dataset.sql(f"""
        SELECT coalesce(severity_name, 'No severity') AS severity, title, resolution_time_seconds AS seconds,
            coalesce(severity_level, 'none') AS level,
            CASE coalesce(severity_level, 'none') {rank} END AS rank,
            incident_id
        FROM marts.fct_incidents WHERE {where} AND resolution_time_seconds IS NOT NULL
        ORDER BY rank, seconds
    """).df()
    if frame.empty:
        return Card("Time to resolve, every incident", None)
    frame["took"] = [duration(each) for each in frame["seconds"]]
    # Apart from each other, and at the same place whenever they are drawn.
    frame["jitter"] = [crc32(str(each).encode()) % 1000 / 500 - 1 for each in frame["incident_id"]]
    chart = incidents.resolution_by_severity(frame)
    return Card("Time to resolve, every incident", chart, "The line is the median.")


def _medians(dataset: Dataset, filters: Filters, where: str) -> Card:
    union = " UNION ALL ".join(
        f"SELECT {filters.period_of('started_on')} AS period_start, '{name}' AS series, "
        f"{median(f'{time}_time_seconds')} AS value, count({time}_time_seconds) AS n "
        f"FROM marts.fct_incidents WHERE {where} GROUP BY 1 HAVING count({time}_time_seconds) > 0"
        for name, time in (("to mitigate", "mitigation"), ("to resolve", "resolution"))
    )
    frame = dataset.sql(union).df()
    title = "Median time"
    if frame.empty:
        return Card(title, None)
    frame = every_period(frame, filters, zero=False)
    frame["shown"] = [duration(each) for each in frame["value"]]
    colors = {"to mitigate": SECONDARY, "to resolve": PRIMARY}
    chart = panels.trend(frame, unit="seconds", period=filters.period, colors=colors)
    return Card(
        title,
        chart,
        "By when an incident started; how many stand behind a point is in its tooltip.",
    )


def _targets(dataset: Dataset, filters: Filters, where: str) -> Card:
    frame = dataset.sql(f"""
        SELECT {filters.period_of("started_on")} AS period_start,
            coalesce(severity_name, 'No severity') AS series,
            100.0 * avg(CAST(is_mitigated_within_target AS INT)) AS value, count(*) AS n
        FROM marts.fct_incidents
        WHERE {where} AND is_mitigated_within_target IS NOT NULL GROUP BY 1, 2
    """).df()
    title = "Mitigated within target"
    if frame.empty:
        return Card(title, None)
    frame = every_period(frame, filters, zero=False)
    frame["shown"] = ["–" if pd.isna(each) else f"{each:.0f}%" for each in frame["value"]]
    colors = severity_colors(dataset, list(dict.fromkeys(frame["series"])))
    chart = panels.trend(frame, unit="percent", period=filters.period, colors=colors)
    return Card(title, chart, "Open incidents past their target count as missed.")


def _services(dataset: Dataset, where: str) -> Card:
    frame = dataset.sql(f"""
        SELECT links.member_name AS service, count(*) AS incidents,
            {median("resolution_time_seconds")} AS seconds
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        INNER JOIN intermediate.int_rootly__incident_dimensions AS links
            ON facts.incident_id = links.incident_id AND links.dimension = 'service'
        GROUP BY 1 ORDER BY incidents DESC, service LIMIT {MOST_SERVICES}
    """).df()
    title = "Services with the most incidents"
    if frame.empty:
        return Card(title, None)
    frame["took"] = [duration(each) for each in frame["seconds"]]
    return Card(title, incidents.by_service(frame), "With their median time to resolve.")


def _open(dataset: Dataset, filters: Filters) -> Card:
    narrowed = " AND ".join(["is_open", *filters.conditions("incidents", "incident_id")])
    rows = dataset.sql(f"""
        SELECT title, severity_name, status, open_age_seconds FROM marts.fct_incidents
        WHERE {_COUNTED} AND {narrowed} ORDER BY open_age_seconds DESC NULLS LAST LIMIT {MOST_ROWS}
    """).records()
    table = pd.DataFrame(
        [
            {
                "incident": row["title"],
                "severity": row["severity_name"] or "none",
                "status": row["status"],
                "open for": duration(row["open_age_seconds"]),
            }
            for row in rows
        ]
    )
    return Card("Open now, the longest first", table, "Whenever they started.")
