"""Webhook endpoints of the grocer's own tools, and what was lately delivered to them."""

import json

from rootly_assets.sandbox.company.settings.entry import enter, later, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

ENDPOINTS = [
    (
        "Order freeze",
        "https://hooks.larder.example/order-freeze",
        ["incident.created", "incident.resolved"],
    ),
    (
        "Care desk banner",
        "https://care.larder.example/rootly",
        ["incident_status_page_event.created"],
    ),
    (
        "Retrospective library",
        "https://wiki.larder.example/rootly",
        ["incident_post_mortem.published"],
    ),
    (
        "Security archive",
        "https://siem.larder.example/ingest",
        ["audit_log.created", "alert.created"],
    ),
]
DELIVERIES_KEPT = 40


def populate(workspace: Workspace) -> None:
    """Add the endpoints, and for each the deliveries of the latest incidents."""
    for position, (name, url, event_types) in enumerate(ENDPOINTS):
        endpoint = enter(
            workspace,
            "webhooks_endpoints",
            {
                "name": name,
                "slug": slug(name),
                "url": url,
                "event_types": event_types,
                "secret": f"sandbox-secret-webhook-{slug(name)}",
                "enabled": position < 3,
                "custom_headers": [{"name": "X-Source", "value": "rootly"}],
            },
        )
        if position < 3:
            for incident in workspace.records("incidents")[-DELIVERIES_KEPT:]:
                _delivery(workspace, endpoint, incident, event_types[0])


def _delivery(workspace: Workspace, endpoint: Record, incident: Record, event: str) -> None:
    created = incident.attributes["created_at"]
    failed = workspace.random.random() < 0.03
    arrived = later(workspace, created, seconds=workspace.random.randint(1, 60))
    payload = {
        "event": {"type": event, "issued_at": created},
        "data": {"id": incident.id, "title": incident.attributes["title"]},
    }
    below = {"endpoint_id": endpoint.id}
    enter(
        workspace,
        "webhooks_deliveries",
        {
            **below,
            "payload": json.dumps(payload),
            "delivered_at": None if failed else arrived,
            "created_at": created,
            "updated_at": created,
        },
        parents=below,
    )
