"""The default dashboards, with the numbers that the workspace itself computes for each panel.

`data` of a panel is a list of series, `{"name", "data": {label: value}}`. Labels are the first day
of each period for charts over time, names for pies and tables, and `value` for single numbers.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter
from rootly_assets.sandbox.company.settings.panels import (
    INCIDENT_RESPONSE,
    ON_CALL,
    WORKLOAD,
    Panel,
)
from rootly_assets.sandbox.company.settings.samples import Sample, collect
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import TIME_ZONE, Workspace

DASHBOARDS = [
    ("Incident Response", "day", "🚒", "#FAE6E8", INCIDENT_RESPONSE),
    ("Workload", "week", "🏋️", "#FCF2CF", WORKLOAD),
    ("On-Call Metrics", "week", "📟", "#D7F5E1", ON_CALL),
]
RANGE = timedelta(days=90)
TABLE_ROWS = 100
COLUMNS, WIDTH, HEIGHT = 3, 4, 3
# Rootly's own number for the workspace.
TEAM_ID = 3107


def populate(workspace: Workspace) -> None:
    """Add the dashboards and their panels, with their numbers of the last 90 days."""
    for name, period, icon, color, panels in DASHBOARDS:
        dashboard = enter(
            workspace,
            "dashboards",
            {
                "team_id": TEAM_ID,
                "user_id": None,
                "name": name,
                "description": None,
                "owner": "team",
                "public": False,
                "range": None,
                "period": period,
                "auto_refresh": False,
                "color": color,
                "icon": icon,
            },
        )
        for position, panel in enumerate(panels):
            _add_panel(workspace, dashboard, position, panel)
    refresh(workspace)


def refresh(workspace: Workspace) -> None:
    """Compute the numbers of all panels anew, over the 90 days up to the workspace's clock."""
    samples = collect(workspace)
    since, until = workspace.now - RANGE, workspace.now
    span = f"{workspace.timestamp(since)} to {workspace.timestamp(until)}"
    for dashboard in workspace.records("dashboards"):
        period, panels = next(
            (period, panels)
            for name, period, _, _, panels in DASHBOARDS
            if name == dashboard.attributes["name"]
        )
        workspace.update("dashboards", dashboard.id, range=span)
        records = workspace.nested("dashboard_panels", "dashboard_id", dashboard.id)
        for panel, record in zip(panels, records, strict=True):
            seen = [one for one in samples[panel.collection] if since <= one.at <= until]
            record.attributes["data"] = series(panel, seen, period)
            record.changed()


def series(panel: Panel, samples: list[Sample], period: str) -> list[dict[str, Any]]:
    """The series of a panel over samples that lie in its range.

    Args:
        panel: what to compute.
        samples: of the panel's collection.
        period: `day` or `week`, in the workspace's time zone; weeks begin on Monday.
    """
    cells: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for sample in samples:
        if not _passes(panel, sample) or panel.key not in sample.values:
            continue
        value = sample.values[panel.key]
        for group in _groups(panel, sample):
            if panel.display == "pie_chart":
                cells[panel.title][group].append(value)
            else:
                cells[group][_label(panel, sample, period)].append(value)
    return [
        {"name": name, "data": _aggregated(panel, labelled)}
        for name, labelled in sorted(cells.items())
    ]


def _add_panel(workspace: Workspace, dashboard: Record, position: int, panel: Panel) -> None:
    row, column = divmod(position, COLUMNS)
    below = {"dashboard_id": dashboard.id}
    enter(
        workspace,
        "dashboard_panels",
        {
            **below,
            "name": panel.title,
            "params": panel.params(),
            "position": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
            "data": [],
            **{key: dashboard.attributes[key] for key in ("created_at", "updated_at")},
        },
        parents=below,
    )


def _passes(panel: Panel, sample: Sample) -> bool:
    if panel.filter_key is None:
        return True
    return any(value in panel.filter_values for value in sample.facets[panel.filter_key])


def _groups(panel: Panel, sample: Sample) -> list[str]:
    return [panel.title] if panel.group_by is None else sample.facets[panel.group_by]


def _label(panel: Panel, sample: Sample, period: str) -> str:
    if panel.display == "aggregate_value":
        return "value"
    if panel.display == "table":
        return sample.name
    return _first_day(sample.at, period).isoformat()


def _first_day(moment: datetime, period: str) -> date:
    day = moment.astimezone(TIME_ZONE).date()
    return day - timedelta(days=day.weekday()) if period == "week" else day


def _aggregated(panel: Panel, labelled: dict[str, list[float]]) -> dict[str, float]:
    numbers = {
        label: sum(values) / len(values) if panel.operation == "average" else sum(values)
        for label, values in labelled.items()
    }
    if panel.display == "table":
        most = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
        return dict(most[:TABLE_ROWS])
    return dict(sorted(numbers.items()))
