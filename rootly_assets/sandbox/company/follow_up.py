"""Action items: tasks during an incident, follow-ups after it, and what becomes of them."""

from datetime import timedelta
from functools import partial

from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.people import flat
from rootly_assets.sandbox.record import Record


def add_action_item(
    grocer: Grocer, incident: Record, kind: str, summary: str, created_by: Record
) -> Record:
    """Add an action item of a kind (`task`, `follow_up`), now; most get done sooner or later."""
    workspace, random = grocer.workspace, grocer.random
    days = 1 if kind == "task" else random.choice((7, 14, 30))
    due = (workspace.now + timedelta(days=days)).date()
    issue = random.randrange(1000, 9999) if kind == "follow_up" else None
    item = workspace.add(
        Record(
            "incident_action_items",
            workspace.new_id(),
            {
                "summary": summary,
                "description": None,
                "kind": kind,
                "assigned_to": flat(workspace, grocer.anyone()),
                "assigned_to_group_ids": [],
                "priority": random.choice(("high", "medium", "medium", "low")),
                "status": "open",
                "due_date": due.isoformat(),
                "jira_issue_id": str(10000 + issue) if issue else None,
                "jira_issue_key": f"OPS-{issue}" if issue else None,
                "jira_issue_url": f"https://larder.jira.example/OPS-{issue}" if issue else None,
                "created_by": flat(workspace, created_by),
            },
            parents={"incident_id": incident.id},
        )
    )
    median = 90 if kind == "task" else days * 1440
    begun = workspace.now + grocer.span(median / 2)
    workspace.at(begun, partial(_set_status, grocer, item, "in_progress"))
    if random.random() < 0.8:
        ended = begun + grocer.span(median / 2)
        status = "done" if random.random() < 0.9 else "cancelled"
        workspace.at(ended, partial(_set_status, grocer, item, status))
    return item


def _set_status(grocer: Grocer, item: Record, status: str) -> None:
    if grocer.workspace.get("incident_action_items", item.id):
        grocer.workspace.update("incident_action_items", item.id, status=status)
