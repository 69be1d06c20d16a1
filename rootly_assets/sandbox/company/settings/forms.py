"""The incident form: its fields, their options, where each one stands and when it is asked for."""

from dataclasses import dataclass
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, named, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

NEW, UPDATE = "web_new_incident_form", "web_update_incident_form"
MITIGATION, RESOLUTION = "web_incident_mitigation_form", "web_incident_resolution_form"
FORMS = [
    NEW,
    UPDATE,
    MITIGATION,
    RESOLUTION,
    "web_incident_post_mortem_form",
    "slack_new_incident_form",
]


@dataclass(frozen=True)
class Field:
    """A form field as the company's settings have it."""

    name: str
    kind: str
    input_kind: str
    shown: tuple[str, ...]
    required: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    value_kind: str = "inherit"
    description: str | None = None


FIELDS = [
    Field("Title", "title", "text", (NEW, UPDATE), (NEW,)),
    Field("Summary", "summary", "rich_text", (NEW, UPDATE)),
    Field("Severity", "severity", "select", (NEW, UPDATE), (NEW,)),
    Field("Environments", "environments", "multi_select", (NEW, UPDATE)),
    Field("Services", "services", "multi_select", (NEW, UPDATE), (RESOLUTION,)),
    Field("Functionalities", "functionalities", "multi_select", (NEW, UPDATE)),
    Field("Types", "types", "multi_select", (NEW, UPDATE)),
    Field("Teams", "teams", "multi_select", (NEW, UPDATE)),
    Field("Causes", "causes", "multi_select", (UPDATE, RESOLUTION)),
    Field("Mitigation message", "mitigation_message", "textarea", (MITIGATION,), (MITIGATION,)),
    Field("Resolution message", "resolution_message", "textarea", (RESOLUTION,), (RESOLUTION,)),
    Field("Detected at", "detected_at", "datetime", (UPDATE, MITIGATION)),
    Field(
        "Customer impact",
        "custom",
        "select",
        (NEW, UPDATE, MITIGATION),
        (RESOLUTION,),
        ("No customer noticed", "Slower than usual", "Some orders failed", "No orders possible"),
        description="What shoppers saw while it lasted",
    ),
    Field(
        "Detection method",
        "custom",
        "select",
        (RESOLUTION,),
        (RESOLUTION,),
        ("Alert", "Customer care", "Colleague", "Courier partner", "Social media"),
        description="Who or what told us first",
    ),
    Field(
        "Affected regions",
        "custom",
        "multi_select",
        (NEW, UPDATE),
        options=("Pacific Northwest", "California", "Mountain", "Midwest", "East Coast"),
    ),
    Field("Orders lost", "custom", "number", (MITIGATION, RESOLUTION)),
    Field("Refunds promised", "custom", "checkbox", (RESOLUTION,)),
    Field("Change that caused it", "custom", "text", (RESOLUTION,)),
    Field("Communications lead", "custom", "select", (NEW,), value_kind="user"),
    Field("Supplier concerned", "custom", "select", (UPDATE,), value_kind="catalog_entity"),
]
OPTION_COLORS = ["#D7F5E1", "#FCF2CF", "#FAEEE6", "#FAE6E8", "#E9E2FF"]
CUSTOM_FORMS = [
    (
        "Food safety report",
        "food-safety",
        "Cold chain broken, recall, allergens: what quality needs",
    ),
    ("Courier outage", "courier", "Which courier partner is down, in which region, since when"),
    ("Fraud spike", "fraud", "For payments and the fraud desk"),
]


def populate(workspace: Workspace) -> None:
    """Add form sets, fields with options, positions and placements, conditions and custom forms."""
    sets = [
        _form_set(workspace, "Standard incident", default=True),
        _form_set(workspace, "Food safety", default=False),
    ]
    fields = [_field(workspace, position, field, sets) for position, field in enumerate(FIELDS)]
    severity = fields[2]
    top = ids(workspace.records("severities"))[:1]
    food_safety = named(workspace, "incident_types", "safety", "quality")
    types = fields[6]
    _set_condition(
        workspace, sets[1], types, ids(food_safety or workspace.records("incident_types")[:1])
    )
    _set_condition(workspace, sets[1], severity, top)
    impact = fields[12]
    for placement in workspace.nested("form_field_placements", "form_field_id", impact.id):
        _placement_condition(workspace, placement, severity, top)
    for name, command, description in CUSTOM_FORMS:
        enter(
            workspace,
            "custom_forms",
            {
                "name": name,
                "slug": slug(name),
                "description": description,
                "enabled": command != "fraud",
                "command": command,
            },
        )


def _form_set(workspace: Workspace, name: str, *, default: bool) -> Record:
    attributes = {"name": name, "slug": slug(name), "is_default": default, "forms": FORMS}
    return enter(workspace, "form_sets", attributes)


def _field(workspace: Workspace, position: int, field: Field, sets: list[Record]) -> Record:
    catalogs = (
        named(workspace, "catalogs", "supplier") if field.value_kind == "catalog_entity" else []
    )
    record = enter(
        workspace,
        "form_fields",
        {
            "kind": field.kind,
            "input_kind": field.input_kind,
            "value_kind": field.value_kind,
            "value_kind_catalog_id": catalogs[0].id if catalogs else None,
            "name": field.name,
            "slug": slug(field.name),
            "description": field.description,
            "shown": list(field.shown),
            "required": list(field.required),
            "show_on_incident_details": field.kind == "custom",
            "enabled": True,
            "default_values": [],
            "auto_set_by_catalog_property_id": None,
        },
    )
    below: dict[str, Any] = {"form_field_id": record.id}
    for index, value in enumerate(field.options):
        identity = workspace.new_id()
        option = {
            "id": identity,
            **below,
            "value": value,
            "color": OPTION_COLORS[index],
            "default": False,
            "position": index + 1,
        }
        enter(workspace, "form_field_options", option, identity=identity, parents=below)
    for form in field.shown:
        place = {**below, "form": form, "position": position + 1}
        enter(workspace, "form_field_positions", place, parents=below)
        for form_set in sets[: 1 if field.kind == "custom" else 2]:
            enter(
                workspace,
                "form_field_placements",
                {
                    **place,
                    "form_set_id": form_set.id,
                    "required": form in field.required,
                    "required_operator": "and",
                    "placement_operator": "and",
                    "non_editable": False,
                },
                parents=below,
            )
    return record


def _set_condition(
    workspace: Workspace, form_set: Record, field: Record, values: list[str]
) -> None:
    below = {"form_set_id": form_set.id}
    condition = {**below, "form_field_id": field.id, "comparison": "equal", "values": values}
    enter(workspace, "form_set_conditions", condition, parents=below)


def _placement_condition(
    workspace: Workspace, placement: Record, field: Record, values: list[str]
) -> None:
    below = {"form_field_placement_id": placement.id}
    enter(
        workspace,
        "form_field_placement_conditions",
        {
            **below,
            "conditioned": "required",
            "position": 1,
            "form_field_id": field.id,
            "comparison": "equal",
            "values": values,
        },
        parents=below,
    )
