"""An incident's timeline: notes, messages, the sub-statuses it passed through."""

from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.record import Record


def add_note(grocer: Grocer, incident: Record, text: str, *, external: bool = False) -> Record:
    """Add an event to an incident's timeline, now; it may say what it did to services."""
    workspace = grocer.workspace
    note = workspace.add(
        Record(
            "incident_events",
            workspace.new_id(),
            {
                "event": text,
                "visibility": "external" if external else "internal",
                "occurred_at": workspace.timestamp(workspace.now),
            },
            parents={"incident_id": incident.id},
        )
    )
    if external:
        _add_impact(grocer, incident, note)
    return note


def add_slack_message(grocer: Grocer, incident: Record, text: str, user: Record) -> None:
    """Add a message that somebody pinned in the incident's channel."""
    workspace = grocer.workspace
    workspace.add(
        Record(
            "slack_messages",
            workspace.new_id(),
            {
                "message": text,
                "user_id": int(user.id),
                "user_name": user.attributes["full_name"],
                "slack_ts": f"{workspace.now.timestamp():.6f}",
            },
            parents={"incident_id": incident.id},
        )
    )


def enter_sub_status(grocer: Grocer, incident: Record, name: str, user: Record) -> None:
    """Note that an incident entered a sub-status now."""
    workspace = grocer.workspace
    workspace.add(
        Record(
            "incident_sub_statuses",
            workspace.new_id(),
            {
                "incident_id": incident.id,
                "sub_status_id": grocer.words.sub_statuses[name].id,
                "assigned_at": workspace.timestamp(workspace.now),
                "assigned_by_user_id": int(user.id),
            },
            parents={"incident_id": incident.id},
        )
    )


def _add_impact(grocer: Grocer, incident: Record, note: Record) -> None:
    workspace, parents = grocer.workspace, {"incident_event_id": note.id}
    for kind in ("service", "functionality"):
        plural = "services" if kind == "service" else "functionalities"
        for item in incident.attributes[plural]:
            attributes = {
                "incident_event_id": note.id,
                f"{kind}_id": item["data"]["id"],
                "status": "operational",
            }
            impact = Record(f"incident_event_{plural}", workspace.new_id(), attributes)
            impact.parents.update(parents)
            workspace.add(impact)
