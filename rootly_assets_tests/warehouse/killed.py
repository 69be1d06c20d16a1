"""Loads that are killed at random moments, and what has to be there afterwards."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from rootly_assets_tests.warehouse.table import Table, thing


def load_for_ever(table: Table, loads: int, rows: int) -> None:
    """Load n makes every row say n, drops one row, adds another, and says n in the state."""
    table.loads = loads
    while True:
        n = table.loads + 1
        table.load([thing(str(i), name=f"version {n}", size=n) for i in range(n, n + rows)])
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


def kill_loads(
    table: Table,
    script: str,
    arguments: Sequence[str],
    *,
    rows: int,
    kills: int,
    settled: Callable[[], object] = lambda: None,
) -> None:
    """Kill loads at random moments; rows and state are those of before, or those of after, each time.

    Args:
        table: where the rows are read.
        script: calls `load_for_ever` on a table in the same place.
        arguments: of the script; how many loads there were and the number of rows follow.
        rows: that a load has.
        kills: how many loads are killed.
        settled: waits until a server has ended what a dead client has begun.
    """
    chance = random.Random(20260301)
    table.loads = 1
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments, str(table.loads), str(rows)],
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            said = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.4))
            process.send_signal(signal.SIGKILL)
            said = (said + process.stdout.read()).split()
        settled()
        table.loads = committed(table, rows)
        assert table.loads >= int(said[-1]), "what was said to be loaded is loaded"


def committed(table: Table, rows: int) -> int:
    """The load that the state tells of, whose rows are all there and no others."""
    state, found = table.state(), table.rows()
    assert state.run_id is not None
    n = int(state.run_id.removeprefix("run-"))
    present = {each for each, row in found.items() if row["_deleted_at"] is None}
    assert present == {str(i) for i in range(n, n + rows)}
    assert {found[each]["size"] for each in present} == {n}
    assert {row["size"] for each, row in found.items() if each not in present} <= set(range(n))
    return n
