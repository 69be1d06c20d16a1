"""The nightly sweep finds what is gone without a sign, at a price that is known."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from starlette.middleware import Middleware

from rootly_assets.catalogue import Endpoint, endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.record import Record
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.errors import LoadError
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.windows import SHARES, weeks_in_turn
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.sync.middleware import InItsPlace, OldIncidentsFail
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import moment

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
# What was created before this instant comes alone in a sweep.
EDGE = NOW - timedelta(days=35)
TABLES = {
    "incidents",
    "incident_events",
    "incident_services",
    "incident_form_field_selections",
    "incident_status_page_events",
}
INCIDENTS = [each for each in wired() if each.table in TABLES]
NESTED = [each for each in INCIDENTS if each.parent and each.relationship is None]
ALERTS = [endpoint_of(table) for table in ("alerts", "alert_services")]


@pytest.fixture
def trouble() -> OldIncidentsFail:
    return OldIncidentsFail()


@pytest.fixture
def project(tmp_path: Path, trouble: OldIncidentsFail) -> Iterator[Project]:
    workspace = Workspace.build(incidents=90, now=NOW, history=timedelta(days=150))
    middleware = [Middleware(InItsPlace, answer=trouble)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, [*INCIDENTS, *ALERTS]) as project,
    ):
        yield project


def in_order(project: Project, kind: str) -> list[Record]:
    """Records from the oldest to the newest."""
    return sorted(project.workspace.records(kind), key=lambda each: moment(each, "created_at"))


def parents(project: Project, table: str) -> set[str]:
    """Whose rows a table has."""
    parameter = "alert_id" if table.startswith("alert_") else "incident_id"
    return {row[0] for row in project.rows(table, parameter)}


def test_a_deleted_record_is_found_and_what_belongs_to_it(project: Project) -> None:
    project.sync([*INCIDENTS, *ALERTS])
    with_all = parents(project, "incident_events") & parents(project, "incident_services")
    full = [each for each in in_order(project, "incidents") if each.id in with_all]
    gone = [full[0], full[-1]]
    alert = in_order(project, "alerts")[0]
    for each in gone:
        project.workspace.delete("incidents", each.id)
    project.workspace.delete("alerts", alert.id)
    project.workspace.advance(timedelta(minutes=30))
    project.sync([*INCIDENTS, *ALERTS])
    assert {each.id for each in gone} < project.ids("incidents"), "nothing lists what was deleted"
    project.sync([*INCIDENTS, *ALERTS], sweep=True, rows_at_once=60)
    for table in ("incidents", "alerts"):
        assert project.ids(table) == {each.id for each in project.workspace.records(table)}
    for table in ("incident_events", "incident_services", "incident_form_field_selections"):
        assert not parents(project, table) & {each.id for each in gone}, table
    assert alert.id not in parents(project, "alert_services")

    project.workspace.add(gone[0])
    project.sync([*INCIDENTS, *ALERTS], sweep=True)
    assert gone[0].id in project.ids("incidents"), "it comes back where it reappears"


def test_an_old_record_that_appears_or_comes_back_brings_what_belongs_to_it(
    project: Project,
) -> None:
    hidden = in_order(project, "incidents")[1]
    away = below(project, hidden)
    project.workspace.delete("incidents", hidden.id)
    project.sync(INCIDENTS)
    tables = ("incident_events", "incident_services", "incident_form_field_selections")
    with_all = set.intersection(*(parents(project, table) for table in tables))
    gone = next(each for each in in_order(project, "incidents") if each.id in with_all)
    before = {table: of_parent(project, table, gone.id) for table in tables}
    away += below(project, gone)
    project.workspace.delete("incidents", gone.id)
    project.sync(INCIDENTS, sweep=True)
    for each in away:
        project.workspace.add(each)
    outcomes = project.sync(INCIDENTS, sweep=True)
    assert {hidden.id, gone.id} < project.ids("incidents")
    for table in tables:
        assert of_parent(project, table, gone.id) == before[table], table
    document = project.get(f"/v1/incidents/{hidden.id}", {"include": "events,services"})
    linked = {
        name: {each["id"] for each in document["data"]["relationships"][name]["data"]}
        for name in ("events", "services")
    }
    assert of_parent(project, "incident_events", hidden.id) == linked["events"]
    ours = {id_.split("/")[1] for id_ in of_parent(project, "incident_services", hidden.id)}
    assert ours == linked["services"]
    loaded = outcomes["incidents"].loaded
    assert loaded is not None
    assert (loaded.new, loaded.changed) == (1, 1)


def test_an_old_record_that_appears_is_not_there_before_what_belongs_to_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = next(
        each
        for each in in_order(project, "incidents")
        if project.workspace.nested("incident_events", "incident_id", each.id)
    )
    away = below(project, hidden)
    project.workspace.delete("incidents", hidden.id)
    project.sync(INCIDENTS)
    for each in away:
        project.workspace.add(each)

    load = DuckDBWarehouse.load

    def fails(warehouse: DuckDBWarehouse, batch: Batch) -> Loaded:
        if batch.endpoint.table == "incident_events":
            raise LoadError("The disk is full.")
        return load(warehouse, batch)

    with monkeypatch.context() as patch:
        patch.setattr(DuckDBWarehouse, "load", fails)
        project.sync(INCIDENTS, sweep=True)
    assert hidden.id not in project.ids("incidents"), "the next sweep would take it for complete"
    project.sync(INCIDENTS, sweep=True)
    assert hidden.id in parents(project, "incident_events")


def test_a_change_that_showed_itself_too_late_is_seen_by_the_next_sweep(project: Project) -> None:
    project.sync(INCIDENTS)
    incident = in_order(project, "incidents")[0]
    project.workspace.advance(timedelta(days=3))
    project.sync(INCIDENTS)
    changed_at = project.workspace.timestamp(NOW + timedelta(hours=1))
    incident.attributes.update(title="Committed late", updated_at=changed_at)
    incident.changed()
    project.sync(INCIDENTS)
    assert title(project, incident) != "Committed late", "no read of what changed lately has it"
    project.sync(INCIDENTS, sweep=True)
    assert title(project, incident) == "Committed late"


def title(project: Project, incident: Record) -> str:
    return dict(project.rows("incidents", "id, title"))[incident.id]


def test_records_that_come_back_by_the_hundred_are_read_by_the_page(project: Project) -> None:
    """A key that was narrowed for a night, and is widened again."""
    project.sync(INCIDENTS)
    old = [each for each in in_order(project, "incidents") if moment(each, "created_at") < EDGE]
    hidden = old[: len(old) // 2]
    away = [below(project, each) for each in hidden]
    for each in hidden:
        project.workspace.delete("incidents", each.id)
    project.sync(INCIDENTS, sweep=True)
    assert not {each.id for each in hidden} & project.ids("incidents")
    for each in chain.from_iterable(away):
        project.workspace.add(each)
    project.sync(INCIDENTS, sweep=True)
    assert {each.id for each in hidden} < project.ids("incidents")
    asked = [each for each in project.server.requests if each.path == "/v1/incidents"]
    assert len(hidden) > 25
    assert len(asked) < 10


def below(project: Project, incident: Record) -> list[Record]:
    """An incident and what goes with it."""
    kinds = project.workspace.types()
    nested = (project.workspace.nested(each, "incident_id", incident.id) for each in kinds)
    return [incident, *chain.from_iterable(nested)]


def of_parent(project: Project, table: str, parent: str) -> set[str]:
    return {row[0] for row in project.rows(table, "id, incident_id") if row[1] == parent}


def test_what_a_sweep_that_broke_off_has_left_undone_the_next_one_does(
    project: Project, trouble: OldIncidentsFail
) -> None:
    project.sync(INCIDENTS)
    with_all = parents(project, "incident_events") & parents(project, "incident_services")
    gone = [each for each in in_order(project, "incidents") if each.id in with_all][-1]
    project.workspace.delete("incidents", gone.id)
    project.workspace.advance(timedelta(minutes=30))
    trouble.failures = math.inf
    outcomes = project.sync(INCIDENTS, sweep=True)
    assert outcomes["incidents"].status is Status.FAILED
    assert gone.id not in project.ids("incidents"), "it has been found to be gone before that"
    trouble.failures = 0
    project.sync(INCIDENTS, sweep=True)
    for table in ("incident_events", "incident_services", "incident_form_field_selections"):
        assert gone.id not in parents(project, table), table


def test_it_reads_pages_and_not_the_children_of_every_incident(project: Project) -> None:
    project.sync(INCIDENTS)
    incidents = len(project.ids("incidents"))
    project.workspace.advance(timedelta(minutes=30))
    before = dict(project.rows("incidents", "id, _synced_at::VARCHAR"))
    outcomes = project.sync(INCIDENTS, sweep=True, parents_a_night=10, most_nights=1000)
    asked = [dict(parse_qsl(each.query)) for each in project.server.requests]
    old = [each for each in asked if "filter[created_at][lt]" in each]
    assert old
    alone = [each for each in old if "include" not in each]
    in_turn = [each for each in old if "include" in each]
    assert alone
    assert len(in_turn) <= 1, "older incidents come alone, but for a week whose turn it is"
    children = project.requests_below("/v1/incidents/")
    after = dict(project.rows("incidents", "id, _synced_at::VARCHAR"))
    changed = sum(after[each] != before[each] for each in after)
    assert changed < incidents / 5, "what is unchanged stays as it was, links included"
    nights = -(-incidents // 10)
    assert children <= len(NESTED) * (changed + 2 * incidents / nights)
    loaded = outcomes["incidents"].loaded
    assert loaded is not None
    assert loaded.vanished == 0


def test_a_child_without_a_sign_is_found_for_weeks(project: Project) -> None:
    project.sync(INCIDENTS)
    long_ago = NOW - timedelta(days=20)
    incidents = project.workspace.records("incidents")
    incident = min(incidents, key=lambda each: abs(moment(each, "created_at") - long_ago))
    like = project.workspace.records("incident_events")[0]
    event = Record(
        like.type, project.workspace.new_id(), like.attributes, parents={"incident_id": incident.id}
    )
    project.workspace.add(event)
    project.sync(INCIDENTS)
    assert event.id not in project.ids("incident_events")
    project.sync(INCIDENTS, sweep=True)
    assert event.id in project.ids("incident_events")


@pytest.mark.parametrize("days_apart", [1, 2, 7, 28, 30])
def test_every_week_has_its_turn_however_often_it_is_swept(days_apart: int) -> None:
    oldest, edge = NOW - timedelta(days=900), NOW - timedelta(days=35)
    nights = [NOW + timedelta(days=days_apart * each) for each in range(SHARES)]
    spans = sorted(
        (span.start, span.end)
        for night in nights
        for span in weeks_in_turn(oldest, edge, night)
        if span.start and span.end
    )
    assert spans[0][0] <= oldest
    assert spans[-1][1] == edge
    assert all(end == start for (_, end), (start, _) in pairwise(spans)), "no gap, and none twice"
    assert all(len([*weeks_in_turn(oldest, edge, night)]) <= 5 for night in nights)


def test_a_child_of_an_old_incident_that_went_without_a_sign_is_found_when_it_is_its_turn(
    project: Project,
) -> None:
    project.sync(INCIDENTS)
    with_events = parents(project, "incident_events")
    incident = next(each for each in in_order(project, "incidents") if each.id in with_events)
    gone = project.workspace.nested("incident_events", "incident_id", incident.id)[0]
    stamp = incident.attributes["updated_at"]
    project.workspace.delete(gone.type, gone.id)
    incident.attributes["updated_at"] = stamp
    created = moment(incident, "created_at")
    found: list[bool] = []
    for _ in range(SHARES):
        project.workspace.advance(timedelta(days=1))
        now = project.workspace.now
        weeks = weeks_in_turn(created, now - timedelta(days=35), now)
        is_its_turn = any(
            each.start <= created < each.end for each in weeks if each.start and each.end
        )
        project.sync(INCIDENTS, sweep=True)
        found.append(gone.id not in project.ids("incident_events"))
        if is_its_turn:
            break
        assert not found[-1]
    assert found[-1], "in so many nights it was never its turn"


def test_runs_that_changed_long_ago_without_a_sign_are_found_when_it_is_their_workflow_s_turn(
    tmp_path: Path,
) -> None:
    lists = [endpoint_of("workflows"), endpoint_of("workflow_runs")]
    workspace = Workspace.build(incidents=60, now=NOW, history=timedelta(days=150))
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, lists) as project,
    ):
        project.sync(lists)
        project.workspace.advance(timedelta(days=10))
        runs = in_order(project, "workflow_runs")
        project.workspace.update("workflow_runs", runs[0].id, status_message="Changed late")
        project.workspace.delete("workflow_runs", runs[1].id)
        project.sync(lists)
        assert ("Changed late",) not in project.rows("workflow_runs", "status_message")
        turns = 3
        for _ in range(turns):
            project.sync(lists, sweep=True, most_nights=turns)
        assert ("Changed late",) in project.rows("workflow_runs", "status_message")
        assert project.ids("workflow_runs") == {
            each.id for each in project.workspace.records("workflow_runs")
        }


def test_every_parent_has_its_turn_whenever_it_is_swept(project: Project) -> None:
    project.sync(INCIDENTS)
    everyone = project.ids("incidents")
    turns = 3
    share = -(-len(everyone) // turns)
    asked: list[set[str]] = []
    for _ in range(turns):
        project.workspace.advance(timedelta(days=turns))
        project.sync(NESTED)
        outcomes = project.sync(NESTED, sweep=True, parents_a_night=share)
        assert {each.status for each in outcomes.values()} == {Status.LOADED}
        paths = {each.path for each in project.server.requests}
        asked.append({path.split("/")[3] for path in paths if path.startswith("/v1/incidents/")})
    assert set.union(*asked) == everyone
    assert max(map(len, asked)) == share


def test_a_sweep_asks_beside_what_changed_for_a_share_that_goes_on_where_the_last_one_ended() -> (
    None
):
    everyone = Parents(present=tuple(f"parent-{number:04}" for number in range(2_000)))
    changed = Parents(present=("parent-0007",), gone=("old",))
    swept_to, asked = None, set[str]()
    for _ in range(4):
        theirs = changed.and_whose_turn_it_is(everyone, swept_to, at_once=500, most_turns=28)
        assert theirs.gone == ("old",)
        assert "parent-0007" in theirs.present
        assert len(theirs.present) <= 501
        asked.update(theirs.present)
        swept_to = theirs.swept_to
    assert asked == set(everyone.present)
    again = changed.and_whose_turn_it_is(everyone, swept_to, at_once=1, most_turns=28)
    assert len(again.present) == 72, "more at once than it takes more than 28 sweeps"
    assert changed.and_whose_turn_it_is(Parents(), "", at_once=1, most_turns=28) == changed


def test_where_it_can_not_be_told_whose_rows_are_gone_the_other_lists_are_loaded(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [*INCIDENTS, *ALERTS]
    project.sync(lists)

    def refused(_self: DuckDBWarehouse, endpoint: Endpoint) -> tuple[str, ...]:
        raise LoadError(f"no answer about {endpoint.table}")

    monkeypatch.setattr(DuckDBWarehouse, "orphaned", refused)
    outcomes = project.sync(lists, sweep=True)
    assert outcomes["incidents"].status is outcomes["alerts"].status is Status.LOADED
    failed = outcomes["incident_services"]
    assert failed.status is Status.FAILED
    assert "no answer about incident_services" in str(failed.error)
