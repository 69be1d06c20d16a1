"""How long incidents took: headline figures, each incident, medians by period, services."""

from collections.abc import Iterator, Mapping
from typing import Any, cast
from zlib import crc32

import pandas as pd

from rootly_assets.charts.durations import duration
from rootly_assets.charts.theme import LEVELS
from rootly_assets.queries.medians import SMALL, Median, change_of_median, interval
from rootly_assets.queries.portable import count_where, median
from rootly_assets.queries.private import title
from rootly_assets.queries.tiles import Tile
from rootly_assets.reader import Dataset

_KNOWN = ", ".join(f"'{level}'" for level in LEVELS)

# One that Rootly has thought of since is drawn like none, and fails no chart.
LEVEL = f"CASE WHEN severity_level IN ({_KNOWN}) THEN severity_level ELSE 'none' END"
RANK = f"""CASE {LEVEL} {" ".join(f"WHEN '{level}' THEN {rank}" for rank, level in enumerate(LEVELS))} END"""

# Name, the mart's word, and the condition on incidents of which the time is expected. Not MTTD and so on: those
# are means, as Rootly's own dashboards show them.
_TIMES = (
    ("Median time to detect", "detection", "is_real_time"),
    ("Median time to acknowledge", "acknowledge", "is_real_time"),
    ("Median time to mitigate", "mitigation", "true"),
    ("Median time to resolve", "resolution", "true"),
)

SERVICES_BY_NAME = """(
    SELECT DISTINCT incident_id, member_name
    FROM marts.bridge_incident_dimensions WHERE dimension = 'service'
)"""
"""A relation: services of one name are one bar of a chart, in which an incident of both counts once."""

TIME_COLUMNS = {
    time: f"CASE WHEN {eligible} THEN {time}_time_seconds END" for _, time, eligible in _TIMES
}
"""SQL of each of the four times, of the incidents of which it counts."""

_INFERRED = "CASE WHEN mitigation_is_inferred THEN mitigation_time_seconds END"

TIME_FIGURES = ", ".join(
    [
        *(
            f"{median(TIME_COLUMNS[time])} AS {time}, count({TIME_COLUMNS[time]}) AS {time}_n, "
            f"{count_where(eligible)} AS {time}_eligible"
            for _, time, eligible in _TIMES
        ),
        f"count({_INFERRED}) AS mitigation_inferred",
    ]
)
"""Columns of a SELECT from `marts.fct_incidents`: what `time_tiles` shows."""


def time_tiles(
    now: Mapping[str, Any],
    medians: Mapping[str, Median],
    before: Mapping[str, Median],
) -> Iterator[Tile]:
    """A tile for each of the four times, with n and coverage.

    Args:
        now: a row of `TIME_FIGURES`.
        medians: its medians.
        before: those of as many days before; empty where there is nothing to compare with.
    """
    for label, time, _ in _TIMES:
        n, eligible = now[f"{time}_n"], now[f"{time}_eligible"]
        then = before.get(time)
        few = min(n, then.n if then else 0) < SMALL
        inferred = inferred_mitigations(now["mitigation_inferred"]) if time == "mitigation" else ""
        yield Tile(
            label,
            duration(now[time]),
            None if few else change_of_median(medians[time], then),
            f"of {n:,}, known for {n / eligible:.0%}{inferred}" if n else "not known of any",
            small=0 < n < SMALL,
        )


def inferred_mitigations(count: int) -> str:
    """How many mitigations are really resolutions, to follow what a tile says; empty where none is."""
    return f"; {count:,} inferred from the resolution" if count else ""


def resolutions(dataset: Dataset, where: str) -> pd.DataFrame:
    """One row a resolved incident: `severity, level, rank, title, seconds, took, jitter`.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.fct_incidents`.
    """
    frame = with_words(
        dataset.portable(f"""
            SELECT coalesce(severity_name, 'No severity') AS severity, {LEVEL} AS level, {RANK} AS rank,
                {title()} AS title, resolution_time_seconds AS seconds, incident_id
            FROM marts.fct_incidents WHERE {where} AND resolution_time_seconds IS NOT NULL
            ORDER BY rank, seconds, incident_id
        """).df()
    )
    # A place beside its neighbours for each incident, from -1 to 1, the same whenever it is drawn.
    ids = cast("list[str]", frame["incident_id"].tolist())
    return frame.assign(jitter=[crc32(each.encode()) % 1000 / 500 - 1 for each in ids])


def medians(dataset: Dataset, where: str, *, period: str) -> pd.DataFrame:
    """Medians of the times to mitigate and to resolve: `period_start, series, value, n, low, high`.

    Of each its value, and the ends of its 90 % interval, in seconds; the latter unknown where it is of few.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.fct_incidents`.
        period: SQL of the first day of an incident's period.
    """
    times = " UNION ALL ".join(
        f"SELECT {period} AS period_start, '{name}' AS series, {column} AS seconds "
        f"FROM marts.fct_incidents WHERE {where} AND {column} IS NOT NULL"
        for name, column in (
            ("to mitigate", "mitigation_time_seconds"),
            ("to resolve", "resolution_time_seconds"),
        )
    )
    return dataset.portable(f"""
        WITH times AS ({times}),
        counted AS (SELECT period_start, series, count(*) AS n FROM times GROUP BY 1, 2),
        placed AS (
            SELECT period_start, series, seconds,
                row_number() OVER (PARTITION BY period_start, series ORDER BY seconds) AS place
            FROM times
        )
        SELECT placed.period_start, placed.series, {median("seconds")} AS value, max(n) AS n,
            {interval("seconds", place="place", n="n")}
        FROM placed INNER JOIN counted
            ON placed.period_start = counted.period_start AND placed.series = counted.series
        GROUP BY 1, 2 ORDER BY 1, 2
    """).df()


def services(dataset: Dataset, where: str, *, most: int) -> pd.DataFrame:
    """The services with the most incidents: `service, incidents, seconds` (median to resolve), `took`.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.fct_incidents`.
        most: how many services.
    """
    return with_words(
        dataset.portable(f"""
            SELECT links.member_name AS service, count(*) AS incidents,
                {median("resolution_time_seconds")} AS seconds
            FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
            INNER JOIN {SERVICES_BY_NAME} AS links ON facts.incident_id = links.incident_id
            GROUP BY 1 ORDER BY incidents DESC, service LIMIT {most}
        """).df()
    )


def with_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with `took`: its `seconds` as people say them."""
    seconds = cast("list[float]", frame["seconds"].tolist())
    return frame.assign(took=[duration(each) for each in seconds])
