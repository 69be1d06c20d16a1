"""Our number beside Rootly's, for each panel, series and label, with the likely reason where they differ."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from rootly_assets.panels.answers import Cells, Connection, Question
from rootly_assets.panels.conditions import CannotCompileError, Window
from rootly_assets.panels.definition import parse_params, parse_series
from rootly_assets.panels.reasons import Asked, Reasons, same


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


def compare(
    panel: Panel,
    connection: Connection,
    *,
    time_zone: str,
    keys: Collection[str] | None = None,
    asked: Asked | None = None,
) -> Iterator[Comparison]:
    """Every number of a panel, in order of series and label.

    Args:
        panel: its definition and Rootly's numbers.
        connection: a database with the intermediate models.
        time_zone: IANA name of the zone in which periods are cut.
        keys: the fields and roles that the workspace has, as `int_rootly__panel_keyed_attributes` names
            them; None to take the panel's word for it.
        asked: when Rootly was asked for these numbers, and for the records.
    """
    whole = Comparison(panel.id, panel.dashboard, panel.title)
    try:
        params = parse_params(panel.params)
        theirs = {
            (series.name or panel.title, label): value
            for series in parse_series(panel.data)
            for label, value in series.data.items()
        }
        window = Window(*_span(panel.span), panel.period or "day", time_zone)
        questions = [
            Question(each, params.display, panel.title, window, keys, connection)
            for each in params.datasets
        ]
        ours: Cells = {}
        for question in questions:
            ours |= question.cells(label for _, label in theirs)
    except (ValueError, CannotCompileError) as error:
        yield replace(whole, reason=f"not compared: {error}")
        return
    cells = sorted({*ours, *theirs}, key=str)
    reasons = Reasons(questions, {label for _, label in cells}, asked or Asked())
    for cell in cells:
        value, n = ours.get(cell, (None, 0))
        number = theirs.get(cell)
        agrees = same(value, number)
        yield replace(
            whole,
            series=cell[0],
            label=cell[1],
            ours=value,
            rootly=number,
            n=n,
            agrees=agrees,
            reason=None if agrees else reasons.of(cell, value, number),
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
