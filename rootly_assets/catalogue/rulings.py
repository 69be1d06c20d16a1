"""What we decided about endpoints, where the vendor's document is silent.

`derive.py` takes facts from the document and these rulings; a path that has no ruling gets the default that
its shape suggests (top-level lists are read whole, nested ones per parent), so that a new endpoint of the
vendor's becomes a table without a line of code.
"""

from rootly_assets.catalogue.endpoint import ColumnType, Strategy

# Path prefix (below /v1/) to domain; the first that fits decides. One domain is one multi-asset. A nested list
# belongs to the domain of its parents: only one step then reads both, the parents first.
DOMAINS: tuple[tuple[str, str], ...] = (
    ("alert", "alerts"),
    ("heartbeats", "alerts"),
    ("live_call_routers", "alerts"),
    ("incident_permission_sets", "organization"),
    ("incident", "incidents"),
    ("events/", "incidents"),
    ("action_items", "incidents"),
    ("meeting_recordings", "incidents"),
    ("statuses", "incidents"),
    ("sub_statuses", "incidents"),
    ("severities", "incidents"),
    ("causes", "incidents"),
    ("slas", "incidents"),
    ("post_mortem", "retrospectives"),
    ("retrospective", "retrospectives"),
    ("schedule", "on_call"),
    ("shifts", "on_call"),
    ("on_call", "on_call"),
    ("oncalls", "on_call"),
    ("escalation", "on_call"),
    ("services", "services"),
    ("functionalities", "services"),
    ("environments", "services"),
    ("catalog", "services"),
    ("pulses", "services"),
    ("form", "forms"),
    ("custom_f", "forms"),
    ("workflow", "workflows"),
    ("playbooks", "workflows"),
    ("communications", "communications"),
    ("webhooks", "communications"),
    ("status-pages", "status_pages"),
)
DEFAULT_DOMAIN = "organization"

# Tables whose names don't follow from path and type: shorter, plural, as people say them.
TABLES: dict[str, str] = {
    "/v1/ai/chat/sessions/{session_id}/messages": "ai_chat_messages",
    "/v1/edge_connectors/{edge_connector_id}/actions": "edge_connector_actions",
    "/v1/catalogs/{catalog_id}/properties": "catalog_properties",
    "/v1/escalation_policies/{escalation_policy_id}/escalation_levels": "escalation_levels",
    "/v1/escalation_policies/{escalation_policy_id}/escalation_paths": "escalation_paths",
    "/v1/escalation_paths/{escalation_policy_path_id}/escalation_levels": "escalation_path_levels",
    "/v1/schedules/{schedule_id}/override_shifts": "override_shifts",
    "/v1/schedules/{id}/shifts": "shifts",
    "/v1/webhooks/endpoints": "webhook_endpoints",
    "/v1/webhooks/endpoints/{endpoint_id}/deliveries": "webhook_deliveries",
    "/v1/incidents/{incident_id}/action_items": "action_items",
    "/v1/meeting_recordings/{id}": "meeting_recording_details",
}

# Nested lists that give rows of a flat list again: the table is read the cheaper way, through the flat one.
SAME_ROWS: dict[str, str] = {
    "/v1/alerts/{alert_id}/events": "/v1/alert_events",
    "/v1/incidents/{incident_id}/alerts": "/v1/alerts",
    "/v1/incidents/{incident_id}/action_items": "/v1/action_items",
    "/v1/incidents/{incident_id}/meeting_recordings": "/v1/meeting_recordings",
    "/v1/schedules/{id}/shifts": "/v1/shifts",
}

# Path parameters to the table that holds the ids; others follow from the name ("form_set_id" -> form_sets).
PARENTS: dict[str, str | None] = {
    "session_id": None,  # chat sessions have no list
    "incident_event_id": "incident_events",
    "escalation_policy_path_id": "escalation_paths",
    "endpoint_id": "webhook_endpoints",
    "catalog_entity_id": "catalog_entities",
    "id": "schedules",
}

STRATEGIES: dict[str, Strategy] = {
    "incidents": Strategy.SINCE,
    "alerts": Strategy.SINCE,
    "action_items": Strategy.LATEST,
    "post_mortems": Strategy.LATEST,
    "alert_events": Strategy.STREAM,
    "audits": Strategy.APPENDED,
    "pulses": Strategy.APPENDED,
    "shifts": Strategy.WINDOW,
}

# Largest page where it is not the usual 100 rows.
PAGE_SIZES: dict[str, int] = {"/v1/shifts": 1000, "/v1/alert_events": 50}

# Lists that the document names without describing their answer.
UNDESCRIBED: tuple[str, ...] = (
    "/v1/edge_connectors",
    "/v1/edge_connectors/{edge_connector_id}/actions",
    "/v1/catalogs/{catalog_id}/properties",
    "/v1/ip_ranges",
)

# Single resources that say more than their list, read as a nested "list" of one row under each record: path to
# the parameter that names the record, and to the document's schema of what they say (their answer names that
# of the list). Of recordings only this says whose they are.
DETAILS: dict[str, tuple[str, str]] = {
    "/v1/meeting_recordings/{id}": ("meeting_recording_id", "meeting_recording_detail")
}

# Nested lists that come with the pages of their parent: table to the relationship that `include=` names.
INCLUDED: dict[str, str] = {
    "incident_events": "events",
    "incident_feedbacks": "feedbacks",
    "incident_custom_field_selections": "custom_field_selections",
    "incident_sub_statuses": "sub_statuses",
    "user_email_addresses": "email_addresses",
    "user_notification_rules": "notification_rules",
    "user_phone_numbers": "phone_numbers",
}

# Resources without a list of their own: parent table and relationship to their table and its columns. The
# document does not describe them; those named here Rootly shows wherever it embeds a role, others arrive as
# they are.
ALONG: dict[str, dict[str, tuple[str, dict[str, ColumnType]]]] = {
    "incidents": {
        "roles": (
            "incident_role_assignments",
            {
                "incident_role": ColumnType.JSON,
                "user": ColumnType.JSON,
                "created_at": ColumnType.TIMESTAMP,
                "updated_at": ColumnType.TIMESTAMP,
            },
        ),
        "slack_messages": ("incident_slack_messages", {}),
    },
}

# Which records belong together: parent table and relationship to the link table and the linked id's column.
LINKS: dict[str, dict[str, tuple[str, str]]] = {
    "incidents": {
        "action_items": ("incident_action_items", "action_item_id"),
        "alerts": ("incident_alerts", "alert_id"),
        "causes": ("incident_causes", "cause_id"),
        "environments": ("incident_environments", "environment_id"),
        "functionalities": ("incident_functionalities", "functionality_id"),
        "groups": ("incident_teams", "team_id"),
        "incident_post_mortem": ("incident_post_mortems", "post_mortem_id"),
        "incident_types": ("incident_incident_types", "incident_type_id"),
        "services": ("incident_services", "service_id"),
        "subscribers": ("incident_subscribers", "user_id"),
    },
    "alerts": {
        "escalation_policies": ("alert_escalation_policies", "escalation_policy_id"),
        "groups": ("alert_teams", "team_id"),
        "notified_users": ("alert_notified_users", "user_id"),
        "responders": ("alert_responders", "user_id"),
        "services": ("alert_services", "service_id"),
    },
    "users": {
        "on_call_role": ("user_on_call_roles", "on_call_role_id"),
        "role": ("user_roles", "role_id"),
        "schedules": ("user_schedules", "schedule_id"),
        "teams": ("user_teams", "team_id"),
    },
}

# Nothing brings these along, and there is one list for each entry of each incident's timeline: hundreds of
# thousands of requests for what is almost always empty. Read only where somebody asks for them.
LISTS_PER_EVENT: frozenset[str] = frozenset(
    {"incident_event_functionalities", "incident_event_services"}
)

# Nested lists that grow or change without a sign from their parent: records, not settings; and panels, whose
# numbers Rootly computes anew.
GROWING: frozenset[str] = frozenset(
    {
        "dashboard_panels",
        "workflow_runs",
        "webhook_deliveries",
        "override_shifts",
        "on_call_shadows",
        "shift_coverage_requests",
    }
)

# Never read, whatever the key may do: /v1/secrets holds credentials and nothing else.
NEVER_READ: frozenset[str] = frozenset({"/v1/secrets"})

# A view of this moment whose rows have no stable identity: a row that is gone leaves no trace.
WITHOUT_HISTORY: frozenset[str] = frozenset({"oncalls", "ip_ranges"})

# Credentials that Rootly returns among the attributes of a list; they never become columns.
SECRETS: dict[str, tuple[str, ...]] = {
    "incidents": (
        "zoom_meeting_password",
        "zoom_meeting_pstn_password",
        "zoom_meeting_h323_password",
        "zoom_meeting_start_url",
    ),
    "heartbeats": ("secret", "ping_url", "email_address"),
    "alert_sources": ("secret", "webhook_endpoint"),
    "webhook_endpoints": ("secret", "custom_headers"),
    "status_pages": ("authentication_password",),
}

# Times whose names don't end in "_at".
TIMESTAMPS: frozenset[str] = frozenset({"scheduled_for", "scheduled_until"})
DATES: frozenset[str] = frozenset({"due_date"})

# Longer lists of values are no enumeration of Rootly's: time zones.
MOST_VALUES = 100

# One row per …, where table and type don't say it well enough.
DESCRIPTIONS: dict[str, str] = {
    "incidents": "One row per incident, with its life-cycle times, severity, people and affected services.",
    "alerts": "One row per alert that reached Rootly, with its source, status, urgency and targets.",
    "alert_events": "One row per thing that happened to an alert: paged, acknowledged, escalated, resolved …",
    "shifts": "One row per on-call shift of a person in a schedule, overrides and shadows included.",
    "oncalls": "One row per person who is on call now, by escalation policy level.",
    "users": "One row per person in the workspace.",
    "teams": "One row per team (the API calls them groups too).",
    "services": "One row per service, with owners and links to other systems.",
    "severities": "One row per severity level of the workspace.",
    "incident_role_assignments": "One row per role that somebody has in an incident: which role, and who.",
    "meeting_recording_details": "One row per meeting recording, with the incident that it belongs to.",
    "incident_slack_messages": "One row per Slack message that was kept with an incident.",
    "incident_post_mortems": "One row per incident that has a retrospective, and that retrospective.",
    "action_items": "One row per task or follow-up of an incident.",
    "post_mortems": "One row per retrospective (post-mortem) of an incident.",
    "audits": "One row per change that somebody made, with what changed.",
    "pulses": "One row per pulse: a deployment or other change that was announced to Rootly.",
    "dashboard_panels": "One row per dashboard panel, with its definition and the numbers Rootly computed.",
    "ip_ranges": "One row: the addresses that Rootly calls from.",
}
