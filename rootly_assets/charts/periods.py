"""What all charts over periods share: their axis, and how a period that is not whole looks."""

import altair as alt

_FORMAT = {"day": "%d %b", "week": "%d %b", "month": "%b %Y", "quarter": "%b %Y"}

PALER = alt.condition("datum.extent === 'whole'", alt.value(1), alt.value(0.4))
"""Opacity: of a period that is not over, or was cut off, less stands there than happened in it."""


def dates(period: str) -> alt.Axis:
    """An axis of the first days of periods.

    Args:
        period: day, week, month or quarter.
    """
    return alt.Axis(format=_FORMAT[period], labelAngle=0, labelOverlap="parity", labelSeparation=12)
