"""Series for charts: medians, a row for every period, colours that say the order of severities."""

import pandas as pd

from rootly_assets.app.filters import Filters
from rootly_assets.charts.theme import LEVEL_COLORS, LEVELS
from rootly_assets.reader import Dataset

_STEP = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}


def median(column: str) -> str:
    """SQL of a median, in words that every warehouse has."""
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})"


def every_period(frame: pd.DataFrame, filters: Filters, *, zero: bool) -> pd.DataFrame:
    """The same series with a row for every period from the first one to the last sync.

    Args:
        frame: `period_start` (date or timestamp), `series`, `value`, `n`; not empty.
        filters: what is shown.
        zero: whether the value of an empty period is 0; else it is unknown.
    """
    frame = frame.assign(period_start=pd.to_datetime(frame["period_start"]))
    first = frame["period_start"].min()
    last = max(first, pd.Timestamp(filters.until.date()) if filters.until else first)
    index = pd.MultiIndex.from_product(
        [sorted(set(frame["series"])), pd.date_range(first, last, freq=_STEP[filters.period])],
        names=["series", "period_start"],
    )
    filled = frame.set_index(["series", "period_start"])[["value", "n"]].reindex(index)
    filled["n"] = filled["n"].fillna(0)
    if zero:
        filled["value"] = filled["value"].fillna(0)
    return filled.reset_index()


def severity_colors(dataset: Dataset, names: list[str]) -> dict[str, str]:
    """Severities in their order, from dark to light; those without a level last."""
    rows = dataset.sql("SELECT severity_name, severity_level FROM marts.dim_severities").records()
    level = {row["severity_name"]: row["severity_level"] or "none" for row in rows}
    rank = {name: LEVELS.index(level.get(name, "none")) for name in names}
    return {name: LEVEL_COLORS[rank[name]] for name in sorted(names, key=lambda each: rank[each])}
