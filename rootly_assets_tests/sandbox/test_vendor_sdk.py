"""The vendor's own SDK, made from the vendor's document, reads everything the sandbox serves.

It is imported where it is used: importing it took a third of the time in which all tests are found.
"""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from rootly_assets.sandbox import Record, Server, Workspace, serve
from rootly_assets.sandbox.lists import ENDPOINTS, ListEndpoint
from rootly_assets.sandbox.lists.endpoint import Paging

if TYPE_CHECKING:
    from rootly_sdk import AuthenticatedClient

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
PARENTS_READ = 3
PLACEHOLDER = re.compile(r"\{[^}]*\}")

# Lists for which the document gives no shape, so that the SDK throws the answer away. Their rows
# are read with the model that the SDK has for a single one.
UNSHAPED = {
    "/v1/edge_connectors": "EdgeConnector",
    "/v1/edge_connectors/{edge_connector_id}/actions": "EdgeConnectorAction",
    "/v1/catalogs/{catalog_id}/properties": "CatalogProperty",
}
# Lists whose rows this release of the SDK cannot parse, with the error that it raises. The last
# test below sees to it that an entry goes when the SDK is mended.
BEYOND_THE_SDK: dict[str, type[Exception]] = {
    # Demands `status` and `response_status`, which the document does not have.
    "/v1/webhooks/endpoints/{endpoint_id}/deliveries": KeyError,
    # Its model of a task imports a module which the package does not contain.
    "/v1/workflows/{workflow_id}/workflow_tasks": ModuleNotFoundError,
}
# Nobody may read these: the sandbox has no secrets to give.
REFUSED = {"/v1/secrets"}
# What these hold depends on the time asked for, not only on what the workspace has.
TIMED = {"/v1/shifts", "/v1/schedules/{id}/shifts", "/v1/oncalls"}


@dataclass(frozen=True)
class Reader:
    """A function of the SDK that reads a list, with the names of its path parameters."""

    module: ModuleType
    path_parameters: tuple[str, ...]
    parameters: frozenset[str]

    def read(self, client: "AuthenticatedClient", ids: tuple[str, ...], **query: Any) -> Any:
        return self.module.sync_detailed(*ids, client=client, **query)


@cache
def readers() -> dict[str, Reader]:
    """All functions of the SDK that read a list or a resource, by path."""
    return dict(_readers())


def _readers() -> Iterator[tuple[str, Reader]]:
    import rootly_sdk.api

    for found in pkgutil.walk_packages(rootly_sdk.api.__path__, "rootly_sdk.api."):
        module = importlib.import_module(found.name)
        if not hasattr(module, "_get_kwargs"):
            continue
        parameters = inspect.signature(module._get_kwargs).parameters
        path_parameters = tuple(
            name for name, one in parameters.items() if one.default is inspect.Parameter.empty
        )
        if set(path_parameters) & {"body"}:
            continue
        request = module._get_kwargs(**dict.fromkeys(path_parameters, "PARENT"))
        if request["method"] == "get":
            url = request["url"].replace("PARENT", "{}")
            yield url, Reader(module, path_parameters, frozenset(parameters))


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.build(incidents=150, now=NOW)


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[Server]:
    with serve(workspace, requests_per_minute=100_000, forbidden=frozenset(REFUSED)) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> "Iterator[AuthenticatedClient]":
    from rootly_sdk import AuthenticatedClient

    with AuthenticatedClient(
        base_url=server.url, token=server.token, raise_on_unexpected_status=True
    ) as opened:
        yield opened


def _reader(path: str) -> Reader:
    return readers()[PLACEHOLDER.sub("{}", path)]


def _parameter(endpoint: ListEndpoint) -> str | None:
    named = PLACEHOLDER.search(endpoint.path)
    return named.group()[1:-1] if named else None


def _attached(workspace: Workspace, incident: str) -> set[str]:
    """The alerts of an incident, which may be those of others too."""
    record = workspace.get("incidents", incident)
    assert record is not None
    return {alert["id"] for alert in record.links.get("alerts", [])}


def _rows(workspace: Workspace, endpoint: ListEndpoint, parent: str | None) -> list[Record]:
    """What the workspace has for a list, whatever the server makes of it."""
    parameter = _parameter(endpoint)
    if parameter and parent and endpoint.type == "alerts":
        rows = [
            row for row in workspace.records("alerts") if row.id in _attached(workspace, parent)
        ]
    elif parameter and parent:
        rows = workspace.nested(endpoint.type, parameter, parent)
    else:
        rows = workspace.records(endpoint.type)
    if endpoint.where:
        attribute, value = endpoint.where
        rows = [row for row in rows if row.attributes.get(attribute) == value]
    return rows


def _parents(workspace: Workspace, endpoint: ListEndpoint) -> list[str | None]:
    parameter = _parameter(endpoint)
    if parameter is None:
        return [None]
    if endpoint.type == "alerts":
        incidents = workspace.records("incidents")
        below = {one.id: None for one in incidents if _attached(workspace, one.id)}
    else:
        below = {row.parents.get(parameter): None for row in _rows(workspace, endpoint, None)}
    known = [parent for parent in below if parent]
    assert known, f"the workspace has nothing for {endpoint.path}"
    return list(known)[:PARENTS_READ]


def _pages(
    client: "AuthenticatedClient", endpoint: ListEndpoint, parent: str | None
) -> Iterator[list[Any]]:
    """Every page of a list as the SDK has parsed it, walked in the manner of the list."""
    reader, ids = _reader(endpoint.path), (parent,) if parent else ()
    by_cursor = endpoint.paging in (Paging.CURSOR, Paging.CURSOR_ONLY)
    query: dict[str, Any] = {}
    if "pagesize" in reader.parameters:
        query["pagesize"] = min(endpoint.max_size, 25)
    while True:
        answer = reader.read(client, ids, **query).parsed
        yield answer.data
        meta = getattr(answer, "meta", None)
        following = (meta.next_cursor if by_cursor else meta.next_page) if meta else None
        if not following or not query:
            return
        query["pageafter" if by_cursor else "pagenumber"] = following


SHAPED = [
    one for one in ENDPOINTS if one.path not in {*UNSHAPED, *BEYOND_THE_SDK, *REFUSED, *TIMED}
]


@pytest.mark.parametrize("endpoint", SHAPED, ids=lambda endpoint: endpoint.path)
def test_the_sdk_reads_every_row_of_every_list(
    endpoint: ListEndpoint, workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    for parent in _parents(workspace, endpoint):
        expected = {row.id for row in _rows(workspace, endpoint, parent)}
        read = [row for page in _pages(client, endpoint, parent) for row in page]
        assert expected, f"nothing in the workspace for {endpoint.path}"
        assert len(read) == len(expected)
        assert {str(row.id) for row in read} == expected


@pytest.mark.parametrize("endpoint", SHAPED, ids=lambda endpoint: endpoint.path)
def test_no_attribute_is_served_that_the_sdk_does_not_know(
    endpoint: ListEndpoint, workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    parent = _parents(workspace, endpoint)[0]
    first_page = next(_pages(client, endpoint, parent))
    # Models of resources that the document declares closed have no such field.
    unknown = {
        key for row in first_page for key in getattr(row.attributes, "additional_properties", ())
    }
    assert not unknown


@pytest.mark.parametrize(("path", "model"), UNSHAPED.items())
def test_rows_of_lists_without_a_documented_shape_fit_the_model_of_a_single_one(
    path: str, model: str, workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    shape = getattr(importlib.import_module("rootly_sdk.models"), model)
    endpoint = next(one for one in ENDPOINTS if one.path == path)
    for parent in _parents(workspace, endpoint):
        answer = _reader(path).read(client, (parent,) if parent else ())
        rows = json.loads(answer.content)["data"]
        assert {row["id"] for row in rows} == {row.id for row in _rows(workspace, endpoint, parent)}
        for row in rows:
            if model == "CatalogProperty":
                assert shape.from_dict(row["attributes"]).name
            else:
                assert shape.from_dict({"data": row}).data.attributes.name


def test_the_sdk_reads_the_shifts_of_a_window(
    workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    since, until = NOW - timedelta(days=20), NOW + timedelta(days=5)
    window = {"from_": since.isoformat(), "to": until.isoformat()}
    expected = {
        shift.id
        for shift in workspace.records("shifts")
        if datetime.fromisoformat(shift.attributes["starts_at"]) < until
        and datetime.fromisoformat(shift.attributes["ends_at"]) > since
    }
    read = _reader("/v1/shifts").read(client, (), pagesize=1000, **window).parsed
    assert {str(shift.id) for shift in read.data} == expected

    schedule = workspace.records("schedules")[0].id
    of_schedule = _reader("/v1/schedules/{id}/shifts").read(client, (schedule,), **window).parsed
    assert {str(shift.id) for shift in of_schedule.data} == {
        shift.id
        for shift in workspace.nested("shifts", "schedule_id", schedule)
        if shift.id in expected
    }


def test_the_sdk_reads_who_is_on_call(workspace: Workspace, client: "AuthenticatedClient") -> None:
    read = _reader("/v1/oncalls").read(client, ()).parsed
    policies = {entry.attributes.escalation_policy_id for entry in read.data}
    assert policies == {policy.id for policy in workspace.records("escalation_policies")}


# A single catalog property has no documented shape either.
SINGLES = [one for one in SHAPED if one.single and one.type != "catalog_properties"]


@pytest.mark.parametrize("endpoint", SINGLES, ids=lambda endpoint: endpoint.single)
def test_the_sdk_reads_a_single_resource(
    endpoint: ListEndpoint, workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    assert endpoint.single
    record = _rows(workspace, endpoint, None)[0]
    answer = _reader(endpoint.single).read(client, (record.id,)).parsed
    assert str(answer.data.id) == record.id


def test_the_sdk_finds_the_same_lists_as_the_sandbox() -> None:
    missing = [one.path for one in ENDPOINTS if PLACEHOLDER.sub("{}", one.path) not in readers()]
    assert missing == []


@pytest.mark.parametrize(("path", "error"), BEYOND_THE_SDK.items())
def test_what_the_sdk_cannot_parse_is_served_in_full_all_the_same(
    path: str, error: type[Exception], workspace: Workspace, client: "AuthenticatedClient"
) -> None:
    endpoint = next(one for one in ENDPOINTS if one.path == path)
    for parent in _parents(workspace, endpoint):
        assert parent
        with pytest.raises(error):
            _reader(path).read(client, (parent,))
        query = {"page[size]": 100}
        answer = client.get_httpx_client().get(PLACEHOLDER.sub(parent, path), params=query)
        expected = {row.id for row in _rows(workspace, endpoint, parent)}
        assert {row["id"] for row in answer.json()["data"]} == expected
