"""A load that is killed leaves the rows and the state of before, or those of after, and never a mix."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rootly_assets_tests.warehouse.table import THINGS, Table, thing

ROWS = 4000
KILLS = 8

# Load n makes every row say n, drops one row, adds another, and says n in the state.
LOADING = """
import sys
from pathlib import Path
from rootly_assets_tests.warehouse.table import Table, thing
table = Table(Path(sys.argv[1]))
table.loads = int(sys.argv[2])
while True:
    n = table.loads + 1
    records = [thing(str(i), name=f"version {n}", size=n) for i in range(n, n + int(sys.argv[3]))]
    table.load(records)
    print(n, flush=True)
"""


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_before_or_after(tmp_path: Path) -> None:
    chance = random.Random(20260301)
    table = Table(tmp_path)
    table.loads = 1
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", LOADING, str(tmp_path), str(table.loads), str(ROWS)],
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            said = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.4))
            process.send_signal(signal.SIGKILL)
            said = (said + process.stdout.read()).split()
        state, rows = table.state(), table.rows()
        assert state.run_id is not None
        committed = int(state.run_id.removeprefix("run-"))
        assert committed >= int(said[-1])  # what was said to be loaded is loaded
        present = {each for each, row in rows.items() if row["_deleted_at"] is None}
        assert present == {str(i) for i in range(committed, committed + ROWS)}
        assert {rows[each]["size"] for each in present} == {committed}
        assert {row["size"] for each, row in rows.items() if each not in present} <= set(
            range(committed)
        )
        table.loads = committed
    table.loads += 1
    again = table.warehouse.load(table.batch([thing("1", name="a")]))
    assert again.rows == 1


@pytest.mark.slow
def test_a_file_that_was_never_finished_can_be_prepared_again(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; "
        "from rootly_assets_tests.warehouse.table import Table; "
        "table = Table(Path(sys.argv[1])); "
        "opened = table.warehouse.get_connection(); connection = opened.__enter__(); "
        "connection.begin(); connection.execute('DROP TABLE things'); "
        "os.kill(os.getpid(), 9)"
    )
    result = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert result.returncode == -signal.SIGKILL
    table = Table(tmp_path)
    assert table.load([thing("1", name="a")]).rows == 1
    assert set(table.types()) >= {"id", *THINGS.columns}
