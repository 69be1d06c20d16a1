"""The audit log: who changed what, with the change itself, for incidents and for settings."""

from datetime import datetime
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, later
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

SETTINGS = {
    "workflows": "GeniusWorkflow",
    "heartbeats": "Heartbeat",
    "playbooks": "Playbook",
    "schedules": "Schedule",
    "services": "Service",
    "roles": "Role",
}
# When, event, type of the item, the item, what changed.
Entry = tuple[str, str, str, Record, dict[str, Any]]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def populate(workspace: Workspace) -> None:
    """Add an entry for each setting made, and for each incident opened and resolved so far."""
    entries: list[Entry] = []
    for resource, item_type in SETTINGS.items():
        for record in workspace.records(resource):
            name = {"name": [None, record.attributes.get("name", record.attributes.get("title"))]}
            entries.append((record.attributes["created_at"], "create", item_type, record, name))
    _write(workspace, entries + _about(workspace, workspace.records("incidents")))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Add entries about the incidents."""
    _write(workspace, _about(workspace, incidents))


def _about(workspace: Workspace, incidents: list[Record]) -> list[Entry]:
    entries: list[Entry] = []
    for incident in incidents:
        attributes = incident.attributes
        opened = {"title": [None, attributes["title"]], "status": [None, "started"]}
        entries.append((attributes["created_at"], "create", "Incident", incident, opened))
        if attributes["resolved_at"]:
            resolved = {"status": ["mitigated", "resolved"]}
            entries.append((attributes["resolved_at"], "update", "Incident", incident, resolved))
        severity = attributes["severity"]
        if severity and workspace.random.random() < 0.15:
            before = workspace.random.choice(workspace.records("severities")).id
            if before != severity["data"]["id"]:
                raised = {"severity_id": [before, severity["data"]["id"]]}
                changed = later(workspace, attributes["created_at"], minutes=11)
                entries.append((changed, "update", "Incident", incident, raised))
    return entries


def _write(workspace: Workspace, entries: list[Entry]) -> None:
    written = len(workspace.records("audits"))
    entries.sort(key=lambda entry: (datetime.fromisoformat(entry[0]), entry[3].id))
    for number, (when, event, item_type, item, changes) in enumerate(entries, start=written + 1):
        change = {"created_at": when, "event": event, "item_type": item_type}
        _audit(workspace, number, item, {**change, "object_changes": changes})


def _audit(workspace: Workspace, number: int, item: Record, change: dict[str, Any]) -> None:
    user = workspace.random.choice(workspace.records("users"))
    enter(
        workspace,
        "audits",
        {
            **change,
            "item_type_display": str(change["item_type"]).removeprefix("Genius"),
            "object": {"id": item.id} if change["event"] == "update" else None,
            "user_id": int(user.id),
            "user_name": user.attributes["full_name"],
            "user_email": user.attributes["email"],
            "ip_address": f"198.51.100.{workspace.random.randint(1, 254)}",
            "user_agent": BROWSER,
            "request_id": workspace.new_id(),
            "session_id": None,
            "item_id": item.id,
            "id": number,
        },
        identity=str(number),
    )
