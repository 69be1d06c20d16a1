"""Where alerts go: routes, the older routing rules, and how alerts are grouped."""

from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace


def populate(workspace: Workspace) -> None:
    """Add a route a source, the routing rules that it replaced, and the alert groups."""
    services = workspace.records("services")
    teams = workspace.records("groups")
    for position, source in enumerate(workspace.records("alert_sources")):
        _route(workspace, source, services, teams[position % len(teams)])
        _routing_rule(workspace, source, position, services[position % len(services)])
    for position, (name, minutes) in enumerate(
        (("Checkout burst", 10), ("Same disk, same hour", 60), ("Courier flapping", 30))
    ):
        _group(workspace, name, minutes, services[position % len(services)])


def _condition(word: str, *kinds: str) -> dict[str, Any]:
    kind, operator = kinds
    return {
        "property_field_type": kind,
        "property_field_name": "summary",
        "property_field_condition_type": operator,
        "property_field_value": word,
        "property_field_values": [],
    }


def _route(workspace: Workspace, source: Record, services: list[Record], fallback: Record) -> None:
    chosen = services[:3]
    rules: list[dict[str, Any]] = [
        {
            "name": f"{service.attributes['name']} alerts",
            "position": position + 1,
            "fallback_rule": False,
            "destinations": [{"target_type": "Service", "target_id": service.id}],
            "condition_groups": [
                {
                    "position": 1,
                    "conditions": [
                        {
                            **_condition(str(service.attributes["slug"]), "payload", "contains"),
                            "property_field_name": "$.labels.service",
                            "alert_urgency_ids": None,
                            "conditionable_type": None,
                            "conditionable_id": None,
                        }
                    ],
                }
            ],
        }
        for position, service in enumerate(chosen)
    ]
    rules.append(
        {
            "name": "Everything else",
            "position": len(rules) + 1,
            "fallback_rule": True,
            "destinations": [{"target_type": "Group", "target_id": fallback.id}],
            "condition_groups": [],
        }
    )
    enter(
        workspace,
        "alert_routes",
        {
            "name": f"{source.attributes['name']} route",
            "enabled": True,
            "alerts_source_ids": [source.id],
            "owning_team_ids": [fallback.id],
            "rules": rules,
        },
    )


def _routing_rule(workspace: Workspace, source: Record, position: int, service: Record) -> None:
    made = {key: source.attributes[key] for key in ("created_at", "updated_at")}
    word = str(service.attributes["slug"])
    condition = {
        "id": workspace.new_id(),
        **_condition(word, "attribute", "contains"),
        "conditionable_id": None,
        "conditionable_type": None,
        **made,
    }
    group = {"id": workspace.new_id(), "position": 1, "conditions": [condition], **made}
    enter(
        workspace,
        "alert_routing_rules",
        {
            "name": f"{source.attributes['name']} to {service.attributes['name']}",
            "enabled": False,
            "alerts_source_id": source.id,
            "position": position + 1,
            "condition_type": "all",
            "conditions": [_condition(word, "attribute", "contains")],
            "destination": {"target_type": "Service", "target_id": service.id},
            "condition_groups": [group],
        },
    )


def _group(workspace: Workspace, name: str, minutes: int, service: Record) -> None:
    urgencies = ids(workspace.records("alert_urgencies"))
    enter(
        workspace,
        "alert_groups",
        {
            "name": name,
            "description": f"Within {minutes} minutes of each other",
            "slug": slug(name),
            "condition_type": "all",
            "time_window": minutes,
            "group_by_alert_title": True,
            "group_by_alert_urgency": False,
            "targets": [{"target_type": "Service", "target_id": service.id}],
            "attributes": [{"json_path": "$.labels.host"}],
            "conditions": [
                {
                    **_condition(slug(name), "attribute", "contains"),
                    "values": [],
                    "alert_urgency_ids": urgencies[:1],
                    "conditionable_type": None,
                    "conditionable_id": None,
                }
            ],
            "deleted_at": None,
        },
    )
