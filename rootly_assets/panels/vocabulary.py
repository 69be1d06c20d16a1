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

FROM_THE_ONE_BEFORE: frozenset[str] = frozenset({"time_between_failure"})
"""Measures that count from the record before: of all records, as far as Rootly says anything about it."""

_OF_INCIDENTS = frozenset(
    {
        *("kind", "status", "source", "retrospective_progress_status", "severity", "services"),
        *("teams", "groups", "environments", "incident_types", "functionalities", "causes"),
    }
)

ATTRIBUTES: dict[str, frozenset[str]] = {
    "incidents": _OF_INCIDENTS,
    "alerts": frozenset(
        {
            *("source", "status", "noise", "services", "teams", "groups", "environments"),
            *("functionalities", "responders", "escalation_policies", "alert_urgency"),
        }
    ),
    "users": frozenset(),
    "incident_post_mortems": frozenset(
        {"causes", "status", *(f"incidents.{attribute}" for attribute in _OF_INCIDENTS)}
    ),
    "incident_action_items": frozenset({"kind", "status", "priority"}),
}
"""Names of attributes; a retrospective has those of its incident, after `incidents.`."""

KEYED = {
    "custom_field": ("incidents",),
    "incident_role": ("incidents",),
    "alert_field": ("alerts",),
}
"""Attributes that are named by a kind and an id or slug, and the collections that have them."""

CUMULATIVE: frozenset[str] = frozenset(
    {"line_chart", "line_stepped_chart", "column_chart", "stacked_column_chart"}
)
"""Displays that Rootly lets run on; elsewhere the setting says nothing."""

WITHOUT_PERIODS: frozenset[str] = frozenset({"pie_chart", "table", "aggregate_value"})
"""Displays of the whole span of time at once."""

DISPLAYS: frozenset[str] = CUMULATIVE | WITHOUT_PERIODS | {"monitoring_chart"}
"""All that there are."""
