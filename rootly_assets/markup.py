"""HTML that report and dashboard have in common."""

import html
from collections.abc import Sequence

from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.numbers import numbers

MOST_ROWS = 500
"""Rows after which the table behind a chart is cut: a browser has to lay all of them out."""


def numbers_of(drawn: Drawn, title: str) -> str:
    """The table behind a chart, closed until somebody asks for it.

    Args:
        drawn: the chart.
        title: what it is called, for who hears the page.
    """
    titles, rows = numbers(drawn)
    if not rows:
        return ""
    shown = "".join(_row("td", row) for row in rows[:MOST_ROWS])
    cut = f"<p>The first {MOST_ROWS:,} of {len(rows):,}.</p>" if len(rows) > MOST_ROWS else ""
    label = html.escape(f"Numbers of: {title}")
    return (
        f'<details class="numbers"><summary aria-label="{label}">Numbers</summary>'
        # Reached by the keyboard, since it scrolls.
        f'<div tabindex="0" role="region" aria-label="{label}"><table>'
        f"<thead>{_row('th', titles)}</thead><tbody>{shown}</tbody></table>{cut}</div></details>"
    )


def _row(cell: str, values: Sequence[str]) -> str:
    scope = ' scope="col"' if cell == "th" else ""
    cells = "".join(f"<{cell}{scope}>{html.escape(value)}</{cell}>" for value in values)
    return f"<tr>{cells}</tr>"
