"""What sets a workflow off: the parameters of each kind of trigger, conditions left open."""

from collections.abc import Callable
from typing import Any

ASPECTS = [
    "visibility",
    "kind",
    "status",
    "sub_status",
    "environment",
    "severity",
    "incident_type",
    "incident_roles",
    "service",
    "functionality",
    "group",
    "label",
]
MOMENTS = ["started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at"]
REAL_KINDS = ["normal", "normal_sub", "backfilled"]


def _about_incidents(event: str, kind: str) -> dict[str, Any]:
    return {
        "trigger_type": kind,
        "triggers": [event],
        "incident_visibilities": [True, False],
        "incident_kinds": REAL_KINDS,
        "incident_statuses": ["started", "mitigated", "resolved"],
        "incident_inactivity_duration": None,
        "incident_condition": "ALL",
        **{f"incident_condition_{aspect}": "ANY" for aspect in ASPECTS},
        "incident_condition_label_use_regexp": False,
        "incident_labels": [],
        "incident_condition_summary": None,
        **{f"incident_condition_{moment}": None for moment in MOMENTS},
        "incident_conditional_inactivity": None,
    }


def _incident(event: str) -> dict[str, Any]:
    causes = {"incident_condition_cause": "ANY", "incident_post_mortem_condition_cause": "ANY"}
    return {**_about_incidents(event, "incident"), **causes}


def _action_item(event: str) -> dict[str, Any]:
    return {
        **_about_incidents(event, "action_item"),
        "incident_action_item_condition": "ALL",
        "incident_action_item_condition_kind": "IS",
        "incident_action_item_kinds": ["follow_up"],
        "incident_action_item_condition_status": "ANY",
        "incident_action_item_statuses": ["open", "in_progress"],
        "incident_action_item_condition_priority": "ANY",
        "incident_action_item_priorities": ["high", "medium"],
        "incident_action_item_condition_group": "ANY",
        "incident_action_item_group_ids": [],
    }


def _alert(event: str) -> dict[str, Any]:
    aspects = ("source", "label", "status", "payload")
    return {
        "trigger_type": "alert",
        "triggers": [event],
        "alert_condition": "ALL",
        **{f"alert_condition_{aspect}": "ANY" for aspect in (*aspects, "urgency")},
        **{f"alert_condition_{aspect}_use_regexp": False for aspect in aspects},
        "alert_sources": [],
        "alert_statuses": [],
        "alert_labels": [],
        "alert_urgency_ids": [],
        "alert_payload": [],
        "alert_query_payload": None,
        "alert_field_conditions": [],
        "alert_payload_conditions": {"logic": "ALL", "conditions": []},
    }


def _pulse(event: str) -> dict[str, Any]:
    aspects = ("source", "label", "payload")
    return {
        "trigger_type": "pulse",
        "triggers": [event],
        "pulse_condition": "ALL",
        **{f"pulse_condition_{aspect}": "ANY" for aspect in aspects},
        **{f"pulse_condition_{aspect}_use_regexp": False for aspect in aspects},
        "pulse_sources": [],
        "pulse_labels": [],
        "pulse_payload": [],
        "pulse_query_payload": None,
    }


def _simple(event: str) -> dict[str, Any]:
    return {"trigger_type": "simple", "triggers": [event]}


TRIGGERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "incident": _incident,
    "action_item": _action_item,
    "alert": _alert,
    "pulse": _pulse,
    "simple": _simple,
}
