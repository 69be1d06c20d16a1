"""Compound documents: which resources `include=` brings along, and how rows are linked to them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from rootly_assets.sandbox.lists import ListEndpoint
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.answers import RefusedError
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.store import parameter_of
from rootly_assets.sandbox.workspace import Workspace

Ref = dict[str, str]

_CHILDREN = {
    ("incidents", "sub_statuses"): "incident_sub_statuses",
    ("incidents", "roles"): "incident_role_assignments",
    ("incidents", "slack_messages"): "slack_messages",
    ("incidents", "events"): "incident_events",
    ("incidents", "action_items"): "incident_action_items",
    ("incidents", "custom_field_selections"): "incident_custom_field_selections",
    ("incidents", "feedbacks"): "incident_feedbacks",
    ("incidents", "incident_post_mortem"): "incident_post_mortems",
    ("alerts", "events"): "alert_events",
    ("users", "email_addresses"): "user_email_addresses",
    ("users", "phone_numbers"): "user_phone_numbers",
    ("users", "notification_rules"): "user_notification_rules",
    ("custom_fields", "options"): "custom_field_options",
    ("form_fields", "options"): "form_field_options",
    ("form_fields", "positions"): "form_field_positions",
    ("form_sets", "conditions"): "form_set_conditions",
    ("dashboards", "panels"): "dashboard_panels",
    ("catalogs", "fields"): "catalog_properties",
    ("catalogs", "entities"): "catalog_entities",
    ("catalog_entities", "properties"): "catalog_entity_properties",
    ("workflows", "form_field_conditions"): "workflow_form_field_conditions",
    ("workflows", "genius_tasks"): "workflow_tasks",
    ("workflows", "genius_workflow_runs"): "workflow_runs",
    ("retrospective_processes", "retrospective_steps"): "retrospective_steps",
    (
        "retrospective_process_groups",
        "retrospective_process_group_steps",
    ): "retrospective_process_group_steps",
    ("escalation_policies", "escalation_policy_levels"): "escalation_levels",
    ("escalation_policies", "escalation_policy_paths"): "escalation_paths",
    ("escalation_paths", "escalation_policy_levels"): "escalation_levels",
}

_TO_ONE = {
    "incident_post_mortem": "incident_post_mortems",
    "role": "roles",
    "on_call_role": "on_call_roles",
    "alert_urgency": "alert_urgencies",
    "heartbeat": "heartbeats",
    "live_call_router": "live_call_routers",
    "alert_group": "alert_groups",
    "group_leader_alert": "alerts",
    "alert_call_recording": "alert_call_recordings",
    "catalog": "catalogs",
    "catalog_entity": "catalog_entities",
    "catalog_field": "catalog_properties",
    "sub_status": "sub_statuses",
    "assigned_by_user": "users",
    "user": "users",
    "assignee": "users",
    "schedule": "schedules",
    "escalation_policy": "escalation_policies",
    "shift_override": "shift_overrides",
    "shift_shadow": "on_call_shadows",
}

_TO_MANY = {
    "subscribers": "users",
    "responders": "users",
    "notified_users": "users",
    "teams": "groups",
    # Alerts of this company target nothing else.
    "alerting_targets": "escalation_policies",
    "group_member_alerts": "alerts",
}


def with_includes(
    workspace: Workspace, endpoint: ListEndpoint, rows: Sequence[Record], query: Query
) -> tuple[list[bytes], list[bytes] | None]:
    """Rows as JSON with the linkage that the request asks for, and the resources for `included`.

    RefusedError with 400 where the list has no such relationship. Each resource is included once.
    """
    wanted = query.words("include")
    if not wanted or not endpoint.includes:
        return [row.json() for row in rows], None
    for name in wanted:
        if name not in endpoint.includes:
            raise RefusedError(400, "Bad Request", f"{name} cannot be included here")
    included: dict[tuple[str, str], bytes] = {}
    linked: list[bytes] = []
    for row in rows:
        relationships: dict[str, Any] = {}
        for name in wanted:
            others = related(workspace, row, name)
            for other in others:
                included.setdefault((other.type, other.id), other.json())
            refs = [other.ref for other in others]
            if name in _TO_ONE:
                relationships[name] = {"data": refs[0] if refs else None}
            else:
                relationships[name] = {"data": refs}
        linked.append(row.json_with(relationships))
    return linked, list(included.values())


def related(workspace: Workspace, record: Record, name: str) -> list[Record]:
    """The resources that relationship `name` of a record leads to, those that are gone left out."""
    child = _CHILDREN.get((record.type, name))
    if child is not None:
        others = workspace.nested(child, parameter_of(record.type), record.id)
    else:
        found = (workspace.get(ref["type"], ref["id"]) for ref in _refs(record, name))
        others = [other for other in found if other is not None]
    return others[:1] if name in _TO_ONE else others


def _refs(record: Record, name: str) -> list[Ref]:
    if name in record.links:
        return record.links[name]
    if name in record.relationships:
        return _as_list(record.relationships[name].get("data"))
    attributes = record.attributes
    if name in _TO_ONE:
        return _of_type(_TO_ONE[name], [attributes.get(f"{name}_id")])
    type_ = _TO_MANY.get(name, name)
    singular = f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
    for key in (f"{singular}_ids", f"{parameter_of(type_)}s"):
        if isinstance(attributes.get(key), list):
            return _of_type(type_, attributes[key])
    wrapped: list[dict[str, Any]] = attributes.get(name) or []
    return [
        {"type": type_, "id": str(inner["id"])}
        for inner in (item.get("data", item) for item in wrapped)
    ]


def _of_type(type_: str, ids: Iterable[Any]) -> list[Ref]:
    return [{"type": type_, "id": str(id_)} for id_ in ids if id_ is not None]


def _as_list(data: Any) -> list[Ref]:
    if data is None:
        return []
    return cast(list[Ref], data) if isinstance(data, list) else [cast(Ref, data)]
