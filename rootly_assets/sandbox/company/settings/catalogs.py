"""The catalog: suppliers, data stores and courier partners, with properties and checklists."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import ago, enter, person, slug, some
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

CATALOGS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Suppliers": (
        "shapes",
        "Who delivers what we sell",
        ("Hollow Creek Dairy", "Sunfield Produce", "Northshore Fisheries", "Mill Lane Bakery"),
    ),
    "Data stores": (
        "server-stack",
        "Databases, queues and caches",
        (
            "orders-postgres",
            "catalog-opensearch",
            "basket-redis",
            "events-kafka",
            "ledger-postgres",
        ),
    ),
    "Courier partners": (
        "users",
        "Last-mile partners by region",
        ("Parcel Pony", "Bay Wheels Delivery", "Mile High Couriers"),
    ),
}
PROPERTIES = [
    ("Tier", "text", False),
    ("Runbook", "text", False),
    ("Depends on", "reference", True),
]
BUILT_IN = ["service", "functionality", "environment", "cause", "incident_type", "team"]
ENTITY_VALUES = {"Tier": ("tier-1", "tier-2", "tier-3")}
TEMPLATES = [
    ("Service readiness", "Service", ("owner", "runbook", "escalation_policy")),
    ("Data store review", "Catalog", ("tier", "backup", "restore_drill")),
]
STATUSES = ["completed", "in_progress", "triggered", "cancelled"]


def populate(workspace: Workspace) -> None:
    """Add catalogs, entities and properties, also those of built-in catalogs, and checklists."""
    for position, (name, (icon, description, entities)) in enumerate(CATALOGS.items()):
        catalog = enter(
            workspace,
            "catalogs",
            {
                "name": name,
                "description": description,
                "icon": icon,
                "position": position + 1,
                "external_id": None,
                "managed_by": "terraform" if icon == "server-stack" else "web",
            },
        )
        properties = [
            _property(workspace, index, catalog_type="catalog", catalog=catalog)
            for index in range(len(PROPERTIES))
        ]
        for index, entity in enumerate(entities):
            _entity(workspace, catalog, index, entity, properties)
    for catalog_type in BUILT_IN:
        for index in range(2):
            _property(workspace, index, catalog_type=catalog_type, catalog=None)
    for name, catalog_type, keys in TEMPLATES:
        _checklists(workspace, name, catalog_type, keys)


def _property(
    workspace: Workspace, index: int, *, catalog_type: str, catalog: Record | None
) -> Record:
    name, kind, multiple = PROPERTIES[index]
    return enter(
        workspace,
        "catalog_properties",
        {
            "catalog_id": catalog.id if catalog else None,
            "name": name,
            "slug": slug(name),
            "kind": kind,
            "kind_catalog_id": catalog.id if catalog and kind == "reference" else None,
            "multiple": multiple,
            "position": index + 1,
            "required": index == 0,
            "catalog_type": catalog_type,
            "external_id": None,
            "managed_by": "web",
        },
        parents={"catalog_id": catalog.id} if catalog else {},
    )


def _entity(
    workspace: Workspace, catalog: Record, index: int, name: str, properties: list[Record]
) -> None:
    tier = workspace.random.choice(ENTITY_VALUES["Tier"])
    runbook = f"https://wiki.larder.example/runbooks/{slug(name)}"
    values = list(zip(properties, (tier, runbook), strict=False))
    entity = enter(
        workspace,
        "catalog_entities",
        {
            "name": name,
            "description": None,
            "position": index + 1,
            "backstage_id": f"resource:default/{slug(name)}",
            "external_id": None,
            "managed_by": catalog.attributes["managed_by"],
            "properties": [
                {"catalog_property_id": field.id, "value": value} for field, value in values
            ],
        },
        parents={"catalog_id": catalog.id},
    )
    below: dict[str, Any] = {"catalog_entity_id": entity.id}
    for field, value in values:
        attributes = {**below, "catalog_field_id": field.id, "key": "text", "value": value}
        enter(workspace, "catalog_entity_properties", attributes, parents=below)


def _checklists(workspace: Workspace, name: str, catalog_type: str, keys: tuple[str, ...]) -> None:
    catalogs = [one for one in workspace.records("catalogs") if "Data" in one.attributes["name"]]
    scoped = catalogs[0].id if catalog_type == "Catalog" else workspace.records("groups")[0].id
    template = enter(
        workspace,
        "catalog_checklist_templates",
        {
            "name": name,
            "slug": slug(name),
            "description": "Looked through every quarter",
            "catalog_type": catalog_type,
            "scope_type": "Catalog" if catalog_type == "Catalog" else "Team",
            "scope_id": scoped,
            "fields": [
                {"field_source": "builtin", "field_key": key, "catalog_property_id": None}
                for key in keys
            ],
            "owners": [{"id": "owner_users", "type": "field"}],
        },
    )
    audited = (
        some(workspace, workspace.records("services"), 6)
        if catalog_type == "Service"
        else workspace.nested("catalog_entities", "catalog_id", scoped)
    )
    for index, thing in enumerate(audited):
        _checklist(workspace, template, thing, keys, index)


def _checklist(
    workspace: Workspace,
    template: Record,
    thing: Record,
    keys: tuple[str, ...],
    index: int,
) -> None:
    status = STATUSES[index % len(STATUSES)]
    identity, owner = workspace.new_id(), person(workspace)
    made = {
        "created_at": ago(workspace, days=90 - 3 * index),
        "updated_at": ago(workspace, days=60 - 3 * index),
    }
    done = made["updated_at"] if status == "completed" else None
    fields = [
        _wrapped(
            workspace,
            "catalog_entity_checklist_fields",
            {
                "catalog_entity_checklist_id": identity,
                "catalog_checklist_template_field_id": None,
                "field_key": key,
                "checked": done is not None,
                "value_snapshot": {"value": f"{key} of {thing.attributes['name']}"},
                "completed_by_user_id": owner.id if done else None,
                "completed_at": done,
                **made,
            },
        )
        for key in keys
    ]
    owners = {"catalog_entity_checklist_id": identity, "owner_user_id": owner.id, **made}
    enter(
        workspace,
        "catalog_entity_checklists",
        {
            "catalog_checklist_template_id": template.id,
            "auditable_type": "Service" if thing.type == "services" else "CatalogEntity",
            "auditable_id": thing.id,
            "status": status,
            "started_at": made["created_at"] if status != "triggered" else None,
            "completed_at": done,
            "completed_by_user_id": owner.id if done else None,
            **made,
            "checklist_fields": fields,
            "checklist_owners": [_wrapped(workspace, "catalog_entity_checklist_owners", owners)],
        },
        identity=identity,
    )


def _wrapped(workspace: Workspace, resource: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"id": workspace.new_id(), "type": resource, "attributes": attributes}}
