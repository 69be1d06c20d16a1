"""A card of the tab Reliability: how many incidents were open at the end of each period."""

from dataclasses import replace

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import over_time
from rootly_assets.charts.panels import trend
from rootly_assets.charts.theme import PRIMARY
from rootly_assets.queries.periods import first_day_of
from rootly_assets.queries.portable import count_where
from rootly_assets.reader import Dataset


def backlog(dataset: Dataset, filters: Filters) -> Card:
    """As `marts.metrics_open_incidents_daily` has it, of all that is shown: whenever they were opened.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    narrowed = filters.conditions("incidents", "spans.incident_id")
    counted = " AND ".join(["spans.is_response_incident", *narrowed])
    # What was opened is open until it ends, so that days without either need no row.
    frame = dataset.portable(f"""
        SELECT on_day, sum(opened) AS opened, sum(not_known) AS not_known FROM (
            SELECT opened_on AS on_day, {count_where("NOT is_end_unknown")} AS opened,
                {count_where("is_end_unknown")} AS not_known
            FROM intermediate.int_rootly__incident_spans AS spans WHERE {counted} GROUP BY 1
            UNION ALL
            SELECT ended_on AS on_day, -count(*) AS opened, 0 AS not_known
            FROM intermediate.int_rootly__incident_spans AS spans
            WHERE {counted} AND ended_on IS NOT NULL GROUP BY 1
        ) AS changes
        GROUP BY 1 ORDER BY 1
    """).df()
    card = over_time(
        "Open incidents",
        _at_ends(frame, filters),
        filters,
        draw=trend,
        unit="count",
        colors={"open": PRIMARY},
        note=f"At the end of the {filters.period}, whenever they were opened; those in triage too, and those "
        "that were re-opened all along." + _of_ends(int(frame["not_known"].sum())),
    )
    return replace(card, wide=True)  # an odd one would leave a hole beside it


def _at_ends(frame: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """How many were open when each period ended, the running one at the last sync: as `over_time` takes it.

    Args:
        frame: `on_day`, `opened` (how many more were open after it); in order.
        filters: what is shown.
    """
    if frame.empty:
        return frame
    changes = frame.set_index(pd.to_datetime(frame["on_day"]))["opened"].astype(int)
    last = changes.index.max() if filters.today is None else pd.Timestamp(filters.today)
    days = pd.date_range(changes.index.min(), last)
    opened = changes.reindex(days, fill_value=0).cumsum()
    starts = pd.to_datetime([first_day_of(filters.period, day.date()) for day in days])
    counts = opened.groupby(starts).last()
    first = filters.first_day()
    shown = counts if first is None else counts[counts.index >= pd.Timestamp(first)]
    return pd.DataFrame({"period_start": shown.index, "series": "open"}).assign(
        value=shown.to_list(), n=shown.to_list()
    )


def _of_ends(not_known: int) -> str:
    """How many are over, though nobody knows since when."""
    if not not_known:
        return ""
    return f" Left out are those that are over without a time at which they ended: {not_known:,}."
