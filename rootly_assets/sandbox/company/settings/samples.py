"""What the panels measure: one sample an incident, alert, retrospective, action item or user.

Durations are in seconds, hours worked in hours, rates in percent. They are worked out here from the
workspace's own records and share nothing with the metrics that are checked against them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from rootly_assets.sandbox.company.settings import keyed_facets
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

INCIDENT_TIMES = {
    "detection_time": "detected_at",
    "acknowledge_time": "acknowledged_at",
    "mitigation_time": "mitigated_at",
    "resolution_time": "resolved_at",
    "closed_time": "closed_at",
    "cancellation_time": "cancelled_at",
    "triage_time": "in_triage_at",
}
WORKED_UNTIL = {
    "triaged": "triage_time",
    "mitigated": "mitigation_time",
    "resolved": "resolution_time",
}
ALERT_MEASURES = ("acknowledge_rate", "acknowledge_time", "resolution_time", "resolve_time")
MEASURES = frozenset(
    {
        *("results", *INCIDENT_TIMES, *ALERT_MEASURES, "time_between_failure"),
        *(f"hours_worked_until_{until}" for until in WORKED_UNTIL),
    }
)
"""Every key that a panel can count, sum or average."""

MILESTONES = ("started_by", "mitigated_by", "resolved_by", "closed_by")
PERCENT = 100.0


@dataclass(frozen=True)
class Sample:
    """One thing that a panel looks at.

    Attributes:
        at: where it stands on the time axis.
        name: how a table calls it.
        values: its measures by key; a measure that is not known is absent.
        facets: the names under each attribute that panels group or filter by.
    """

    at: datetime
    name: str
    values: dict[str, float]
    facets: dict[str, list[str]]


def collect(workspace: Workspace) -> dict[str, list[Sample]]:
    """The samples of every collection that the default panels look at, in order of time."""
    collections = {
        "incidents": _incidents(workspace),
        "alerts": _alerts(workspace),
        "incident_post_mortems": _retrospectives(workspace),
        "incident_action_items": _action_items(workspace),
        "users": _users(workspace),
    }
    return {name: sorted(samples, key=_at) for name, samples in collections.items()}


def _at(sample: Sample) -> datetime:
    return sample.at


def _moment(stamp: Any) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None


def _incidents(workspace: Workspace) -> Iterator[Sample]:
    keyed = keyed_facets.of_incidents(workspace)
    for incident in workspace.records("incidents"):
        attributes = incident.attributes
        started = _moment(attributes["started_at"])
        if started is None:
            continue
        values = {"results": 1.0}
        for key, attribute in INCIDENT_TIMES.items():
            reached = _moment(attributes[attribute])
            if reached is not None and reached >= started:
                values[key] = (reached - started).total_seconds()
        for until, key in WORKED_UNTIL.items():
            if key in values:
                hours = values[key] / 3600
                values[f"hours_worked_until_{until}"] = hours * len(_workers(incident))
        name = f"#{attributes['sequential_id']} {attributes['title']}"
        facets = _incident_facets(workspace, incident) | keyed.get(incident.id, {})
        yield Sample(started, name, values, facets)


def _incident_facets(workspace: Workspace, incident: Record) -> dict[str, list[str]]:
    facets = _facets(incident, "severity", "environments", "services", "groups")
    facets |= _facets(incident, "functionalities", "incident_types")
    facets["teams"] = facets["groups"]
    facets["causes"] = _linked_names(workspace, incident, "causes")
    plain = ("kind", "status", "source", "retrospective_progress_status")
    return facets | _plain(incident, *plain)


def _workers(incident: Record) -> set[str]:
    people = [incident.attributes[milestone] for milestone in MILESTONES]
    return {str(person["data"]["id"]) for person in people if person}


def _users(workspace: Workspace) -> Iterator[Sample]:
    names = {user.id: str(user.attributes["full_name"]) for user in workspace.records("users")}
    for user in workspace.records("users"):
        made = datetime.fromisoformat(user.attributes["created_at"])
        yield Sample(made, names[user.id], {"results": 1.0}, {})
    for incident in workspace.records("incidents"):
        started = _moment(incident.attributes["started_at"])
        hours: dict[str, float] = {}
        for until, key in WORKED_UNTIL.items():
            reached = _moment(incident.attributes[INCIDENT_TIMES[key]])
            if started is not None and reached is not None and reached >= started:
                worked = (reached - started).total_seconds() / 3600
                hours[f"hours_worked_until_{until}"] = worked
        if started is not None and hours:
            for worker in sorted(_workers(incident)):
                yield Sample(started, names.get(worker, worker), hours, {})


def _alerts(workspace: Workspace) -> Iterator[Sample]:
    acknowledged = _first_acknowledgements(workspace)
    before: datetime | None = None
    alerts = [
        (_moment(alert.attributes["started_at"]), alert) for alert in workspace.records("alerts")
    ]
    timed = [(started, alert) for started, alert in alerts if started is not None]
    for started, alert in sorted(timed, key=lambda pair: (pair[0], pair[1].id)):
        attributes = alert.attributes
        ended = _moment(attributes["ended_at"])
        first = acknowledged.get(alert.id)
        values = {"results": 1.0, "acknowledge_rate": PERCENT if first else 0.0}
        if before is not None:
            values["time_between_failure"] = (started - before).total_seconds()
        before = started
        if first is not None and first >= started:
            values["acknowledge_time"] = (first - started).total_seconds()
        if ended is not None:
            values["resolution_time"] = (ended - started).total_seconds()
            if first is not None and ended >= first:
                values["resolve_time"] = (ended - first).total_seconds()
        facets = _facets(alert, "services", "groups", "environments", "functionalities")
        facets |= _facets(alert, "alert_urgency") | _plain(alert, "source", "status", "noise")
        facets["teams"] = facets["groups"]
        for link in ("responders", "escalation_policies"):
            facets[link] = _linked_names(workspace, alert, link)
        facets |= keyed_facets.of_alert(workspace, alert)
        yield Sample(started, attributes["summary"], values, facets)


def _first_acknowledgements(workspace: Workspace) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for event in workspace.records("alert_events"):
        if event.attributes["action"] == "acknowledged":
            when = datetime.fromisoformat(event.attributes["created_at"])
            alert = event.attributes["alert_id"]
            first[alert] = min(when, first.get(alert, when))
    return first


def _retrospectives(workspace: Workspace) -> Iterator[Sample]:
    keyed = keyed_facets.of_incidents(workspace)
    for retrospective in workspace.records("incident_post_mortems"):
        started = _moment(retrospective.attributes["started_at"])
        incident = workspace.get("incidents", retrospective.parents.get("incident_id", ""))
        if started is None or incident is None:
            continue
        # A retrospective has what its incident has.
        whole = _incident_facets(workspace, incident) | keyed.get(incident.id, {})
        facets = {f"incidents.{attribute}": members for attribute, members in whole.items()}
        facets |= {"causes": whole["causes"]} | _plain(retrospective, "status")
        yield Sample(started, retrospective.attributes["title"], {"results": 1.0}, facets)


def _action_items(workspace: Workspace) -> Iterator[Sample]:
    for item in workspace.records("incident_action_items"):
        created = datetime.fromisoformat(item.attributes["created_at"])
        facets = _plain(item, "kind", "status", "priority")
        yield Sample(created, item.attributes["summary"], {"results": 1.0}, facets)


def _plain(record: Record, *attributes: str) -> dict[str, list[str]]:
    """Attributes that are one word, where there is one."""
    return {
        attribute: [str(record.attributes[attribute])]
        for attribute in attributes
        if record.attributes[attribute] is not None
    }


def _facets(record: Record, *attributes: str) -> dict[str, list[str]]:
    return {
        attribute: list(_names(record.attributes[attribute]))
        if record.attributes[attribute]
        else []
        for attribute in attributes
    }


def _linked_names(workspace: Workspace, record: Record, link: str) -> list[str]:
    linked = [workspace.get(ref["type"], ref["id"]) for ref in record.links.get(link, [])]
    return [_name(other.attributes) for other in linked if other is not None]


def _name(attributes: dict[str, Any]) -> str:
    return str(attributes.get("full_name") or attributes.get("name") or "unknown")


def _names(value: Any) -> Iterable[str]:
    resources = cast("list[dict[str, Any]]", value if isinstance(value, list) else [value])
    for resource in resources:
        yield _name(resource["data"]["attributes"] if "data" in resource else resource)
