"""A full refresh of a long list comes in windows: each is committed, and none takes rows away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootly_assets.catalogue import endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Outcome, Progress, Status
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import moment, true_rows

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
AT_ONCE = 30
WITH_INCIDENTS = [
    each for each in wired() if each.table in {"incidents", "incident_events", "incident_services"}
]
LISTS = [
    *WITH_INCIDENTS,
    *(endpoint_of(each) for each in ("action_items", "audits", "alert_events")),
]
TYPES = {
    "incidents": "incidents",
    "incident_events": "incident_events",
    "action_items": "incident_action_items",
    "audits": "audits",
    "alert_events": "alert_events",
}


class StoppedError(Exception):
    """What a user does who stops a run."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    workspace = Workspace.build(incidents=120, now=NOW, history=timedelta(days=400))
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, LISTS, page_size=10) as project,
    ):
        loaded(project)
        workspace.advance(timedelta(hours=1))
        yield project


def loaded(project: Project, **options: bool | int | datetime) -> dict[str, Outcome]:
    outcomes = project.sync(LISTS, rows_at_once=AT_ONCE, **options)
    failed = [each.error for each in outcomes.values() if each.status is not Status.LOADED]
    assert not failed, failed
    return outcomes


def change_without_a_sign(project: Project, table: str) -> None:
    """The oldest row says something else, the next one is gone; nothing tells of it."""
    workspace = project.workspace
    oldest, second = sorted(
        workspace.records(TYPES[table]), key=lambda each: (moment(each, "created_at"), each.id)
    )[:2]
    stamp = oldest.attributes["updated_at"]
    workspace.update(oldest.type, oldest.id)
    oldest.attributes["updated_at"] = stamp
    oldest.relationships["mark"] = {"data": {"id": table, "type": "marks"}}
    oldest.changed()
    workspace.delete(second.type, second.id)


def stopped_after_a_window(project: Project, **options: bool | datetime) -> list[Progress]:
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        raise StoppedError

    with pytest.raises(StoppedError):
        project.sync(WITH_INCIDENTS, rows_at_once=AT_ONCE, on_progress=stop, **options)
    return told


@pytest.mark.parametrize("table", ["incidents", "action_items", "audits", "alert_events"])
def test_it_sees_what_changed_and_went_without_a_sign(project: Project, table: str) -> None:
    change_without_a_sign(project, table)
    outcomes = loaded(project, full_refresh=True)
    endpoint = endpoint_of(table)
    assert project.ids(table) == set(true_rows(project.workspace, endpoint))
    marked = [row[0] for row in project.rows(table, "relationships") if "marks" in str(row[0])]
    assert len(marked) == 1
    outcome = outcomes[table]
    assert outcome.loaded is not None
    assert outcome.loaded.changed == 1
    assert outcome.loaded.vanished == 1
    assert outcome.after.whole_at is not None
    assert outcome.after.whole_at == outcome.after.watermark
    assert outcome.after.back_to is None


def test_children_of_a_record_that_is_gone_go_with_it(project: Project) -> None:
    with_events = {row[0] for row in project.rows("incident_events", "incident_id")}
    gone = min(with_events)
    project.workspace.delete("incidents", gone)
    loaded(project, full_refresh=True)
    left = {row[0] for row in project.rows("incident_events", "incident_id")}
    assert left == with_events - {gone}


def test_stopped_it_leaves_every_row_and_the_watermark_as_they_were(project: Project) -> None:
    rows, before = project.ids("incidents"), project.warehouse.states()["incidents"]
    told = stopped_after_a_window(project, full_refresh=True)
    assert [each.is_new for each in told] == [False]
    assert project.ids("incidents") == rows
    after = project.warehouse.states()["incidents"]
    assert after.watermark == before.watermark
    assert after.back_to is None
    project.workspace.update("incidents", min(rows), title="Changed meanwhile")
    loaded(project)
    assert ("Changed meanwhile",) in project.rows("incidents", "title")


def test_of_a_list_that_was_never_read_it_is_a_first_read_which_goes_on(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    with following(project.server, folder, LISTS, page_size=10) as another:
        told = stopped_after_a_window(another, full_refresh=True)
        assert [each.is_new for each in told] == [True]
        assert another.warehouse.states()["incidents"].back_to is not None
        loaded(another)
        assert another.ids("incidents") == set(
            true_rows(project.workspace, endpoint_of("incidents"))
        )


def test_a_long_span_is_read_in_windows_too(project: Project) -> None:
    before = project.warehouse.states()["incidents"].watermark
    rows = project.ids("incidents")
    told = stopped_after_a_window(project, since=NOW - timedelta(days=390))
    assert told
    outcomes = loaded(project, since=NOW - timedelta(days=390), until=NOW - timedelta(days=5))
    assert project.ids("incidents") == rows
    assert project.warehouse.states()["incidents"].watermark == before
    changed = [
        each
        for each in project.workspace.records("incidents")
        if NOW - timedelta(days=390) <= moment(each, "updated_at") <= NOW - timedelta(days=5)
    ]
    loaded_rows = outcomes["incidents"].loaded
    assert loaded_rows is not None
    assert len(changed) > AT_ONCE
    assert loaded_rows.received == len(changed)


@pytest.mark.parametrize("table", ["audits", "alert_events"])
def test_a_long_span_of_creation_is_read_once(project: Project, table: str) -> None:
    since, until = NOW - timedelta(days=300), NOW - timedelta(days=100)
    received = loaded(project, since=since, until=until)[table].loaded
    assert received is not None
    inside = [
        each
        for each in project.workspace.records(TYPES[table])
        if since <= moment(each, "created_at") <= until
    ]
    assert len(inside) > AT_ONCE
    assert received.received == len(inside)


def test_rows_that_do_not_say_when_they_were_created_are_not_lost(
    project: Project, tmp_path: Path
) -> None:
    items = project.workspace.records("incident_action_items")
    for each in items[:3]:
        each.attributes["created_at"] = None
        each.changed()
    truth = {each.id for each in items}
    folder = tmp_path / "another"
    folder.mkdir()
    only = [endpoint_of("action_items")]
    with following(project.server, folder, only, page_size=10) as another:
        another.sync(only, rows_at_once=AT_ONCE)
        assert another.ids("action_items") == truth, "a first read"
        project.workspace.delete("incident_action_items", items[0].id)
        another.sync(only, rows_at_once=AT_ONCE, full_refresh=True)
        assert another.ids("action_items") == truth - {items[0].id}, "a full refresh"
        another.sync(only, rows_at_once=AT_ONCE)
        assert another.requests_below("/v1/action_items") == 1, "the count agrees"
