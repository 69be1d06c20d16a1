"""Two workspaces never mix: one whose rows are there is recognized by them, and another one is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from rootly_assets.api import RootlyClient, RootlyResource
from rootly_assets.assets.raw import domain_assets
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.sensors import failure_reason
from rootly_assets.sync.errors import SyncError
from rootly_assets.sync.recognition import ASKED_FOR, Recognition
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.sync.project import Project, following
from rootly_assets_tests.system.command_line import environment, run_here
from rootly_assets_tests.system.refreshed import NOW

LISTS = [endpoint_of(table) for table in ASKED_FOR]


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.build(incidents=4, now=NOW)


@pytest.fixture
def project(workspace: Workspace, tmp_path: Path) -> Iterator[Project]:
    """A warehouse with the rows of the workspace."""
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, LISTS) as project,
    ):
        project.sync(LISTS)
        yield project


@contextmanager
def server_of(workspace: Workspace, *middleware: Middleware) -> Iterator[Server]:
    with serve(workspace, requests_per_minute=60_000, middleware=middleware) as server:
        yield server


def client_of(server: Server) -> RootlyClient:
    return RootlyResource(base_url=server.url, token=server.token).client()


def test_another_workspace_is_refused_in_a_sentence_that_says_what_to_do(project: Project) -> None:
    with server_of(Workspace.build(incidents=4, seed=8, now=NOW)) as other:
        with pytest.raises(SyncError) as caught:
            Recognition(client_of(other), project.warehouse).demand()
        with pytest.raises(SyncError):  # however often it is tried
            Recognition(client_of(other), project.warehouse).demand()
    said = str(caught.value)
    assert project.warehouse.place in said
    assert "127.0.0.1" in said
    assert "Nothing was changed" in said
    assert "ROOTLY_DUCKDB_PATH" in said


def test_the_command_line_says_so_before_anything_is_begun(
    project: Project, tmp_path: Path
) -> None:
    with server_of(Workspace.build(incidents=4, seed=8, now=NOW)) as other:
        done = run_here(["refresh"], tmp_path, environment(tmp_path, other))
    assert done.status == 1
    assert len(done.lines) == 1
    assert "are of another workspace" in done.last
    assert project.ids("severities")


def test_a_run_of_it_loads_nothing_and_marks_nothing_as_deleted(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    before = {table: project.ids(table) for table in ASKED_FOR}
    with (
        server_of(Workspace.build(incidents=4, seed=8, now=NOW)) as other,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        result = dg.materialize(
            [domain_assets("services")],
            instance=instance,
            resources={
                "rootly": RootlyResource(base_url=other.url, token=other.token),
                "warehouse": project.warehouse,
            },
            raise_on_error=False,
        )
    failures = [failure_reason(event) for event in result.all_events if event.is_step_failure]
    assert len(failures) == 1, "not tried again"
    assert "are of another workspace" in failures[0]
    assert {table: project.ids(table) for table in ASKED_FOR} == before


def test_the_same_workspace_at_another_address_is_recognized_by_one_request(
    project: Project, workspace: Workspace
) -> None:
    with server_of(workspace) as moved:
        client = client_of(moved)
        Recognition(client, project.warehouse).demand()
        Recognition(client, project.warehouse).demand()
        assert len(moved.requests) == 1, "once a process"


def test_it_is_recognized_by_what_is_left_of_it(project: Project) -> None:
    workspace = Workspace.build(incidents=4, now=NOW)
    for record in workspace.records("severities"):
        workspace.delete("severities", record.id)
    with server_of(workspace) as server:
        Recognition(client_of(server), project.warehouse).demand()


def test_an_empty_warehouse_takes_whatever_comes(tmp_path: Path, workspace: Workspace) -> None:
    with server_of(workspace) as server, following(server, tmp_path, LISTS) as project:
        Recognition(project.client, project.warehouse).demand()
        assert not server.requests


def test_an_address_that_gives_lists_alone_is_recognized_by_them(
    project: Project, workspace: Workspace
) -> None:
    def lists_alone(path: str, _query: QueryParams) -> Response | None:
        is_list = path.count("/") == 2
        return None if is_list else JSONResponse({"error": "Not found"}, status_code=404)

    with server_of(workspace, Middleware(InItsPlace, answer=lists_alone)) as server:
        Recognition(client_of(server), project.warehouse).demand()


@pytest.mark.parametrize("status", [403, 404])
def test_a_key_that_may_read_none_of_these_lists_is_no_sign_of_another_workspace(
    project: Project, workspace: Workspace, status: int
) -> None:
    def refuse(_path: str, _query: QueryParams) -> Response:
        return JSONResponse({"error": "Not found or unauthorized"}, status_code=status)

    with server_of(workspace, Middleware(InItsPlace, answer=refuse)) as server:
        Recognition(client_of(server), project.warehouse).demand()
