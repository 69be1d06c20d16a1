"""Charts of what being on call asks of people."""

import altair as alt
import pandas as pd

from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.periods import legend
from rootly_assets.charts.theme import ORANGE, PRIMARY, SECONDARY

_PARTS = {"weekday": "weekdays", "night": "weekday nights", "weekend": "weekends"}
# From ordinary hours to those that cost most: the rarer, the stronger.
_COLORS = (SECONDARY, PRIMARY, ORANGE)


def hours_of_the_week(frame: pd.DataFrame) -> Drawn:
    """Interruptions by weekday and hour of the person's own day, the darker the more.

    Args:
        frame: `weekday` (Mon to Sun), `hour` (0 to 23), `interruptions` (count); a row for every hour.
    """
    most = max(1, int(frame["interruptions"].max()))
    return (
        alt.Chart(frame)
        .mark_rect(cornerRadius=2, stroke=None)
        .encode(
            alt.X(
                "hour:O",
                title="hour of the day, where the person lives",
                scale=alt.Scale(paddingInner=0.12),
                axis=alt.Axis(values=list(range(0, 24, 3)), labelAngle=0),
            ),
            alt.Y("weekday:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.12)),
            # One colour that fades away: reads in light and in dark, in print, and for the colour-blind.
            alt.Opacity(
                "interruptions:Q",
                scale=alt.Scale(domain=[0, most], range=[0.1, 1]),
                legend=alt.Legend(title="interruptions", values=[0, most], symbolFillColor=PRIMARY),
            ),
            color=alt.value(PRIMARY),
            tooltip=[
                alt.Tooltip("weekday:N", title="day"),
                alt.Tooltip("hour:O", title="hour"),
                alt.Tooltip("interruptions:Q"),
            ],
        )
        .properties(width="container", height=200)
    )


def by_person(frame: pd.DataFrame) -> Drawn:
    """Hours on call by person, the most first, nights and weekends apart.

    Args:
        frame: `person` (text), hours `weekday`, `night` and `weekend`, `interruptions` (count, or
            unknown), in order.
    """
    known = ["–" if pd.isna(each) else f"{each:,.0f}" for each in frame["interruptions"]]
    long = frame.assign(interruptions=known).melt(
        ["person", "interruptions"], list(_PARTS), var_name="part", value_name="hours"
    )
    long = long.assign(when=long["part"].map(_PARTS), order=long["part"].map(list(_PARTS).index))
    return (
        alt.Chart(long)
        .mark_bar(cornerRadius=1)
        .encode(
            alt.Y(
                "person:N", sort=frame["person"].tolist(), title=None, axis=alt.Axis(labelLimit=170)
            ),
            alt.X("hours:Q", title="hours on call", axis=alt.Axis(grid=True)),
            alt.Color(
                "when:N",
                scale=alt.Scale(domain=list(_PARTS.values()), range=list(_COLORS)),
                legend=legend(list(_PARTS.values()), beside=140),
            ),
            order="order:Q",
            tooltip=[
                "person:N",
                alt.Tooltip("when:N", title="when"),
                alt.Tooltip("hours:Q", format=",.0f"),
                alt.Tooltip("interruptions:N", title="interruptions in all"),
            ],
        )
        .properties(width="container", height=22 * len(frame))
    )
