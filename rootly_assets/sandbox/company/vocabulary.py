"""The words a workspace classifies with: severities, environments, types, causes, roles, states."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

_SEVERITIES = (
    ("SEV0", "critical", "#B91C1C", "Customers cannot order or pay, or data is at risk"),
    ("SEV1", "high", "#EA580C", "A core journey is failing for many customers"),
    ("SEV2", "medium", "#CA8A04", "A journey is degraded, or failing for some customers"),
    ("SEV3", "low", "#2563EB", "Little or no customer impact; to be fixed in working hours"),
)
_ENVIRONMENTS = (
    ("Production", "#16A34A", "What customers use"),
    ("Staging", "#9333EA", "Rehearsal of every release"),
    ("Depots", "#0D9488", "Edge clusters inside the fulfilment depots"),
)
_TYPES = (
    ("Availability", "#DC2626", "A service is down or refusing work"),
    ("Performance", "#D97706", "A service is slow"),
    ("Data Quality", "#7C3AED", "Prices, stock or orders are wrong"),
    ("Third Party", "#475569", "A supplier of ours is failing"),
    ("Security", "#0F172A", "Access or data is at risk"),
)
_CAUSES = (
    ("Bad Deploy", "A release changed behaviour in a way its tests did not see"),
    ("Configuration Change", "A flag, limit or route was changed"),
    ("Capacity", "Demand exceeded what was provisioned"),
    ("Dependency Failure", "Another service of ours failed first"),
    ("Third Party Outage", "A supplier failed"),
    ("Database", "Locks, replication, storage or a slow query"),
    ("Certificate or Secret Expiry", "Something ran out of its date"),
    ("Hardware", "A host, disk or network device broke"),
)
_ROLES = (
    ("Incident Commander", "Decides, delegates and keeps the pace", False, False),
    ("Communications Lead", "Keeps customers and colleagues informed", True, False),
    ("Technical Lead", "Directs the search for the fault", True, False),
    ("Scribe", "Writes the timeline down", True, False),
    ("Responder", "Works on the fault", True, True),
)
_SUB_STATUSES = (
    ("Assessing", "in_triage"),
    ("Investigating", "started"),
    ("Fixing", "started"),
    ("Monitoring", "started"),
    ("Awaiting Retrospective", "resolved"),
    ("Follow-ups Agreed", "resolved"),
    ("Done", "closed"),
    ("False Alarm", "cancelled"),
    ("Planning", "scheduled"),
    ("Work Under Way", "in_progress"),
    ("Verifying", "verifying"),
    ("Completed", "completed"),
)
_TASKS = {
    "Incident Commander": ("Set the severity", "Name the other roles", "Call the end"),
    "Communications Lead": ("Post to the status page", "Brief Customer Care"),
    "Scribe": ("Keep the timeline current",),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The classification records, by name or, for severities, worst first."""

    severities: list[Record]
    environments: dict[str, Record]
    types: dict[str, Record]
    causes: dict[str, Record]
    roles: dict[str, Record]
    sub_statuses: dict[str, Record]


def add_vocabulary(workspace: Workspace) -> Vocabulary:
    """Add the classifications."""

    def add(type_: str, position: int, name: str, **attributes: Any) -> Record:
        made = workspace.timestamp(workspace.now - timedelta(days=700 - position))
        return workspace.add(
            Record(
                type_,
                workspace.new_id(),
                {
                    "name": name,
                    "slug": slug(name),
                    "position": position,
                    **attributes,
                    "created_at": made,
                    "updated_at": made,
                },
            )
        )

    severities = [
        add(
            "severities", at, name, description=text, severity=level, color=color, **broadcast(name)
        )
        for at, (name, level, color, text) in enumerate(_SEVERITIES, 1)
    ]
    environments = {
        name: add(
            "environments",
            at,
            name,
            description=text,
            color=color,
            managed_by="web",
            external_id=None,
            properties=[],
            **broadcast(name),
        )
        for at, (name, color, text) in enumerate(_ENVIRONMENTS, 1)
    }
    types = {
        name: add(
            "incident_types",
            at,
            name,
            description=text,
            color=color,
            properties=[],
            **broadcast(name),
        )
        for at, (name, color, text) in enumerate(_TYPES, 1)
    }
    causes = {
        name: add("causes", at, name, description=text, properties=[])
        for at, (name, text) in enumerate(_CAUSES, 1)
    }
    roles = {
        name: add(
            "incident_roles",
            at,
            name,
            summary=text,
            description=text,
            optional=optional,
            enabled=True,
            allow_multi_user_assignment=several,
        )
        for at, (name, text, optional, several) in enumerate(_ROLES, 1)
    }
    sub_statuses = {
        name: add("sub_statuses", at, name, description=None, parent_status=parent)
        for at, (name, parent) in enumerate(_SUB_STATUSES, 1)
    }
    for name, tasks in _TASKS.items():
        for task in tasks:
            _add_task(workspace, roles[name], task)
    return Vocabulary(severities, environments, types, causes, roles, sub_statuses)


def slug(name: str) -> str:
    """`Search & Discovery` as `search-discovery`."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def broadcast(name: str) -> dict[str, Any]:
    """The attributes that say where news of something is sent."""
    channel = f"ops-{slug(name)}"
    return {
        "notify_emails": [],
        "slack_channels": [{"id": f"C0{hash_of(channel):09X}", "name": channel}],
        "slack_aliases": [],
    }


def hash_of(text: str) -> int:
    """A small number that is the same for the same text in every run."""
    number = 7
    for letter in text:
        number = (number * 31 + ord(letter)) % (1 << 36)
    return number


def _add_task(workspace: Workspace, role: Record, task: str) -> None:
    made = role.attributes["created_at"]
    workspace.add(
        Record(
            "incident_role_tasks",
            workspace.new_id(),
            {
                "incident_role_id": role.id,
                "task": task,
                "description": None,
                "priority": "high",
                "created_at": made,
                "updated_at": made,
            },
            parents={"incident_role_id": role.id},
        )
    )
