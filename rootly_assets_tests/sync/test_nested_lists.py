"""Nested lists: read under each parent at first, then only under parents that changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from rootly_assets.catalogue import endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.record import Record
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.groups import grouped, ready
from rootly_assets.sync.reading.moved_children import MOST_ASKED
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import records_of

# What the sandbox holds depends on its clock: the same on every day that this runs.
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)

WORKFLOWS = [endpoint_of("workflows"), endpoint_of("workflow_tasks")]
RUNS = [endpoint_of("workflows"), endpoint_of("workflow_runs")]
RECORDINGS = [endpoint_of("meeting_recordings"), endpoint_of("meeting_recording_details")]
ON_CALL = [each for each in wired() if each.domain == "on_call"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    tables = {each.table: each for each in (*WORKFLOWS, *RUNS, *RECORDINGS, *ON_CALL)}
    with (
        serve(Workspace.build(incidents=30, now=NOW), requests_per_minute=30_000) as server,
        following(server, tmp_path, tables.values()) as project,
    ):
        yield project


def truth(workspace: Workspace, kind: str) -> set[str]:
    return {record.id for record in workspace.records(kind)}


def test_every_child_comes_with_the_id_of_its_parent(project: Project) -> None:
    project.sync(ON_CALL)
    for endpoint in ON_CALL:
        if endpoint.parent is None or endpoint.parent.table is None:
            continue
        parents = project.ids(endpoint.parent.table)
        found = {row[0] for row in project.rows(endpoint.table, endpoint.parent.parameter)}
        assert found <= parents, endpoint.table
        assert found, f"{endpoint.table}: the sandbox has rows of it"


def test_children_of_children_are_read_in_the_same_run(project: Project) -> None:
    outcomes = project.sync(ON_CALL)
    assert {each.status for each in outcomes.values()} == {Status.LOADED}
    users = truth(project.workspace, "schedule_rotation_users")
    assert project.ids("schedule_rotation_users") == users


def test_parents_come_before_their_children_whatever_the_order_asked_for() -> None:
    order: list[str] = []
    waiting = grouped(reversed(ON_CALL))
    while waiting:
        now, waiting = ready(waiting)
        order += [each.carrier.table for each in now]
    for endpoint in ON_CALL:
        if endpoint.parent and endpoint.parent.table:
            assert order.index(endpoint.parent.table) < order.index(endpoint.table)


def test_an_unchanged_parent_is_not_asked_for_its_children_again(project: Project) -> None:
    project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflows/") == len(project.ids("workflows"))
    project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflows/") == 0


def test_a_changed_parent_is_asked_alone_and_its_vanished_child_is_marked(project: Project) -> None:
    project.sync(WORKFLOWS)
    parent = project.workspace.records("workflows")[0]
    child = project.workspace.nested("workflow_tasks", "workflow_id", parent.id)[0]
    project.workspace.update("workflows", parent.id, name="Renamed")
    project.workspace.delete("workflow_tasks", child.id)
    outcomes = project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflows/") == 1
    loaded = outcomes["workflow_tasks"].loaded
    assert loaded is not None
    assert (loaded.new, loaded.changed, loaded.vanished) == (0, 0, 1)
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


def forget(project: Project, table: str, id_: str) -> None:
    """A row is lost in the warehouse, and nobody knows."""
    with project.warehouse.get_connection() as connection:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", [id_])


@pytest.mark.slow
def test_a_span_asked_for_repairs_what_was_created_in_it_below_any_parent(project: Project) -> None:
    project.sync(RUNS)
    run = min(project.workspace.records("workflow_runs"), key=created)
    forget(project, "workflow_runs", run.id)
    day = timedelta(days=1)
    states = project.warehouse.states()
    project.sync(RUNS[1:], since=created(run) - day, until=created(run) + day)
    assert run.id in project.ids("workflow_runs")
    (asked,) = {each.query for each in project.server.requests if "workflow_runs" in each.path}
    assert "created_at" in asked
    watermark = states["workflow_runs"].watermark
    assert project.warehouse.states()["workflow_runs"].watermark == watermark


@pytest.mark.slow
def test_a_span_asked_for_repairs_what_is_below_the_parents_that_changed_in_it(
    project: Project,
) -> None:
    project.sync(WORKFLOWS)
    old, new = (pick(project.workspace.records("workflows"), key=updated) for pick in (min, max))
    below = {
        parent.id: project.workspace.nested("workflow_tasks", "workflow_id", parent.id)[0]
        for parent in (old, new)
    }
    for each in below.values():
        forget(project, "workflow_tasks", each.id)
    renamed = project.workspace.records("workflows")[1]
    project.workspace.update("workflows", renamed.id, name="Renamed")
    project.sync(WORKFLOWS[:1])
    project.sync(WORKFLOWS[1:], until=updated(old))
    assert below[old.id].id in project.ids("workflow_tasks")
    assert below[new.id].id not in project.ids("workflow_tasks"), "it lies outside"
    paths = {each.path for each in project.server.requests}
    assert f"/v1/workflows/{renamed.id}/workflow_tasks" in paths, "its change is not forgotten"


def created(record: Record) -> datetime:
    return datetime.fromisoformat(record.attributes["created_at"])


def updated(record: Record) -> datetime:
    return datetime.fromisoformat(record.attributes["updated_at"])


class SetBack(datetime):
    """This machine's clock, five minutes slow."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - timedelta(minutes=5)


@pytest.mark.slow
def test_children_of_a_changed_parent_are_read_though_this_machine_s_clock_was_set_back(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.sync(WORKFLOWS)
    task = project.workspace.records("workflow_tasks")[0]
    project.workspace.update("workflows", task.parents["workflow_id"], name="Renamed")
    project.workspace.delete("workflow_tasks", task.id)
    monkeypatch.setattr("rootly_assets.sync.run.datetime", SetBack)
    project.sync(WORKFLOWS)
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


def moved(workspace: Workspace, task: Record, to: Record) -> None:
    """A task leaves its workflow, which shows that, for one that gives no sign."""
    workspace.update("workflows", task.parents["workflow_id"], name="Lost a task")
    workspace.delete(task.type, task.id)
    attributes = task.attributes | {"workflow_id": to.id}
    workspace.add(Record(task.type, task.id, attributes, parents={"workflow_id": to.id}))


def test_a_child_that_moved_below_an_unchanged_parent_is_found_by_its_id(project: Project) -> None:
    project.sync(WORKFLOWS)
    task = project.workspace.records("workflow_tasks")[0]
    to = project.workspace.records("workflows")[-1]
    assert task.parents["workflow_id"] != to.id
    moved(project.workspace, task, to)
    outcomes = project.sync(WORKFLOWS)
    assert (task.id, to.id) in project.rows("workflow_tasks", "id, workflow_id")
    loaded = outcomes["workflow_tasks"].loaded
    assert loaded is not None
    assert (loaded.new, loaded.changed, loaded.vanished) == (0, 1, 0)
    assert project.requests_below("/v1/workflow_tasks/") == 1
    project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflow_tasks/") == 0, "it is known where it is"
    project.workspace.update("workflows", to.id, name="Has one more task")
    outcomes = project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflow_tasks/") == 0
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


@pytest.mark.slow
def test_a_child_that_moved_and_was_deleted_then_is_marked(project: Project) -> None:
    project.sync(WORKFLOWS)
    task = project.workspace.records("workflow_tasks")[0]
    moved(project.workspace, task, project.workspace.records("workflows")[-1])
    project.workspace.delete("workflow_tasks", task.id)
    project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflow_tasks/") == 1
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


@pytest.mark.slow
def test_children_that_vanish_by_the_hundred_are_left_to_the_sweep(project: Project) -> None:
    like = project.workspace.records("workflow_tasks")[0]
    old, to = project.workspace.records("workflows")[0], project.workspace.records("workflows")[-1]
    many = [
        Record(like.type, f"many-{n}", dict(like.attributes), parents={"workflow_id": old.id})
        for n in range(MOST_ASKED + 1)
    ]
    for each in many:
        project.workspace.add(each)
    project.sync(WORKFLOWS)
    for each in many:
        moved(project.workspace, each, to)
    outcomes = project.sync(WORKFLOWS)
    assert project.requests_below("/v1/workflow_tasks/") == 0
    reading = outcomes["workflow_tasks"].reading
    assert reading is not None
    assert f"{len(many)} vanished, too many to ask where they went" in reading.why
    project.sync(WORKFLOWS, sweep=True)
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


@pytest.mark.slow
def test_the_sandbox_gives_each_row_that_may_be_asked_for_by_its_id(project: Project) -> None:
    asked = [each for each in wired() if each.single and each.relationship is None]
    assert len(asked) > 15
    without: list[str] = []
    for endpoint in asked:
        assert endpoint.parent is not None
        parameter = endpoint.parent.parameter
        for record in records_of(project.workspace, endpoint)[:1]:
            document = project.get((endpoint.single or "").replace("{id}", record.id), {})
            says = document["data"]["attributes"].get(parameter)
            if str(says) != record.parents[parameter]:
                without.append(endpoint.table)
    assert not without


def test_children_of_a_deleted_parent_are_marked_too(project: Project) -> None:
    project.sync(ON_CALL)
    project.workspace.delete("schedules", project.workspace.records("schedules")[0].id)
    project.sync(ON_CALL)
    for table in ("schedule_rotations", "schedule_rotation_users", "on_call_shadows"):
        assert project.ids(table) == truth(project.workspace, table), table


def test_a_child_that_changed_without_its_parent_is_seen_by_a_whole_read(project: Project) -> None:
    project.sync(WORKFLOWS)
    task = project.workspace.records("workflow_tasks")[0]
    project.workspace.delete("workflow_tasks", task.id)
    project.sync(WORKFLOWS)
    assert task.id in project.ids("workflow_tasks"), "its parent gave no sign"
    project.sync(WORKFLOWS, full_refresh=True)
    assert task.id not in project.ids("workflow_tasks")


@pytest.mark.slow
def test_lists_that_grow_by_themselves_are_read_under_every_parent(project: Project) -> None:
    project.sync(RUNS)
    before = project.ids("workflow_runs")
    have_run = {row[0] for row in project.rows("workflow_runs", "workflow_id")}
    project.workspace.advance(timedelta(days=5))
    grown = truth(project.workspace, "workflow_runs")
    assert grown - before, "workflows ran in the sandbox meanwhile"
    outcomes = project.sync(RUNS)
    assert project.ids("workflow_runs") >= grown
    asked = [each for each in project.server.requests if each.path.endswith("/workflow_runs")]
    assert {each.path.split("/")[3] for each in asked} == project.ids("workflows")
    again = [each.query for each in asked if each.path.split("/")[3] in have_run]
    assert all("created_at" in query for query in again), "old runs are not read again"
    assert outcomes["workflows"].status is Status.LOADED


def with_old_runs(workspace: Workspace) -> tuple[Record, list[Record]]:
    """A workflow, and its runs, some of which a usual sync does not look back for."""
    runs = workspace.records("workflow_runs")
    parent = min(runs, key=created).parents["workflow_id"]
    workflow = next(each for each in workspace.records("workflows") if each.id == parent)
    return workflow, list(workspace.nested("workflow_runs", "workflow_id", parent))


@pytest.mark.slow
def test_runs_of_a_workflow_go_with_it_and_come_back_with_it_however_old(
    project: Project,
) -> None:
    project.sync(RUNS)
    workflow, runs = with_old_runs(project.workspace)
    theirs = {each.id for each in runs}
    project.workspace.delete("workflows", workflow.id)
    project.sync(RUNS)
    assert not project.ids("workflow_runs") & theirs
    assert project.ids("workflow_runs") == truth(project.workspace, "workflow_runs")
    for each in (workflow, *runs):
        project.workspace.add(each)
    project.sync(RUNS)
    assert project.ids("workflow_runs") >= theirs
    project.sync(RUNS)
    asked = [each.query for each in project.server.requests if workflow.id in each.path]
    assert asked
    assert all("created_at" in query for query in asked), "its old runs are not read again"
    assert project.ids("workflow_runs") == truth(project.workspace, "workflow_runs")


@pytest.mark.slow
def test_parents_deleted_while_the_run_goes_on_stop_nobody(project: Project) -> None:
    """Also where there are no others."""
    project.sync([endpoint_of("workflows")])
    for gone in project.workspace.records("workflows"):
        project.workspace.delete("workflows", gone.id)
    outcomes = project.sync([endpoint_of("workflow_tasks")])
    assert outcomes["workflow_tasks"].status is Status.LOADED, outcomes["workflow_tasks"].error
    assert project.ids("workflow_tasks") == truth(project.workspace, "workflow_tasks")


def test_a_recording_says_which_incident_it_is_of_and_is_asked_once(project: Project) -> None:
    project.sync(RECORDINGS)
    truth = {
        (each.id, each.parents["incident_id"])
        for each in project.workspace.records("meeting_recordings")
    }
    assert truth, "the sandbox has rows of it"
    assert set(project.rows("meeting_recording_details", "id, recordable_id")) == truth
    assert project.requests_below("/v1/meeting_recordings/") == len(truth)
    project.sync(RECORDINGS)
    assert project.requests_below("/v1/meeting_recordings/") == 0
