"""Ctrl-C and SIGTERM: a run ends at once, begins nothing more, and says what stands."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware

from rootly_assets.api import RootlyResource
from rootly_assets.assets.raw import domain_assets
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.sync.middleware import InItsPlace
from rootly_assets_tests.system.command_line import (
    command,
    environment,
    run,
    run_here,
    with_manifest,
)
from rootly_assets_tests.system.refreshed import NOW
from rootly_assets_tests.system.truth import differences


class Stops:
    """An answer: whoever asks for a path is sent a signal; then the request is let through.

    Attributes:
        path: the path.
        by: the signal.
    """

    path = ""
    by = signal.SIGINT

    def __call__(self, path: str, _query: QueryParams) -> None:
        """Let one request through."""
        if path == self.path:
            os.kill(os.getpid(), self.by)


@pytest.fixture
def stops() -> Stops:
    return Stops()


@pytest.fixture
def server(stops: Stops) -> Iterator[Server]:
    middleware = [Middleware(InItsPlace, answer=stops)]
    with serve(
        Workspace.build(incidents=4, now=NOW), requests_per_minute=60_000, middleware=middleware
    ) as server:
        yield server


def test_a_step_that_is_stopped_is_not_tried_again_and_none_comes_after_it(
    server: Server, stops: Stops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("ROOTLY_STEP_RETRY_DELAY", "0")
    stops.path = "/v1/services"
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [domain_assets("services"), domain_assets("status_pages")],
            instance=instance,
            resources={
                "rootly": RootlyResource(base_url=server.url, token=server.token, retries=0),
                "warehouse": DuckDBWarehouse(database=str(tmp_path / "warehouse.duckdb")),
            },
            raise_on_error=False,
        )
    assert not result.success
    begun = [event.step_key for event in result.all_events if event.is_step_start]
    assert begun == ["rootly_services"]
    assert not any(event.is_step_restarted for event in result.all_events)
    assert [each.path for each in server.requests].count("/v1/services") == 1


@pytest.mark.parametrize(("by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_says_so_in_one_sentence(
    server: Server, stops: Stops, tmp_path: Path, by: signal.Signals, status: int
) -> None:
    stops.path, stops.by = "/v1/users/me", by
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a worker of pytest's ignores it
    try:
        done = run_here(["refresh"], tmp_path, environment(tmp_path, server))
    finally:
        signal.signal(signal.SIGINT, before)
    assert done.status == status
    assert done.lines == [
        "! refresh was stopped. Committed rows are kept; the next run resumes there."
    ]
    assert done.errors == ""


def test_one_that_dagster_was_still_planning_is_left_to_nobody(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule and the pulse would wait for it."""

    def interrupted(
        *_: object, instance: dg.DagsterInstance, tags: dict[str, str], **__: object
    ) -> None:
        instance.add_run(dg.DagsterRun(job_name="rootly_sync", tags=tags))
        raise KeyboardInterrupt

    monkeypatch.setattr(dg, "execute_job", interrupted)
    home = tmp_path / "home"
    home.mkdir()
    done = run_here(["sync"], tmp_path, environment(tmp_path, server, DAGSTER_HOME=str(home)))
    assert done.status == 130
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dg.DagsterInstance.get() as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.FAILURE]


@pytest.mark.exhaustive
def test_a_process_of_its_own_ends_at_once_and_the_next_goes_on_from_there(
    tmp_path: Path, manifest: Path
) -> None:
    with_manifest(tmp_path, manifest)
    with serve(Workspace.build(incidents=12, now=NOW), requests_per_minute=100_000) as server:
        variables = environment(tmp_path, server)
        with subprocess.Popen(
            command("refresh"),
            cwd=tmp_path,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            while len(server.requests) < 100 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate()
        assert process.returncode == 130, said
        assert said.splitlines() == [
            "! refresh was stopped. Committed rows are kept; the next run resumes there."
        ]
        assert not [file for file in (tmp_path / "landing").rglob("*") if file.is_file()]
        done = run(command("sync"), tmp_path, variables)
        assert done.status == 0, done.everything
        assert differences(server.workspace, tmp_path / "warehouse.duckdb") == {}
