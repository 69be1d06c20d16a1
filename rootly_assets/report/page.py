"""The report as one HTML file: opens from disk, asks the network for nothing, light and dark."""

import html
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

import vl_convert

from rootly_assets.charts import alerts, incidents, on_call
from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.panels import counts_with_times
from rootly_assets.charts.theme import AUTOSIZE, CONFIG, GROUND
from rootly_assets.markup import numbers_of
from rootly_assets.queries.clocks import in_zone
from rootly_assets.queries.tiles import Change, Tile
from rootly_assets.report.figures import DAYS, Figures, Row


def page(figures: Figures, *, time_zone: str) -> str:
    """The whole report.

    Args:
        figures: what to show.
        time_zone: IANA name of the zone in which days and weeks were cut, to be named.
    """
    template = (files("rootly_assets.report") / "page.html").read_text(encoding="utf-8")
    charts = dict(sections(figures))
    specs = {
        f"chart-{index}": _spec(title, chart) for index, (title, chart) in enumerate(charts.items())
    }
    body = "".join(
        f'<section class="card"><h2>{html.escape(title)}</h2>'
        f'<div class="chart" id="chart-{index}"></div>{numbers_of(chart, title)}'
        "</section>"
        for index, (title, chart) in enumerate(charts.items())
    )
    values: dict[str, str] = {
        "until": html.escape(_until(figures, time_zone)),
        "days": str(DAYS),
        "tiles": "".join(map(tile_of, figures.tiles)),
        "charts": body or f'<p class="empty">{_nothing(figures)}</p>',
        "attention": "".join(_attention(figures)),
        "vega": _vega(),
        "specs": _json(specs),
        "config": _json(CONFIG),
        "ground": GROUND,
    }
    # One pass, so that text of a workspace that looks like a mark stays text.
    parts = template.split("@@")
    return "".join(values[part] if index % 2 else part for index, part in enumerate(parts))


def sections(figures: Figures) -> Iterator[tuple[str, Drawn]]:
    """Charts by title, those without anything to draw left out."""
    if len(figures.weekly):
        yield (
            "Incidents by week and severity",
            incidents.per_week(figures.weekly, colors=figures.severities),
        )
    if len(figures.resolutions):
        yield (
            "Time to resolve: every incident, and the median",
            incidents.resolution_by_severity(figures.resolutions),
        )
    if len(figures.medians):
        yield (
            "Median time by week · bars: where it lies with 90 % certainty · rings: under five incidents",
            incidents.medians(
                figures.medians, unit="seconds", period="week", colors=incidents.TIME_COLORS
            ),
        )
    if len(figures.services):
        yield (
            "Services with the most incidents · median time to resolve",
            counts_with_times(
                figures.services, label="service", count="incidents", time="median time to resolve"
            ),
        )
    if len(figures.alerts):
        yield _alerts_title(figures), alerts.per_week(figures.alerts)
    if len(figures.people):
        yield (
            "Responders by alerts · median time to acknowledge",
            counts_with_times(
                figures.people, label="person", count="alerts", time="median time to acknowledge"
            ),
        )
    if len(figures.hours):
        yield "When people were interrupted", on_call.hours_of_the_week(figures.hours)
    if len(figures.on_call):
        yield (
            "People with the most hours on call, nights and weekends apart",
            on_call.by_person(figures.on_call),
        )


def _nothing(figures: Figures) -> str:
    return (
        "Nothing happened in these days." if figures.loaded_at else "There is nothing to show yet."
    )


def _alerts_title(figures: Figures) -> str:
    """One colour alone says nothing: then the title does."""
    kinds: set[str] = set(figures.alerts["series"])
    if kinds == {"not marked"}:
        return "Alerts by week, none of them marked as signal or noise"
    if len(kinds) == 1:
        return f"Alerts by week, all of them {kinds.pop()}"
    return "Alerts by week, signal and noise"


def key_chart_png(figures: Figures) -> bytes | None:
    """The first chart as a PNG, for places that show no HTML; None where nothing is drawn."""
    chart = next((chart for _, chart in sections(figures)), None)
    if chart is None:
        return None
    spec = chart.properties(width=720).to_dict()
    spec["config"] = {**CONFIG, "background": "white", "font": "DejaVu Sans"}
    return vl_convert.vegalite_to_png(spec)


def _until(figures: Figures, time_zone: str) -> str:
    if figures.loaded_at is None:
        return "not synced yet"
    return f"up to {in_zone(figures.loaded_at, time_zone)}; weeks begin on Monday"


def _spec(title: str, chart: Drawn) -> dict[str, Any]:
    # Who hears the page hears the title, which Vega takes from here.
    return {**chart.to_dict(), "description": title, "autosize": AUTOSIZE}


@cache
def _vega() -> str:
    """Vega, Vega-Lite and vega-embed as one script; a script element must not end inside of it."""
    bundle = cast("Callable[[], str]", vl_convert.javascript_bundle)  # its stub forgets the default
    return bundle().replace("</script", "<\\/script")


def tile_of(tile: Tile) -> str:
    """A headline figure as HTML; a change has a colour where it is more than chance."""
    change = "" if tile.change is None else _change(tile.change)
    small = '<span class="small">too few to say much</span>' if tile.small else ""
    return (
        f'<div class="tile"><div class="label">{html.escape(tile.label)}</div>'
        f'<div class="value">{html.escape(tile.value)}{change}</div>'
        f'<div class="note">{html.escape(tile.note)}{small}</div></div>'
    )


def _change(change: Change) -> str:
    title = html.escape(f"against the {DAYS} days before; {change.why}")
    # More of anything that has a tile is worse.
    kind = (" worse" if change.share > 0 else " better") if change.is_clear else ""
    return f'<span class="change{kind}" title="{title}">{change.words}</span>'


def _attention(figures: Figures) -> Iterator[str]:
    for heading, rows in figures.attention.items():
        yield f'<div class="list"><h3>{html.escape(heading)}</h3><ul>'
        yield "".join(map(_row, rows))
        yield "</ul></div>"
    if not figures.attention:
        yield '<p class="empty">Nothing is waiting.</p>'


def _row(row: Row) -> str:
    details = html.escape(row.details)
    if row.incident:
        details += f"; after {_linked(*row.incident)}"
    below = f'<span class="details">{details}</span>' if details else ""
    why = f'<span class="why">{html.escape(row.why)}</span>'
    return f'<li><span class="what">{_linked(row.what, row.url)}{below}</span>{why}</li>'


def _linked(text: str | None, url: str | None) -> str:
    """A text that leads to Rootly, where there is an address."""
    shown = html.escape(text or "untitled")
    if url and url.startswith(("https://", "http://")):
        return f'<a href="{html.escape(url)}" rel="noreferrer">{shown}</a>'
    return shown


def _json(value: object) -> str:
    """JSON that can stand inside of a script element, whatever the texts of a workspace say."""
    return json.dumps(value, default=str).replace("<", "\\u003c")
