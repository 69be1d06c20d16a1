"""How the grocer tells the rest of the house: types, stages, templates and groups."""

from rootly_assets.sandbox.company.settings.entry import enter, ids, slug, some
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

TYPES = [
    ("Executive brief", "Short, without jargon, for the leadership", "#E9E2FF"),
    ("Store operations", "What fulfilment centres and couriers have to do meanwhile", "#FCF2CF"),
    ("Customer care", "What the care desk may say to shoppers", "#D7F5E1"),
]
STAGES = ["Investigating", "Cause known", "Mitigated", "All clear"]
GROUPS = ["Leadership", "Fulfilment shift leads", "Care desk", "Courier partner contacts"]


def populate(workspace: Workspace) -> None:
    """Add communication types, stages, a template each, and the groups who hear of it."""
    stages = [_stage(workspace, position, name) for position, name in enumerate(STAGES)]
    types: list[Record] = []
    for position, (name, description, color) in enumerate(TYPES):
        record = enter(
            workspace,
            "communications_types",
            {
                "name": name,
                "slug": slug(name),
                "description": description,
                "color": color,
                "position": position + 1,
            },
        )
        types.append(record)
        _template(workspace, position, record, stages)
    for position, name in enumerate(GROUPS):
        _group(workspace, position, name, types[position % len(types)])


def _stage(workspace: Workspace, position: int, name: str) -> Record:
    stage = {"name": name, "slug": slug(name), "description": None, "position": position + 1}
    return enter(workspace, "communications_stages", stage)


def _template(
    workspace: Workspace, position: int, communication_type: Record, stages: list[Record]
) -> None:
    identity = workspace.new_id()
    name = f"{communication_type.attributes['name']} update"
    made = {key: communication_type.attributes[key] for key in ("created_at", "updated_at")}
    staged = [
        {
            "data": {
                "id": workspace.new_id(),
                "type": "communications_template_stages",
                "attributes": {
                    "email_subject": f"{stage.attributes['name']}: {{{{ incident.title }}}}",
                    "email_body": "<p>{{ incident.summary }}</p>",
                    "slack_content": "*{{ incident.title }}*: {{ incident.summary }}",
                    "sms_content": "{{ incident.title }}",
                    **made,
                    "communication_stage": _reference(stage),
                    "communication_template": {"id": identity, "name": name},
                },
            }
        }
        for stage in stages
    ]
    enter(
        workspace,
        "communications_templates",
        {
            "name": name,
            "slug": slug(name),
            "description": None,
            "position": position + 1,
            **made,
            "communication_type_id": communication_type.id,
            "communication_template_stages": staged,
            "communication_type": _reference(communication_type),
        },
        identity=identity,
    )


def _group(workspace: Workspace, position: int, name: str, communication_type: Record) -> None:
    members = some(workspace, workspace.records("users"), 5)
    outside = (
        [
            {
                "id": workspace.new_id(),
                "name": f"{partner} operations desk",
                "email": f"ops@{slug(partner)}.example",
                "phone_number": f"+1503555019{index}",
            }
            for index, partner in enumerate(("Parcel Pony", "Bay Wheels Delivery"))
        ]
        if "Courier" in name
        else []
    )
    enter(
        workspace,
        "communications_groups",
        {
            "name": name,
            "slug": slug(name),
            "description": None,
            "communication_type_id": communication_type.id,
            "is_private": position == 0,
            "condition_type": "any",
            "sms_channel": position in (0, 3),
            "email_channel": True,
            "communication_group_conditions": [
                {
                    "property_type": "severity",
                    "service_ids": [],
                    "severity_ids": ids(workspace.records("severities")[: 1 + position]),
                    "functionality_ids": [],
                    "group_ids": [],
                    "incident_type_ids": [],
                }
            ],
            "member_ids": [int(user.id) for user in members],
            "slack_channel_ids": [f"C0COMMS{position}"],
            "communication_external_group_members": outside,
        },
    )


def _reference(record: Record) -> dict[str, str]:
    return {"id": record.id, "name": record.attributes["name"]}
