"""Children and links come along with the pages of their incidents, alerts and users."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import dagster as dg
import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from rootly_assets.assets.checks import COMPLETE, check_results
from rootly_assets.catalogue import Endpoint, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.record import Record
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.middleware import Answer, Edit, Edited, InItsPlace
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import records_of

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
PAGE = 20
INCIDENTS = 40  # more than a page

CARRIERS = {"incidents", "alerts", "users"}
GROUPS = [
    each
    for each in wired()
    if each.table in CARRIERS
    or (each.relationship and each.parent and each.parent.table in CARRIERS)
]
CHILDREN = [each for each in GROUPS if each.relationship and each.links_to is None]
LISTED = [each for each in CHILDREN if each.has_own_path]
LINKS = [each for each in GROUPS if each.links_to]


@contextmanager
def project_on(
    folder: Path, answer: Answer = lambda *_: None, edit: Edit | None = None
) -> Iterator[Project]:
    workspace = Workspace.build(incidents=INCIDENTS, now=NOW, history=timedelta(days=40))
    middleware = [Middleware(InItsPlace, answer=answer)]
    if edit is not None:
        middleware.append(Middleware(Edited, edit=edit))
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, folder, GROUPS, page_size=PAGE) as project,
    ):
        yield project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_on(tmp_path) as found:
        yield found


def linked(project: Project, endpoint: Endpoint) -> set[tuple[str, str]]:
    """The pairs that the sandbox has, by a way of its own: compound pages of five records."""
    assert endpoint.parent is not None
    truth: set[tuple[str, str]] = set()
    params = {"include": endpoint.relationship or "", "page[size]": "5"}
    by_number = endpoint.parent.table == "users"
    while True:
        document = project.get(f"/v1/{endpoint.parent.table}", params)
        for record in document["data"]:
            data = record["relationships"][endpoint.relationship]["data"]
            refs = data if isinstance(data, list) else [data] if data else []
            truth |= {(record["id"], ref["id"]) for ref in refs}
        following = document["meta"].get("next_page" if by_number else "next_cursor")
        if following is None:
            return truth
        params["page[number]" if by_number else "page[after]"] = str(following)


def stored(project: Project, endpoint: Endpoint) -> set[tuple[str, str]]:
    assert endpoint.parent is not None
    rows = project.rows(endpoint.table, f"{endpoint.parent.parameter}, {endpoint.links_to or 'id'}")
    assert len(set(rows)) == len(rows), "nothing twice"
    return {(str(row[0]), row[1]) for row in rows}


def children_of(workspace: Workspace, endpoint: Endpoint) -> set[tuple[str, str]]:
    assert endpoint.parent is not None
    records = records_of(workspace, endpoint)
    return {(record.parents[endpoint.parent.parameter], record.id) for record in records}


def test_every_child_and_every_link_comes_with_the_pages_of_its_parent(project: Project) -> None:
    outcomes = project.sync(GROUPS)
    assert {each.status for each in outcomes.values()} == {Status.LOADED}
    for endpoint in CHILDREN:
        assert stored(project, endpoint) == children_of(project.workspace, endpoint), endpoint.table
    for endpoint in LINKS:
        assert stored(project, endpoint) == linked(project, endpoint), endpoint.table
    assert sum(len(project.rows(each.table, "id")) for each in LINKS) > INCIDENTS
    roles = project.rows("incident_role_assignments", "\"user\"->>'$.data.attributes.email'")
    assert roles, "the sandbox has rows of it"
    assert None not in {row[0] for row in roles}


def test_they_cost_no_request_of_their_own(project: Project) -> None:
    project.sync(GROUPS)
    pages = sum(-(-len(project.workspace.records(kind)) // PAGE) for kind in CARRIERS)
    asks_for_the_time = 1
    assert len(project.server.requests) == pages + asks_for_the_time


@pytest.mark.slow
def test_a_child_that_left_its_parent_is_marked_and_comes_back(project: Project) -> None:
    project.sync(GROUPS)
    event = project.workspace.records("incident_events")[0]
    incident = event.parents["incident_id"]
    project.workspace.advance(timedelta(hours=1))
    project.workspace.delete("incident_events", event.id)
    project.workspace.update("incidents", incident, title="Changed")
    project.sync(GROUPS)
    assert event.id not in project.ids("incident_events")
    assert stored(project, of("incident_events")) == children_of(
        project.workspace, of("incident_events")
    )
    project.workspace.add(event)
    project.workspace.update("incidents", incident, title="Changed again")
    project.sync(GROUPS)
    assert event.id in project.ids("incident_events")


@pytest.mark.slow
def test_a_link_that_came_or_went_is_seen(project: Project) -> None:
    project.sync(GROUPS)
    incident = project.workspace.records("incidents")[-1]
    cause = project.workspace.records("causes")[0]
    project.workspace.advance(timedelta(hours=1))
    project.workspace.link("incidents", incident.id, "causes", [cause])
    project.workspace.update("incidents", incident.id, title="Changed")
    project.sync(GROUPS)
    assert (incident.id, cause.id) in stored(project, of("incident_causes"))
    incident.links["causes"] = []
    project.workspace.update("incidents", incident.id, title="Changed again")
    project.sync(GROUPS)
    assert (incident.id, cause.id) not in stored(project, of("incident_causes"))


@pytest.mark.slow
def test_a_child_that_came_without_a_sign_from_its_incident_is_found_for_a_day(
    project: Project,
) -> None:
    project.sync(GROUPS)
    incident = max(project.workspace.records("incidents"), key=updated)
    project.workspace.advance(
        max(timedelta(0), updated(incident) + timedelta(hours=1) - project.workspace.now)
    )
    project.sync(GROUPS)
    project.workspace.advance(timedelta(hours=5))
    added = new_event(project.workspace, incident)
    project.sync(GROUPS)
    assert added.id in project.ids("incident_events")


def test_who_joined_an_alert_without_a_sign_from_it_is_found_for_an_hour(project: Project) -> None:
    project.sync(GROUPS)
    alert = project.workspace.records("alerts")[-1]
    project.workspace.update("alerts", alert.id, summary="Changed")
    project.workspace.advance(timedelta(minutes=45))
    project.sync(GROUPS)
    service = next(
        each
        for each in project.workspace.records("services")
        if (alert.id, each.id) not in stored(project, of("alert_services"))
    )
    project.workspace.link("alerts", alert.id, "services", [service])
    project.sync(GROUPS)
    assert (alert.id, service.id) in stored(project, of("alert_services"))


def test_children_of_an_unchanged_incident_are_not_read_again(project: Project) -> None:
    project.sync(GROUPS)
    project.workspace.advance(timedelta(days=40))
    project.sync(GROUPS)
    project.sync(GROUPS)
    asked = [each for each in project.server.requests if each.path == "/v1/incidents"]
    assert len(asked) == 1
    assert "filter[updated_at][gte]" in dict(parse_qsl(asked[0].query))


def test_children_can_be_read_without_their_parent(project: Project) -> None:
    outcomes = project.sync([of("incident_events")])
    assert set(outcomes) == {"incident_events"}
    assert stored(project, of("incident_events")) == children_of(
        project.workspace, of("incident_events")
    )
    assert not project.ids("incidents")
    assert len(project.server.requests) <= 4


def test_a_page_that_does_not_come_in_time_is_asked_for_in_smaller_pieces(tmp_path: Path) -> None:
    def too_slow(_: str, query: QueryParams) -> Response | None:
        if "include" in query and int(query["page[size]"]) > PAGE // 4:
            return JSONResponse({"error": "took too long"}, status_code=504)
        return None

    with project_on(tmp_path, too_slow) as project:
        outcomes = project.sync(GROUPS)
        assert {each.status for each in outcomes.values()} == {Status.LOADED}
        for endpoint in CHILDREN:
            assert stored(project, endpoint) == children_of(project.workspace, endpoint)


@pytest.mark.slow
@pytest.mark.parametrize("status", [400, 404])
def test_what_is_refused_is_left_out_and_read_by_its_own_path(tmp_path: Path, status: int) -> None:
    refused = {"events", "alerts"}

    def refuse(_: str, query: QueryParams) -> Response | None:
        if refused & set(query.get("include", "").split(",")):
            return JSONResponse({"error": "invalid include"}, status_code=status)
        return None

    with project_on(tmp_path, refuse) as project:
        outcomes = project.sync(GROUPS)
        for endpoint in CHILDREN:
            assert stored(project, endpoint) == children_of(project.workspace, endpoint)
        assert outcomes["incident_events"].status is Status.LOADED
        assert outcomes["incident_alerts"].status is Status.NOT_PERMITTED
        assert f"({status})" in str(outcomes["incident_alerts"].error)
        assert {name for name, each in outcomes.items() if each.status is Status.FAILED} == set()
        assert outcomes["incident_role_assignments"].status is Status.LOADED
        project.sync(GROUPS)
        assert project.requests_below("/v1/incidents/") == 0, "no parent changed since"


class Missing:
    """One resource of a kind never comes along, though linkages name it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.id: str | None = None

    def __call__(self, path: str, document: dict[str, Any]) -> None:
        if path == "/v1/incidents" and self.id is not None:
            included = document.get("included", [])
            document["included"] = [
                each for each in included if (each["type"], each["id"]) != (self.kind, self.id)
            ]


@pytest.mark.slow
def test_of_an_incident_that_is_in_doubt_nothing_is_lost_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    missing = Missing("incident_role_assignments")
    with project_on(tmp_path, edit=missing) as project:
        project.sync(GROUPS)
        roles = of("incident_role_assignments")
        (id_, incident), *_, (other_id, _) = project.rows(roles.table, "id, incident_id")
        missing.id = id_
        before = stored(project, roles)
        for each in project.workspace.records("incidents"):
            project.workspace.update("incidents", each.id, title="Changed")
        other = next(
            each for each in project.workspace.records(missing.kind) if each.id == other_id
        )
        project.workspace.delete(missing.kind, other.id)
        outcome = project.sync(GROUPS)[roles.table]
        assert outcome.status is Status.LOADED
        assert stored(project, roles) == {pair for pair in before if pair[1] != other_id}
        (check,) = [each for each in check_results(outcome) if each.check_name == COMPLETE]
        assert not check.passed
        assert check.severity is dg.AssetCheckSeverity.WARN
        assert incident in (check.description or "")
        assert " 1 of the incidents" in (check.description or "")
        gone = next(pair[0] for pair in stored(project, roles) if pair[0] != incident)
        project.workspace.delete("incidents", gone)
        project.sync(GROUPS, full_refresh=True)
        left = stored(project, roles)
        assert (incident, id_) in left
        assert gone not in {pair[0] for pair in left}


@pytest.mark.slow
def test_children_of_an_incident_that_is_in_doubt_are_read_by_their_own_path(
    tmp_path: Path,
) -> None:
    missing = Missing("incident_events")
    with project_on(tmp_path, edit=missing) as project:
        event = project.workspace.records("incident_events")[0]
        missing.id = event.id
        outcome = project.sync(GROUPS)["incident_events"]
        assert stored(project, of("incident_events")) == children_of(
            project.workspace, of("incident_events")
        )
        assert project.requests_below("/v1/incidents/") == 1, "the others came along"
        assert all(each.passed for each in check_results(outcome))


@pytest.mark.parametrize("status", [403, 404])
def test_children_whose_own_path_answers_no_incident_stay_and_it_is_not_asked_on_and_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("rootly_assets.sync.reading.own_paths.MOST_IN_VAIN", 5)
    trouble = False

    def refuse(path: str, _: QueryParams) -> Response | None:
        refused = trouble and path.startswith("/v1/incidents/")
        return JSONResponse({"error": "not this"}, status_code=status) if refused else None

    def without_linkage(path: str, document: dict[str, Any]) -> None:
        if trouble and path == "/v1/incidents":
            for each in document["data"]:
                del each["relationships"]["events"]

    with project_on(tmp_path, refuse, without_linkage) as project:
        tables = [of("incidents"), of("incident_events")]
        project.sync(tables)
        before = stored(project, of("incident_events"))
        trouble = True
        outcome = project.sync(tables, full_refresh=True)["incident_events"]
        assert stored(project, of("incident_events")) == before
        assert f" {INCIDENTS} of the incidents" in (outcome.doubt or "")
        assert 5 <= project.requests_below("/v1/incidents/") <= 7


@pytest.mark.slow
def test_what_is_refused_holds_up_nobody_and_is_read_in_full_once_it_is_given(
    tmp_path: Path,
) -> None:
    refused = {"alerts"}

    def refuse(_: str, query: QueryParams) -> Response | None:
        if refused & set(query.get("include", "").split(",")):
            return JSONResponse({"error": "invalid include"}, status_code=400)
        return None

    with project_on(tmp_path, refuse) as project:
        project.sync(GROUPS)
        for _ in range(2):
            project.workspace.advance(timedelta(days=2))
            outcomes = project.sync(GROUPS)
            for table in ("incidents", "incident_events", "incident_services"):
                reading = outcomes[table].reading
                assert reading is not None
                assert "updated_at since" in reading.why, table
            assert outcomes["incident_alerts"].status is Status.NOT_PERMITTED
            assert [each.status for each in project.server.requests].count(400) == 1, "asked once"
        refused.clear()
        project.sync(GROUPS)
        assert stored(project, of("incident_alerts")) == linked(project, of("incident_alerts"))
        outcomes = project.sync(GROUPS)
        reading = outcomes["incidents"].reading
        assert reading is not None
        assert "updated_at since" in reading.why


@pytest.mark.slow
def test_a_server_that_includes_nothing_is_read_by_the_nested_paths(tmp_path: Path) -> None:
    def never_in_time(_: str, query: QueryParams) -> Response | None:
        return JSONResponse({}, status_code=503) if "include" in query else None

    with project_on(tmp_path, never_in_time) as project:
        outcomes = project.sync(GROUPS)
        assert outcomes["incidents"].status is Status.LOADED
        roles = outcomes["incident_role_assignments"]
        assert roles.status is Status.FAILED, "nobody has forbidden to read them"
        assert "503" in str(roles.error)
        for endpoint in LISTED:
            assert stored(project, endpoint) == children_of(project.workspace, endpoint)


def of(table: str) -> Endpoint:
    return next(each for each in GROUPS if each.table == table)


def updated(record: Record) -> datetime:
    return datetime.fromisoformat(record.attributes["updated_at"])


def new_event(workspace: Workspace, incident: Record) -> Record:
    like = workspace.records("incident_events")[0]
    stamp = workspace.timestamp(workspace.now)
    attributes = {**like.attributes, "created_at": stamp, "updated_at": stamp}
    return workspace.add(
        Record(
            type=like.type,
            id=workspace.new_id(),
            attributes=attributes,
            parents={"incident_id": incident.id},
        )
    )
