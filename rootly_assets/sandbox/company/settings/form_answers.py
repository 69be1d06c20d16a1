"""What responders filled in: answers to the custom form fields, and to the old custom fields."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, some
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

ANSWERED_SHARE = 0.6
OLD_FIELD_SHARE = 0.25


def populate(workspace: Workspace) -> None:
    """Answer some of the fields for each incident so far."""
    follow(workspace, workspace.records("incidents"))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Answer some of the fields for those of the incidents that were real."""
    # Not their count: some may have been deleted with their incidents.
    numbers = [int(old.id) for old in workspace.records("incident_custom_field_selections")]
    number = max(numbers, default=0)
    fields = [
        field for field in workspace.records("form_fields") if field.attributes["kind"] == "custom"
    ]
    for incident in incidents:
        if str(incident.attributes["kind"]).startswith("normal"):
            for field in fields:
                if workspace.random.random() < ANSWERED_SHARE:
                    _answer(workspace, incident, field)
            if workspace.random.random() < OLD_FIELD_SHARE:
                number += 1
                _old_answer(workspace, incident, number)


def _answer(workspace: Workspace, incident: Record, field: Record) -> None:
    chance, kind = workspace.random, field.attributes["input_kind"]
    options = workspace.nested("form_field_options", "form_field_id", field.id)
    chosen = some(workspace, options, chance.randint(1, 2) if kind == "multi_select" else 1)
    asks_for = field.attributes["value_kind"]
    values = {
        "number": str(chance.randint(0, 900)),
        "checkbox": chance.choice(["true", "false"]),
        "text": f"Release {chance.randint(100, 999)}",
    }
    suppliers = workspace.records("catalog_entities")
    users = workspace.records("users")
    below: dict[str, Any] = {"incident_id": incident.id}
    enter(
        workspace,
        "incident_form_field_selections",
        {
            **below,
            "form_field_id": field.id,
            "value": values.get(kind),
            "selected_catalog_entity_ids": (
                ids(some(workspace, suppliers, 1)) if asks_for == "catalog_entity" else []
            ),
            "selected_group_ids": [],
            "selected_option_ids": ids(chosen),
            "selected_service_ids": [],
            "selected_functionality_ids": [],
            "selected_user_ids": [int(chance.choice(users).id)] if asks_for == "user" else [],
            "selected_environment_ids": [],
            "selected_cause_ids": [],
            "selected_incident_type_ids": [],
            **_times(incident),
        },
        parents=below,
    )


def _old_answer(workspace: Workspace, incident: Record, number: int) -> None:
    field = workspace.random.choice(workspace.records("custom_fields"))
    options = workspace.nested("custom_field_options", "custom_field_id", field.id)
    enter(
        workspace,
        "incident_custom_field_selections",
        {
            "incident_id": incident.id,
            "custom_field_id": int(field.id),
            "value": None if options else f"VT-{workspace.random.randint(1000, 9999)}",
            "selected_option_ids": [int(option.id) for option in some(workspace, options, 1)],
            **_times(incident),
        },
        identity=str(number),
        parents={"incident_id": incident.id},
    )


def _times(incident: Record) -> dict[str, Any]:
    return {key: incident.attributes[key] for key in ("created_at", "updated_at")}
