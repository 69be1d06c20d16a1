"""The words that panels are made of, as Rootly's guides list them: measures and attributes by collection."""

_INCIDENT_TIMES = (
    "triage_time",
    "detection_time",
    "acknowledge_time",
    "mitigation_time",
    "resolution_time",
    "cancellation_time",
    "closed_time",
)
_HOURS = tuple(f"hours_worked_until_{until}" for until in ("triaged", "mitigated", "resolved"))

MEASURES: dict[str, tuple[str, ...]] = {
    "incidents": ("results", *_INCIDENT_TIMES, *_HOURS),
    "alerts": (
        "results",
        "acknowledge_time",
        "acknowledge_rate",
        "resolution_time",
        "resolve_time",
        "time_between_failure",
    ),
    "users": ("results", *_HOURS),
    "incident_post_mortems": ("results",),
    "incident_action_items": ("results",),
}

UNDOCUMENTED: frozenset[str] = frozenset(
    {*_HOURS, "triage_time", "cancellation_time", "closed_time"}
)
"""Measures of which Rootly does not say how it computes them."""

ATTRIBUTES: dict[str, frozenset[str]] = {
    "incidents": frozenset(
        {
            *("kind", "status", "source", "retrospective_progress_status", "severity", "services"),
            *("teams", "groups", "environments", "incident_types", "functionalities", "causes"),
        }
    ),
    "alerts": frozenset(
        {
            *("source", "status", "noise", "services", "teams", "groups", "environments"),
            *("functionalities", "responders", "escalation_policies", "alert_urgency"),
        }
    ),
    "users": frozenset(),
    "incident_post_mortems": frozenset({"incidents.kind", "causes", "status"}),
    "incident_action_items": frozenset({"kind", "status", "priority"}),
}

KEYED = {"custom_field": ("incidents",)}
"""Attributes that are named by a kind and an id, and the collections that have them."""
