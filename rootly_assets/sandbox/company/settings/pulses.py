"""Pulses: deployments and flag changes, at office hours, some shortly before an incident."""

from datetime import datetime, timedelta
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, named
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

SOURCES = {"github": "Deploy", "argo-cd": "Roll out", "flagship": "Switch flag in"}
CAUSED_SHARE = 0.35
PULSES_AN_INCIDENT = 2


def populate(workspace: Workspace) -> None:
    """Add the pulses around every incident so far."""
    follow(workspace, workspace.records("incidents"))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Add two pulses an incident: a third of them shortly before it, to the same service."""
    when: list[tuple[datetime, Record]] = []
    services = workspace.records("services")
    by_id = {service.id: service for service in services}
    for incident in incidents:
        chance = workspace.random
        started = incident.attributes["started_at"]
        if not started:
            continue
        before = datetime.fromisoformat(started)
        affected: list[dict[str, Any]] = incident.attributes["services"] or []
        touched = [by_id[one["data"]["id"]] for one in affected if one["data"]["id"] in by_id]
        for _ in range(PULSES_AN_INCIDENT):
            if touched and chance.random() < CAUSED_SHARE:
                when.append((before - timedelta(minutes=chance.randint(2, 55)), touched[0]))
            else:
                office = before.replace(hour=chance.randint(9, 16), minute=chance.randint(0, 59))
                day = office - timedelta(days=chance.randint(1, 6))
                when.append((day, chance.choice(services)))
    production = named(workspace, "environments", "prod") or workspace.records("environments")[:1]
    for moment, service in sorted(when, key=lambda pair: (pair[0], pair[1].id)):
        _pulse(workspace, moment, service, production[0])


def _pulse(workspace: Workspace, moment: datetime, service: Record, production: Record) -> None:
    source = workspace.random.choice(list(SOURCES))
    commit = f"{workspace.random.getrandbits(28):07x}"
    name = service.attributes["name"]
    stamp = workspace.timestamp(moment)
    enter(
        workspace,
        "pulses",
        {
            "source": source,
            "summary": f"{SOURCES[source]} {name} {commit}",
            "services": [dict(service.attributes)],
            "environments": [dict(production.attributes)],
            "external_url": f"https://deploys.larder.example/{service.attributes['slug']}/{commit}",
            "labels": [{"key": "service", "value": service.attributes["slug"]}],
            "refs": [{"key": "sha", "value": commit}, {"key": "branch", "value": "main"}],
            "data": {"attempt": 1, "canary": workspace.random.random() < 0.5},
            "created_at": stamp,
            "updated_at": stamp,
        },
    )
