"""Charts of alerts and of the people whom they reach."""

import altair as alt
import pandas as pd

from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.periods import PALER, dates
from rootly_assets.charts.theme import PRIMARY, SIGNAL_COLORS


def per_week(frame: pd.DataFrame) -> Drawn:
    """Alerts by week, by whether they were signal or noise.

    Args:
        frame: `period_start` (date), `series` (signal, noise or not marked), `value` (count), `extent` (whole,
            or in words what of the week is missing).
    """
    found = set(frame["series"])
    kinds = {kind: color for kind, color in SIGNAL_COLORS.items() if kind in found}
    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    return (
        alt.Chart(frame)
        .mark_bar(cornerRadius=1)
        .encode(
            alt.X("yearmonthdate(period_start):O", title="week of", axis=dates("week")),
            alt.Y("value:Q", title="alerts"),
            alt.Color("series:N", scale=scale),
            opacity=PALER,
            tooltip=[
                alt.Tooltip("period_start:T", title="week of", format="%d %b %Y"),
                alt.Tooltip("series:N", title="marked"),
                alt.Tooltip("value:Q", title="alerts"),
                alt.Tooltip("extent:N", title="week"),
            ],
        )
        .properties(width="container", height=220)
    )


def by_responder(frame: pd.DataFrame) -> Drawn:
    """The people who responded to the most alerts.

    Args:
        frame: `person` (text), `alerts` (count), `took` (median time to acknowledge, text); most first.
    """
    return (
        alt.Chart(frame)
        .mark_bar(color=PRIMARY, cornerRadiusEnd=2)
        .encode(
            alt.Y("person:N", sort=None, title=None, axis=alt.Axis(labelLimit=170)),
            alt.X("alerts:Q", title="alerts responded to", axis=alt.Axis(grid=True)),
            tooltip=["person:N", "alerts:Q", alt.Tooltip("took:N", title="median to acknowledge")],
        )
        .properties(width="container", height=20 * len(frame))
    )
