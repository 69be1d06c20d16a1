"""Charts of incidents: how many, how long, where."""

import math

import altair as alt
import pandas as pd

from rootly_assets.charts.drawn import Drawn, layered
from rootly_assets.charts.durations import AXIS_LABEL, TICKS, duration
from rootly_assets.charts.panels import scaled
from rootly_assets.charts.periods import PALER, dated, dates, legend, when
from rootly_assets.charts.theme import EDGE, LEVEL_COLORS, LEVELS, PRIMARY, SECONDARY

LEVEL_SCALE = alt.Scale(domain=list(LEVELS), range=list(LEVEL_COLORS))
TIME_COLORS = {"to mitigate": SECONDARY, "to resolve": PRIMARY}
SECONDS = alt.Axis(
    values=list(TICKS), labelExpr=AXIS_LABEL, title="time to resolve, logarithmic", grid=True
)


def per_week(frame: pd.DataFrame, *, colors: dict[str, str]) -> Drawn:
    """Incidents by the week in which they started, stacked by severity.

    Args:
        frame: `period_start` (date), `series` (severity), `value` (count), `extent` (whole, or in words what of
            the week is missing).
        colors: colour by severity, the most severe first.
    """
    ranks = [*map(list(colors).index, frame["series"])]
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    return (
        alt.Chart(dated(frame).assign(rank=ranks))
        .mark_bar(cornerRadius=1, **EDGE)
        .encode(
            alt.X("yearmonthdate(period_start):O", title="week of", axis=dates("week")),
            alt.Y("value:Q", title="incidents", axis=alt.Axis(tickMinStep=1)),
            alt.Color("series:N", scale=scale, legend=legend(list(colors))),
            opacity=PALER,
            order=alt.Order("rank:Q"),
            tooltip=[
                when("week"),
                alt.Tooltip("series:N", title="severity"),
                alt.Tooltip("value:Q", title="incidents"),
            ],
        )
        .properties(width="container", height=220)
    )


def resolution_by_severity(frame: pd.DataFrame) -> Drawn:
    """How long incidents took to resolve: each a point, the median a line, on a logarithmic axis.

    Args:
        frame: `severity` (text, in order), `rank`, `level`, `seconds`, `title`; one row an incident.
    """
    order = list(frame.sort_values("rank")["severity"].drop_duplicates())
    shown = frame.assign(seconds=frame["seconds"].clip(lower=30))
    base = alt.Chart(shown).encode(alt.Y("severity:N", sort=order, title=None))
    # Room at both ends, so that no dot lies on a name, and no median's words are cut off.
    scale = alt.Scale(type="log", nice=False, padding=28)
    points = base.mark_circle(size=42, fillOpacity=0.55, opacity=1).encode(
        alt.X("seconds:Q", scale=scale, axis=SECONDS),
        alt.Color("level:N", scale=LEVEL_SCALE, legend=None),
        yOffset=alt.YOffset("jitter:Q", scale=alt.Scale(domain=[-1.6, 1.6])),
        tooltip=[
            alt.Tooltip("title:N", title="incident"),
            alt.Tooltip("severity:N"),
            alt.Tooltip("took:N", title="to resolve"),
        ],
    )
    middle = shown.groupby("severity", as_index=False)["seconds"].median()
    middle = middle.assign(took=[duration(each) for each in middle["seconds"]])
    medians = alt.Chart(middle).encode(
        alt.X("seconds:Q", scale=scale, axis=SECONDS),
        alt.Y("severity:N", sort=order, title=None),
        tooltip=[alt.Tooltip("severity:N"), alt.Tooltip("took:N", title="median")],
    )
    line = medians.mark_tick(thickness=3, size=26, opacity=1)
    words = medians.mark_text(dy=-20, fontWeight="bold").encode(text="took:N")
    return layered(points, line, words).properties(
        width="container", height=54 * max(len(order), 1)
    )


def medians(frame: pd.DataFrame, *, unit: str, period: str, colors: dict[str, str]) -> Drawn:
    """A median a series and period, with the 90 % interval in which it lies; one of fewer than five is a ring.

    Args:
        frame: `period_start` (date), `series` (text), `value` (the median), `n` (records), `low`, `high` (ends
            of its interval, unknown where it is of few), `shown` (the median as text), `extent` (whole, or in
            words what of the period is missing).
        unit: seconds.
        period: day, week, month or quarter.
        colors: colour by series, in the order of the legend.
    """
    between = [
        "unknown: too few" if math.isnan(low) else f"{duration(low)} to {duration(high)}"
        for low, high in zip(frame["low"].astype(float), frame["high"].astype(float), strict=True)
    ]
    frame, title = scaled(dated(frame).assign(between=between), unit)
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    base = alt.Chart(frame).encode(
        alt.X("yearmonthdate(period_start):O", title=None, axis=dates(period)),
        alt.Y("value:Q", title=f"median, {title}", axis=alt.Axis(tickCount=5)),
        alt.Color("series:N", scale=scale, legend=legend(list(colors))),
        tooltip=[
            when(period),
            alt.Tooltip("series:N", title="time"),
            alt.Tooltip("shown:N", title="median"),
            alt.Tooltip("between:N", title="90 % interval"),
            alt.Tooltip("n:Q", title="incidents"),
        ],
    )
    intervals = base.mark_rule(strokeWidth=5, opacity=0.4, clip=True).encode(
        alt.Y("low:Q"),
        alt.Y2("high:Q"),
        # Side by side: of two series they would hide each other.
        xOffset=alt.XOffset("series:N", sort=list(colors)),
    )
    points = base.mark_point(filled=True, size=48).encode(
        # A filled mark has no outline of its own, and one without filling would be invisible.
        stroke=alt.Stroke("series:N", scale=scale),
        opacity=PALER,
        fillOpacity=alt.condition("datum.n < 5", alt.value(0), alt.value(1)),
        strokeWidth=alt.value(2),
    )
    line = base.mark_line(strokeWidth=2)
    return layered(intervals, line, points).properties(width="container", height=220)
