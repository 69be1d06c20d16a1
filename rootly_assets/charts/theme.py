"""The look of all charts: type, grid and colours, in light and in dark.

Severities run from dark to light, so that their order survives print and colour-blindness.
"""

from dataclasses import dataclass
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"

PRIMARY = "#2f6db5"
SECONDARY = "#8fb8e0"
ORANGE = "#d9601a"
VIOLET = "#8a5fb0"
GREY = "#6b7683"
NOISE = "#b9bec6"

LEVELS = ("critical", "high", "medium", "low", "none")
LEVEL_COLORS = ("#b3261e", ORANGE, "#efb23e", "#8fa9bd", "#c3c8cf")
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

SERIES = (PRIMARY, ORANGE, "#2a9d8f", VIOLET, "#b3892b", GREY)
"""For series without an order, apart in lightness as well as in hue."""


@dataclass(frozen=True)
class Shade:
    """Colours of the ground that charts stand on.

    Attributes:
        text: words and numbers.
        quiet: labels of axes.
        line: grid.
    """

    text: str
    quiet: str
    line: str


LIGHT = Shade(text="#1b2430", quiet="#5b6675", line="#e5e8ec")
DARK = Shade(text="#e8ebef", quiet="#9aa5b3", line="#2d3642")


def config(shade: Shade) -> dict[str, Any]:
    """Vega-Lite's `config` for a shade; charts themselves name no colour of the ground."""
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": shade.quiet,
            "labelFontSize": 11,
            "titleColor": shade.quiet,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "gridColor": shade.line,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisX": {"grid": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelColor": shade.text,
            "labelFontSize": 11,
            "titleColor": shade.quiet,
            "titleFontWeight": "normal",
            "symbolType": "square",
            "title": None,
            "offset": 4,
        },
        "text": {"color": shade.text, "font": FONT, "fontSize": 11},
        "rule": {"color": shade.quiet},
        # What lies on one another, or is nearly as dark as the ground, is told apart by its edge.
        "circle": {"stroke": shade.text, "strokeOpacity": 0.35, "strokeWidth": 0.75},
        "tick": {"color": shade.text},
        "title": {"color": shade.text, "anchor": "start"},
    }
