"""How retrospectives are held: processes, steps and groups, who must hold one, and templates."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

STEPS = [
    ("Gather data", "Timeline, graphs, chat", 2, False),
    ("Write the draft", "What happened, why it made sense at the time", 4, False),
    ("Hold the meeting", "Everyone who was there, one hour", 7, True),
    ("Agree on follow-ups", "An owner and a date for each", 8, False),
    ("Publish", "Share with the whole house", 10, True),
]
TEMPLATES = {
    "Default retrospective": (
        "Summary",
        "Timeline",
        "Contributing factors",
        "What went well",
        "Follow-ups",
    ),
    "Short review": ("What happened", "What we change"),
    "Food safety review": ("Goods concerned", "Cold chain log", "Recall", "Follow-ups"),
}


def populate(workspace: Workspace) -> None:
    """Add processes, their steps and groups, configurations and post-mortem templates."""
    severities = ids(workspace.records("severities"))
    _process(workspace, "Standard", {"severity_ids": severities[1:]}, len(STEPS), default=True)
    _process(workspace, "Critical incidents", {"severity_ids": severities[:1]}, len(STEPS))
    team = ids(workspace.records("groups"))[:1]
    _process(workspace, "Lightweight", {"group_ids": team}, 2)
    for kind, chosen in (("mandatory", severities[:2]), ("skip", severities[-1:])):
        enter(
            workspace,
            "retrospective_configurations",
            {"kind": kind, "severity_ids": chosen, "group_ids": [], "incident_type_ids": []},
        )
    for name, headings in TEMPLATES.items():
        enter(
            workspace,
            "post_mortem_templates",
            {
                "name": name,
                "slug": slug(name),
                "default": name.startswith("Default"),
                "content": "\n\n".join(f"## {heading}" for heading in headings),
                "content_html": "".join(f"<h2>{heading}</h2>" for heading in headings),
                "content_json": None,
                "format": "markdown",
            },
        )


def _process(
    workspace: Workspace,
    name: str,
    criteria: dict[str, list[str]],
    steps: int,
    *,
    default: bool = False,
) -> None:
    process = enter(
        workspace,
        "retrospective_processes",
        {
            "name": name,
            "description": None,
            "is_default": default,
            "retrospective_process_matching_criteria": criteria,
        },
    )
    below: dict[str, Any] = {"retrospective_process_id": process.id}
    roles = workspace.records("incident_roles")
    added = [
        enter(
            workspace,
            "retrospective_steps",
            {
                **below,
                "title": title,
                "slug": slug(title),
                "description": description,
                "incident_role_id": roles[0].id if roles else None,
                "due_after_days": days,
                "position": position + 1,
                "skippable": skippable,
            },
            parents=below,
        )
        for position, (title, description, days, skippable) in enumerate(STEPS[:steps])
    ]
    resolved = [
        status
        for status in workspace.records("sub_statuses")
        if status.attributes["parent_status"] in ("resolved", "closed")
    ]
    for position, status in enumerate(resolved[:2]):
        group = enter(
            workspace,
            "retrospective_process_groups",
            {**below, "sub_status_id": status.id, "position": position + 1},
            parents=below,
        )
        _group_steps(workspace, group, added[position::2])


def _group_steps(workspace: Workspace, group: Record, steps: list[Record]) -> None:
    below = {"retrospective_process_group_id": group.id}
    for position, step in enumerate(steps):
        attributes = {**below, "retrospective_step_id": step.id, "position": position + 1}
        enter(workspace, "retrospective_process_group_steps", attributes, parents=below)
