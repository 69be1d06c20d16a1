"""Durations as people say them, in text and on the axes of charts."""

import math

# Where the gridlines of a logarithmic axis of seconds lie: a minute, ten, an hour, six, a day, a week.
TICKS = (60, 600, 3600, 21600, 86400, 604800)

# The same as labels, in Vega's expression language.
AXIS_LABEL = (
    "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' : "
    "datum.value < 86400 ? datum.value / 3600 + ' h' : datum.value / 86400 + ' d'"
)


def duration(seconds: float | None) -> str:
    """A duration in its largest units: `45s`, `12m`, `3h 05m`, `2d 4h`; a dash for none."""
    if seconds is None or math.isnan(seconds):
        return "–"
    total = round(seconds)
    if total < 60:
        return f"{total}s"
    minutes = round(total / 60)
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02d}m"
    days, hours = divmod(round(total / 3600), 24)
    return f"{days}d {hours}h"
