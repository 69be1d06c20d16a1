"""The first read of a long list begins with what is newest, commits as it goes, and goes on where it was."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import Response

from rootly_assets.catalogue import endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Progress, Status
from rootly_assets.sync.planning.windows import FIRST_SPAN, Backwards
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.sync.sequences_truth import moment

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
INCIDENTS = [
    each
    for each in wired()
    if each.table == "incidents"
    or (each.relationship and each.parent and each.parent.table == "incidents")
]
OTHERS = [endpoint_of(table) for table in ("alerts", "audits", "pulses", "alert_events")]
NESTED = endpoint_of("incident_form_field_selections")
BELOW = re.compile(r"/v1/incidents/([^/]+)/form_field_selections")
AT_ONCE = 30


class StoppedError(Exception):
    """What a user does who stops a run."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    workspace = Workspace.build(incidents=120, now=NOW, history=timedelta(days=400))
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, [*INCIDENTS, *OTHERS]) as project,
    ):
        yield project


@pytest.fixture
def refusing() -> set[str]:
    """Incidents below which the key may read nothing: none to begin with."""
    return set()


@pytest.fixture
def nested(tmp_path: Path, refusing: set[str]) -> Iterator[Project]:
    """A project that has read its incidents, and nothing below them."""
    workspace = Workspace.build(incidents=120, now=NOW, history=timedelta(days=400))

    def refuse(path: str, _query: QueryParams) -> Response | None:
        match = BELOW.match(path)
        return Response(status_code=403) if match and match[1] in refusing else None

    middleware = [Middleware(InItsPlace, answer=refuse)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, [endpoint_of("incidents"), NESTED]) as project,
    ):
        project.sync([endpoint_of("incidents")])
        yield project


def state(project: Project, table: str = "incidents") -> datetime | None:
    return project.warehouse.states()[table].back_to


def stopped_after(parts: int, project: Project) -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        if len(told) == parts * len(INCIDENTS):
            raise StoppedError

    with pytest.raises(StoppedError):
        project.sync(INCIDENTS, rows_at_once=AT_ONCE, on_progress=stop)


def created(project: Project) -> dict[str, datetime]:
    return {
        each.id: datetime.fromisoformat(each.attributes["created_at"])
        for each in project.workspace.records("incidents")
    }


def test_in_the_end_everything_is_there(project: Project) -> None:
    told: list[Progress] = []
    project.sync(INCIDENTS, rows_at_once=AT_ONCE, on_progress=told.append)
    assert project.ids("incidents") == set(created(project))
    events = {each.id for each in project.workspace.records("incident_events")}
    assert project.ids("incident_events") == events
    assert state(project) is None
    backs = [each.back_to for each in told if each.endpoint.table == "incidents"]
    assert len(backs) >= 2
    assert backs == sorted(backs, reverse=True), "newest first"


def test_each_part_has_everything_since_the_time_that_it_names(project: Project) -> None:
    stopped_after(2, project)
    edge = state(project)
    assert edge is not None
    since = {id_ for id_, moment in created(project).items() if moment >= edge}
    assert project.ids("incidents") == since
    assert 0 < len(since) < len(created(project))


def test_a_stopped_read_goes_on_where_it_was(project: Project) -> None:
    stopped_after(2, project)
    edge = state(project)
    assert edge is not None
    project.workspace.advance(timedelta(days=1))
    changed = max(created(project), key=lambda each: created(project)[each])
    project.workspace.update("incidents", changed, title="Changed meanwhile")
    project.sync(INCIDENTS, rows_at_once=AT_ONCE)
    assert project.ids("incidents") == set(created(project))
    titles = dict(project.rows("incidents", "id, title"))
    assert titles[changed] == "Changed meanwhile"
    assert state(project) is None
    asked = [dict(parse_qsl(each.query)) for each in project.server.requests]
    windows = [each for each in asked if "filter[created_at][lt]" in each]
    assert windows, "what was there is not read again"
    bounds = [datetime.fromisoformat(each["filter[created_at][lt]"]) for each in windows]
    assert max(bounds) <= edge


def asked_below(project: Project) -> list[str]:
    """The incidents below which the nested list was asked for, in order."""
    found = (BELOW.match(each.path) for each in project.server.requests)
    return list(dict.fromkeys(match[1] for match in found if match))


def test_a_list_below_many_records_begins_below_the_newest_and_goes_on_where_it_was(
    nested: Project,
) -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        raise StoppedError

    with pytest.raises(StoppedError):
        nested.sync([NESTED], parents_at_once=AT_ONCE, on_progress=stop)
    edge = state(nested, NESTED.table)
    assert edge == told[0].back_to
    newest = {each for each, moment in created(nested).items() if moment >= edge}
    assert 0 < len(newest) < len(created(nested))
    assert set(asked_below(nested)) >= newest
    nested.sync([NESTED], parents_at_once=AT_ONCE)
    assert set(asked_below(nested)) == created(nested).keys() - newest, "the older ones"
    assert state(nested, NESTED.table) is None
    rows = {each.id for each in nested.workspace.records(NESTED.table)}
    assert nested.ids(NESTED.table) == rows
    nested.sync([NESTED], parents_at_once=AT_ONCE)
    assert asked_below(nested) == []


def test_below_a_record_that_changed_while_the_first_read_was_stopped_is_read_again(
    nested: Project,
) -> None:
    def stop(_: Progress) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        nested.sync([NESTED], parents_at_once=AT_ONCE, on_progress=stop)
    gone = max(
        nested.workspace.records(NESTED.table),
        key=lambda each: created(nested)[each.parents["incident_id"]],
    )
    newest = gone.parents["incident_id"]
    nested.workspace.advance(timedelta(days=1))
    nested.workspace.delete(NESTED.table, gone.id)
    nested.workspace.update("incidents", newest, title="Changed meanwhile")
    nested.sync([endpoint_of("incidents")])
    nested.sync([NESTED], parents_at_once=AT_ONCE)
    rows = {each.id for each in nested.workspace.records(NESTED.table)}
    assert nested.ids(NESTED.table) == rows
    assert gone.id not in rows


def test_the_last_records_that_refuse_their_list_do_not_refuse_it_for_all(
    nested: Project, refusing: set[str]
) -> None:
    """They are all of a piece, in which nobody answers."""
    oldest_first = sorted(created(nested), key=lambda each: created(nested)[each])
    refusing.update(oldest_first[:40])
    (outcome,) = nested.sync([NESTED], parents_at_once=AT_ONCE).values()
    assert outcome.status is Status.LOADED
    assert state(nested, NESTED.table) is None
    assert nested.ids(NESTED.table) == {
        each.id
        for each in nested.workspace.records(NESTED.table)
        if refusing.isdisjoint(each.parents.values())
    }


def test_a_short_list_is_read_at_once(project: Project) -> None:
    project.sync(INCIDENTS)
    asked = [each for each in project.server.requests if each.path == "/v1/incidents"]
    assert len(asked) == -(-len(created(project)) // 100)


def test_windows_are_as_long_as_memory_allows() -> None:
    def rows_of_the_next(bytes_a_row: int) -> float:
        spans = Backwards(NOW, None, 1_000_000, rows_at_once=50_000, bytes_at_once=200_000_000)
        first = spans.next()
        assert first.end is None
        spans.advance(first, rows := 20_000, rows * bytes_a_row)
        following = spans.next()
        assert following.start is not None
        assert following.end == first.start
        return rows * ((following.end - following.start) / FIRST_SPAN)

    assert rows_of_the_next(1_000) == 50_000
    assert rows_of_the_next(8_000) == 25_000
    assert rows_of_the_next(20_000) == 10_000


def test_an_incident_deleted_while_the_read_went_on_is_found_by_the_nightly_read(
    project: Project,
) -> None:
    stopped_after(2, project)
    gone = max(created(project), key=lambda each: created(project)[each])
    project.workspace.delete("incidents", gone)
    project.sync(INCIDENTS, rows_at_once=AT_ONCE)
    assert gone in project.ids("incidents"), "nothing lists what was deleted"
    project.sync(INCIDENTS, full_refresh=True)
    assert project.ids("incidents") == set(created(project))
    assert state(project) is None


def test_a_feed_that_counts_nothing_is_read_in_pieces_and_goes_on_from_its_cursor(
    project: Project,
) -> None:
    feed = endpoint_of("alert_events")

    def stop(progress: Progress) -> None:
        edges.append(progress.back_to)
        if len(edges) == 2:
            raise StoppedError

    def truth(since: datetime) -> set[str]:
        records = project.workspace.records("alert_events")
        return {each.id for each in records if moment(each, "created_at") >= since}

    edges: list[datetime] = []
    with pytest.raises(StoppedError):
        project.sync([feed], rows_at_once=AT_ONCE, on_progress=stop)
    assert edges == sorted(edges, reverse=True), "newest first"
    assert project.ids("alert_events") == truth(since=edges[-1])
    project.workspace.advance(timedelta(days=1))
    project.sync([feed], rows_at_once=AT_ONCE)
    assert project.ids("alert_events") == truth(since=datetime.min.replace(tzinfo=UTC))
    asked = [dict(parse_qsl(each.query)) for each in project.server.requests]
    windows = [each for each in asked if "filter[created_at][lt]" in each]
    bounds = [datetime.fromisoformat(each["filter[created_at][lt]"]) for each in windows]
    assert max(bounds) <= edges[-1], "what was there is not read again"
    assert state(project, "alert_events") is None
    project.sync([feed])
    asked = [dict(parse_qsl(each.query)) for each in project.server.requests]
    assert any("page[after]" in each for each in asked)
    assert len(asked) <= 4, "the time, the cursor, and what came late"


def test_the_other_long_lists_go_backwards_too(project: Project) -> None:
    lists = [endpoint_of(table) for table in ("alerts", "audits", "pulses")]
    project.sync(lists, rows_at_once=20)
    for endpoint in lists:
        truth = {each.id for each in project.workspace.records(endpoint.type)}
        assert truth, endpoint.table
        assert project.ids(endpoint.table) == truth, endpoint.table
