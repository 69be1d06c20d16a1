"""The automation: workflow groups, workflows with their tasks, and the conditions on them."""

from dataclasses import dataclass
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, slug
from rootly_assets.sandbox.company.settings.workflow_triggers import TRIGGERS
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

CHANNEL = {"id": "{{ incident.slack_channel_id }}", "name": "{{ incident.slack_channel_id }}"}


@dataclass(frozen=True)
class Workflow:
    """A workflow of the company: what starts it and the tasks that it runs."""

    name: str
    kind: str
    event: str
    tasks: tuple[dict[str, Any], ...]
    command: str | None = None
    wait: str | None = None
    only_severe: bool = False


def _say(text: str) -> dict[str, Any]:
    return {
        "task_type": "send_slack_message",
        "name": "Tell the channel",
        "channels": [CHANNEL],
        "text": text,
    }


WORKFLOWS = [
    Workflow(
        "Open the war room",
        "incident",
        "incident_created",
        (
            {
                "task_type": "create_slack_channel",
                "workspace": {"id": "T0LARDER", "name": "Larder"},
                "title": "inc-{{ incident.sequential_id }}",
                "private": "auto",
            },
            {"task_type": "create_zoom_meeting", "topic": "{{ incident.title }}"},
            _say("Incident opened: {{ incident.title }}"),
        ),
    ),
    Workflow(
        "Page leadership for SEV0",
        "incident",
        "severity_updated",
        (
            {
                "task_type": "send_sms",
                "name": "Leadership",
                "phone_numbers": ["+15035550142"],
                "content": "{{ incident.title }}",
            },
        ),
        only_severe=True,
    ),
    Workflow(
        "Remind about updates",
        "incident",
        "status_updated",
        (_say("Half an hour without news: what is the state?"),),
        wait="30 minutes",
    ),
    Workflow(
        "Prepare the retrospective",
        "incident",
        "incident_resolved",
        (
            {
                "task_type": "create_incident_postmortem",
                "incident_id": "{{ incident.id }}",
                "title": "Retrospective of {{ incident.title }}",
                "status": "draft",
                "template": None,
            },
            {
                "task_type": "add_action_item",
                "priority": "medium",
                "kind": "follow_up",
                "summary": "Hold the retrospective",
                "status": "open",
                "post_to_incident_timeline": True,
            },
        ),
    ),
    Workflow(
        "File follow-ups as tickets",
        "action_item",
        "action_item_created",
        (
            {
                "task_type": "create_jira_issue",
                "title": "{{ action_item.summary }}",
                "project_key": "OPS",
                "issue_type": {"id": "10002", "name": "Task"},
            },
        ),
    ),
    Workflow(
        "Announce noisy alerts",
        "alert",
        "alert_created",
        (
            {
                "task_type": "send_slack_message",
                "name": "Tell the noise channel",
                "channels": [{"id": "C0NOISE", "name": "alert-noise"}],
                "text": "{{ alert.summary }}",
            },
        ),
    ),
    Workflow(
        "Note deployments",
        "pulse",
        "pulse_created",
        ({"task_type": "print", "message": "{{ pulse.summary }}"},),
    ),
    Workflow(
        "Tell engineering what was learnt",
        "incident",
        "status_updated",
        (
            {
                "task_type": "send_email",
                "from": "Larder incidents",
                "to": ["engineering@larder.example"],
                "subject": "{{ incident.title }}",
                "body": "{{ incident.url }}",
            },
        ),
    ),
    Workflow(
        "Courier hotline",
        "simple",
        "slack_command",
        ({"task_type": "print", "message": "Call the courier desk"},),
        command="courier",
    ),
]
GROUPS = ["incident", "action_item", "alert", "pulse", "simple"]


def populate(workspace: Workspace) -> None:
    """Add the groups, the workflows and everything below them, except their runs."""
    groups: dict[str, Record] = {}
    for position, kind in enumerate(GROUPS):
        name = f"{kind.replace('_', ' ').capitalize()} automation"
        groups[kind] = enter(
            workspace,
            "workflow_groups",
            {
                "kind": kind,
                "name": name,
                "slug": slug(name),
                "description": None,
                "icon": "⚙️",
                "expanded": position == 0,
                "position": position + 1,
            },
        )
    for position, workflow in enumerate(WORKFLOWS):
        record = _workflow(workspace, workflow, position, groups[workflow.kind])
        for at, task in enumerate(workflow.tasks):
            _task(workspace, record, at, task)
        if workflow.kind in ("incident", "action_item"):
            _conditions(workspace, record, workflow.kind)


def _workflow(workspace: Workspace, workflow: Workflow, position: int, group: Record) -> Record:
    severe = ids(workspace.records("severities"))[:1] if workflow.only_severe else []
    return enter(
        workspace,
        "workflows",
        {
            "name": workflow.name,
            "slug": slug(workflow.name),
            "description": None,
            "command": workflow.command,
            "command_feedback_enabled": workflow.command is not None,
            "wait": workflow.wait,
            "repeat_every_duration": workflow.wait,
            "repeat_condition_duration_since_first_run": None,
            "repeat_condition_number_of_repeats": 0,
            "continuously_repeat": False,
            "repeat_on": None,
            "enabled": workflow.kind != "pulse",
            "locked": False,
            "position": position + 1,
            "workflow_group_id": group.id,
            "trigger_params": TRIGGERS[workflow.kind](workflow.event),
            "environment_ids": [],
            "severity_ids": severe,
            "incident_type_ids": [],
            "incident_role_ids": [],
            "service_ids": [],
            "functionality_ids": [],
            "group_ids": [],
            "cause_ids": [],
            "sub_status_ids": [],
        },
    )


def _task(workspace: Workspace, workflow: Record, position: int, task: dict[str, Any]) -> None:
    below: dict[str, Any] = {"workflow_id": workflow.id}
    enter(
        workspace,
        "workflow_tasks",
        {
            **below,
            "task_params": task,
            "name": str(task["task_type"]).replace("_", " ").capitalize(),
            "position": position + 1,
            "skip_on_failure": position > 0,
            "enabled": True,
        },
        parents=below,
    )


def _conditions(workspace: Workspace, workflow: Record, kind: str) -> None:
    fields = [
        field
        for field in workspace.records("form_fields")
        if workspace.nested("form_field_options", "form_field_id", field.id)
    ]
    below: dict[str, Any] = {"workflow_id": workflow.id}
    for field in fields[:1]:
        options = workspace.nested("form_field_options", "form_field_id", field.id)
        condition: dict[str, Any] = {
            **below,
            "form_field_id": field.id,
            "values": [],
            "selected_catalog_entity_ids": [],
            "selected_functionality_ids": [],
            "selected_group_ids": [],
            "selected_option_ids": ids(options[-2:]),
            "selected_service_ids": [],
            "selected_user_ids": [],
            "selected_cause_ids": [],
            "selected_environment_ids": [],
            "selected_incident_type_ids": [],
        }
        enter(
            workspace,
            "workflow_form_field_conditions",
            {**condition, "incident_condition": "CONTAINS"},
            parents=below,
        )
        if kind == "action_item":
            enter(
                workspace,
                "workflow_action_item_form_field_conditions",
                {**condition, "action_item_condition": "CONTAINS"},
                parents=below,
            )
    for field in workspace.records("custom_fields")[:1]:
        options = workspace.nested("custom_field_options", "custom_field_id", field.id)
        enter(
            workspace,
            "workflow_custom_field_selections",
            {
                **below,
                "custom_field_id": int(field.id),
                "incident_condition": "IS",
                "values": [],
                "selected_option_ids": [int(option.id) for option in options[:1]],
            },
            parents=below,
        )
