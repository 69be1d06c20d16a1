"""kill -9 at any moment of a sync: the next one makes everything right."""

import random
import signal
from pathlib import Path

import pytest

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.system.command_line import environment, run
from rootly_assets_tests.system.killed import SYNC, killed_sync
from rootly_assets_tests.system.refreshed import NOW
from rootly_assets_tests.system.truth import differences, stored

pytestmark = pytest.mark.exhaustive


def test_after_kills_at_random_moments_the_tables_are_as_the_workspace_is(
    tmp_path: Path,
) -> None:
    chance = random.Random(20260715)
    with serve(Workspace.build(incidents=12, now=NOW), requests_per_minute=100_000) as server:
        # A first read makes hundreds of requests, a later one at least one a list.
        for most in (300, 60, 60):
            status = killed_sync(tmp_path, server, requests=chance.randint(5, most))
            assert status == -signal.SIGKILL, "the sync ended before it could be killed"
        done = run(SYNC, tmp_path, environment(tmp_path, server))
        assert done.status == 0, done.everything
        assert differences(server.workspace, tmp_path / "warehouse.duckdb") == {}
    assert stored(tmp_path / "warehouse.duckdb") > 1000, "there were rows to lose"
    assert not [file for file in (tmp_path / "landing").rglob("*") if file.is_file()]
