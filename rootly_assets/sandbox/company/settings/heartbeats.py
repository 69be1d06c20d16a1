"""Heartbeats: jobs that must report in, and what happens when they don't."""

from rootly_assets.sandbox.company.settings.entry import ago, enter, named, slug
from rootly_assets.sandbox.workspace import Workspace

HEARTBEATS = [
    ("Nightly price import", 1, "days", "active"),
    ("Order ledger reconciliation", 6, "hours", "active"),
    ("Search index rebuild", 12, "hours", "active"),
    ("Cold chain sensor feed", 10, "minutes", "active"),
    ("Supplier stock feed", 30, "minutes", "expired"),
    ("Backup of orders-postgres", 1, "days", "active"),
    ("Route planner training", 7, "days", "waiting"),
]
MINUTES = {"minutes": 1, "hours": 60, "days": 1440}


def populate(workspace: Workspace) -> None:
    """Add the heartbeats; `secret`, `ping_url` and `email_address` are live credentials."""
    urgencies = workspace.records("alert_urgencies")
    services = workspace.records("services")
    for position, (name, interval, unit, status) in enumerate(HEARTBEATS):
        word = name.split()[-1].split("-")[0]
        service = (named(workspace, "services", word) or services[position % len(services) :])[0]
        length = interval * MINUTES[unit]
        silence = length * (1.5 if status == "expired" else 0.4)
        pinged = status != "waiting"
        secret = f"sandbox-secret-heartbeat-{slug(name)}"
        enter(
            workspace,
            "heartbeats",
            {
                "name": name,
                "description": f"Expected every {interval} {unit}",
                "alert_summary": f"{name} did not report in",
                "alert_description": None,
                "alert_urgency_id": urgencies[0].id if urgencies else None,
                "interval": interval,
                "interval_unit": unit,
                "notification_target_id": service.id,
                "notification_target_type": "Service",
                "owner_group_ids": service.attributes["owner_group_ids"] or [],
                "enabled": True,
                "status": status,
                "ping_url": f"https://webhooks.rootly.example/heartbeats/{secret}/ping",
                "secret": secret,
                "email_address": f"{secret}@email.rootly.example",
                "last_pinged_at": ago(workspace, minutes=silence) if pinged else None,
                "expires_at": ago(workspace, minutes=silence - length) if pinged else None,
            },
        )
