"""Runs of the workflows: several for every incident, and some that failed."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, later
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

# By name of the workflow, the attribute of the incident that tells when it ran.
MOMENTS = {
    "Open the war room": "created_at",
    "Remind about updates": "acknowledged_at",
    "Prepare the retrospective": "resolved_at",
}
FAILED, WITH_ERRORS, CANCELED = 0.02, 0.05, 0.06


def populate(workspace: Workspace) -> None:
    """Add a run of each incident workflow for every incident so far."""
    follow(workspace, workspace.records("incidents"))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Add a run of each incident workflow for each of the incidents."""
    for workflow in workspace.records("workflows"):
        moment = MOMENTS.get(workflow.attributes["name"])
        if moment is not None:
            for incident in incidents:
                began = incident.attributes[moment]
                if began:
                    _run(workspace, workflow, incident, began)


def _run(workspace: Workspace, workflow: Record, incident: Record, began: str) -> None:
    chance = workspace.random.random()
    ended = later(workspace, began, seconds=workspace.random.randint(2, 40))
    status = (
        "failed"
        if chance < FAILED
        else "completed_with_errors"
        if chance < WITH_ERRORS
        else "canceled"
        if chance < CANCELED
        else "completed"
    )
    below: dict[str, Any] = {"workflow_id": workflow.id}
    enter(
        workspace,
        "workflow_runs",
        {
            **below,
            "status": status,
            "status_message": "Slack did not answer in time" if status == "failed" else None,
            "triggered_by": "system",
            "started_at": began,
            "completed_at": ended if status.startswith("completed") else None,
            "failed_at": ended if status == "failed" else None,
            "canceled_at": ended if status == "canceled" else None,
            "incident_id": incident.id,
            "post_mortem_id": None,
            "action_item_id": None,
            "alert_id": None,
            "pulse_id": None,
            "context": {"incident": {"id": incident.id}},
            "created_at": began,
            "updated_at": ended,
        },
        parents=below,
    )
