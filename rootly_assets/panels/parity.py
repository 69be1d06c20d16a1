"""Our number beside Rootly's, for each panel, series and label, with the likely reason where they differ."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from rootly_assets.panels.compiler import CannotCompileError, Window, compile_dataset
from rootly_assets.panels.definition import Params, parse_params, parse_series
from rootly_assets.panels.vocabulary import UNDOCUMENTED

MOST_RECORDS = 10_000
"""Rootly's panels look at no more records than this."""

_SINGLE = ("aggregate_value", "pie_chart", "table")


class Connection(Protocol):
    """What is asked of a database: run a query, give its rows."""

    def execute(self, query: str, /) -> Any:
        """Run a query."""
        ...


@dataclass(frozen=True)
class Panel:
    """A panel as the warehouse holds it; see `stg_rootly__dashboard_panels` and `stg_rootly__dashboards`."""

    id: str
    dashboard: str
    title: str
    params: str | None
    data: str | None
    span: str | None
    period: str | None


@dataclass(frozen=True)
class Comparison:
    """One number of a panel.

    Attributes:
        panel_id: Rootly's id of the panel.
        dashboard: title of its dashboard.
        panel: its title.
        series: name of the series; None where the panel could not be compared.
        label: first day of a period, a member, a record, or `value`.
        ours: what our models give; None where they give nothing.
        rootly: what Rootly computed; None where it gave nothing.
        n: records behind ours.
        agrees: whether both are the same; None where nothing could be compared.
        reason: why they likely differ, or why nothing could be compared.
    """

    panel_id: str
    dashboard: str
    panel: str
    series: str | None = None
    label: str | None = None
    ours: float | None = None
    rootly: float | None = None
    n: int | None = None
    agrees: bool | None = None
    reason: str | None = None


def compare(panel: Panel, connection: Connection, *, time_zone: str) -> Iterator[Comparison]:
    """Every number of a panel, in order of series and label.

    Args:
        panel: its definition and Rootly's numbers.
        connection: a database with the intermediate models.
        time_zone: IANA name of the zone in which periods are cut.
    """
    whole = Comparison(panel.id, panel.dashboard, panel.title)
    try:
        params = parse_params(panel.params)
        theirs = {
            (series.name or panel.title, label): value
            for series in parse_series(panel.data)
            for label, value in series.data.items()
        }
        since, until = _span(panel.span)
        window = Window(since, until, panel.period or "day", time_zone)
        ours: dict[tuple[str, str], tuple[float, int]] = {}
        for dataset in params.datasets:
            query = compile_dataset(
                dataset, display=params.display, title=panel.title, window=window
            )
            for series, label, value, n in connection.execute(query).fetchall():
                ours[series, label] = (value, n)
    except (ValueError, CannotCompileError) as error:
        yield replace(whole, reason=f"not compared: {error}")
        return
    looked_at = sum(n for _, n in ours.values())
    last = max((label for _, label in (*ours, *theirs)), default="")
    for series, label in sorted({*ours, *theirs}, key=str):
        value, n = ours.get((series, label), (None, 0))
        number = theirs.get((series, label))
        agrees = _same(value, number)
        reason = (
            None if agrees else _reason(params, label, n=looked_at, last=last, time_zone=time_zone)
        )
        yield replace(
            whole,
            series=series,
            label=label,
            ours=value,
            rootly=number,
            n=n,
            agrees=agrees,
            reason=reason,
        )


def _same(ours: float | None, theirs: float | None) -> bool:
    """Nothing and zero are the same: a chart that leaves out an empty period shows no other number."""
    return math.isclose(ours or 0.0, theirs or 0.0, rel_tol=1e-9, abs_tol=1e-6)


def _reason(params: Params, label: str, *, n: int, last: str, time_zone: str) -> str:
    keys = {each.aggregate.key for each in params.datasets if each.aggregate and each.aggregate.key}
    if n >= MOST_RECORDS:
        return f"Rootly's panels look at {MOST_RECORDS:,} records at most; here are {n:,}"
    if keys & UNDOCUMENTED:
        return "Rootly does not document how it computes " + ", ".join(sorted(keys & UNDOCUMENTED))
    if params.display not in _SINGLE and label == last:
        return "the last period was still filling up: Rootly's numbers may be 20 minutes old"
    if params.display not in _SINGLE and time_zone == "UTC":
        return "periods are cut in UTC here; ROOTLY_TIME_ZONE should name the workspace's zone"
    return (
        "unknown: a record may have changed since Rootly computed it (its cache lasts 20 minutes)"
    )


def _span(text: str | None) -> tuple[datetime, datetime]:
    """The first and the last instant of a dashboard's range, "<instant> to <instant>"."""
    since, found, until = (text or "").partition(" to ")
    if not found:
        raise ValueError("the dashboard does not say over which span of time it counts")
    first, last = datetime.fromisoformat(since.strip()), datetime.fromisoformat(until.strip())
    if first.tzinfo is None or last.tzinfo is None:
        raise ValueError(f"the dashboard's span of time {text!r} names no time zone")
    return first, last
