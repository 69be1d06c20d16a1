"""A card of the tab On-call health: heartbeats that should have been heard of, and were not."""

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import cut_at
from rootly_assets.app.filters import Filters
from rootly_assets.charts.durations import duration
from rootly_assets.queries.portable import count_where
from rootly_assets.reader import Dataset

MOST_ROWS = 100


def heartbeats(dataset: Dataset, filters: Filters) -> Card:
    """Those that are missed at the last sync, as `marts.fct_heartbeats` has them; it knows no earlier misses.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    counts = dataset.portable(f"""
        SELECT {count_where("is_enabled")} AS enabled, {count_where("is_missed")} AS missed,
            {count_where("is_enabled AND status = 'waiting'")} AS waiting
        FROM marts.fct_heartbeats WHERE NOT is_deleted
    """).records()[0]
    rows = dataset.portable(f"""
        SELECT heartbeat_name, interval_seconds, silent_seconds, overdue_seconds, notification_target_type
        FROM marts.fct_heartbeats WHERE is_missed AND NOT is_deleted
        ORDER BY overdue_seconds DESC NULLS LAST, heartbeat_name, heartbeat_id LIMIT {MOST_ROWS}
    """).records()
    table = pd.DataFrame(
        [
            {
                "heartbeat": row["heartbeat_name"],
                "expected every": row["interval_seconds"],
                "silent for": row["silent_seconds"],
                "overdue for": row["overdue_seconds"],
                "notifies": row["notification_target_type"] or "nobody",
            }
            for row in rows
        ]
    )
    enabled, missed = counts["enabled"], counts["missed"]
    note = (
        f"{missed:,} of {enabled:,} that are switched on, as of the last sync: Rootly keeps no history.",
        _of_waiting(counts["waiting"]),
        cut_at(MOST_ROWS, missed),
        "Not narrowed by time, team, service or severity.",
    )
    return Card(
        "Missed heartbeats",
        table,
        " ".join(filter(None, note)),
        wide=True,
        nothing=_nothing(filters, enabled, counts["waiting"]),
        formats=dict.fromkeys(("expected every", "silent for", "overdue for"), duration),
    )


def _of_waiting(count: int) -> str:
    """How many can't be missed, since they were never heard of."""
    return f"Never heard of, and so not missed: {count:,}." if count else ""


def _nothing(filters: Filters, enabled: int, waiting: int) -> str:
    """Why no heartbeat is missed."""
    if not filters.were_read("heartbeats"):
        return filters.none_of("heartbeats")
    if not enabled:
        return "None: no heartbeat is switched on."
    return " ".join(
        filter(None, (f"None of {enabled:,} that are switched on.", _of_waiting(waiting)))
    )
