"""What all charts over periods share: their axis, their legend, and how a period that is not whole looks."""

import altair as alt
import pandas as pd

LONGEST_LABEL = 160
"""Width to which a name in a legend is cut, in pixels."""

_FORMAT = {"day": "%d %b", "week": "%d %b", "month": "%b %Y", "quarter": "%b %Y"}

PALER = alt.condition("datum.extent === 'whole'", alt.value(1), alt.value(0.4))
"""Opacity: of a period that is not over, or was cut off, less stands there than happened in it."""


def legend(names: list[str], *, beside: int = 50) -> alt.Legend:
    """A legend in one row, or in as many columns as the chart is wide enough for, also on a telephone.

    Args:
        names: of its entries.
        beside: about how wide what stands on the left of the plot is, in pixels.
    """
    widths = [
        24 + min(LONGEST_LABEL, 6 * len(name)) for name in names
    ]  # a symbol, and about its words
    # Of the card: the plot's own width is known after room was made for the legend, and not before.
    room = f"(isFinite(containerSize()[0]) ? containerSize()[0] - {beside} : width)"
    fits = (
        f"{room} >= {sum(widths)} ? {len(names)} : max(1, floor({room} / {max(widths, default=1)}))"
    )
    # Its colours are as they are, however pale the marks of one layer.
    return alt.Legend(columns=alt.ExprRef(fits), labelLimit=LONGEST_LABEL, symbolOpacity=1)


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with `when`: the first day of each period, and what of it is missing.

    Args:
        frame: `period_start` (date), `extent` (whole, or in words what is missing).
    """
    rows = zip(pd.to_datetime(frame["period_start"]), frame["extent"], strict=True)
    return frame.assign(
        when=[
            f"{start:%d %b %Y}" + ("" if extent == "whole" else f", {extent}")
            for start, extent in rows
        ]
    )


def when(period: str) -> alt.Tooltip:
    """What stands first in a tooltip of a `dated` frame."""
    return alt.Tooltip("when:N", title="week of" if period == "week" else period)


def dates(period: str) -> alt.Axis:
    """An axis of the first days of periods.

    Args:
        period: day, week, month or quarter.
    """
    return alt.Axis(format=_FORMAT[period], labelAngle=0, labelOverlap="parity", labelSeparation=12)
