"""Answers that prove nothing about a list: its rows and its watermark stay as they were."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from rootly_assets.api import BrokenBody, Forbidden, NotFound
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.reading.unanswered_parents import MOST_IN_VAIN
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import records_of

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
INCIDENTS = 60
LISTS = [endpoint_of("incidents"), endpoint_of("services")]
# Read under every parent; under every parent at first, then under those that changed; both below schedules.
NESTED = [endpoint_of("override_shifts"), endpoint_of("schedule_rotations")]
ON_CALL = [endpoint_of("schedules"), *NESTED]
EVENTS = endpoint_of("alert_events")
OF_INCIDENTS = [endpoint_of("incidents"), endpoint_of("incident_status_page_events")]
FORBIDDEN = JSONResponse({"errors": [{"title": "Forbidden"}]}, status_code=403)
NOT_FOUND = JSONResponse({"errors": [{"title": "Not found or unauthorized"}]}, status_code=404)


class Trouble:
    """Says what some paths answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}
        self.asked = Counter[str]()
        self.cursor: Response | None = None  # what a request with a cursor is answered

    def __call__(self, path: str, query: QueryParams) -> Response | None:
        if self.cursor is not None and "page[after]" in query:
            return self.cursor
        for end, answer in self.answers.items():
            if path.endswith(end):
                self.asked[end] += 1
                return answer
        return None


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def project(tmp_path: Path, trouble: Trouble) -> Iterator[Project]:
    workspace = Workspace.build(incidents=INCIDENTS, now=NOW)
    middleware = [Middleware(InItsPlace, answer=trouble)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, [*LISTS, *ON_CALL, *OF_INCIDENTS[1:], EVENTS]) as project,
    ):
        yield project


def test_a_list_whose_answer_lacks_its_meta_is_not_taken_for_complete(
    project: Project, trouble: Trouble
) -> None:
    project.sync(LISTS)
    services, watermark = project.ids("services"), project.warehouse.states()["incidents"].watermark
    assert services
    for each in LISTS:
        trouble.answers[each.path] = JSONResponse({"data": []})
    outcomes = project.sync(LISTS)
    for each in outcomes.values():
        assert each.status is Status.FAILED
        assert isinstance(each.error, BrokenBody)
    assert project.ids("services") == services
    assert project.warehouse.states()["incidents"].watermark == watermark


def below(project: Project, table: str, schedule: str) -> set[str]:
    rows = project.rows(table, "id, schedule_id")
    return {row[0] for row in rows if row[1] == schedule}


def test_a_parent_that_refuses_keeps_its_rows_and_stops_no_others(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL)
    workspace = project.workspace
    full = [
        schedule
        for schedule in sorted(project.ids("schedules"))
        if all(below(project, each.table, schedule) for each in NESTED)
    ]
    refusing, deleted, other = full[:3]
    before = {each.table: below(project, each.table, refusing) for each in NESTED}
    for each in NESTED:
        trouble.answers[each.path.format(schedule_id=refusing)] = FORBIDDEN
        workspace.delete(each.type, below(project, each.table, other).pop())
        workspace.delete(each.type, below(project, each.table, refusing).pop())
    workspace.delete("schedules", deleted)
    for schedule in (refusing, other):
        workspace.update("schedules", schedule, name="Renamed")
    outcomes = project.sync(ON_CALL)
    for each in NESTED:
        outcome = outcomes[each.table]
        assert outcome.status is Status.LOADED
        assert outcome.reading is not None
        assert "1 of them may not be read with this key (403)" in outcome.reading.why
        assert below(project, each.table, refusing) == before[each.table]
        left = [row for row in records_of(workspace, each) if row.parents["schedule_id"] == other]
        assert below(project, each.table, other) == {row.id for row in left}
        assert not below(project, each.table, deleted)
    trouble.answers.clear()
    project.sync(ON_CALL, full_refresh=True)
    for each in NESTED:
        assert project.ids(each.table) == {row.id for row in records_of(workspace, each)}


def test_a_whole_read_finds_what_was_below_parents_that_are_gone_for_long_though_another_refuses(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL)
    rotations = NESTED[1]
    gone, refusing = [
        each for each in sorted(project.ids("schedules")) if below(project, rotations.table, each)
    ][:2]
    project.workspace.delete("schedules", gone)
    project.sync(ON_CALL)
    with project.warehouse.get_connection() as connection:
        connection.execute(
            "UPDATE schedule_rotations SET _deleted_at = NULL WHERE schedule_id = ?", [gone]
        )
    trouble.answers[rotations.path.format(schedule_id=refusing)] = FORBIDDEN
    project.sync(ON_CALL, full_refresh=True)
    assert not below(project, rotations.table, gone)
    assert below(project, rotations.table, refusing)


def test_a_first_read_with_a_parent_that_refuses_is_not_taken_for_whole(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL[:1])
    refusing = sorted(project.ids("schedules"))[0]
    for each in NESTED:
        trouble.answers[each.path.format(schedule_id=refusing)] = FORBIDDEN
    project.sync(NESTED)
    for each in NESTED:
        rows = records_of(project.workspace, each)
        assert project.ids(each.table) == {
            row.id for row in rows if row.parents["schedule_id"] != refusing
        }
        assert project.warehouse.states()[each.table].whole_at is None


def test_a_nested_list_that_every_parent_refuses_is_not_permitted(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL)
    before = project.ids("override_shifts")
    trouble.answers["/override_shifts"] = FORBIDDEN
    outcome = project.sync(ON_CALL)["override_shifts"]
    assert outcome.status is Status.NOT_PERMITTED
    assert isinstance(outcome.error, Forbidden)
    assert project.ids("override_shifts") == before


def test_a_nested_list_that_is_not_found_anywhere_is_an_error_and_not_empty(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL)
    before = project.ids("override_shifts")
    assert before
    trouble.answers["/override_shifts"] = NOT_FOUND
    outcome = project.sync(ON_CALL)["override_shifts"]
    assert outcome.status is Status.FAILED
    assert isinstance(outcome.error, NotFound)
    assert "/override_shifts (404) for any of" in str(outcome.error)
    assert project.ids("override_shifts") == before


@pytest.mark.parametrize("beside_others", [True, False])
def test_a_parent_that_is_there_while_its_list_is_not_found_keeps_its_children(
    project: Project, trouble: Trouble, *, beside_others: bool
) -> None:
    project.sync(ON_CALL)
    rotations = NESTED[1]
    hidden, other = [
        each for each in sorted(project.ids("schedules")) if below(project, rotations.table, each)
    ][:2]
    before = project.ids(rotations.table)
    trouble.answers[rotations.path.format(schedule_id=hidden)] = NOT_FOUND
    for each in (hidden, other) if beside_others else (hidden,):
        project.workspace.update("schedules", each, name="Renamed")
    outcome = project.sync(ON_CALL)[rotations.table]
    assert outcome.status is Status.LOADED
    assert project.ids(rotations.table) == before
    assert hidden in (outcome.doubt or "")
    assert "not found (404), though it is there itself" in (outcome.doubt or "")


def test_children_of_a_parent_that_was_deleted_meanwhile_are_marked_beside_those_of_others(
    project: Project,
) -> None:
    project.sync(ON_CALL)
    rotations = NESTED[1]
    gone, other = [
        each for each in sorted(project.ids("schedules")) if below(project, rotations.table, each)
    ][:2]
    for each in (gone, other):
        project.workspace.update("schedules", each, name="Renamed")
    project.sync(ON_CALL[:1])
    project.workspace.delete("schedules", gone)
    outcome = project.sync([rotations])[rotations.table]
    assert outcome.doubt is None
    assert not below(project, rotations.table, gone)
    assert below(project, rotations.table, other)


@pytest.mark.parametrize("answer", [FORBIDDEN, NOT_FOUND])
def test_thousands_of_parents_are_not_asked_in_vain(
    project: Project, trouble: Trouble, answer: Response
) -> None:
    project.sync(OF_INCIDENTS[:1])
    trouble.answers["/status-page-events"] = answer
    project.sync(OF_INCIDENTS[1:], concurrency=2)
    asked = trouble.asked["/status-page-events"]
    assert MOST_IN_VAIN <= asked <= MOST_IN_VAIN + 2 < INCIDENTS


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_feed_whose_cursor_is_refused_goes_on_from_the_time_it_stood_for(
    project: Project, trouble: Trouble, status: int
) -> None:
    project.sync([EVENTS])
    assert project.warehouse.states()["alert_events"].cursor is not None
    project.workspace.advance(timedelta(days=1))
    trouble.cursor = JSONResponse({"error": "unknown cursor"}, status_code=status)
    outcome = project.sync([EVENTS])["alert_events"]
    assert outcome.status is Status.LOADED, outcome.error
    assert outcome.reading is not None
    assert outcome.reading.why.startswith("created_at since")
    assert project.ids("alert_events") == {row.id for row in records_of(project.workspace, EVENTS)}


def test_what_is_no_record_is_rescued_in_a_nested_list_as_in_any_other(
    project: Project, trouble: Trouble
) -> None:
    project.sync(ON_CALL)
    schedules = [
        each
        for each in sorted(project.ids("schedules"))
        if all(below(project, nested.table, each) for nested in NESTED)
    ][:2]
    before = {each.table: project.ids(each.table) for each in NESTED}
    odd = [None, 7, "text", [1], {}]
    for schedule in schedules:
        project.workspace.update("schedules", schedule, name="Renamed")
        for each in NESTED:
            path = each.path.format(schedule_id=schedule)
            document = project.get(path, {})
            document["data"] += odd
            document["meta"]["total_count"] += len(odd)
            trouble.answers[path] = JSONResponse(document)
    outcomes = project.sync(ON_CALL)
    for each in NESTED:
        assert outcomes[each.table].status is Status.LOADED, outcomes[each.table].error
        assert before[each.table] < project.ids(each.table)
        odd_rows = [
            row
            for row in project.rows(each.table, "_rescued, schedule_id")
            if row[0] is not None and "record" in row[0]
        ]
        for schedule in schedules:
            assert sorted(str(row[0]) for row in odd_rows if row[1] == schedule) == [
                '{"record":"text"}',
                '{"record":7}',
                '{"record":[1]}',
                '{"record":null}',
            ], "below two schedules they are two records"
