"""Severe incidents with what was, or was not, learned from them; follow-ups of incidents that don't count."""

from datetime import timedelta

from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, Row

# Days ago on which they were resolved; whether their retrospective is published. Rootly's own progress says of
# all that none was begun.
SEVERE = {"Never written": (20, False), "Published": (20, True), "Still time": (10, False)}

NOT_COUNTED: dict[str, Row] = {
    "of a test": {"kind": "test"},
    "of an example": {"kind": "example"},
    "of a cancelled": {"kind": "normal", "status": "cancelled"},
    "of a deleted": {"kind": "normal", "_deleted_at": LOADED_AT},
}


def learned() -> dict[str, list[Row]]:
    """Rows by raw table."""
    severe = [_incident(title, {"kind": "normal"}, days) for title, (days, _) in SEVERE.items()]
    uncounted = [_incident(title, row, 20) for title, row in NOT_COUNTED.items()]
    published = [title for title, (_, published) in SEVERE.items() if published]
    return {
        "incidents": severe + uncounted,
        "post_mortems": [
            {"id": f"retro {title}", "title": title, "status": "published"} for title in published
        ],
        "incident_post_mortems": [
            {"id": title, "incident_id": title, "post_mortem_id": f"retro {title}"}
            for title in published
        ],
        "action_items": [
            {"id": title, "summary": title, "kind": "follow_up", "status": "open"}
            | {"due_date": "2026-01-01", "created_at": "2025-12-01T00:00:00Z"}
            for title in NOT_COUNTED
        ],
        "incident_action_items": [
            {"id": title, "incident_id": title, "action_item_id": title} for title in NOT_COUNTED
        ],
    }


def _incident(title: str, row: Row, days: int) -> Row:
    resolved_at = LOADED_AT - timedelta(days=days)
    severity = {"data": {"id": "sev-0", "attributes": {"name": "SEV-0"}}}
    return {
        "id": title,
        "title": title,
        "status": "resolved",
        "started_at": resolved_at - timedelta(hours=1),
        "resolved_at": resolved_at,
        "retrospective_progress_status": "not_started",
        "severity": severity,
        **row,
    }
