"""What a sync costs in requests: what there is to read decides, not how long the history is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint, PageStyle, Strategy, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.system.truth import true_rows

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
ALONG = {"incidents", "alerts", "users"}
INCIDENTS_WITH_ALL = [
    each
    for each in wired()
    if each.table == "incidents"
    or (each.relationship and each.parent and each.parent.table == "incidents")
]


@contextmanager
def project_of(incidents: int, folder: Path) -> Iterator[Project]:
    folder.mkdir(exist_ok=True)
    workspace = Workspace.build(incidents=incidents, now=NOW)
    with (
        serve(workspace, requests_per_minute=100_000) as server,
        following(server, folder, wired()) as project,
    ):
        yield project


def fewest(workspace: Workspace, endpoint: Endpoint) -> int:
    """Requests that a list can't be read with fewer of; none where it comes along with another."""
    if endpoint.relationship:
        return 0
    if endpoint.parent and endpoint.parent.table:
        parents = next(each for each in wired() if each.table == endpoint.parent.table)
        return len(rows(workspace, parents))
    return max(1, -(-len(rows(workspace, endpoint)) // endpoint.pages.max_size))


def rows(workspace: Workspace, endpoint: Endpoint) -> list[str]:
    if endpoint.pages.style is PageStyle.PAGE_PER_PAGE or endpoint.table in {
        "oncalls",
        "ip_ranges",
    }:
        return []  # one page of them
    return list(true_rows(workspace, endpoint))


@pytest.mark.exhaustive
def test_a_first_read_takes_hardly_more_requests_than_there_are_pages(tmp_path: Path) -> None:
    with project_of(200, tmp_path) as project:
        outcomes = project.sync(wired())
        assert not [each for each in outcomes.values() if each.status is Status.FAILED]
        least = sum(fewest(project.workspace, each) for each in wired())
        # Shifts are asked for in pieces of two months, as the API demands.
        assert len(project.server.requests) <= 1.05 * least + 10


@pytest.mark.exhaustive
def test_a_sync_with_nothing_new_takes_one_request_a_list(tmp_path: Path) -> None:
    quiet = [
        each for each in wired() if each.strategy is not Strategy.WINDOW and each.follows_parent
    ]
    with project_of(60, tmp_path) as project:
        project.sync(quiet)
        project.sync(quiet)
        lists = [each for each in quiet if each.parent is None]
        pages = sum(
            fewest(project.workspace, each) for each in lists if each.strategy is Strategy.WHOLE
        )
        others = [each for each in lists if each.strategy is not Strategy.WHOLE]
        # The time is asked for once, and the feed of events twice: by cursor and for late ones.
        assert len(project.server.requests) <= pages + 3 * len(others)


@pytest.mark.exhaustive
def test_changes_cost_the_same_whatever_the_history(tmp_path: Path) -> None:
    costs: list[int] = []
    for incidents in (60, 600):
        with project_of(incidents, tmp_path / str(incidents)) as project:
            project.sync(INCIDENTS_WITH_ALL)
            project.workspace.advance(timedelta(days=60))
            project.sync(INCIDENTS_WITH_ALL)
            project.workspace.advance(timedelta(days=3))
            changed = project.workspace.records("incidents")[:5]
            for each in changed:
                project.workspace.update("incidents", each.id, title="Changed")
            outcomes = project.sync(INCIDENTS_WITH_ALL)
            loaded = outcomes["incidents"].loaded
            assert loaded is not None
            assert loaded.changed >= len(changed)
            costs.append(len(project.server.requests))
    assert costs == [2, 2], "the server's time, and one page"
