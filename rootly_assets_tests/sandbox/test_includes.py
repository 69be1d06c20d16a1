"""Compound documents: a page of incidents brings along what belongs to them."""

import pytest

from rootly_assets.sandbox import Workspace
from rootly_assets.sandbox.lists import ENDPOINTS, ListEndpoint
from rootly_assets_tests.sandbox.client import Client

CHILDREN = {
    "events": "incident_events",
    "action_items": "incident_action_items",
    "roles": "incident_role_assignments",
    "sub_statuses": "incident_sub_statuses",
    "feedbacks": "incident_feedbacks",
    "slack_messages": "slack_messages",
}


@pytest.mark.parametrize("name", CHILDREN)
def test_every_child_comes_with_its_parent(client: Client, workspace: Workspace, name: str) -> None:
    linked: dict[str, str] = {}
    included: set[str] = set()
    number: int | None = 1
    while number:
        body = client.get("/v1/incidents", include=name, page__size=100, page__number=number).json()
        for row in body["data"]:
            for ref in row["relationships"][name]["data"]:
                assert ref["type"] == CHILDREN[name]
                linked[ref["id"]] = row["id"]
        included.update(resource["id"] for resource in body["included"])
        number = body["meta"]["next_page"]
    children = workspace.records(CHILDREN[name])
    assert children
    assert linked == {child.id: child.parents["incident_id"] for child in children}
    assert included == linked.keys()


def test_a_resource_of_many_parents_is_included_once(client: Client) -> None:
    body = client.get("/v1/incidents", include="services,groups", page__size=100).json()
    keys = [(resource["type"], resource["id"]) for resource in body["included"]]
    assert len(set(keys)) == len(keys)
    refs = [
        (ref["type"], ref["id"])
        for row in body["data"]
        for name in ("services", "groups")
        for ref in row["relationships"][name]["data"]
    ]
    assert len(refs) > len(keys)
    assert set(refs) == set(keys)


def test_alerts_bring_their_events_and_incidents(client: Client, workspace: Workspace) -> None:
    body = client.get("/v1/alerts", include="events,incidents,responders", page__size=100).json()
    for row in body["data"]:
        events = workspace.nested("alert_events", "alert_id", row["id"])
        refs = row["relationships"]["events"]["data"]
        assert [ref["id"] for ref in refs] == [event.id for event in events]
    types = {resource["type"] for resource in body["included"]}
    assert types == {"alert_events", "incidents", "users"}


def test_a_relationship_to_one_is_an_object_or_null(client: Client) -> None:
    rows = client.rows("/v1/incidents", include="incident_post_mortem", page__size=100)
    linked = [row["relationships"]["incident_post_mortem"]["data"] for row in rows]
    assert any(linked)
    assert None in linked


def test_nothing_is_included_unasked(client: Client) -> None:
    body = client.get("/v1/incidents").json()
    assert "included" not in body
    assert "relationships" not in body["data"][0]


def test_what_cannot_be_included_is_refused(client: Client) -> None:
    answer = client.get("/v1/incidents", include="weather")
    assert answer.status_code == 400
    assert "weather" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "endpoint",
    [e for e in ENDPOINTS if e.includes and "{" not in e.path],
    ids=lambda endpoint: endpoint.path,
)
def test_every_documented_include_is_understood(client: Client, endpoint: ListEndpoint) -> None:
    body = client.get(endpoint.path, include=",".join(sorted(endpoint.includes))).json()
    known = {(resource["type"], resource["id"]) for resource in body["included"]}
    for row in body["data"]:
        assert endpoint.includes <= row["relationships"].keys()
        for name in endpoint.includes:
            data = row["relationships"][name]["data"]
            refs = data if isinstance(data, list) else [data] if data else []
            assert {(ref["type"], ref["id"]) for ref in refs} <= known
