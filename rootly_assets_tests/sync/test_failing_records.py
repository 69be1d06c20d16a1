"""One record that Rootly always fails to answer for holds up no other, and is asked again until it does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from rootly_assets.api import Unavailable
from rootly_assets.assets.checks import COMPLETE, check_results
from rootly_assets.catalogue import Endpoint, endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Outcome, Status
from rootly_assets_tests.sync.middleware import Failing
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import records_of

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
ROTATIONS = endpoint_of("schedule_rotations")  # read under schedules that changed
PANELS = endpoint_of("dashboard_panels")  # read under all dashboards, each time
NESTED = [endpoint_of("schedules"), ROTATIONS, endpoint_of("dashboards"), PANELS]
TASKS = [endpoint_of("workflows"), endpoint_of("workflow_tasks")]
COMPOUND = [
    each
    for each in wired()
    if each.table == "incidents"
    or (each.relationship and each.parent and each.parent.table == "incidents")
]
EVENTS = endpoint_of("incident_events")
SERVICES = endpoint_of("incident_services")
ERROR = JSONResponse({"error": "Internal error"}, status_code=500)
HTML = Response("<html>Oops</html>", media_type="text/html")


@pytest.fixture
def failing() -> Failing:
    return Failing()


@pytest.fixture
def project(tmp_path: Path, failing: Failing) -> Iterator[Project]:
    workspace = Workspace.build(incidents=60, now=NOW)
    middleware = [Middleware(Failing.Before, failing=failing)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, [*NESTED, *TASKS, *COMPOUND]) as project,
    ):
        yield project


def complete(outcome: Outcome) -> dg.AssetCheckResult:
    return next(each for each in check_results(outcome) if each.check_name == COMPLETE)


def unread(project: Project, endpoint: Endpoint) -> tuple[str, ...]:
    return project.warehouse.states()[endpoint.table].unread_parents


def true_ids(project: Project, endpoint: Endpoint, *, but: str = "") -> set[str]:
    assert endpoint.parent is not None
    rows = records_of(project.workspace, endpoint)
    return {each.id for each in rows if each.parents[endpoint.parent.parameter] != but}


def a_parent(project: Project, endpoint: Endpoint) -> str:
    """One that has children."""
    assert endpoint.parent is not None
    return records_of(project.workspace, endpoint)[0].parents[endpoint.parent.parameter]


@pytest.mark.parametrize("nested", [ROTATIONS, PANELS], ids=lambda each: each.table)
@pytest.mark.parametrize("answer", [ERROR, HTML], ids=["500", "HTML"])
def test_the_others_are_loaded_and_the_one_is_read_as_soon_as_it_is_answered(
    project: Project, failing: Failing, nested: Endpoint, answer: Response
) -> None:
    assert nested.parent is not None
    parent = a_parent(project, nested)
    path = nested.path.format(**{nested.parent.parameter: parent})
    failing.paths[path] = answer
    outcome = project.sync(NESTED)[nested.table]
    assert outcome.status is Status.LOADED
    assert project.ids(nested.table) == true_ids(project, nested, but=parent)
    assert unread(project, nested) == (parent,)
    check = complete(outcome)
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.ERROR, "a run without it is red"
    assert path in (check.description or "")
    project.sync(NESTED)
    assert [each.path for each in project.server.requests].count(path) == 2, "asked again, in short"
    assert unread(project, nested) == (parent,)
    failing.paths.clear()
    outcome = project.sync(NESTED)[nested.table]
    assert project.ids(nested.table) == true_ids(project, nested)
    assert unread(project, nested) == ()
    assert complete(outcome).passed
    project.sync(NESTED)
    asks_each_time = nested is PANELS
    assert (path in {each.path for each in project.server.requests}) is asks_each_time


def test_it_keeps_its_rows_while_what_is_gone_below_others_is_seen(
    project: Project, failing: Failing
) -> None:
    project.sync(NESTED)
    parent = a_parent(project, ROTATIONS)
    failing.paths[ROTATIONS.path.format(schedule_id=parent)] = ERROR
    rows = records_of(project.workspace, ROTATIONS)
    kept = next(each for each in rows if each.parents["schedule_id"] == parent)
    gone = next(each for each in rows if each.parents["schedule_id"] != parent)
    for each in (kept, gone):
        project.workspace.delete(ROTATIONS.type, each.id)
        project.workspace.update("schedules", each.parents["schedule_id"], name="Changed")
    project.sync(NESTED)
    assert kept.id in project.ids(ROTATIONS.table)
    assert gone.id not in project.ids(ROTATIONS.table)
    failing.paths.clear()
    project.sync(NESTED)
    assert kept.id not in project.ids(ROTATIONS.table)


@pytest.mark.slow
def test_what_moved_below_it_is_not_taken_for_deleted(project: Project, failing: Failing) -> None:
    project.sync(NESTED)
    parent = a_parent(project, PANELS)
    other = next(
        each.parents["dashboard_id"]
        for each in records_of(project.workspace, PANELS)
        if each.parents["dashboard_id"] != parent
    )
    for each in records_of(project.workspace, PANELS):
        if each.parents["dashboard_id"] == other:
            project.workspace.delete(PANELS.type, each.id)
            each.parents["dashboard_id"] = parent
            project.workspace.add(each)
    project.workspace.delete("dashboards", other)
    failing.paths[PANELS.path.format(dashboard_id=parent)] = ERROR
    before = project.ids(PANELS.table)
    project.sync(NESTED)
    assert project.ids(PANELS.table) == before
    failing.paths.clear()
    project.sync(NESTED)
    assert project.ids(PANELS.table) == before == true_ids(project, PANELS)


def test_where_it_is_the_only_one_that_is_asked_the_list_fails(
    project: Project, failing: Failing
) -> None:
    project.sync(NESTED)
    state = project.warehouse.states()[ROTATIONS.table]
    parent = a_parent(project, ROTATIONS)
    project.workspace.update("schedules", parent, name="Changed")
    failing.paths[ROTATIONS.path.format(schedule_id=parent)] = ERROR
    outcome = project.sync(NESTED)[ROTATIONS.table]
    assert outcome.status is Status.FAILED
    assert isinstance(outcome.error, Unavailable)
    assert project.warehouse.states()[ROTATIONS.table] == state, "it is asked again as before"


def test_where_many_fail_it_is_the_list_and_nothing_of_it_is_loaded(
    project: Project, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootly_assets.sync.reading.unanswered_parents.MOST_UNREAD", 3)
    _, *workflows = [each.id for each in project.workspace.records("workflows")]
    for each in workflows[:4]:
        failing.paths[TASKS[1].path.format(workflow_id=each)] = ERROR
    outcome = project.sync(TASKS)[TASKS[1].table]
    assert outcome.status is Status.FAILED
    assert project.ids(TASKS[1].table) == set()


@pytest.mark.slow
def test_one_that_was_deleted_is_forgotten_with_its_children(
    project: Project, failing: Failing
) -> None:
    project.sync(NESTED)
    parent, *others = [each.id for each in project.workspace.records("schedules")]
    for each in (parent, others[0]):
        project.workspace.update("schedules", each, name="Changed")
    failing.paths[ROTATIONS.path.format(schedule_id=parent)] = ERROR
    project.sync(NESTED)
    assert unread(project, ROTATIONS) == (parent,)
    failing.paths.clear()
    project.workspace.delete("schedules", parent)
    assert project.sync(NESTED)[ROTATIONS.table].doubt is None
    assert unread(project, ROTATIONS) == ()
    assert project.ids(ROTATIONS.table) == true_ids(project, ROTATIONS)


def test_an_incident_that_no_page_can_bring_along_holds_up_no_other(
    project: Project, failing: Failing
) -> None:
    poisoned = a_parent(project, EVENTS)
    failing.included.add(poisoned)
    outcomes = project.sync(COMPOUND)
    assert {each.status for each in outcomes.values()} == {Status.LOADED}
    assert poisoned in project.ids("incidents")
    assert project.ids(EVENTS.table) == true_ids(project, EVENTS), "its own by their own path"
    assert project.requests_below("/v1/incidents/") < 2 * len(COMPOUND) + 10
    links = project.rows(SERVICES.table, "incident_id")
    assert {row[0] for row in links}.isdisjoint({poisoned})
    assert len({row[0] for row in links}) > 20
    check = complete(outcomes[SERVICES.table])
    assert check.severity is dg.AssetCheckSeverity.ERROR
    assert poisoned in (check.description or "")
    assert complete(outcomes[EVENTS.table]).passed
    assert unread(project, SERVICES) == (poisoned,)
    assert unread(project, EVENTS) == ()
    failing.included.clear()
    outcomes = project.sync(COMPOUND)
    assert unread(project, SERVICES) == ()
    assert all(complete(each).passed for each in outcomes.values())
    assert poisoned in {row[0] for row in project.rows(SERVICES.table, "incident_id")}


@pytest.mark.slow
def test_one_whose_own_paths_fail_too_keeps_its_children_and_is_read_later(
    project: Project, failing: Failing
) -> None:
    project.sync(COMPOUND)
    poisoned = a_parent(project, EVENTS)
    failing.included.add(poisoned)
    own = EVENTS.path.format(incident_id=poisoned)
    failing.paths[own] = ERROR
    before = project.ids(EVENTS.table)
    event = next(
        each
        for each in records_of(project.workspace, EVENTS)
        if each.parents["incident_id"] == poisoned
    )
    project.workspace.delete(EVENTS.type, event.id)
    for each in project.workspace.records("incidents"):
        project.workspace.update("incidents", each.id, title="Changed")
    outcome = project.sync(COMPOUND)[EVENTS.table]
    assert outcome.status is Status.LOADED
    assert own in (outcome.doubt or "")
    assert project.ids(EVENTS.table) == before
    failing.included.clear()
    failing.paths.clear()
    project.sync(COMPOUND)
    assert project.ids(EVENTS.table) == before - {event.id}
    assert unread(project, EVENTS) == ()


@pytest.mark.slow
@pytest.mark.parametrize("said", ["404", "no linkage"])
def test_what_is_said_of_an_incident_alone_is_believed_only_where_it_says_what_belongs_to_it(
    project: Project, failing: Failing, said: str
) -> None:
    poisoned = a_parent(project, EVENTS)
    failing.included.add(poisoned)
    alone = project.get(f"/v1/incidents/{poisoned}", {})
    failing.paths[f"/v1/incidents/{poisoned}?include"] = (
        JSONResponse({"errors": [{"title": "Not found or unauthorized"}]}, 404)
        if said == "404"
        else JSONResponse({"data": alone["data"] | {"relationships": {}}})
    )
    for _ in range(2):
        outcome = project.sync(COMPOUND)[SERVICES.table]
        assert outcome.status is Status.LOADED
        assert unread(project, SERVICES) == (poisoned,)
        assert not complete(outcome).passed
    failing.included.clear()
    failing.paths.clear()
    project.sync(COMPOUND)
    assert unread(project, SERVICES) == ()
    assert poisoned in {row[0] for row in project.rows(SERVICES.table, "incident_id")}


@pytest.mark.slow
def test_an_incident_that_was_deleted_is_asked_for_no_more(
    project: Project, failing: Failing
) -> None:
    poisoned = a_parent(project, EVENTS)
    failing.included.add(poisoned)
    project.sync(COMPOUND)
    assert unread(project, SERVICES) == (poisoned,)
    project.workspace.delete("incidents", poisoned)
    outcome = project.sync(COMPOUND)[SERVICES.table]
    assert unread(project, SERVICES) == ()
    assert complete(outcome).passed


def test_where_nothing_comes_along_with_any_it_is_the_server_and_soon_given_up(
    project: Project, failing: Failing
) -> None:
    incidents = [each.id for each in project.workspace.records("incidents")]
    failing.included.update(incidents)
    outcomes = project.sync(COMPOUND, concurrency=8)
    assert outcomes["incidents"].status is Status.LOADED
    assert outcomes[SERVICES.table].status is Status.FAILED
    compound = [each for each in project.server.requests if "include" in each.query]
    assert len(compound) <= 24
    assert project.ids(EVENTS.table) == true_ids(project, EVENTS), "by their own path"


@pytest.mark.slow
def test_the_only_one_that_changed_does_not_pass_for_read(
    project: Project, failing: Failing
) -> None:
    project.sync(COMPOUND)
    state = project.warehouse.states()[SERVICES.table]
    project.workspace.advance(timedelta(days=30))
    project.sync(COMPOUND)
    project.workspace.advance(timedelta(days=2))
    poisoned = a_parent(project, EVENTS)
    failing.included.update(each.id for each in project.workspace.records("incidents"))
    project.workspace.update("incidents", poisoned, title="Changed")
    assert project.sync(COMPOUND)[SERVICES.table].status is Status.FAILED
    assert project.warehouse.states()[SERVICES.table].unread is None
    assert state.unread is None


@pytest.mark.slow
def test_where_too_many_failed_their_links_fail_and_nothing_else(
    project: Project, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootly_assets.sync.reading.unanswered_parents.MOST_UNREAD", 0)
    failing.included.add(a_parent(project, EVENTS))
    outcomes = project.sync(COMPOUND)
    assert outcomes["incidents"].status is outcomes[EVENTS.table].status is Status.LOADED
    assert project.ids("incidents") == {each.id for each in project.workspace.records("incidents")}
    assert outcomes[SERVICES.table].status is Status.FAILED


@pytest.mark.slow
def test_one_whose_list_is_not_found_then_is_not_forgotten(
    project: Project, failing: Failing
) -> None:
    parent = a_parent(project, ROTATIONS)
    path = ROTATIONS.path.format(schedule_id=parent)
    failing.paths[path] = ERROR
    project.sync(NESTED)
    failing.paths[path] = JSONResponse({"errors": [{"title": "Not found"}]}, 404)
    failing.paths[f"/v1/schedules/{parent}"] = ERROR
    outcome = project.sync(NESTED)[ROTATIONS.table]
    assert outcome.status is Status.LOADED
    assert unread(project, ROTATIONS) == (parent,)
    failing.paths.clear()
    project.sync(NESTED)
    assert unread(project, ROTATIONS) == ()
    assert project.ids(ROTATIONS.table) == true_ids(project, ROTATIONS)


@pytest.mark.slow
def test_one_that_was_deleted_before_it_was_ever_read_is_forgotten(
    project: Project, failing: Failing
) -> None:
    parent = a_parent(project, PANELS)
    failing.paths[PANELS.path.format(dashboard_id=parent)] = ERROR
    project.sync(NESTED)
    failing.paths.clear()
    project.workspace.delete("dashboards", parent)
    outcome = project.sync(NESTED)[PANELS.table]
    assert unread(project, PANELS) == ()
    assert complete(outcome).passed


@pytest.mark.slow
def test_a_row_that_vanished_and_can_t_be_asked_for_makes_its_parent_one_to_ask_again(
    project: Project, failing: Failing
) -> None:
    project.sync(NESTED)
    row, other = records_of(project.workspace, ROTATIONS)[:2]
    for each in (row, other):
        project.workspace.delete(ROTATIONS.type, each.id)
        project.workspace.update("schedules", each.parents["schedule_id"], name="Changed")
    failing.paths[f"/v1/schedule_rotations/{row.id}"] = ERROR
    outcome = project.sync(NESTED)[ROTATIONS.table]
    assert outcome.status is Status.LOADED
    assert row.id in project.ids(ROTATIONS.table), "it may be below another one now"
    assert unread(project, ROTATIONS) == (row.parents["schedule_id"],)
    failing.paths.clear()
    project.sync(NESTED)
    assert {row.id, other.id}.isdisjoint(project.ids(ROTATIONS.table))
