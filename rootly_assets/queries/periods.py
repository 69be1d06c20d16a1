"""Series over days, weeks, months or quarters: a row for every one of them, and which of them are not over."""

from datetime import date

import pandas as pd

# As pandas names steps from one first day to the next, and spans; its weeks by their last day.
_STEP = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS"}
_SPAN = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}

MOST_ROWS = 4_500
"""Altair draws 5,000: twelve years of days, or a dozen series of weeks. What needs more is a mistyped time."""


def first_day_of(period: str, day: date, *, earlier: int = 0) -> date:
    """The first day of the period that a day lies in, or of one so many before it.

    Args:
        period: day, week, month or quarter.
        day: the day.
        earlier: how many periods before that one.
    """
    return (pd.Period(day, freq=_SPAN[period]) - earlier).start_time.date()


def every_period(
    frame: pd.DataFrame, *, period: str, today: date | None, zero: bool
) -> pd.DataFrame:
    """The same series with a row for every period to the last sync, from the first one or `MOST_ROWS` on.

    Args:
        frame: `period_start` (date or timestamp), `series`, `value`, `n`, and what else there is of each; not
            empty.
        period: day, week, month or quarter.
        today: the day of the last sync; None before the first one.
        zero: whether the value of an empty period is 0; else it is unknown.
    """
    frame = frame.assign(period_start=pd.to_datetime(frame["period_start"]))
    first = frame["period_start"].min()
    # What began after Rootly was last asked for incidents counts too.
    newest = frame["period_start"].max()
    last = newest if today is None else max(newest, pd.Timestamp(today))
    names = sorted(set(frame["series"]))
    most = max(1, MOST_ROWS // len(names))
    periods = pd.date_range(first, last, freq=_STEP[period])[-most:]
    index = pd.MultiIndex.from_product([names, periods], names=["series", "period_start"])
    filled = frame.set_index(["series", "period_start"]).reindex(index)
    filled["n"] = filled["n"].fillna(0)
    if zero:
        filled["value"] = filled["value"].fillna(0)
    return filled.reset_index()


def extents(
    starts: pd.Series, *, period: str, today: date | None, cut_off: date | None = None
) -> list[str]:
    """How much of each period was counted, in words: whole, or what of it is missing.

    Args:
        starts: the first day of each.
        period: day, week, month or quarter.
        today: the day of the last sync; None before the first one.
        cut_off: the first day of the one that is counted from somewhere in it; None for none.
    """
    running = None if today is None else first_day_of(period, today)
    days = [start.date() for start in starts]
    return [
        "not over yet" if running and day >= running else "cut off" if day == cut_off else "whole"
        for day in days
    ]
