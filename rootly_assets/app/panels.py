"""The tabs that mirror Rootly's default dashboards: the same panels, compiled like the user's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rootly_assets.app.cards import Card, Tab
from rootly_assets.app.counts import cut_at
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import as_text, over_time
from rootly_assets.charts.panels import members, series_colors, stacked, trend
from rootly_assets.charts.theme import SECONDARY, SIGNAL_COLORS
from rootly_assets.panels.compiler import MOST_TABLE_ROWS, compile_dataset
from rootly_assets.panels.conditions import MEASURED, Window
from rootly_assets.panels.definition import Aggregate, Filter, Rule
from rootly_assets.panels.definition import Dataset as Question
from rootly_assets.panels.vocabulary import FROM_THE_ONE_BEFORE
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import SIGNALS
from rootly_assets.queries.portable import seconds_since_previous
from rootly_assets.queries.private import title
from rootly_assets.queries.severities import severity_colors
from rootly_assets.queries.tiles import Change, Tile, change_of_count, change_of_value
from rootly_assets.reader import Dataset
from rootly_assets.sql import literal

MOST_SERIES = 6
MOST_MEMBERS = 12


@dataclass(frozen=True)
class Panel:
    """A row of the seed `rootly_default_panels`."""

    title: str
    display: str
    question: Question
    unit: str


def default_dashboard(dataset: Dataset, filters: Filters, *, name: str) -> Tab:
    """A default dashboard of Rootly's, narrowed by the filters.

    Args:
        dataset: where to read.
        filters: what to show.
        name: Incident Response, Workload or On-Call Metrics.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    panels = _panels(dataset, name)
    records = "alerts" if name == "On-Call Metrics" else "incidents"
    filters = filters.by_clock_of(records)
    before = filters.before(dataset, records=records)
    narrowed = (
        " Alerts have no severity and are not narrowed by it."
        if filters.severity and name == "On-Call Metrics"
        else ""
    )
    return Tab(
        intro=f"Rootly's own dashboard {name}: the same panels, population and formulas.{narrowed} "
        "Trends begin and end with the time that is shown, as Rootly's do; periods that it cuts are paler.",
        tiles=[
            _tile(dataset, panel, filters, before)
            for panel in panels
            if panel.display == "aggregate_value"
        ],
        cards=[
            _card(dataset, panel, filters) for panel in panels if panel.display != "aggregate_value"
        ],
    )


def _panels(dataset: Dataset, dashboard: str) -> list[Panel]:
    rows = dataset.portable(
        "SELECT * FROM seeds.rootly_default_panels "
        f"WHERE dashboard = {literal(dashboard)} ORDER BY position"
    ).records()
    return list(map(_panel, rows))


def _panel(row: dict[str, Any]) -> Panel:
    rules = [
        Rule(operation="or", condition="=", key=row["filter_attribute"], value=value)
        for value in (row["filter_values"] or "").split("|")
        if value
    ]
    question = Question(
        collection=row["collection"],
        filter=[Filter(rules=rules)] if rules else None,
        group_by=row["group_by"],
        aggregate=Aggregate(operation=row["operation"], key=row["key"]),
    )
    return Panel(row["title"], row["display"], question, _unit(row["key"]))


def _unit(key: str) -> str:
    if key == "results":
        return "count"
    if key.startswith("hours_"):
        return "hours"
    return "percent" if key.endswith("_rate") else "seconds"


# Rootly names incidents by their titles in tables: of private ones nobody learns that here.
_NAMED_FOR_ALL = f"""(
SELECT measures.collection, measures.record_id, measures.measured_at, measures.key, measures.value,
    CASE WHEN fct_incidents.is_private THEN {title()} ELSE measures.record_name END AS record_name
FROM {MEASURED} AS measures
LEFT JOIN marts.fct_incidents ON measures.record_id = fct_incidents.incident_id
)"""


def _answer(dataset: Dataset, panel: Panel, filters: Filters, window: Window) -> pd.DataFrame:
    narrowed = filters.conditions(panel.question.collection, "measures.record_id")
    measured = MEASURED
    if panel.display == "table" and panel.question.collection == "incidents":
        measured = _NAMED_FOR_ALL
    if _is_of_gaps(panel, narrowed):
        measured, narrowed = _gaps(narrowed), ["measures.value IS NOT NULL"]
    query = compile_dataset(
        panel.question,
        display=panel.display,
        title=panel.title,
        window=window,
        narrowed=narrowed,
        measured=measured,
    )
    return dataset.portable(query).df()


def _is_of_gaps(panel: Panel, narrowed: Sequence[str]) -> bool:
    return bool(narrowed) and panel.question.key in FROM_THE_ONE_BEFORE


def _gaps(narrowed: Sequence[str]) -> str:
    """Times between failures of the alerts that are shown, whatever other alerts came between two of them.

    The models' measure is the time since the alert before, of any service and team.
    """
    conditions = " AND ".join(["collection = 'alerts'", "key = 'results'", *narrowed])
    value = seconds_since_previous("measured_at", "ORDER BY measured_at, record_id")
    return (
        "(SELECT collection, record_id, record_name, measured_at, recorded_at, changed_at, known_at, "
        f"'time_between_failure' AS key, {value} AS value "
        f"FROM {MEASURED} AS measures WHERE {conditions})"
    )


def _tile(dataset: Dataset, panel: Panel, filters: Filters, before: Window | None) -> Tile:
    value, n = _single(_answer(dataset, panel, filters, filters.window))
    then, then_n = _single(_answer(dataset, panel, filters, before)) if before else (None, 0)
    if panel.unit != "count" and min(n, then_n) < SMALL:
        then = None
    note = "" if panel.unit == "count" else f"mean of {n:,}"
    if panel.unit == "count" and value is None:
        value = 0.0
    return Tile(panel.title, as_text(value, panel.unit), _change(panel, value, then), note)


def _change(panel: Panel, now: float | None, before: float | None) -> Change | None:
    if panel.unit == "count" and now is not None and before is not None:
        return change_of_count(round(now), round(before))
    return change_of_value(now, before)


def _single(frame: pd.DataFrame) -> tuple[float | None, int]:
    if frame.empty or int(frame["n"].iloc[0]) == 0:
        return None, 0
    return float(frame["value"].iloc[0]), int(frame["n"].iloc[0])


def _card(dataset: Dataset, panel: Panel, filters: Filters) -> Card:
    frame = _answer(dataset, panel, filters, filters.window).dropna(subset=["value"])
    if frame.empty:
        of_alerts = panel.question.collection == "alerts"
        return Card(
            _by_member(panel), None, nothing=filters.none_of("alerts" if of_alerts else "incidents")
        )
    frame["shown"] = [as_text(value, panel.unit) for value in frame["value"]]
    if panel.display in ("pie_chart", "table"):
        return _members(panel, frame)
    return _trend(dataset, panel, frame, filters)


def _members(panel: Panel, frame: pd.DataFrame) -> Card:
    frame = frame.sort_values(["value", "label"], ascending=[False, True])
    total = frame["value"].sum()
    if panel.display == "pie_chart" and total:
        shares = frame["value"] / total
        frame["shown"] = [
            f"{text} ({share:.0%})" for text, share in zip(frame["shown"], shares, strict=True)
        ]
    note = cut_at(MOST_MEMBERS, len(frame))
    if len(frame) == MOST_TABLE_ROWS:  # there may be more
        note = f"The first {MOST_MEMBERS}."
    kept = frame.head(MOST_MEMBERS)[["label", "value", "shown"]]
    return Card(_by_member(panel), members(kept), note)


def _by_member(panel: Panel) -> str:
    return f"{panel.title}, in all" if panel.display == "pie_chart" else panel.title


def _trend(dataset: Dataset, panel: Panel, frame: pd.DataFrame, filters: Filters) -> Card:
    if panel.question.group_by == "noise":
        frame = frame.replace({"series": SIGNALS})
    weight = frame.groupby("series")["n"].sum().sort_values(ascending=False, kind="stable")
    kept = [str(name) for name in weight.index[:MOST_SERIES]]
    note = cut_at(MOST_SERIES, len(weight), "series")
    if len(weight) == 1 and panel.question.group_by is not None:
        note = f"All that have one are {kept[0]}."  # there is no legend then
    if _is_of_gaps(panel, filters.conditions(panel.question.collection, "measures.record_id")):
        note = f"{note} Since the alert before among those that are shown.".lstrip()
    frame = frame[frame["series"].isin(kept)]
    named = frame.assign(period_start=frame["label"])
    match panel.question.group_by:
        case "severity":
            colors = severity_colors(dataset, kept)
        case "noise":
            colors = {name: SIGNAL_COLORS.get(name, SECONDARY) for name in kept}
        case _:
            colors = series_colors(kept)
    draw = stacked if panel.display in ("column_chart", "stacked_column_chart") else trend
    return over_time(
        panel.title,
        named,
        filters,
        draw=draw,
        unit=panel.unit,
        colors=colors,
        note=note,
        whole=False,
    )
