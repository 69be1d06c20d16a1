"""The look of all charts: type, grid and colours.

Charts name the colours of a light ground; `ground.css` turns them on a dark one. Severities run from dark to
light, so that their order survives print and colour-blindness.
"""

from importlib.resources import files
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"

PRIMARY = "#2f6db5"
SECONDARY = "#5b9bd8"
ORANGE = "#d9601a"
PLUM = "#ad3671"
GREY = "#6b7683"
NOISE = "#98a1ad"

LEVELS = ("critical", "high", "medium", "low", "none")
LEVEL_COLORS = ("#b3261e", ORANGE, "#d5951f", "#9cb7cc", "#c9ced6")
"""From the most severe to none; lightness alone tells them apart."""


def level_colors(levels: list[str]) -> list[str]:
    """A colour for each of several severities; of one level the first has its own, the next are lighter.

    Args:
        levels: their levels, in the order of the severities.
    """
    return [
        _lighter(LEVEL_COLORS[LEVELS.index(level)], 0.3 * min(levels[:place].count(level), 2))
        for place, level in enumerate(levels)
    ]


def _lighter(color: str, share: float) -> str:
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + share * (255 - part)):02x}" for part in parts)


SIGNAL_COLORS = {"signal": PRIMARY, "noise": NOISE, "not marked": SECONDARY}
"""Of alerts, by whether they were marked as noise."""

SERIES = (PRIMARY, ORANGE, "#35b39b", PLUM, "#b8a12c", "#7d8894")
"""For series without an order, apart for the colour-blind too (a test has how far)."""


TEXT = "#1b2430"
"""Words and numbers, and marks that stand for them."""
QUIET = "#5b6675"
LINE = "#e5e8ec"

EDGE: dict[str, Any] = {"stroke": TEXT, "strokeOpacity": 0.55, "strokeWidth": 0.75}
"""A thin line around a mark of which the colour alone is nearly as light, or as dark, as the ground: the least
severe have a contrast of 1.6 and 2.1 on white, their edge has 3.6."""

GROUND = (files("rootly_assets.charts") / "ground.css").read_text(encoding="utf-8")
"""Style sheet of every page with charts, which names the page's own colours as variables."""

AUTOSIZE: dict[str, Any] = {"type": "fit-x", "contains": "padding", "resize": True}
"""As wide as its card; the height is the chart's own, and grows where a legend takes more rows."""

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "labelFontSize": 11,
        "titleColor": QUIET,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "axisX": {"grid": False},
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "labelColor": TEXT,
        "labelFontSize": 11,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "symbolType": "square",
        "symbolStrokeColor": TEXT,
        "symbolStrokeWidth": 0.75,
        "title": None,
        "offset": 4,
    },
    "text": {"color": TEXT, "font": FONT, "fontSize": 11},
    "rule": {"color": QUIET},
    # What lies on one another is told apart by its edge, too.
    "circle": EDGE,
    "tick": {"color": TEXT},
    "title": {"color": TEXT, "anchor": "start"},
}
"""Vega-Lite's `config`."""
