"""Time in the sandbox: the same seed lives the same life, and life goes on."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest

from rootly_assets.sandbox import Workspace
from rootly_assets_tests.sandbox.client import Client
from rootly_assets_tests.sandbox.conftest import NOW

WEEKS = timedelta(days=21)


def everything(workspace: Workspace) -> dict[str, list[bytes]]:
    return {
        type_: [record.json() for record in workspace.records(type_)] for type_ in workspace.types()
    }


@pytest.mark.slow
def test_the_same_seed_gives_the_same_workspace() -> None:
    first, second, other = (Workspace.build(seed=seed, incidents=30, now=NOW) for seed in (1, 1, 2))
    assert everything(first) == everything(second) != everything(other)
    first.advance(WEEKS)
    second.advance(WEEKS)
    assert everything(first) == everything(second)


@pytest.mark.slow
def test_it_does_not_matter_in_how_many_steps_time_passes() -> None:
    at_once, in_steps = (Workspace.build(incidents=30, now=NOW) for _ in range(2))
    at_once.advance(WEEKS)
    for _ in range(21):
        in_steps.advance(timedelta(days=1))
    assert everything(at_once) == everything(in_steps)


@pytest.mark.parametrize("incidents", [0, 1, 7, 250])
def test_a_workspace_has_as_many_incidents_as_asked_for(incidents: int) -> None:
    workspace = Workspace.build(incidents=incidents, now=NOW)
    assert len(workspace.records("incidents")) == incidents
    assert workspace.now == NOW
    if not incidents:
        assert workspace.types() == []


@pytest.mark.slow
def test_as_time_passes_records_appear_change_and_vanish(fresh: Workspace) -> None:
    before = {r.id: r.json() for t in ("incidents", "alerts") for r in fresh.records(t)}
    old = {type_: {r.id for r in fresh.records(type_)} for type_ in fresh.types()}
    fresh.advance(WEEKS)
    after = {r.id: r.json() for t in ("incidents", "alerts") for r in fresh.records(t)}
    assert after.keys() - before.keys()
    assert before.keys() - after.keys()
    assert any(after[id_] != json for id_, json in before.items() if id_ in after)
    vanished = Counter[str]()
    for type_, ids in old.items():
        vanished[type_] = len(ids - {r.id for r in fresh.records(type_)})
    assert vanished["incident_action_items"]
    assert vanished["incident_events"]
    assert vanished["services"] == 0


@pytest.mark.slow
def test_what_changes_says_so_and_what_does_not_change_does_not(fresh: Workspace) -> None:
    start = fresh.now
    before = {r.id: (r.json(), r.attributes["updated_at"]) for r in fresh.records("incidents")}
    fresh.advance(WEEKS)
    changed = 0
    for incident in fresh.records("incidents"):
        if incident.id in before:
            json, updated = before[incident.id]
            moved = datetime.fromisoformat(incident.attributes["updated_at"]) >= start
            assert (
                moved == (incident.json() != json) == (incident.attributes["updated_at"] != updated)
            )
            changed += moved
    assert changed


@pytest.mark.slow
def test_a_deleted_incident_takes_its_children_along(
    fresh: Workspace, fresh_client: Client
) -> None:
    incident = next(
        r
        for r in fresh.records("incidents")
        if fresh.nested("incident_events", "incident_id", r.id)
    )
    fresh.delete("incidents", incident.id)
    assert fresh_client.get(f"/v1/incidents/{incident.id}").status_code == 404
    assert fresh_client.get(f"/v1/incidents/{incident.id}/events").status_code == 404
    assert not any(
        child.parents.get("incident_id") == incident.id
        for type_ in fresh.types()
        for child in fresh.records(type_)
    )
    fresh.advance(WEEKS)


def test_an_update_shows_at_once(fresh: Workspace, fresh_client: Client) -> None:
    incident = fresh.records("incidents")[0]
    path = f"/v1/incidents/{incident.id}"
    assert fresh_client.get(path).json()["data"]["attributes"]["title"] != "Renamed"
    fresh.advance(timedelta(minutes=1))
    fresh.update("incidents", incident.id, title="Renamed")
    attributes = fresh_client.get(path).json()["data"]["attributes"]
    assert attributes["title"] == "Renamed"
    assert datetime.fromisoformat(attributes["updated_at"]) == fresh.now
    changed = fresh_client.ids("/v1/incidents", filter__updated_at__gte=fresh.now.isoformat())
    assert incident.id in changed


@pytest.mark.slow
def test_unknown_records_cannot_be_changed(fresh: Workspace) -> None:
    with pytest.raises(KeyError, match="no incidents with id none"):
        fresh.update("incidents", "none", title="x")
    with pytest.raises(KeyError, match="no incidents with id none"):
        fresh.delete("incidents", "none")


@pytest.mark.slow
def test_readers_are_safe_while_time_passes(fresh: Workspace, fresh_client: Client) -> None:
    mover = threading.Thread(target=lambda: [fresh.advance(timedelta(hours=8)) for _ in range(60)])
    mover.start()
    while mover.is_alive():
        answer = fresh_client.get(
            "/v1/incidents", include="events,roles,alerts", page__size=100, sort="-updated_at"
        )
        assert answer.status_code == 200
    mover.join()
