"""kill -9 at any moment of a sync: the next one makes everything right."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.system.command_line import environment, run
from rootly_assets_tests.system.truth import differences, stored

pytestmark = pytest.mark.slow

SYNC = [sys.executable, "-m", "rootly_assets_tests.system.sync_once"]
LONGEST_WAIT = 60.0


def kill_in_the_middle(folder: Path, server: Server, *, after: int) -> None:
    """Start a sync and kill it once the server has answered `after` requests."""
    server.forget_requests()
    with subprocess.Popen(
        SYNC,
        cwd=folder,
        env=environment(folder, server),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + LONGEST_WAIT
        while len(server.requests) < after:
            assert process.poll() is None, "the sync ended before it could be killed"
            assert time.monotonic() < deadline, "the sync makes no requests"
            time.sleep(0.002)
        process.kill()
        assert process.wait() == -signal.SIGKILL


def test_after_kills_at_random_moments_the_tables_are_as_the_workspace_is(
    tmp_path: Path,
) -> None:
    with serve(Workspace.build(incidents=12), requests_per_minute=100_000) as server:
        # A first read makes hundreds of requests, a later one at least one a list.
        for most in (300, 60, 60):
            kill_in_the_middle(tmp_path, server, after=random.randint(5, most))
        done = run(SYNC, tmp_path, environment(tmp_path, server))
        assert done.status == 0, done.everything
        assert differences(server.workspace, tmp_path / "warehouse.duckdb") == {}
    assert stored(tmp_path / "warehouse.duckdb") > 1000, "there were rows to lose"
    assert not [file for file in (tmp_path / "landing").rglob("*") if file.is_file()]
