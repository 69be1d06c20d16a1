"""Who may do what: permission sets, roles for incident response and for on-call."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

EVERYTHING = ["create", "read", "update", "delete"]
READING = ["read"]

ROLE_AREAS = [
    "api_keys",
    "audits",
    "billing",
    "environments",
    "form_fields",
    "functionalities",
    "groups",
    "incident_causes",
    "incident_feedbacks",
    "incident_roles",
    "incident_types",
    "incidents",
    "integrations",
    "invitations",
    "playbooks",
    "private_incidents",
    "retrospective",
    "roles",
    "secrets",
    "services",
    "severities",
    "status_pages",
    "webhooks",
    "workflows",
    "catalogs",
    "sub_statuses",
    "edge_connector",
    "slas",
    "paging",
    "communication",
]
GUARDED_AREAS = {"api_keys", "audits", "billing", "private_incidents", "roles", "secrets"}

ON_CALL_AREAS = [
    "alert_sources",
    "alert_urgency",
    "alert_fields",
    "alert_groups",
    "alert_routing_rules",
    "on_call_roles",
    "alerts",
    "api_keys",
    "audits",
    "escalation_policies",
    "groups",
    "heartbeats",
    "integrations",
    "invitations",
    "live_call_routing",
    "schedules",
    "services",
    "functionalities",
    "webhooks",
    "workflows",
    "catalogs",
]

BOOLEAN_KINDS = [
    "publish_to_status_page",
    "assign_incident_roles",
    "invite_subscribers",
    "update_summary",
    "update_timeline",
    "trigger_workflows",
    "create_communications",
    "read_communications",
    "update_communications",
    "delete_communications",
    "send_communications",
    "modify_custom_fields",
]

NONE: list[str] = []
PERMISSION_SETS = [
    ("Incident commanders", "Run incidents, private ones too", EVERYTHING, EVERYTHING),
    ("Responders", "Work on any public incident", READING, ["create", "read", "update"]),
    ("Observers", "Customer care and finance follow along", NONE, READING),
]
ROLES = [("Owner", 0), ("Admin", 0), ("User", 1), ("Observer", 2), ("Auditor", 2)]
ON_CALL_ROLES = [
    ("Admin", "admin"),
    ("User", "user"),
    ("Observer", "observer"),
    ("Shift Lead", "custom"),
]


def populate(workspace: Workspace) -> None:
    """Add permission sets with their booleans and resources, roles, and on-call roles."""
    sets = [_permission_set(workspace, *words) for words in PERMISSION_SETS]
    for position, (name, level) in enumerate(ROLES):
        _role(workspace, name, sets[level], level=level, editable=position > 1)
    for name, system_role in ON_CALL_ROLES:
        _on_call_role(workspace, name, system_role)


def _permission_set(
    workspace: Workspace, name: str, description: str, private: list[str], public: list[str]
) -> Record:
    permission_set = enter(
        workspace,
        "incident_permission_sets",
        {
            "name": name,
            "slug": slug(name),
            "description": description,
            "private_incident_permissions": private,
            "public_incident_permissions": public,
        },
    )
    below: dict[str, Any] = {"incident_permission_set_id": permission_set.id}
    for kind in BOOLEAN_KINDS:
        reading = kind == "read_communications"
        enter(
            workspace,
            "incident_permission_set_booleans",
            {
                **below,
                "kind": kind,
                "private": False,
                "enabled": "update" in public or reading,
            },
            parents=below,
        )
    for severity in workspace.records("severities"):
        enter(
            workspace,
            "incident_permission_set_resources",
            {
                **below,
                "kind": "severities",
                "private": bool(private),
                "resource_id": severity.id,
                "resource_type": "Severity",
            },
            parents=below,
        )
    return permission_set


def _role(
    workspace: Workspace, name: str, permission_set: Record, *, level: int, editable: bool
) -> None:
    allowed = [EVERYTHING, ["create", "read", "update"], READING][level]
    permissions: dict[str, Any] = {
        f"{area}_permissions": allowed if level == 0 or area not in GUARDED_AREAS else []
        for area in ROLE_AREAS
    }
    if name == "Auditor":
        permissions["audits_permissions"] = READING
    enter(
        workspace,
        "roles",
        {
            "name": name,
            "slug": slug(name),
            "incident_permission_set_id": permission_set.id,
            "is_deletable": editable,
            "is_editable": editable,
            "alerts_permissions": ["create", "read"] if level < 2 else READING,
            "pulses_permissions": ["create", "update", "read"] if level < 2 else READING,
            **permissions,
            "incident_communication_permissions": [*EVERYTHING, "send"] if level == 0 else READING,
        },
    )


def _on_call_role(workspace: Workspace, name: str, system_role: str) -> None:
    allowed = {"admin": EVERYTHING, "user": ["create", "read", "update"]}.get(system_role, READING)
    enter(
        workspace,
        "on_call_roles",
        {
            "name": name,
            "slug": slug(name),
            "system_role": system_role,
            **{f"{area}_permissions": allowed for area in ON_CALL_AREAS},
            "on_call_readiness_report_permissions": READING,
            "contacts_permissions": READING,
            "schedule_override_permissions": ["create", "update"] if allowed != READING else [],
        },
    )
