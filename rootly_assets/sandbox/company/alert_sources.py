"""Where alerts come from, and how urgent they are."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from rootly_assets.sandbox.company.teams import Organization
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

# Name, type, owner, share of the alerts.
_SOURCES = (
    ("Datadog Production", "datadog", "Platform", 46),
    ("Grafana Depots", "grafana", "Fulfilment", 20),
    ("CloudWatch", "cloud_watch", "Platform", 14),
    ("Sentry Storefront", "sentry", "Storefront", 12),
    ("Checkly Journeys", "checkly", "Checkout", 8),
)
_URGENCIES = (
    ("High", "Wake somebody", "high", "#DC2626", 30),
    ("Medium", "Within the hour, by day", "medium", "#D97706", 45),
    ("Low", "When there is time", "low", "#2563EB", 25),
)
# Rootly's own number for the workspace.
_WORKSPACE_NUMBER = 3107


@dataclass(frozen=True, slots=True)
class AlertSources:
    """Sources and urgencies, each with its share of the alerts."""

    sources: list[tuple[Record, int]]
    urgencies: list[tuple[Record, int]]

    def draw(self, random: Random) -> tuple[Record, Record]:
        """A source and an urgency for the next alert."""
        return _draw(random, self.sources), _draw(random, self.urgencies)


def add_alert_sources(workspace: Workspace, organization: Organization) -> AlertSources:
    """Add alert sources and urgencies."""
    made = workspace.timestamp(workspace.now - timedelta(days=640))
    times = {"created_at": made, "updated_at": made}
    urgencies: list[tuple[Record, int]] = []
    for position, (name, text, level, color, share) in enumerate(_URGENCIES, 1):
        attributes: dict[str, Any] = {
            "id": workspace.new_id(),
            "name": name,
            "description": text,
            "position": position,
            "urgency": level,
            "color": color,
            "team_id": _WORKSPACE_NUMBER,
            "deleted_at": None,
            **times,
        }
        record = workspace.add(Record("alert_urgencies", attributes["id"], attributes))
        urgencies.append((record, share))
    sources: list[tuple[Record, int]] = []
    for name, kind, owner, share in _SOURCES:
        source = _source(workspace, name, kind)
        source["owner_group_ids"] = [organization.teams[owner].id]
        source["alert_urgency_id"] = urgencies[1][0].id
        record = Record("alert_sources", workspace.new_id(), {**source, **times})
        sources.append((workspace.add(record), share))
    return AlertSources(sources, urgencies)


def _source(workspace: Workspace, name: str, kind: str) -> dict[str, Any]:
    secret = f"sandbox-secret-alert-source-{workspace.random.getrandbits(64):016x}"
    return {
        "name": name,
        "enabled": True,
        "source_type": kind,
        "alert_urgency_id": None,
        "deduplicate_alerts_by_key": True,
        "deduplication_key_kind": "payload",
        "deduplication_key_path": "$.monitor.id",
        "deduplication_key_regexp": None,
        "owner_group_ids": [],
        "alert_template_attributes": {
            "title": "{{ alert.data.title }}",
            "description": "{{ alert.data.body }}",
            "external_url": "{{ alert.data.link }}",
        },
        "alert_source_urgency_rules_attributes": [],
        "sourceable_attributes": {
            "auto_resolve": True,
            "resolve_state": "ok",
            "accept_threaded_emails": False,
            "field_mappings_attributes": [{"field": "external_id", "json_path": "$.monitor.id"}],
        },
        "resolution_rule_attributes": None,
        "alert_source_fields_attributes": [],
        "status": "connected",
        "secret": secret,
        "email": None,
        "webhook_endpoint": f"https://webhooks.rootly.example/webhooks/incoming/{kind}",
    }


def _draw(random: Random, weighted: list[tuple[Record, int]]) -> Record:
    records = [record for record, _ in weighted]
    return random.choices(records, [share for _, share in weighted])[0]
