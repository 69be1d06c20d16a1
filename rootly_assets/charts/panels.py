"""Charts of panels, whatever they count: trends by period, and members side by side."""

import altair as alt
import pandas as pd

from rootly_assets.charts.drawn import Drawn, layered
from rootly_assets.charts.periods import PALER, dated, dates, when
from rootly_assets.charts.periods import legend as legend_of
from rootly_assets.charts.theme import EDGE, PRIMARY, SERIES

# The largest unit of time of which the longest value has two or more.
_UNITS_OF_TIME = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


def trend(frame: pd.DataFrame, *, unit: str, period: str, colors: dict[str, str]) -> Drawn:
    """A line a series over the periods; a gap where the value is not known.

    Args:
        frame: `period_start` (date), `series` (text), `value`, `n` (records), `shown` (value as text), `extent`
            (whole, or in words what of the period is missing).
        unit: count, seconds, hours or percent.
        period: day, week, month or quarter.
        colors: colour by series, in the order of the legend.
    """
    several = len(colors) > 1
    frame, title = scaled(dated(frame), unit)
    base = alt.Chart(frame).encode(
        alt.X("yearmonthdate(period_start):O", title=None, axis=dates(period)),
        alt.Y("value:Q", axis=_values(unit, most=frame["value"].max()), title=title),
        _color(colors, legend=several),
        tooltip=_tooltip(frame, period, series=several),
    )
    line = base.mark_line(strokeWidth=2)
    points = base.mark_circle(size=30).encode(opacity=PALER)
    return layered(line, points).properties(width="container", height=220)


def shares(frame: pd.DataFrame, *, unit: str, period: str, colors: dict[str, str]) -> Drawn:
    """A line a series from 0 to 100, its dots the larger the more records; the same arguments as `trend`."""
    several = len(colors) > 1
    base = alt.Chart(dated(frame)).encode(
        alt.X("yearmonthdate(period_start):O", title=None, axis=dates(period)),
        alt.Y(
            "value:Q", axis=_values(unit), title="%", scale=alt.Scale(domain=[0, 100], nice=False)
        ),
        _color(colors, legend=several),
        tooltip=_tooltip(frame, period, series=several),
    )
    line = base.mark_line(strokeWidth=1.5)
    points = base.mark_circle().encode(
        alt.Size("n:Q", scale=alt.Scale(domainMin=0, range=[8, 160]), legend=None), opacity=PALER
    )
    return layered(line, points).properties(width="container", height=220)


def stacked(frame: pd.DataFrame, *, unit: str, period: str, colors: dict[str, str]) -> Drawn:
    """A column a period, its series on top of each other; the same arguments as `trend`."""
    frame, title = scaled(dated(frame), unit)
    return (
        alt.Chart(frame)
        .mark_bar(cornerRadius=1, **EDGE)
        .encode(
            alt.X("yearmonthdate(period_start):O", title=None, axis=dates(period)),
            alt.Y("value:Q", axis=_values(unit), title=title),
            _color(colors, legend=len(colors) > 1),
            opacity=PALER,
            tooltip=_tooltip(frame, period, series=len(colors) > 1),
        )
        .properties(width="container", height=220)
    )


def members(frame: pd.DataFrame) -> Drawn:
    """A bar a member, the most first, its value as text beside it.

    Args:
        frame: `label` (text), `value`, `shown` (value as text), in order.
    """
    said = [alt.Tooltip("label:N", title="name"), alt.Tooltip("shown:N", title="value")]
    return _bars(frame, said)


def _bars(frame: pd.DataFrame, tooltip: list[alt.Tooltip]) -> Drawn:
    # Beyond the longest bar there has to be room for its value.
    room = 12 + 7 * int(frame["shown"].str.len().max())
    most = float(frame["value"].max()) or 1.0
    scale = alt.Scale(domain=[0, most], range=[0, {"expr": f"width - {room}"}], nice=False)
    base = alt.Chart(frame).encode(
        alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=190)),
        alt.X("value:Q", title=None, axis=None, scale=scale),
        tooltip=tooltip,
    )
    text = base.mark_text(align="left", dx=6).encode(text="shown:N")
    bars = base.mark_bar(color=PRIMARY, cornerRadiusEnd=2)
    return layered(bars, text).properties(width="container", height=24 * len(frame))


def counts_with_times(frame: pd.DataFrame, *, label: str, count: str, time: str) -> Drawn:
    """The same of how many there are, each with a time beside it.

    Args:
        frame: the columns named below, and `took` (the time as text); most first.
        label: the column of the members' names.
        count: the column of their counts.
        time: what the time is, in words.
    """
    shown = [f"{n:,.0f} · {took}" for n, took in zip(frame[count], frame["took"], strict=True)]
    said = [
        alt.Tooltip("label:N", title=label),
        alt.Tooltip("value:Q", title=count, format=","),
        alt.Tooltip("took:N", title=time),
    ]
    return _bars(frame.rename(columns={label: "label", count: "value"}).assign(shown=shown), said)


def series_colors(names: list[str]) -> dict[str, str]:
    """Colours for series that have no order of their own."""
    return {name: SERIES[index % len(SERIES)] for index, name in enumerate(names)}


def _color(colors: dict[str, str], *, legend: bool) -> alt.Color:
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    if legend:
        return alt.Color("series:N", scale=scale, legend=legend_of(list(colors)))
    return alt.Color("series:N", scale=scale, legend=None)


def _values(unit: str, *, most: float = 5) -> alt.Axis:
    if unit != "count":
        return alt.Axis(tickCount=5)
    # Of two, Vega would still draw halves.
    ticks = 5 if pd.isna(most) else max(1, min(5, int(most)))
    return alt.Axis(tickCount=ticks, tickMinStep=1)


def scaled(frame: pd.DataFrame, unit: str) -> tuple[pd.DataFrame, str]:
    """Seconds in the unit that suits the longest, and the title of the axis; other units as they are.

    Args:
        frame: `value`, and for one that is estimated `low` and `high`.
        unit: count, seconds, hours or percent.
    """
    if unit != "seconds":
        return frame, "%" if unit == "percent" else unit
    longest = frame["value"].max()
    name, length = next(
        (each for each in _UNITS_OF_TIME if longest >= 2 * each[1]), _UNITS_OF_TIME[-1]
    )
    columns = frame.columns.intersection(["value", "low", "high"])
    return frame.assign(**{column: frame[column] / length for column in columns}), name


def _tooltip(frame: pd.DataFrame, period: str, *, series: bool) -> list[alt.Tooltip]:
    named = [alt.Tooltip("series:N", title="series")] if series else []
    # A count of records is the value itself.
    is_said = (frame["value"] == frame["n"]).all()
    records = [] if is_said else [alt.Tooltip("n:Q", title="records")]
    return [when(period), *named, alt.Tooltip("shown:N", title="value"), *records]
