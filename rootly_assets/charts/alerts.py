"""Charts of alerts."""

import altair as alt
import pandas as pd

from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.periods import PALER, dated, dates, legend, when
from rootly_assets.charts.theme import SIGNAL_COLORS


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
        alt.Chart(dated(frame))
        .mark_bar(cornerRadius=1)
        .encode(
            alt.X("yearmonthdate(period_start):O", title="week of", axis=dates("week")),
            alt.Y("value:Q", title="alerts"),
            alt.Color("series:N", scale=scale, legend=legend(list(kinds))),
            opacity=PALER,
            tooltip=[
                when("week"),
                alt.Tooltip("series:N", title="marked"),
                alt.Tooltip("value:Q", title="alerts"),
            ],
        )
        .properties(width="container", height=220)
    )
