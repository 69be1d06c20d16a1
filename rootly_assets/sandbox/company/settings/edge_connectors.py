"""Edge connectors: the agents in the grocer's own network, and the actions that they may run."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import ago, enter, slug
from rootly_assets.sandbox.workspace import Workspace

CONNECTORS = {
    "Production cluster": ("Restart a deployment", "Drain a node", "Fetch recent logs"),
    "Oakland depot": ("Reboot a picking station", "Switch to the second uplink"),
}


def populate(workspace: Workspace) -> None:
    """Add the connectors and their actions."""
    for position, (name, actions) in enumerate(CONNECTORS.items()):
        count = len(workspace.records("incidents")) // (position + 2)
        connector = enter(
            workspace,
            "edge_connectors",
            {
                "name": name,
                "description": None,
                "status": "active",
                "subscriptions": ["incident.created", "alert.created"],
                "last_poll_at": ago(workspace, minutes=0.5),
                "online": True,
                "deliveries_count": count,
                "deliveries_queued_count": 0,
                "deliveries_running_count": 0,
                "deliveries_completed_count": count - count // 50,
                "deliveries_failed_count": count // 50,
            },
        )
        for index, action in enumerate(actions):
            parameter: dict[str, Any] = {
                "name": "target",
                "type": "string",
                "required": True,
                "description": "What to act on",
                "default": None,
                "options": None,
            }
            enter(
                workspace,
                "edge_connector_actions",
                {
                    "name": action,
                    "slug": slug(action),
                    "action_type": "script" if index else "http",
                    "icon": "command-line",
                    "description": None,
                    "timeout": 60,
                    "parameters": [parameter],
                    "last_executed_at": ago(workspace, days=3 + index),
                },
                parents={"edge_connector_id": connector.id},
            )
