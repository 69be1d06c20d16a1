"""Agreements on the life-cycle: statuses, extra alert fields, and deadlines for follow-ups."""

from typing import Any

from rootly_assets.sandbox.company.alert_fields import field_values
from rootly_assets.sandbox.company.settings.entry import enter, ids, slug
from rootly_assets.sandbox.workspace import Workspace

STATUSES = [
    ("In Triage", "#FCF2CF"),
    ("Started", "#FAE6E8"),
    ("Mitigated", "#FAEEE6"),
    ("Resolved", "#D7F5E1"),
    ("Closed", "#E5E7EB"),
    ("Cancelled", "#E5E7EB"),
]
ALERT_FIELDS = ["Title", "Description", "External URL", "Depot", "Customer orders at risk"]
DEADLINES = [("Critical follow-ups", 1, 14, 1), ("All other follow-ups", 3, 45, 4)]


def populate(workspace: Workspace) -> None:
    """Add statuses, alert fields and the service-level agreements for follow-ups."""
    for name, color in STATUSES:
        status = {"name": name, "slug": slug(name), "description": None, "color": color}
        enter(workspace, "statuses", {**status, "enabled": True})
    for position, name in enumerate(ALERT_FIELDS):
        kind = "custom" if position > 2 else slug(name).replace("-", "_")
        enter(workspace, "alert_fields", {"slug": slug(name), "name": name, "kind": kind})
    for alert in workspace.records("alerts"):
        alert.attributes["alert_field_values"] = field_values(workspace, alert)
        alert.changed()
    for position in range(len(DEADLINES)):
        _agreement(workspace, position)


def _agreement(workspace: Workspace, position: int) -> None:
    name, assignment, completion, severities = DEADLINES[position]
    roles = workspace.records("incident_roles")
    condition: dict[str, Any] = {
        "id": workspace.new_id(),
        "position": 1,
        "conditionable_type": "SLAs::BuiltInFieldCondition",
        "property": "severity",
        "operator": "is_one_of",
        "values": ids(workspace.records("severities")[:severities]),
        "form_field_id": None,
    }
    now = workspace.timestamp(workspace.now)
    reminder = {
        "id": workspace.new_id(),
        "offset_type": "before_due",
        "offset_days": 2,
        "created_at": now,
        "updated_at": now,
    }
    enter(
        workspace,
        "slas",
        {
            "slug": slug(name),
            "name": name,
            "description": None,
            "position": position + 1,
            "entity_type": "follow_up",
            "condition_match_type": "ALL",
            "manager_role_id": roles[0].id if roles else None,
            "manager_user_id": None,
            "assignment_deadline_days": assignment,
            "assignment_deadline_parent_status": "resolved",
            "assignment_deadline_sub_status_id": None,
            "assignment_skip_weekends": True,
            "completion_deadline_days": completion,
            "completion_deadline_parent_status": "resolved",
            "completion_deadline_sub_status_id": None,
            "completion_skip_weekends": False,
            "conditions": [condition],
            "notification_configurations": [reminder],
        },
    )
