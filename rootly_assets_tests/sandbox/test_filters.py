"""Filters and order: what a list knows narrows it, what it does not know is ignored."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from rootly_assets.sandbox import Record, Workspace
from rootly_assets_tests.sandbox.client import Client

OPERATORS: dict[str, Callable[[datetime, datetime], bool]] = {
    "gt": lambda when, bound: when > bound,
    "gte": lambda when, bound: when >= bound,
    "lt": lambda when, bound: when < bound,
    "lte": lambda when, bound: when <= bound,
}


def wanted(workspace: Workspace, type_: str, test: Callable[[dict[str, Any]], bool]) -> set[str]:
    """The ids of the records whose attributes pass a test, which some must and some must not."""
    found = {record.id for record in workspace.records(type_) if test(record.attributes)}
    assert 0 < len(found) < len(workspace.records(type_))
    return found


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("path", ["/v1/incidents", "/v1/alerts"])
@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
def test_incidents_and_alerts_can_be_read_since_a_time(
    client: Client, workspace: Workspace, path: str, attribute: str, operator: str
) -> None:
    type_ = path.removeprefix("/v1/")
    bound = datetime.fromisoformat(workspace.records(type_)[40].attributes[attribute])
    compare = OPERATORS[operator]
    expected = wanted(
        workspace, type_, lambda values: compare(datetime.fromisoformat(values[attribute]), bound)
    )
    name = f"filter__{attribute}__{operator}"
    rows = client.numbered(path, page__size=100, **{name: bound.isoformat()})
    assert {row["id"] for row in rows} == expected


def test_times_are_compared_as_instants_not_as_text(client: Client, workspace: Workspace) -> None:
    """March in Los Angeles has two offsets; neither is UTC."""
    offsets = {r.attributes["created_at"][-6:] for r in workspace.records("incidents")}
    assert offsets == {"-07:00", "-08:00"}
    bound = datetime.fromisoformat(workspace.records("incidents")[80].attributes["created_at"])
    for text in (bound.isoformat(), bound.astimezone().isoformat(), f"{bound:%Y-%m-%dT%H:%M:%S%z}"):
        rows = client.numbered("/v1/incidents", page__size=100, filter__created_at__gt=text)
        read = [datetime.fromisoformat(row["attributes"]["created_at"]) for row in rows]
        assert read
        assert min(read) > bound - timedelta(seconds=1)


@pytest.mark.parametrize("path", ["/v1/users", "/v1/services", "/v1/action_items", "/v1/teams"])
def test_a_filter_that_a_list_does_not_have_is_ignored(client: Client, path: str) -> None:
    everything = client.get(path).json()["meta"]["total_count"]
    late = client.get(path, filter__updated_at__gt="2999-01-01T00:00:00Z").json()
    assert late["meta"]["total_count"] == everything
    assert client.get(path, filter__shoe_size="46").json()["meta"]["total_count"] == everything


def test_a_time_that_cannot_be_read_is_refused(client: Client) -> None:
    answer = client.get("/v1/incidents", filter__updated_at__gt="yesterday")
    assert answer.status_code == 400
    assert "filter[updated_at][gt]" in answer.json()["errors"][0]["detail"]


def test_values_can_be_asked_for_and_left_out(client: Client, workspace: Workspace) -> None:
    def ids(**parameters: Any) -> set[str]:
        rows = client.numbered("/v1/incidents", page__size=100, **parameters)
        return {row["id"] for row in rows}

    tests = wanted(workspace, "incidents", lambda values: values["kind"] == "test")
    normal = wanted(workspace, "incidents", lambda values: values["kind"] == "normal")
    every = {incident.id for incident in workspace.records("incidents")}
    assert ids(filter__kind="test") == tests
    assert ids(filter__kind__eq="test") == tests
    assert ids(filter__kind__in="test,normal") == tests | normal
    assert ids(filter__kind__not_eq="test") == every - tests
    assert ids(filter__kind__not_in="test,normal") == every - tests - normal


def test_incidents_can_be_asked_for_by_what_they_are_about(
    client: Client, workspace: Workspace
) -> None:
    service = workspace.records("services")[0]

    def about(values: dict[str, Any]) -> bool:
        return any(item["data"]["id"] == service.id for item in values["services"])

    expected = wanted(workspace, "incidents", about)
    for parameters in (
        {"filter__services": service.attributes["slug"]},
        {"filter__service_ids": service.id},
        {"filter__service_names": service.attributes["name"]},
    ):
        rows = client.numbered("/v1/incidents", page__size=100, **parameters)
        assert {row["id"] for row in rows} == expected
    critical = wanted(
        workspace,
        "incidents",
        lambda values: (
            bool(values["severity"]) and values["severity"]["data"]["attributes"]["slug"] == "sev1"
        ),
    )
    rows = client.numbered("/v1/incidents", page__size=100, filter__severity="sev1")
    assert {row["id"] for row in rows} == critical


def test_people_can_be_searched(client: Client) -> None:
    rows = client.rows("/v1/users", filter__search="sOLBerg")
    assert [row["attributes"]["full_name"] for row in rows] == ["Maren Solberg"]


@pytest.mark.parametrize("attribute", ["created_at", "updated_at", "started_at", "resolved_at"])
def test_incidents_come_in_the_order_asked_for(client: Client, attribute: str) -> None:
    def times(sort: str) -> list[float]:
        rows = client.numbered("/v1/incidents", page__size=100, sort=sort)
        texts = [row["attributes"][attribute] for row in rows]
        return [datetime.fromisoformat(text).timestamp() for text in texts if text]

    assert times(attribute) == sorted(times(attribute))
    assert times(f"-{attribute}") == sorted(times(attribute), reverse=True)


def test_a_sort_that_a_list_does_not_have_is_ignored(client: Client) -> None:
    assert client.ids("/v1/alerts", sort="summary") == client.ids("/v1/alerts")


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "updated_at", "-updated_at"])
@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
def test_a_window_is_cut_where_its_bounds_say_in_every_order(
    client: Client, workspace: Workspace, attribute: str, sort: str
) -> None:
    """Two rows stand on the bounds themselves, one of which is of the window."""
    rows = workspace.records("incidents")
    start, end = sorted(
        datetime.fromisoformat(rows[place].attributes[attribute]) for place in (30, 90)
    )

    def moment(record: Record, name: str) -> datetime:
        return datetime.fromisoformat(record.attributes[name])

    inside = [row for row in rows if start <= moment(row, attribute) < end]
    assert 0 < len(inside) < len(rows)
    name = sort.removeprefix("-")
    inside.sort(key=lambda row: (moment(row, name), row.id), reverse=sort.startswith("-"))
    bounds = {
        f"filter__{attribute}__gte": start.isoformat(),
        f"filter__{attribute}__lt": end.isoformat(),
    }
    read = client.numbered("/v1/incidents", page__size=100, sort=sort, **bounds)
    assert [row["id"] for row in read] == [row.id for row in inside]


def test_a_window_holds_what_has_changed_since_it_was_asked_for(
    fresh_client: Client, fresh: Workspace
) -> None:
    fresh.advance(timedelta(days=1))
    since = fresh.now.isoformat()
    before = list(fresh_client.numbered("/v1/alerts", filter__updated_at__gte=since))
    alert = fresh.records("alerts")[3]
    fresh.update("alerts", alert.id, summary="changed")
    after = fresh_client.numbered("/v1/alerts", filter__updated_at__gte=since)
    assert {row["id"] for row in after} - {row["id"] for row in before} == {alert.id}
