"""Pages: how large, how many, how deep, and what becomes of them while rows come and go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootly_assets.sandbox import Record, Workspace, serve
from rootly_assets_tests.sandbox.client import Client
from rootly_assets_tests.sandbox.conftest import UNLIMITED


@pytest.mark.parametrize(
    ("path", "largest"),
    [("/v1/incidents", 100), ("/v1/users", 100), ("/v1/alert_events", 50), ("/v1/shifts", 1000)],
)
def test_a_page_larger_than_the_limit_is_refused_not_cut(
    client: Client, path: str, largest: int
) -> None:
    assert client.get(path, page__size=largest).status_code == 200
    answer = client.get(path, page__size=largest + 1)
    assert answer.status_code == 400
    assert str(largest) in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_page_that_is_no_number_is_refused(client: Client, value: str) -> None:
    assert client.get("/v1/incidents", page__number=value).status_code == 400
    assert client.get("/v1/incidents", page__size=value).status_code == 400


def test_meta_and_links_tell_where_a_page_is(client: Client, workspace: Workspace) -> None:
    total = len(workspace.records("users"))
    body = client.get("/v1/users", page__size=10, page__number=2).json()
    assert body["meta"] == {
        "current_page": 2,
        "next_page": 3,
        "prev_page": 1,
        "total_count": total,
        "total_pages": -(-total // 10),
    }
    assert "page%5Bnumber%5D=3" in body["links"]["next"]
    last = client.get("/v1/users", page__size=10, page__number=4).json()
    assert last["meta"]["next_page"] is None
    assert last["links"]["next"] is None


def test_a_page_behind_the_last_is_empty(client: Client) -> None:
    body = client.get("/v1/users", page__number=999).json()
    assert body["data"] == []
    assert body["meta"]["next_page"] is None


def test_some_lists_say_nothing_about_themselves(client: Client) -> None:
    for path in ("/v1/alert_groups", "/v1/oncalls", "/v1/retrospective_configurations"):
        assert client.get(path).json().keys() <= {"data", "included"}
    assert "links" not in client.get("/v1/shifts").json()


def test_the_stream_of_alert_events_has_only_a_cursor_and_counts_nothing(client: Client) -> None:
    meta = client.get("/v1/alert_events").json()["meta"]
    assert meta["next_cursor"]
    assert meta["total_count"] is None
    assert meta["next_page"] is None


def test_the_stream_of_alert_events_runs_oldest_first(client: Client, workspace: Workspace) -> None:
    rows = list(client.by_cursor("/v1/alert_events", page__size=50))
    expected = sorted(
        workspace.records("alert_events"),
        key=lambda event: event.attributes["created_at"].split(".")[0],
    )
    assert len(rows) == len(expected)
    assert rows[0]["id"] in {event.id for event in expected[:10]}
    newest = client.rows("/v1/alert_events", sort="-created_at", page__size=1)
    assert newest[0]["attributes"]["created_at"] == rows[-1]["attributes"]["created_at"]


@settings(max_examples=12, deadline=None)
@given(
    size=st.integers(1, 100),
    sort=st.sampled_from(
        ["created_at", "-created_at", "updated_at", "-mitigated_at", "resolved_at"]
    ),
)
def test_cursor_pages_of_any_size_and_order_give_every_incident_once(
    client: Client, workspace: Workspace, size: int, sort: str
) -> None:
    read = [row["id"] for row in client.by_cursor("/v1/incidents", page__size=size, sort=sort)]
    assert sorted(read) == sorted(incident.id for incident in workspace.records("incidents"))


def test_a_cursor_is_refused_with_another_sort(client: Client) -> None:
    cursor = client.get("/v1/incidents", sort="created_at").json()["meta"]["next_cursor"]
    assert client.get("/v1/incidents", sort="updated_at", page__after=cursor).status_code == 400
    assert client.get("/v1/incidents", page__after="nonsense").status_code == 400


def test_numbered_pages_shift_while_rows_vanish_and_cursors_do_not(
    fresh: Workspace, fresh_client: Client
) -> None:
    ids = fresh_client.ids("/v1/incidents", sort="created_at", page__size=100)
    for walk, lost in ((fresh_client.numbered, 1), (fresh_client.by_cursor, 0)):
        rows = walk("/v1/incidents", sort="created_at", page__size=10)
        read = [next(rows)["id"] for _ in range(10)]
        gone = read[3]
        fresh.delete("incidents", gone)
        read += [row["id"] for row in rows]
        assert len(set(ids) - set(read)) == lost
        ids = fresh_client.ids("/v1/incidents", sort="created_at", page__size=100)


def test_an_incident_that_arrives_pushes_the_latest_first_pages_along(
    fresh: Workspace, fresh_client: Client
) -> None:
    first = fresh_client.ids("/v1/incidents", page__size=20)
    attributes = {
        **fresh.records("incidents")[-1].attributes,
        "created_at": fresh.timestamp(fresh.now),
    }
    fresh.add(Record("incidents", fresh.new_id(), attributes))
    second = fresh_client.ids("/v1/incidents", page__size=20, page__number=2)
    assert second[0] == first[-1]


def test_deep_pages_are_refused_where_the_account_is_large(workspace: Workspace) -> None:
    with serve(workspace, requests_per_minute=UNLIMITED, deep_page_limit=3) as server:
        client = Client(server)
        assert client.get("/v1/incidents", page__number=3, page__size=1).status_code == 200
        assert client.get("/v1/incidents", page__number=4, page__size=1).status_code == 400
        everything = list(client.by_cursor("/v1/incidents", page__size=20))
        assert len(everything) == len(workspace.records("incidents"))
