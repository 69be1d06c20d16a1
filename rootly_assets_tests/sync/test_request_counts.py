"""What a sync costs in requests: what there is to read decides, not how long the history is."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint, PageStyle, Strategy, endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.fewest_requests import fewest_requests
from rootly_assets_tests.sync.project import Project, following

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
# So much history an incident: a company that is ten times as old, and not one that is ten times as busy.
DAYS_AN_INCIDENT = 2
# Lists that grow with history, and all that is below them or comes along with them.
GROWING = {
    "incidents",
    "alerts",
    "alert_events",
    "action_items",
    "post_mortems",
    "audits",
    "pulses",
}


def root(endpoint: Endpoint) -> Endpoint:
    """The list at the top, below which an endpoint is."""
    while endpoint.parent and endpoint.parent.table:
        endpoint = endpoint_of(endpoint.parent.table)
    return endpoint


GROWING_LISTS = [each for each in wired() if root(each).table in GROWING]


@contextmanager
def project_of(incidents: int, folder: Path) -> Iterator[Project]:
    folder.mkdir(exist_ok=True)
    history = timedelta(days=DAYS_AN_INCIDENT * incidents)
    workspace = Workspace.build(incidents=incidents, now=NOW, history=history)
    with (
        serve(workspace, requests_per_minute=100_000) as server,
        following(server, folder, wired(), page_size=1000) as project,
    ):
        yield project


def synced(project: Project, endpoints: list[Endpoint]) -> Counter[str]:
    """Requests by path, after a sync in which no list failed."""
    outcomes = project.sync(endpoints)
    assert not [each.error for each in outcomes.values() if each.status is Status.FAILED]
    return Counter(each.path for each in project.server.requests)


@pytest.mark.slow
def test_a_first_read_takes_hardly_more_requests_than_there_are_pages(tmp_path: Path) -> None:
    with project_of(150, tmp_path) as project:
        asked = synced(project, wired())
        fewest = sum(fewest_requests(project.workspace, each) for each in wired())
        assert fewest <= asked.total() <= 1.05 * fewest


@pytest.mark.slow
def test_a_sync_with_nothing_new_takes_one_request_a_list(tmp_path: Path) -> None:
    with project_of(150, tmp_path) as project:
        synced(project, wired())
        asked = synced(project, wired())
        for endpoint in wired():
            most = {
                # Settings have no filter for what changed.
                Strategy.WHOLE: fewest_requests(project.workspace, endpoint),
                # By the cursor, and by time what came late behind it.
                Strategy.STREAM: 2,
                # The span whose shifts may still change, in pieces of eight weeks.
                Strategy.WINDOW: 3,
            }.get(endpoint.strategy, 1)
            # Without a count, only an empty page says that there is no more.
            most += not endpoint.has_meta and endpoint.pages.style is PageStyle.NUMBERED
            if endpoint.follows_parent and endpoint.has_own_path:
                assert asked[endpoint.path] <= most, endpoint.table
        # Nothing tells of these: one request a parent, whatever its history.
        below = sum(count for path, count in asked.items() if path.count("/") > 3)
        growing = [each for each in wired() if each.parent and not each.follows_parent]
        assert below <= sum(fewest_requests(project.workspace, each) for each in growing)


@pytest.mark.slow
def test_changes_cost_the_same_whatever_the_history(tmp_path: Path) -> None:
    costs: list[Counter[str]] = []
    for incidents in (30, 300):
        with project_of(incidents, tmp_path / str(incidents)) as project:
            synced(project, GROWING_LISTS)
            project.workspace.advance(timedelta(days=60))
            synced(project, GROWING_LISTS)
            project.workspace.advance(timedelta(minutes=20))
            changed = project.workspace.records("incidents")[:5]
            for each in changed:
                project.workspace.update("incidents", each.id, title="Changed")
            for each in project.workspace.records("incident_action_items")[:5]:
                project.workspace.update(each.type, each.id, summary="Changed")
            asked = synced(project, GROWING_LISTS)
            costs.append(Counter("/".join(path.split("/")[:3]) for path in asked.elements()))
    few, many = costs
    assert few == many
    # A page each; of the incidents that changed, the two lists that nothing brings along.
    assert many == {
        "/v1/users": 1,  # the server's time
        "/v1/incidents": 1 + 2 * len(changed),
        "/v1/alerts": 1,
        "/v1/alert_events": 2,
        "/v1/action_items": 1,
        "/v1/post_mortems": 1,
        "/v1/audits": 1,
        "/v1/pulses": 1,
    }
