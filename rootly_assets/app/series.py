"""Series over time as cards: values in words, shares, colours that say the order of severities."""

from typing import Protocol

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters
from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.durations import duration
from rootly_assets.queries.periods import every_period, extents

NOT_OVER = "Trends show whole periods; the last one, paler, is still in progress."
"""What tabs say of the extent of their periods."""


class Draw(Protocol):
    """A function that draws series over periods: see `rootly_assets.charts.panels`."""

    def __call__(
        self, frame: pd.DataFrame, /, *, unit: str, period: str, colors: dict[str, str]
    ) -> Drawn:
        """The chart."""
        ...


def over_time(
    title: str,
    frame: pd.DataFrame,
    filters: Filters,
    *,
    draw: Draw,
    unit: str,
    colors: dict[str, str],
    note: str = "",
    whole: bool = True,
    of: str = "incidents",
) -> Card:
    """A card with series over the periods, an empty one where there is nothing.

    Args:
        title: what it shows.
        frame: `period_start` (date or timestamp), `series`, `value`, `n` (records behind it).
        filters: what is shown.
        draw: how it is drawn.
        unit: count, seconds, hours or percent.
        colors: colour by series, in the order of the legend.
        note: how it is counted.
        whole: whether the first period is counted from its first day, or from the instant at which the span
            begins, somewhere in it.
        of: the raw table of the list that is counted.
    """
    if frame.empty:
        return Card(title, None, nothing=filters.none_of(of))
    # Nothing counted is zero; a mean or a median of nothing is unknown, and a gap in its line.
    period, today = filters.period, filters.today
    filled = every_period(frame, period=period, today=today, zero=unit in ("count", "hours"))
    earliest = pd.to_datetime(frame["period_start"]).min()
    if earliest < filled["period_start"].min():
        note = (
            f"{note} Periods before {filled['period_start'].min():%-d %B %Y} are left out.".strip()
        )
    cut_off = None if whole else filters.first_day()
    filled["extent"] = extents(filled["period_start"], period=period, today=today, cut_off=cut_off)
    filled["shown"] = [as_text(value, unit) for value in filled["value"]]
    return Card(title, draw(filled, unit=unit, period=period, colors=colors), note)


def as_text(value: float | None, unit: str) -> str:
    """A value as people read it, by its unit: count, seconds, hours or percent."""
    if value is None or pd.isna(value):
        return "–"
    if unit == "seconds":
        return duration(value)
    if unit == "percent":
        return f"{value:.0f}%"
    return f"{value:,.1f} h" if unit == "hours" else f"{value:,.0f}"


def taken_together(period: str) -> int:
    """How many periods a share is of: that of one day or week, of few incidents, would jump from 0 to 100 %."""
    return {"day": 28, "week": 4}.get(period, 1)


def trailing_share(frame: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Shares in percent of each period with those before it, so that few records don't make it jump.

    Args:
        frame: `period_start` (date or timestamp), `series`, `met`, `n` (records, of which so many met it); with
            those of as many periods before the span as are taken together.
        filters: what is shown.

    Returns:
        `period_start`, `series`, `value` (unknown without a record), `n`; a row for every period of the span.
    """
    if frame.empty:
        return frame.assign(value=[])
    counted = every_period(
        frame.rename(columns={"met": "value"}),
        period=filters.period,
        today=filters.today,
        zero=True,
    )
    sums = (
        counted.groupby("series")[["value", "n"]]
        .rolling(taken_together(filters.period), min_periods=1)
        .sum()
        .droplevel(0)
    )
    found = counted.assign(value=100 * sums["value"] / sums["n"], n=sums["n"].astype(int))
    first = filters.first_day()
    return found if first is None else found[found["period_start"] >= pd.Timestamp(first)]
