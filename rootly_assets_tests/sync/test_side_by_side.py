"""Requests don't wait for each other: what takes long is asked for side by side, and is no less whole."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from urllib.parse import parse_qsl

import msgspec
import pytest

from rootly_assets.api import Ended, Meta, Page
from rootly_assets.catalogue import endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.server.request_log import ServedRequest
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.plan import Read, created_between
from rootly_assets.sync.reading.pieces import (
    LONG,
    MOST_CUTS,
    MOST_PIECES,
    PAGES_A_PIECE,
    QUICK,
    pieces,
)
from rootly_assets.sync.reading.request_pool import RequestPool
from rootly_assets.sync.run import sync
from rootly_assets_tests.sync.project import Project, following

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
ALERTS = endpoint_of("alerts")
FEED = endpoint_of("alert_events")
# Lists of all kinds: growing ones, whole ones, and nested ones three deep.
LISTS = [each for each in wired() if each.domain in ("alerts", "on_call")]
AT_A_TIME = 8
LONGEST_WAIT = 60.0


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A first read from a server that takes its time."""
    workspace = Workspace.build(incidents=450, now=NOW)
    with (
        serve(workspace, latency=2 * QUICK, requests_per_minute=30_000) as server,
        following(server, tmp_path_factory.mktemp("side_by_side"), LISTS) as project,
    ):
        outcomes = project.sync(LISTS, concurrency=AT_A_TIME)
        assert not [each for each in outcomes.values() if each.status is Status.FAILED]
        yield project


def one_after_another(requests: Sequence[ServedRequest]) -> int:
    """The most requests of which each came when the one before was over: so often somebody waited."""
    count, free_at = 0, 0.0
    for each in sorted(requests, key=lambda each: each.ended):
        if each.began >= free_at:
            count, free_at = count + 1, each.ended
    return count


def test_a_first_read_waits_hardly_more_often_than_its_requests_make_it(synced: Project) -> None:
    requests = synced.server.requests
    least = len(requests) / AT_A_TIME
    # The feed is begun at once, and what is left of it at the end is a piece of a window, twice.
    assert one_after_another(requests) <= least + 2 * PAGES_A_PIECE


def test_nested_lists_do_not_wait_for_lists_that_they_do_not_need(synced: Project) -> None:
    nested = [each for each in synced.server.requests if each.path.startswith("/v1/schedules/")]
    feed = [each for each in synced.server.requests if each.path == FEED.path]
    assert nested[-1].ended < feed[-1].began


def test_children_come_after_their_parents(synced: Project) -> None:
    parents = max(e.ended for e in synced.server.requests if e.path == "/v1/schedules")
    children = [e.began for e in synced.server.requests if e.path.startswith("/v1/schedules/")]
    assert min(children) >= parents


def test_a_list_that_was_cut_is_whole_and_costs_hardly_more(synced: Project) -> None:
    truth = {each.id for each in synced.workspace.records("alert_events")}
    assert synced.ids("alert_events") == truth
    asked = [each for each in synced.server.requests if each.path == FEED.path]
    windows = {dict(parse_qsl(each.query)).get("filter[created_at][gte]") for each in asked}
    assert len(windows) > 3, "in more pieces than there are windows"
    assert len(asked) <= 1.1 * len(truth) / FEED.pages.max_size + 3


def page(*created: datetime, count: int | None) -> Page:
    records = [
        msgspec.Raw(
            msgspec.json.encode({"id": str(n), "attributes": {"created_at": each.isoformat()}})
        )
        for n, each in enumerate(created)
    ]
    return Page(
        records=records,
        included=[],
        meta=Meta(next_cursor="next", total_count=count),
        server_time=NOW,
        bytes=1,
    )


def bounds(cut: Sequence[Read]) -> list[tuple[str | None, str | None]]:
    return [
        (each.params.get("filter[created_at][gte]"), each.params.get("filter[created_at][lt]"))
        for each in cut
    ]


DAY = timedelta(days=1)
PAGES = 8 * PAGES_A_PIECE
OLDEST_FIRST = page(NOW - 100 * DAY, NOW - 99 * DAY, count=2 * PAGES)
NEWEST_FIRST = page(NOW, NOW - 100 * DAY / PAGES, count=2 * PAGES)


@pytest.mark.parametrize("first", [OLDEST_FIRST, NEWEST_FIRST], ids=["oldest", "newest"])
def test_pieces_lie_edge_to_edge_and_leave_nothing_out(first: Page) -> None:
    cut = bounds(pieces(Read(), first, ALERTS, NOW, 2 * QUICK))
    assert len(cut) == 8
    assert cut[0][0] is None, "what is older than was thought"
    assert cut[-1][1] is None, "what comes meanwhile"
    assert [end for _, end in cut[:-1]] == [start for start, _ in cut[1:]]
    assert cut[0][1] == "2026-04-19T00:00:00Z", "an eighth of a hundred days after the oldest"


def test_a_list_that_counts_nothing_is_judged_by_how_far_its_first_page_reaches() -> None:
    window = created_between(NOW - 100 * DAY, NOW)
    first = page(NOW - 100 * DAY, NOW - 99 * DAY, count=None)
    cut = pieces(window, first, FEED, NOW, 2 * QUICK)
    assert len(cut) == 100 // PAGES_A_PIECE
    assert bounds(cut)[0][0] == window.params["filter[created_at][gte]"]
    assert bounds(cut)[-1][1] == window.params["filter[created_at][lt]"]


def test_what_is_not_worth_it_is_not_cut() -> None:
    first, slow = OLDEST_FIRST, 2 * QUICK
    assert len(pieces(Read(), first, ALERTS, NOW, slow)) > 1
    assert not pieces(Read(), first, ALERTS, NOW, QUICK / 2), "answers are here at once"
    short = page(NOW - DAY, NOW, count=2 * LONG - 2)
    assert not pieces(Read(), short, ALERTS, NOW, slow), "a short list"
    assert not pieces(Read(after="cursor"), first, ALERTS, NOW, slow), "goes on from a cursor"
    assert not pieces(Read(), first, endpoint_of("shifts"), NOW, slow), "has no such filter"
    assert not pieces(Read(cuts=MOST_CUTS), first, ALERTS, NOW, slow), "was cut often enough"
    elsewhere = created_between(NOW - 50 * DAY, None)
    assert not pieces(elsewhere, first, ALERTS, NOW, slow), "the server ignores the filter"
    endless = page(NOW - 100 * DAY, NOW - 99 * DAY, count=10_000_000)
    assert len(pieces(Read(), endless, ALERTS, NOW, slow)) == MOST_PIECES


def test_a_long_line_lets_others_in_between() -> None:
    turns: list[str] = []
    other_has_come = Event()

    def one_of_many(_: int) -> tuple[int, ...]:
        other_has_come.wait(10)
        turns.append("one of many")
        return ()

    def other() -> None:
        other_has_come.set()
        request_pool.call(lambda: turns.append("other"))

    with RequestPool(1) as request_pool, ThreadPoolExecutor() as pool:
        many = pool.submit(request_pool.side_by_side, range(1000), one_of_many)
        pool.submit(other).result()
        many.result()
    assert turns.index("other") < 900


def waited_for(happened: Callable[[], bool]) -> None:
    """Wait until it has; not for ever."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not happened():
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(QUICK / 10)


@pytest.mark.parametrize("after", ["severities", "incidents"])
def test_a_run_that_is_ended_asks_for_no_more_pages_and_no_more_parents(
    tmp_path: Path, after: str
) -> None:
    tables = ("severities", "incidents", "incident_status_page_events")
    lists = [endpoint_of(table) for table in tables]
    with (
        serve(Workspace.build(incidents=60, now=NOW), latency=QUICK) as server,
        following(server, tmp_path, lists, page_size=5) as project,
    ):
        outcomes = sync(
            endpoints=lists,
            client=project.client,
            loader=project.warehouse,
            states={},
            options=SyncOptions(),
            landing_root=project.landing,
            run_id="ended",
            concurrency=2,
        )
        next(each for each in outcomes if each.endpoint.table == after)
        before = len(server.requests)
        waited_for(lambda: len(server.requests) > before)
        before = len(server.requests)
        outcomes.close()
        assert len(server.requests) <= before + 4, "what was under way, and what was about to be"


def test_a_run_that_is_ended_does_not_sit_out_the_rate_limit(tmp_path: Path) -> None:
    incidents = endpoint_of("incidents")
    with (
        serve(Workspace.build(incidents=60, now=NOW), requests_per_minute=3) as server,
        following(server, tmp_path, [incidents], page_size=5) as project,
        RequestPool(1) as request_pool,
        ThreadPoolExecutor() as pool,
    ):
        reading = pool.submit(request_pool.call, lambda: list(project.client.pages(incidents)))
        waited_for(lambda: len(server.requests) >= 3)
        request_pool.end()
        with pytest.raises(Ended):
            reading.result(timeout=10)
