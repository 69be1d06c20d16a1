"""The tab Reliability: how long incidents took, where they happen, what comes back and costs, what is open."""

from typing import Any

import pandas as pd

from rootly_assets.app.backlog import backlog
from rootly_assets.app.cards import Card, Tab, link
from rootly_assets.app.changes import changes
from rootly_assets.app.communication import communication
from rootly_assets.app.detection import detection
from rootly_assets.app.effort import effort
from rootly_assets.app.failures import failure_cards
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import (
    NOT_OVER,
    over_time,
    taken_together,
    trailing_share,
)
from rootly_assets.app.severity_changes import severity_changes
from rootly_assets.charts import incidents
from rootly_assets.charts.durations import duration
from rootly_assets.charts.panels import counts_with_times, shares
from rootly_assets.queries.incidents import (
    TIME_COLUMNS,
    TIME_FIGURES,
    inferred_mitigations,
    medians,
    resolutions,
    services,
    time_tiles,
)
from rootly_assets.queries.medians import Median, judged_medians
from rootly_assets.queries.populations import INCIDENTS, OPEN_INCIDENTS
from rootly_assets.queries.portable import count_where, total
from rootly_assets.queries.private import title, url
from rootly_assets.queries.severities import severity_colors
from rootly_assets.queries.tiles import Tile, change_of_count
from rootly_assets.reader import Dataset
from rootly_assets.sql import constant

MOST_SERVICES = MOST_ROWS = 12


def reliability(dataset: Dataset, filters: Filters) -> Tab:
    """Medians with n and coverage, every incident's time, targets, services, failures, and the backlog.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    return Tab(
        intro="Incidents that needed a response: no tests, examples, cancelled ones or duplicates; "
        "sub-incidents count beside the incident that they are part of. " + NOT_OVER,
        tiles=_tiles(dataset, filters),
        cards=[
            _every_incident(dataset, where),
            _medians(dataset, filters),
            _targets(dataset, filters),
            _services(dataset, where),
            *failure_cards(dataset, filters),
            detection(dataset, filters),
            changes(dataset, filters),
            communication(dataset, filters),
            severity_changes(dataset, filters),
            _open(dataset, filters),
            effort(dataset, filters),
            backlog(dataset, filters),
        ],
    )


def _tiles(dataset: Dataset, filters: Filters) -> list[Tile]:
    def figures(where: str) -> tuple[dict[str, Any], dict[str, Median]]:
        rows = f"marts.fct_incidents WHERE {INCIDENTS} AND {where}"
        row = dataset.portable(f"""
            SELECT count(*) AS n, {TIME_FIGURES}, avg(CAST(is_mitigated_within_target AS INT)) AS target,
                count(is_mitigated_within_target) AS target_n,
                count(CASE WHEN mitigation_is_inferred THEN is_mitigated_within_target END) AS target_inferred
            FROM {rows}
        """).records()[0]
        return row, judged_medians(dataset, row, TIME_COLUMNS, rows)

    now, medians_now = figures(filters.where("incidents", "fct_incidents.incident_id"))
    then: dict[str, Any] = {}
    medians_then: dict[str, Median] = {}
    if before := filters.before(dataset, records="incidents"):
        span = f"started_at >= {constant(before.since)} AND started_at < {constant(before.until)}"
        then, medians_then = figures(
            " AND ".join([span, *filters.conditions("incidents", "fct_incidents.incident_id")])
        )
    share = now["target"]
    return [
        Tile("Incidents", f"{now['n']:,}", change_of_count(now["n"], then.get("n"))),
        *time_tiles(now, medians_now, medians_then),
        Tile(
            "Mitigated within target",
            "–" if share is None else f"{share:.0%}",
            note=f"of {now['target_n']:,} with a target{inferred_mitigations(now['target_inferred'])}",
        ),
    ]


def _every_incident(dataset: Dataset, where: str) -> Card:
    frame = resolutions(dataset, where)
    chart = None if frame.empty else incidents.resolution_by_severity(frame)
    return Card("Time to resolve, every incident", chart, "The line is the median.")


def _medians(dataset: Dataset, filters: Filters) -> Card:
    where = f"{INCIDENTS} AND {filters.where_whole('incidents', 'fct_incidents.incident_id')}"
    return over_time(
        "Median time",
        medians(dataset, where, period=filters.period_of("started_on")),
        filters,
        draw=incidents.medians,
        unit="seconds",
        colors=incidents.TIME_COLORS,
        note="By when an incident started. Bars are where the median lies with 90 % certainty, which ten "
        "incidents or more tell; rings in place of dots are medians of fewer than five.",
    )


def _targets(dataset: Dataset, filters: Filters) -> Card:
    together = taken_together(filters.period)
    where = filters.where_whole("incidents", "fct_incidents.incident_id", earlier=together - 1)
    frame = dataset.portable(f"""
        SELECT {filters.period_of("started_on")} AS period_start,
            coalesce(severity_name, 'No severity') AS series,
            {count_where("is_mitigated_within_target")} AS met, count(*) AS n
        FROM marts.fct_incidents
        WHERE {INCIDENTS} AND {where} AND is_mitigated_within_target IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
    """).df()
    up_to = (
        f"the {together} {filters.period}s up to it" if together > 1 else f"its {filters.period}"
    )
    return over_time(
        "Mitigated within target",
        trailing_share(frame, filters),
        filters,
        draw=shares,
        unit="percent",
        colors=severity_colors(dataset, sorted(set(frame["series"]))),
        note=f"A point is the share of {up_to}; the larger, the more incidents. Open ones past their "
        "target count as missed.",
    )


def _services(dataset: Dataset, where: str) -> Card:
    frame = services(dataset, where, most=MOST_SERVICES)
    time = "median time to resolve"
    chart = (
        None
        if frame.empty
        else counts_with_times(frame, label="service", count="incidents", time=time)
    )
    return Card("Services with the most incidents", chart, f"With their {time}.")


def _open(dataset: Dataset, filters: Filters) -> Card:
    narrowed = " AND ".join(
        [OPEN_INCIDENTS, *filters.conditions("incidents", "fct_incidents.incident_id")]
    )
    rows = dataset.portable(f"""
        SELECT {title()} AS title, severity_name, status, open_age_seconds, {url()} AS url,
            {total("marts.fct_incidents", narrowed)} AS total
        FROM marts.fct_incidents
        WHERE {narrowed} ORDER BY open_age_seconds DESC NULLS LAST LIMIT {MOST_ROWS}
    """).records()
    table = pd.DataFrame(
        [
            {
                "incident": row["title"],
                "severity": row["severity_name"] or "none",
                "status": row["status"],
                "open for": row["open_age_seconds"],
                "in Rootly": row["url"],
            }
            for row in rows
        ]
    )
    count = rows[0]["total"] if rows else 0
    cut = f"{MOST_ROWS} of {count:,} shown; " if count > MOST_ROWS else ""
    return Card(
        "Open now, the longest first",
        table,
        f"{cut}whenever they started.".capitalize(),
        formats={"open for": duration, "in Rootly": link},
        widths={"severity": 70, "status": 115, "open for": 70, "in Rootly": 70},
    )
