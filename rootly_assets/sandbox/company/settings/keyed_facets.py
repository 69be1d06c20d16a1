"""What incidents and alerts have under the names a workspace gives out itself: fields and roles.

Each is named as panels do, by kind and id and by kind and slug: `custom_field:<id>`, `incident_role:<slug>`.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

Facets = dict[str, list[str]]

# Where the entries are that a form field can ask for, by the attribute of an answer that names them.
CHOSEN = {
    "selected_option_ids": "form_field_options",
    "selected_catalog_entity_ids": "catalog_entities",
    "selected_group_ids": "groups",
    "selected_service_ids": "services",
    "selected_functionality_ids": "functionalities",
    "selected_user_ids": "users",
    "selected_environment_ids": "environments",
    "selected_cause_ids": "causes",
    "selected_incident_type_ids": "incident_types",
}


def of_incidents(workspace: Workspace) -> dict[str, Facets]:
    """The custom fields and roles of every incident, by its id."""
    found: dict[str, Facets] = defaultdict(lambda: defaultdict(list))
    for answer in workspace.records("incident_form_field_selections"):
        field = workspace.get("form_fields", answer.attributes["form_field_id"])
        if field is not None:
            members = list(_answers(workspace, answer.attributes))
            _note(found[answer.parents["incident_id"]], "custom_field", field, members)
    for assignment in workspace.records("incident_role_assignments"):
        resource = assignment.attributes["incident_role"]["data"]
        role = workspace.get("incident_roles", resource["id"])
        person = assignment.attributes["user"]
        if role is not None and person:
            name = str(person["data"]["attributes"]["full_name"])
            _note(found[assignment.parents["incident_id"]], "incident_role", role, [name])
    return found


def of_alert(workspace: Workspace, alert: Record) -> Facets:
    """The alert fields of an alert."""
    found: Facets = defaultdict(list)
    for value in alert.attributes["alert_field_values"]:
        field = workspace.get("alert_fields", value["alert_field_id"])
        if field is not None:
            _note(found, "alert_field", field, [str(value["value"])])
    return found


def _answers(workspace: Workspace, answer: dict[str, Any]) -> Iterator[str]:
    if answer["value"] is not None:
        yield str(answer["value"])
    for attribute, type_ in CHOSEN.items():
        for identity in answer[attribute]:
            entry = workspace.get(type_, str(identity))
            yield str(identity) if entry is None else _called(entry)


def _called(entry: Record) -> str:
    names = ("full_name", "value", "name")
    return next(str(entry.attributes[name]) for name in names if name in entry.attributes)


def _note(facets: Facets, kind: str, owner: Record, members: list[str]) -> None:
    """Add members under both names of their attribute, each once."""
    for name in (owner.id, owner.attributes["slug"]):
        known = facets[f"{kind}:{name}"]
        known.extend(member for member in dict.fromkeys(members) if member not in known)
