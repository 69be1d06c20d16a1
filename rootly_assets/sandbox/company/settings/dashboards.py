"""The default dashboards, with the numbers that the workspace itself computes for each panel."""

from datetime import timedelta

from rootly_assets.sandbox.company.settings.entry import enter
from rootly_assets.sandbox.company.settings.panel_numbers import Range, numbers
from rootly_assets.sandbox.company.settings.panels import (
    INCIDENT_RESPONSE,
    ON_CALL,
    WORKLOAD,
    Panel,
)
from rootly_assets.sandbox.company.settings.samples import collect
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

DASHBOARDS = [
    ("Incident Response", "day", "🚒", "#FAE6E8", INCIDENT_RESPONSE),
    ("Workload", "week", "🏋️", "#FCF2CF", WORKLOAD),
    ("On-Call Metrics", "week", "📟", "#D7F5E1", ON_CALL),
]
RANGE = timedelta(days=90)
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
        # Neither is an edit: nobody changed the dashboard.
        dashboard.attributes["range"] = span
        dashboard.changed()
        shown = Range(since, until, dashboard.attributes["period"])
        for panel in workspace.nested("dashboard_panels", "dashboard_id", dashboard.id):
            params, name = panel.attributes["params"], panel.attributes["name"]
            panel.attributes["data"] = numbers(params, name, samples, shown)
            panel.changed()


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
