"""Shares of alerts, each counted as `marts.metrics_alert_outcomes` counts it."""

# Which alerts meet it, and of which.
_SHARES = {
    "acknowledged": ("is_acknowledged", "true"),
    "noisy": ("noise = 'noise'", "noise IN ('noise', 'not_noise')"),
    # Members of a group follow their leader into its incident.
    "converted": ("incident_count > 0", "NOT is_group_member"),
    # How far an alert went that nobody answered says only when Rootly gave up.
    "first_level": (
        "escalation_level_reached = 1",
        "is_acknowledged AND escalation_level_reached IS NOT NULL",
    ),
}

SHARE_FIGURES = ", ".join(
    f"count(*) FILTER (WHERE {whole} AND {part}) AS {name}, "
    f"count(*) FILTER (WHERE {whole}) AS {name}_of"
    for name, (part, whole) in _SHARES.items()
)
"""Columns of a SELECT from `marts.fct_alerts`: how many alerts meet each share, and (`_of`) of how many."""
