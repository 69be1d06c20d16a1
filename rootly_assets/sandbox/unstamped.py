"""Types whose resources do not say when they were made or changed.

The workspace knows it of every record, and lists sort and filter by it, but the API's document
gives these types no such attribute, so that none is shown.
"""

from typing import Any

_BOTH = frozenset({"created_at", "updated_at"})
_HIDDEN = {
    "audits": frozenset({"updated_at"}),
    **dict.fromkeys(
        (
            "alert_routes",
            "dashboard_panels",
            "form_field_placement_conditions",
            "form_field_placements",
            "form_field_positions",
            "form_set_conditions",
            "incident_custom_field_selections",
            "incident_event_functionalities",
            "incident_event_services",
            "incident_form_field_selections",
            "incident_sub_statuses",
            "on_call_resources",
            "retrospective_process_group_steps",
            "retrospective_process_groups",
            "schedule_rotations",
            "workflow_action_item_form_field_conditions",
            "workflow_custom_field_selections",
            "workflow_form_field_conditions",
            "workflow_groups",
            "workflow_runs",
        ),
        _BOTH,
    ),
}


def visible(type_: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes that a resource of a type shows."""
    hidden = _HIDDEN.get(type_)
    if hidden is None:
        return attributes
    return {name: value for name, value in attributes.items() if name not in hidden}
