"""Every list of the API answers, and whoever walks its pages has all of its rows."""

import json
import re

import pytest

from rootly_assets.catalogue import catalogue
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.lists import ENDPOINTS, ListEndpoint, Paging
from rootly_assets.sandbox.server.routing import PARENT_TYPES
from rootly_assets_tests.sandbox.client import Client
from rootly_assets_tests.sandbox.conftest import UNLIMITED

pytestmark = pytest.mark.slow

REFUSED = {"/v1/secrets", "/v1/alert_routing_rules"}
TIMED = {"/v1/shifts", "/v1/schedules/{id}/shifts", "/v1/oncalls"}
TOP_LEVEL = [endpoint for endpoint in ENDPOINTS if "{" not in endpoint.path]
NESTED = [endpoint for endpoint in ENDPOINTS if "{" in endpoint.path]


# Of a few lists the document does not say what is in them.
DECLARED = {each.path: {*each.columns, *each.secrets} for each in catalogue()}


def by_path(endpoint: ListEndpoint) -> str:
    return endpoint.path


def truth(workspace: Workspace, endpoint: ListEndpoint) -> set[str]:
    """The ids that the workspace has for a list."""
    records = workspace.records(endpoint.type)
    if endpoint.where:
        name, value = endpoint.where
        records = [record for record in records if record.attributes[name] == value]
    return {record.id for record in records}


def walk(client: Client, endpoint: ListEndpoint, path: str) -> list[str]:
    """The ids of a list, in the way of its kind, on pages of seven."""
    if endpoint.paging is Paging.CURSOR_ONLY:
        rows = client.by_cursor(path, page__size=50)
    elif endpoint.paging is Paging.NONE:
        rows = client.rows(path)
    elif endpoint.paging is Paging.PAGE_PER_PAGE:
        rows = client.rows(path, per_page=100)
    elif not endpoint.meta:
        rows = client.rows(path, page__size=100)
    else:
        rows = client.numbered(path, page__size=7)
    return [row["id"] for row in rows]


def test_the_list_of_endpoints_is_the_whole_api() -> None:
    paths = [endpoint.path for endpoint in ENDPOINTS]
    assert len(set(paths)) == len(paths) == 113 + 3


@pytest.mark.parametrize("endpoint", TOP_LEVEL, ids=by_path)
def test_a_top_level_list_gives_every_row_once(
    client: Client, workspace: Workspace, endpoint: ListEndpoint
) -> None:
    if endpoint.path in REFUSED:
        assert client.get(endpoint.path).status_code == 403
        return
    read = walk(client, endpoint, endpoint.path)
    assert read, "a list that nobody fills proves nothing"
    assert len(set(read)) == len(read)
    if endpoint.path not in TIMED:
        assert set(read) == truth(workspace, endpoint)


@pytest.mark.parametrize("endpoint", NESTED, ids=by_path)
def test_the_nested_lists_of_all_parents_together_give_every_row(
    client: Client, workspace: Workspace, endpoint: ListEndpoint
) -> None:
    (parameter,) = re.findall(r"{(\w+)}", endpoint.path)
    parent_type = "schedules" if endpoint.path in TIMED else PARENT_TYPES[parameter]
    rows: set[str] = set()
    for parent in workspace.records(parent_type):
        path = endpoint.path.replace(f"{{{parameter}}}", parent.id)
        rows.update(walk(client, endpoint, path))
        if parent_type == "alerts" and len(rows) > 200:
            break
    assert rows
    if endpoint.path == "/v1/incidents/{incident_id}/alerts":
        incidents = workspace.records("incidents")
        assert rows == {link["id"] for i in incidents for link in i.links.get("alerts", ())}
    elif endpoint.path in TIMED or parent_type == "alerts":
        assert rows <= truth(workspace, endpoint)
    else:
        expected = truth(workspace, endpoint)
        if endpoint.path == "/v1/catalogs/{catalog_id}/properties":
            records = workspace.records("catalog_properties")
            expected = {r.id for r in records if "catalog_id" in r.parents}
        assert rows == expected


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.single], ids=by_path)
def test_a_row_can_be_read_alone(
    client: Client, workspace: Workspace, endpoint: ListEndpoint
) -> None:
    if endpoint.path in REFUSED:
        return
    assert endpoint.single
    record = workspace.records(endpoint.type)[-1]
    answer = client.get(endpoint.single.replace("{id}", record.id))
    assert answer.status_code == 200
    data = answer.json()["data"]
    listed = json.loads(record.json())
    for name in endpoint.lacks:
        del listed["attributes"][name]
    # Of a few resources the single one says more.
    assert data | {"attributes": data["attributes"] | listed["attributes"]} == data
    assert data | {"attributes": listed["attributes"]} == listed
    assert listed["attributes"].items() <= record.attributes.items()


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if DECLARED.get(e.path)], ids=by_path)
def test_a_list_shows_no_attribute_that_the_document_does_not_have(
    client: Client, workspace: Workspace, endpoint: ListEndpoint
) -> None:
    path = endpoint.path
    parameters = re.findall(r"{(\w+)}", path)
    for parameter in parameters:
        parent_type = "schedules" if path in TIMED else PARENT_TYPES[parameter]
        parent = workspace.records(parent_type)[0]
        path = path.replace(f"{{{parameter}}}", parent.id)
    shown = {name for row in client.get(path).json().get("data", ()) for name in row["attributes"]}
    assert shown <= {*DECLARED[endpoint.path], *parameters, "id"}


def test_an_empty_workspace_has_all_lists_with_nothing_in_them() -> None:
    with serve(Workspace.build(incidents=0), requests_per_minute=UNLIMITED) as server:
        client = Client(server)
        for endpoint in TOP_LEVEL:
            if endpoint.path not in REFUSED:
                body = client.get(endpoint.path).json()
                assert body["data"] == []
                assert not endpoint.meta or not body["meta"]["total_count"]
