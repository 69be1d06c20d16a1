"""A machine that lost its power: the UI, opened again, ends the run that went on, and the next one runs."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster_graphql import DagsterGraphQLClient

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.system.command_line import with_manifest
from rootly_assets_tests.ui.dagster_ui import dagster_ui, environment

pytestmark = pytest.mark.exhaustive

PATIENCE = 150.0  # seconds: the daemon looks every half minute


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.5)


def client_of(url: str) -> DagsterGraphQLClient:
    """A client of the UI's."""
    parts = urlsplit(url)
    assert parts.hostname
    return DagsterGraphQLClient(parts.hostname, port_number=parts.port)


def test_a_run_that_was_lost_holds_up_no_other(
    tmp_path: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_manifest(tmp_path, manifest)
    with serve(Workspace.build(incidents=12), requests_per_minute=10**9) as server:
        variables = environment(server, folder)
        with dagster_ui(variables, folder / "first.log", killed=True) as url:
            lost = client_of(url).submit_job_execution("rootly_sync")
            until(lambda: len(server.requests) > 30)
        with dagster_ui(variables, folder / "second.log") as url:
            client = client_of(url)
            after = client.submit_job_execution("rootly_status_pages_sync")
            until(lambda: client.get_run_status(lost) is DagsterRunStatus.FAILURE)
            until(lambda: client.get_run_status(after) is DagsterRunStatus.SUCCESS)
        monkeypatch.setenv("DAGSTER_HOME", variables["DAGSTER_HOME"])
        with DagsterInstance.get() as instance:
            assert "Its process is gone" in "\n".join(map(str, instance.all_logs(lost)))
