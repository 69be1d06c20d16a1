"""The metrics once more, from raw rows: written from the definitions, not from the SQL."""

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row

MILESTONES = {
    "detection": "detected_at",
    "acknowledge": "acknowledged_at",
    "mitigation": "mitigated_at",
    "resolution": "resolved_at",
}

BEFORE_MITIGATION = {"in_triage", "started", "detected", "acknowledged"}
WAITING = {
    "mitigated_at": BEFORE_MITIGATION,
    "resolved_at": BEFORE_MITIGATION | {"mitigated"},
}
"""Statuses in which an incident is not there yet, or not any more."""


def is_parity(row: Row) -> bool:
    """Whether Rootly's default dashboards count the incident."""
    return row["kind"] in {"normal", "normal_sub", "backfilled"}


def is_strict(row: Row) -> bool:
    """Whether it is an incident that people responded to, counted once."""
    return (
        is_parity(row)
        and row["status"] != "cancelled"
        and row["cancelled_at"] is None
        and row["duplicate_incident_id"] is None
    )


def seconds(row: Row, milestone: str) -> int | None:
    """Whole seconds from the start to a milestone, if both are known and in order."""
    start, stop = row["started_at"], row[milestone]
    if not isinstance(start, datetime) or not isinstance(stop, datetime) or stop < start:
        return None
    return (stop - start) // timedelta(seconds=1)


def believed_seconds(row: Row, milestone: str) -> int | None:
    """The same without a slip (more than a day after the last sync) and what was undone by re-opening."""
    stop = row[milestone]
    if row["status"] in WAITING.get(milestone, set()):
        return None
    if isinstance(stop, datetime) and stop > LOADED_AT + timedelta(days=1):
        return None
    return seconds(row, milestone)


SECONDS = {"parity": seconds, "strict": believed_seconds}
"""The times that each population takes."""


def counted(rows: Iterable[Row], population: str) -> list[Row]:
    """The rows of a population."""
    rule = {"parity": is_parity, "strict": is_strict}[population]
    return [
        row
        for row in rows
        if rule(row)
        and row["_deleted_at"] is None
        and isinstance(at := row["started_at"], datetime)
        and at.year >= 2010
        and at <= LOADED_AT + timedelta(days=1)
    ]


def day(row: Row, zone: str) -> date:
    """The calendar day of the start in a time zone."""
    started_at = row["started_at"]
    assert isinstance(started_at, datetime)
    return started_at.astimezone(ZoneInfo(zone)).date()


def member_ids(value: object) -> set[str]:
    """Ids in a list of nested resources, in any of their shapes."""
    if isinstance(value, dict):
        value = value["data"]
    assert isinstance(value, list | None)
    return {(item.get("data") or item)["id"] for item in value or []}


def metrics(rows: list[Row], population: str) -> dict[str, float]:
    """Every metric column of the marts over these rows; unknown is NaN."""
    took = SECONDS[population]
    early = [row for row in rows if population == "parity" or row["kind"] != "backfilled"]
    found: dict[str, float] = {
        "incident_count": len(rows),
        "detection_eligible_count": len(early),
        "mitigation_inferred_n": sum(
            row["mitigated_at"] == row["resolved_at"] and took(row, "mitigated_at") is not None
            for row in rows
        ),
    }
    for name, milestone in MILESTONES.items():
        eligible = early if name in {"detection", "acknowledge"} else rows
        times = pd.Series([took(row, milestone) for row in eligible], dtype="float64").dropna()
        found |= {
            f"{name}_time_mean_seconds": times.mean(),
            f"{name}_time_median_seconds": times.median(),
            f"{name}_time_p75_seconds": times.quantile(0.75),
            f"{name}_time_p90_seconds": times.quantile(0.9),
            f"{name}_time_n": len(times),
            f"{name}_time_is_small_n": float(len(times) < 5),
            f"{name}_time_coverage": len(times) / len(eligible) if eligible else math.nan,
        }
    return found
