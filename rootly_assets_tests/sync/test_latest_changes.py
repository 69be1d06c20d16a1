"""Lists without a filter for what changed are read by their latest changes, and their count proves the rest.

Pages of twenty action items: the workspace has some hundred of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.api import Meta, Page
from rootly_assets.assets.checks import check_results
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Record, Workspace, serve
from rootly_assets.sync.outcome import Outcome, Progress, Status
from rootly_assets.sync.reading.latest import LatestChanges, NotByChange
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
        status: what it answers with; None for the list.
        others: the same for requests in any other order.
        before_page: what happens before it answers with a page, by its number; once.
    """

    instead: str | None = None
    status: int | None = None
    others: int | None = None

    def __init__(self) -> None:
        self.before_page: dict[str, Callable[[], object]] = {}

    def answer(self, path: str, query: QueryParams) -> Response | None:
        if path != ACTION_ITEMS.path:
            return None
        if query.get("sort") != "-updated_at":
            return None if self.others is None else Response(status_code=self.others)
        self.before_page.pop(query.get("page[number]", "1"), lambda: None)()
        if self.status is None:
            return None
        return JSONResponse({"errors": [{"title": "Invalid sort"}]}, status_code=self.status)


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


def change(project: Project, records: Sequence[Record]) -> None:
    """Change them one after another, in another order than that of creation."""
    for each in sorted(records, key=lambda each: each.id):
        project.workspace.advance(timedelta(seconds=1))
        project.workspace.update(TYPE, each.id, summary="Changed")


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
    change(project, changed)
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


BY_CHANGE: list[tuple[int, int | None]] = [(1, 9), (2, 8), (1, 7), (3, 6), (1, 4), (2, 4)]


def test_an_order_that_may_be_that_of_creation_proves_nothing() -> None:
    rows: list[tuple[int, int | None]] = [(each, each) for each in (7, 6, 6, 5, 4, 1)]
    with pytest.raises(NotByChange, match="creation"):
        LatestChanges(NOW).ends_with(page_of(rows))
    changes = LatestChanges(NOW)
    assert changes.ends_with(page_of(BY_CHANGE))
    assert changes.ends_with(page_of(rows)), "what the first page proved stays proven"


def test_times_that_are_nearly_all_the_same_prove_nothing() -> None:
    with pytest.raises(NotByChange, match="too few times"):
        LatestChanges(NOW).ends_with(page_of([(1, 9), (2, 9), (1, 9), (3, 9), (1, 4), (2, 4)]))


def test_a_row_without_a_time_or_a_list_without_a_count_proves_nothing() -> None:
    with pytest.raises(NotByChange, match="not sorted"):
        LatestChanges(NOW).ends_with(page_of([*BY_CHANGE, (2, None), (1, 1)]))
    with pytest.raises(NotByChange, match="count"):
        LatestChanges(NOW).ends_with(page_of(BY_CHANGE, count=None))


def test_a_list_whose_count_changes_between_its_pages_proves_nothing() -> None:
    changes = LatestChanges(NOW - timedelta(hours=9))
    assert not changes.ends_with(page_of(BY_CHANGE, count=100))
    with pytest.raises(NotByChange, match="came or went"):
        changes.ends_with(page_of(BY_CHANGE, count=99))


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
    sorting.status = 400
    project.workspace.update(TYPE, oldest_changed(project).id, summary="Changed")
    outcome = synced(project)
    assert outcome.reading is not None
    assert outcome.reading.why == "whole list: it refuses such a request"


def test_a_list_that_fails_to_sort_is_read_whole_without_much_ado(
    project: Project, sorting: Sorting
) -> None:
    sorting.status = 500
    project.workspace.update(TYPE, oldest_changed(project).id, summary="Changed")
    outcome = synced(project)
    assert outcome.reading is not None
    assert outcome.reading.why == "whole list: it does not answer such a request"
    assert sum("-updated_at" in each.query for each in project.server.requests) == 2


def test_a_row_that_goes_between_two_pages_hides_none_behind_it(
    project: Project, sorting: Sorting
) -> None:
    workspace = project.workspace
    change(project, items(project)[: PAGE + 1])
    latest = max(items(project), key=lambda each: each.attributes["updated_at"])
    sorting.before_page["2"] = lambda: workspace.delete(TYPE, latest.id)
    outcome = synced(project)
    assert outcome.reading is not None
    assert outcome.reading.why == "whole list: rows came or went while it was read"


def test_a_row_that_changes_while_all_of_them_have_is_not_taken_for_deleted(
    project: Project, sorting: Sorting
) -> None:
    workspace = project.workspace
    change(project, items(project))
    last = oldest_changed(project)
    sorting.before_page["3"] = lambda: workspace.update(TYPE, last.id, summary="Changed again")
    outcome = project.sync([ACTION_ITEMS])["action_items"]
    assert outcome.loaded is not None
    assert outcome.loaded.vanished == 0
    assert outcome.reading is not None
    assert outcome.reading.in_all == len(items(project))
    synced(project)
    assert ("Changed again",) in project.rows("action_items", "summary")


def test_a_whole_list_that_fails_after_its_latest_changes_says_what_is_loaded(
    project: Project, sorting: Sorting
) -> None:
    change(project, items(project)[:1])
    project.workspace.delete(TYPE, oldest_changed(project).id)
    sorting.others = 500
    outcome = project.sync([ACTION_ITEMS])["action_items"]
    assert outcome.status is Status.FAILED
    told = [each.description for each in check_results(outcome)]
    assert len(told) == 1
    assert str(told[0]).startswith("Not read to its end: what came until then was loaded")
    assert ("Changed",) in project.rows("action_items", "summary")
    sorting.others = None
    synced(project)


def test_what_is_read_twice_since_the_count_is_wrong_is_told_once(project: Project) -> None:
    project.workspace.delete(TYPE, oldest_changed(project).id)
    outcome = synced(project)
    assert outcome.loaded is not None
    assert outcome.loaded.received == len(items(project))


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


def test_a_first_read_goes_on_where_it_was_though_the_list_is_in_another_order(
    project: Project, sorting: Sorting, tmp_path: Path
) -> None:
    sorting.instead = "created_at"
    folder = tmp_path / "another"
    folder.mkdir()
    with following(project.server, folder, [ACTION_ITEMS], page_size=PAGE) as another:
        reached: list[datetime] = []

        class StoppedError(Exception):
            pass

        def stop(told: Progress) -> None:
            if told.is_new:
                reached.append(told.back_to)
                raise StoppedError

        for _ in range(2):
            with pytest.raises(StoppedError):
                another.sync([ACTION_ITEMS], rows_at_once=2 * PAGE, on_progress=stop)
            project.workspace.advance(timedelta(hours=1))
            project.workspace.update(
                TYPE, max(another.ids("action_items")), summary="Changed in between"
            )
        assert reached[1] < reached[0]
        another.sync([ACTION_ITEMS], rows_at_once=2 * PAGE)
        told = {record.id: record.attributes["summary"] for record in items(project)}
        assert dict(another.rows("action_items", "id, summary")) == told
        assert another.warehouse.states()["action_items"].back_to is None
