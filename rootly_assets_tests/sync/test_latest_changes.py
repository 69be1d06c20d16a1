"""Lists without a filter for what changed are read by their latest changes, and their count proves the rest.

Pages of twenty action items: the workspace has some hundred of them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.api import Meta, Page
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Record, Workspace, serve
from rootly_assets.sync.outcome import Outcome, Status
from rootly_assets.sync.reading.latest import NotByChange, reaches
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.sync.project import Project, following

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
ACTION_ITEMS = endpoint_of("action_items")
TYPE = "incident_action_items"
PAGE = 20


class Sorting:
    """How the server treats `sort=-updated_at`: as it should, unless told otherwise.

    Attributes:
        instead: the order in which it answers; None for the one that was asked for.
        refuses: whether it answers 400.
    """

    instead: str | None = None
    refuses: bool = False

    def answer(self, _path: str, query: QueryParams) -> Response | None:
        if self.refuses and query.get("sort") == "-updated_at":
            return JSONResponse({"errors": [{"title": "Invalid sort"}]}, status_code=400)
        return None


class InAnotherOrder:
    """Starlette middleware that answers in the order of `sorting`."""

    def __init__(self, app: ASGIApp, sorting: Sorting) -> None:
        self._app = app
        self._sorting = sorting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._sorting.instead is not None:
            asked, instead = b"sort=-updated_at", f"sort={self._sorting.instead}".encode()
            scope = {**scope, "query_string": scope["query_string"].replace(asked, instead)}
        await self._app(scope, receive, send)


@pytest.fixture
def sorting() -> Sorting:
    return Sorting()


@pytest.fixture
def project(tmp_path: Path, sorting: Sorting) -> Iterator[Project]:
    workspace = Workspace.build(incidents=120, now=NOW)
    middleware = [
        Middleware(InItsPlace, answer=sorting.answer),
        Middleware(InAnotherOrder, sorting=sorting),
    ]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, [ACTION_ITEMS], page_size=PAGE) as project,
    ):
        assert len(items(project)) > 3 * PAGE
        synced(project)
        workspace.advance(timedelta(hours=1))
        yield project


def items(project: Project) -> list[Record]:
    return project.workspace.records(TYPE)


def synced(project: Project, **options: bool) -> Outcome:
    outcome = project.sync([ACTION_ITEMS], **options)["action_items"]
    assert outcome.status is Status.LOADED, outcome.error
    told = {record.id: record.attributes["summary"] for record in items(project)}
    assert dict(project.rows("action_items", "id, summary")) == told
    return outcome


def pages(project: Project) -> int:
    return project.requests_below("/v1/action_items")


def oldest_changed(project: Project) -> Record:
    return min(items(project), key=lambda each: each.attributes["updated_at"])


def test_nothing_new_takes_one_page_and_says_how_many_rows_that_accounts_for(
    project: Project,
) -> None:
    outcome = synced(project)
    assert pages(project) == 1
    assert outcome.reading is not None
    assert outcome.reading.in_all == len(items(project))
    assert outcome.after.watermark is not None
    assert outcome.before.watermark is not None
    assert outcome.after.watermark > outcome.before.watermark


def test_a_change_takes_one_page_however_old_the_row_is(project: Project) -> None:
    project.workspace.update(TYPE, oldest_changed(project).id, summary="Changed")
    outcome = synced(project)
    assert pages(project) == 1
    assert outcome.loaded is not None
    assert outcome.loaded.changed == 1


def test_more_changes_than_fit_a_page_take_as_many_pages_as_they_fill(project: Project) -> None:
    changed = items(project)[: 2 * PAGE + 1]
    for each in changed:
        project.workspace.update(TYPE, each.id, summary="Changed")
    outcome = synced(project)
    assert pages(project) == 3
    assert outcome.loaded is not None
    assert outcome.loaded.changed == len(changed)


def test_a_row_that_is_gone_is_seen_at_once(project: Project) -> None:
    gone = oldest_changed(project)
    project.workspace.delete(TYPE, gone.id)
    outcome = synced(project)
    assert outcome.loaded is not None
    assert outcome.loaded.vanished == 1
    assert outcome.reading is not None
    assert outcome.reading.total_count == len(items(project))
    synced(project)
    assert pages(project) == 1, "what is gone is counted no more"


def test_a_row_that_came_with_an_old_time_is_seen_at_once(project: Project) -> None:
    like = oldest_changed(project)
    project.workspace.add(
        Record(
            TYPE,
            "00000000-0000-4000-8000-000000000001",
            dict(like.attributes),
            parents=dict(like.parents),
        )
    )
    outcome = synced(project)
    assert outcome.loaded is not None
    assert outcome.loaded.new == 1


@pytest.mark.parametrize("order", ["created_at", "-created_at", "name"])
def test_a_list_in_another_order_is_read_whole(
    project: Project, sorting: Sorting, order: str
) -> None:
    sorting.instead = order
    project.workspace.update(TYPE, oldest_changed(project).id, summary="Changed")
    outcome = synced(project)
    assert pages(project) > len(items(project)) // PAGE
    assert outcome.reading is not None
    assert outcome.reading.why.startswith("whole list: it ")


def test_an_order_that_may_be_that_of_creation_proves_nothing() -> None:
    rows = [(each, each) for each in (5, 4, 4, 1)]
    with pytest.raises(NotByChange, match="creation"):
        reaches(NOW, page_of(rows), is_first=True)
    assert reaches(NOW, page_of(rows), is_first=False), "what the first page proved stays proven"
    assert reaches(NOW, page_of([(1, 5), (2, 4), (1, 1)]), is_first=True)


def test_a_row_without_a_time_or_a_list_without_a_count_proves_nothing() -> None:
    with pytest.raises(NotByChange, match="not sorted"):
        reaches(NOW, page_of([(1, 5), (2, None), (1, 1)]), is_first=True)
    with pytest.raises(NotByChange, match="count"):
        reaches(NOW, page_of([(1, 5), (2, 4), (1, 1)], count=None), is_first=True)


def page_of(rows: list[tuple[int, int | None]], count: int | None = 100) -> Page:
    """A page of rows, each with the hours at which it was created and changed; more are to come."""

    def stamp(hours: int | None) -> str | None:
        return None if hours is None else (NOW - timedelta(hours=9 - hours)).isoformat()

    records = [
        msgspec.Raw(
            msgspec.json.encode(
                {"attributes": {"created_at": stamp(created), "updated_at": stamp(changed)}}
            )
        )
        for created, changed in rows
    ]
    meta = Meta(next_page=2, total_count=count)
    return Page(records=records, included=[], meta=meta, server_time=None, bytes=0)


def test_a_list_that_refuses_the_order_is_read_whole(project: Project, sorting: Sorting) -> None:
    sorting.refuses = True
    project.workspace.update(TYPE, oldest_changed(project).id, summary="Changed")
    outcome = synced(project)
    assert outcome.reading is not None
    assert outcome.reading.why == "whole list: it refuses such a request"


def test_a_change_without_a_sign_is_seen_by_the_nightly_sweep(project: Project) -> None:
    record = oldest_changed(project)
    stamp = record.attributes["updated_at"]
    project.workspace.update(TYPE, record.id, summary="Changed without a sign")
    record.attributes["updated_at"] = stamp
    record.changed()
    project.sync([ACTION_ITEMS])
    assert ("Changed without a sign",) not in project.rows("action_items", "summary")
    synced(project, sweep=True)


def test_the_first_read_of_a_long_list_comes_in_pieces_and_goes_on_by_changes(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    with following(project.server, folder, [ACTION_ITEMS], page_size=PAGE) as another:

        class StoppedError(Exception):
            pass

        def stop(_: object) -> None:
            raise StoppedError

        with pytest.raises(StoppedError):
            another.sync([ACTION_ITEMS], rows_at_once=2 * PAGE, on_progress=stop)
        some = another.ids("action_items")
        assert 0 < len(some) < len(items(project))
        project.workspace.advance(timedelta(hours=1))
        project.workspace.update(TYPE, min(some), summary="Changed in between")
        another.sync([ACTION_ITEMS], rows_at_once=2 * PAGE)
        assert another.ids("action_items") == {each.id for each in items(project)}
        assert ("Changed in between",) in another.rows("action_items", "summary")
        another.sync([ACTION_ITEMS])
        assert pages(another) == 1
