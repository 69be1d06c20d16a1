"""The stream of what happens to alerts: fired, paged, acknowledged, escalated, resolved."""

from datetime import datetime
from typing import Any

from rootly_assets.sandbox.company.grocer import URL, Grocer
from rootly_assets.sandbox.record import Record


def add_event(
    grocer: Grocer,
    alert: Record,
    kind: str,
    action: str,
    *,
    source: str = "system",
    details: str | None = None,
    user: Record | None = None,
    schedule: Record | None = None,
    level: Record | None = None,
    policy: Record | None = None,
    incident: Record | None = None,
) -> Record:
    """Add an event of an alert, now.

    Args:
        grocer: whose alert it is.
        alert: the alert.
        kind: e.g. `notification`, `status_update`.
        action: e.g. `called`, `acknowledged`.
        source: what did it: `system`, `web`, `mobile`, `slack`.
        details: a sentence for people.
        user: who did it, or who was reached.
        schedule: through which the user was found.
        level: escalation level that was paged.
        policy: escalation policy that was run.
        incident: that the event ties the alert to.
    """
    embed = grocer.embed
    attributes: dict[str, Any] = {
        "alert_id": alert.id,
        "kind": kind,
        "action": action,
        "source": source,
        "user_id": int(user.id) if user else None,
        "details": details,
        "incident": _incident(incident, grocer.workspace.now) if incident else None,
        "schedule": embed.once(schedule, _schedule) if schedule else None,
        "escalation_level": level.attributes["position"] if level else None,
        "escalation_target_type": "EscalationPolicy" if policy else None,
        "escalation_target": embed.wrap(policy) if policy else None,
        "incident_ids": [incident.id] if incident else [],
    }
    if user:  # the document lets it be absent, not null
        attributes["user"] = embed.once(user, _user)
    event = Record("alert_events", grocer.workspace.new_id(), attributes)
    event.parents["alert_id"] = alert.id
    return grocer.workspace.add(event)


def _user(user: Record) -> dict[str, Any]:
    attributes = user.attributes
    return {
        "id": int(user.id),
        "name": attributes["full_name"],
        "email": attributes["email"],
        "first_name": attributes["first_name"],
        "last_name": attributes["last_name"],
        "preferred_name": None,
        "full_name": attributes["full_name"],
        "time_zone": attributes["time_zone"],
        "created_at": attributes["created_at"],
        "updated_at": attributes["updated_at"],
    }


def _schedule(schedule: Record) -> dict[str, Any]:
    attributes = schedule.attributes
    return {
        "id": schedule.id,
        "name": attributes["name"],
        "description": attributes["description"],
        "escalation_policies": [],
        "created_at": attributes["created_at"],
        "updated_at": attributes["updated_at"],
    }


def _incident(incident: Record, now: datetime) -> dict[str, Any]:
    attributes = incident.attributes
    started = attributes["started_at"]
    seconds = None
    if started:
        until = datetime.fromisoformat(attributes["resolved_at"] or now.isoformat())
        seconds = round((until - datetime.fromisoformat(started)).total_seconds())
    return {
        "id": incident.id,
        "sequential_id": attributes["sequential_id"],
        "title": attributes["title"],
        "slug": attributes["slug"],
        "kind": attributes["kind"],
        "status": attributes["status"],
        "private": attributes["private"],
        "description": attributes["summary"],
        "started_at": started,
        "duration": seconds,
        "url": f"{URL}/incidents/{attributes['slug']}",
        "created_at": attributes["created_at"],
        "updated_at": attributes["updated_at"],
    }
