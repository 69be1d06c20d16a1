"""kill -9 of a run holds up no other: the next one says what happened, and goes on from there."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.dbt.commands import REPOSITORY
from rootly_assets_tests.system.command_line import command, environment, run, with_manifest
from rootly_assets_tests.system.truth import differences

pytestmark = pytest.mark.exhaustive


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Dagster's folder, with the settings that the Makefile puts there."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(REPOSITORY / "dagster.yaml", home)
    return home


@contextmanager
def begun(
    folder: Path, server: Server, variables: dict[str, str], *, requests: int
) -> Iterator["subprocess.Popen[str]"]:
    """`make sync`, on its way: it has made so many requests."""
    server.forget_requests()
    with subprocess.Popen(
        command("sync"),
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        while len(server.requests) < requests and process.poll() is None:
            time.sleep(0.01)
        yield process


def test_the_next_sync_says_so_and_goes_on_from_there(
    tmp_path: Path, home: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_manifest(tmp_path, manifest)
    with serve(Workspace.build(incidents=12), requests_per_minute=100_000) as server:
        variables = environment(
            tmp_path, server, DAGSTER_HOME=str(home), ROOTLY_DUCKDB_LOCK_WAIT="20"
        )
        with begun(tmp_path, server, variables, requests=30) as process:
            process.kill()
            assert process.wait() == -signal.SIGKILL
        done = run(command("sync"), tmp_path, variables)
        assert done.status == 0, done.everything
        assert "was killed before it ended" in done.everything
        assert differences(server.workspace, tmp_path / "warehouse.duckdb") == {}
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dg.DagsterInstance.get() as instance:
        statuses = [each.status for each in instance.get_runs()]
        assert statuses == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
        assert not instance.event_log_storage.get_concurrency_run_ids()
    assert not list((home / "alive").iterdir())


def test_one_that_goes_on_is_waited_for(tmp_path: Path, home: Path, manifest: Path) -> None:
    with_manifest(tmp_path, manifest)
    with serve(Workspace.build(incidents=12), requests_per_minute=100_000) as server:
        variables = environment(
            tmp_path, server, DAGSTER_HOME=str(home), ROOTLY_DUCKDB_LOCK_WAIT="20"
        )
        with begun(tmp_path, server, variables, requests=30) as first:
            second = run(command("sync"), tmp_path, variables)
            said, _ = first.communicate()
        assert (first.returncode, second.status) == (0, 0), said + second.everything
        assert "Waiting for rootly_sync" in second.everything
        assert differences(server.workspace, tmp_path / "warehouse.duckdb") == {}
