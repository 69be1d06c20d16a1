"""kill -9 at moments left to chance, with changes in between: every table is as before or as promised."""

import random
import signal
from pathlib import Path

import pytest

from rootly_assets.catalogue import wired
from rootly_assets.sandbox import serve
from rootly_assets_tests.sync.sequences_changes import Change, Kind, apply
from rootly_assets_tests.sync.sequences_project import REQUESTS_PER_MINUTE, Project
from rootly_assets_tests.sync.sequences_workspace import quiet_workspace
from rootly_assets_tests.system.killed import killed_sync

pytestmark = pytest.mark.exhaustive

# A first read makes many more requests than those that follow, which are killed later than that.
FIRST_KILLS, MOST_REQUESTS_AT_FIRST = 2, 900
KILLS, MOST_REQUESTS = 5, 120
CHANGES = 40


def test_every_table_is_as_before_or_as_promised_whenever_a_sync_is_killed(tmp_path: Path) -> None:
    chance = random.Random(7)
    workspace = quiet_workspace()
    family = wired()
    killed = 0
    with serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE) as server:
        project = Project(server.url, server.token, workspace, family, tmp_path)
        for number in range(KILLS):
            for change in range(CHANGES):
                where = Change(
                    chance.choice(list(Kind)), chance.randrange(997), chance.randrange(997)
                )
                apply(workspace, family, where, number * CHANGES + change)
            most = MOST_REQUESTS_AT_FIRST if number < FIRST_KILLS else MOST_REQUESTS
            with project.watched():
                status = killed_sync(
                    tmp_path,
                    server,
                    requests=chance.randint(1, most),
                    seconds=chance.choice([0.0, chance.uniform(0, 0.05), chance.uniform(0, 1)]),
                )
            assert status in (0, -signal.SIGKILL)
            killed += status != 0
        assert killed >= KILLS // 2, "most syncs were killed before they came to their end"
        project.sync(concurrency=2)
        project.sync(full=True)
        project.assert_true()
