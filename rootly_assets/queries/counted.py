"""Which records count, and how a median is asked for."""

from collections.abc import Mapping
from typing import Any

from rootly_assets.charts.tiles import FEWEST_FOR_INTERVAL, Median
from rootly_assets.reader import Dataset

INCIDENTS = "is_response_incident AND has_plausible_start AND NOT is_deleted"
"""Incidents that needed a response, as the strict population of the marts."""

OPEN_INCIDENTS = "is_open AND is_response_incident AND NOT is_deleted"
"""Those of them that are not over, with or without a start that can be: somebody waits all the same."""

ALERTS = "has_plausible_start AND NOT is_deleted"
"""All alerts that Rootly still has."""

FOLLOW_UPS = "kind = 'follow_up' AND NOT is_deleted AND is_in_population"
"""Follow-ups of incidents that count, and of none."""

SIGNAL = "CASE noise WHEN 'noise' THEN 'noise' WHEN 'not_noise' THEN 'signal' ELSE 'not marked' END"
"""Whether an alert was marked as noise: what nobody marked is neither."""

SMALL = 5
"""Fewer than this say little."""

# How far the ends of its 90 % interval are from a median in ranks, in square roots of how many there are.
_REACH = 0.8225


def reaches_back_to(dataset: Dataset, since: str, *, records: str) -> bool:
    """Whether there are records from before an instant: else days after it may be none of the workspace's.

    A backfilled incident, written down afterwards, does not say that the others of its time were. Days of
    creation say less: those of an imported history are all the day of the import.

    Args:
        dataset: where to read.
        since: SQL of the instant.
        records: incidents or alerts.
    """
    counted = {"incidents": f"{INCIDENTS} AND is_real_time", "alerts": ALERTS}[records]
    query = f"SELECT min(started_at) <= {since} AS reaches FROM marts.fct_{records} WHERE {counted}"
    return bool(dataset.portable(query).records()[0]["reaches"])


def count_where(condition: str) -> str:
    """How many rows meet a condition; `count(*) FILTER` is not known to every warehouse."""
    return f"count(CASE WHEN {condition} THEN 1 END)"


def total(table: str, condition: str) -> str:
    """How many rows of a table meet a condition, beside the first of them.

    Not `count(*) OVER ()`: with several threads DuckDB 1.5 fails at it now and then, and then at everything
    until its file is closed (duckdb/duckdb#25713).
    """
    return f"(SELECT count(*) FROM {table} WHERE {condition})"


def seconds_since_previous(instant: str, window: str) -> str:
    """Seconds from a row's instant back to the one before it, as double precision; null for the first.

    Not of the difference of two instants, which some warehouses don't have.

    Args:
        instant: SQL of the instant.
        window: how rows follow each other: `ORDER BY` and, if there are several series, `PARTITION BY`.
    """
    seconds = f"extract(epoch FROM {instant})"
    return f"CAST({seconds} - lag({seconds}) OVER ({window}) AS DOUBLE PRECISION)"


def median(column: str) -> str:
    """A median, in words that every warehouse has."""
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})"


def interval(value: str, *, place: str, n: str) -> str:
    """The ends of a median's 90 % interval, as columns `low` and `high`; as the macro `ranked_median_bound`.

    Args:
        value: the values.
        place: the rank of each, from 1.
        n: how many there are.
    """
    ranks = {
        "low": f"greatest(1, floor({n} / 2.0 - {_REACH} * sqrt({n})))",
        "high": f"least({n}, ceil({n} / 2.0 + {_REACH} * sqrt({n})) + 1)",
    }
    return ", ".join(
        f"max(CASE WHEN {n} >= {FEWEST_FOR_INTERVAL} AND {place} = {rank} THEN {value} END) AS {side}"
        for side, rank in ranks.items()
    )


def judged_medians(
    dataset: Dataset, row: Mapping[str, Any], columns: Mapping[str, str], rows: str
) -> dict[str, Median]:
    """Medians with their 90 % intervals, as the marts have them (`ranked_median_bound`).

    Args:
        dataset: where to read.
        row: for each name its median, and (`_n`) of how many.
        columns: SQL of the values, by name.
        rows: SQL of what they are of: a table, WHERE, and a condition.
    """
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, {interval('seconds', place='place', n=str(row[f'{name}_n']))} FROM ("
        "SELECT seconds, row_number() OVER (ORDER BY seconds) AS place "
        f"FROM (SELECT {column} AS seconds FROM {rows}) AS times WHERE seconds IS NOT NULL) AS placed"
        for name, column in columns.items()
    )
    found = {each["name"]: each for each in dataset.portable(parts).records()}
    return {
        name: Median(row[name], row[f"{name}_n"], found[name]["low"], found[name]["high"])
        for name in columns
    }
