"""A load that is killed leaves the rows and the state of before, or those of after, and never a mix."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rootly_assets.warehouse.filesystem import warehouse as module
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing

ROWS = 1000
KILLS = 3

# Load n makes every row say n, drops one row, adds another, and says n in the state.
LOADING = """
import sys
from pathlib import Path
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing
folder, table_format, loads, rows = sys.argv[1:]
table = FilesTable(Path(folder), table_format=table_format)
table.loads = int(loads)
while True:
    n = table.loads + 1
    table.load([thing(str(i), name=f"version {n}", size=n) for i in range(n, n + int(rows))])
    print(n, flush=True)
"""


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_before_or_after(
    tmp_path: Path, table_format: str
) -> None:
    chance = random.Random(20260301)
    table = FilesTable(tmp_path, table_format=table_format)
    table.loads = 1
    arguments = [sys.executable, "-c", LOADING, str(tmp_path), table_format]
    for _ in range(KILLS):
        process = subprocess.Popen(
            [*arguments, str(table.loads), str(ROWS)], stdout=subprocess.PIPE, text=True
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
        table.loads = committed


def test_between_rows_and_the_file_of_states_the_state_inside_the_rows_counts(
    things: FilesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    things.load([thing("1", name="a"), thing("2")])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    records = [thing("1", name="b"), thing("3")]
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_state", killed)
        with pytest.raises(KeyboardInterrupt):
            things.load(records)
    assert things.state().run_id == "run-2"
    assert things.rows()["1"]["name"] == "b"
    again = things.load(records)
    assert (again.rows, again.new, again.changed, again.vanished) == (2, 0, 0, 0)
    assert things.state().run_id == "run-3"


def test_a_load_that_can_not_be_written_changes_nothing(
    things: FilesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    things.load([thing("1", name="a"), thing("2")])
    rows, state = things.rows(), things.state()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(things.warehouse.tables), "write", killed)
        with pytest.raises(KeyboardInterrupt):
            things.load([thing("1", name="b")])
    assert (things.rows(), things.state()) == (rows, state)
