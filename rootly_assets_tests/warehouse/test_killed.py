"""A load that is killed leaves the rows and the state of before, or those of after, and never a mix."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rootly_assets_tests.warehouse.killed import kill_loads
from rootly_assets_tests.warehouse.table import THINGS, Table, thing

LOADING = """
import sys
from pathlib import Path
from rootly_assets_tests.warehouse.killed import load_for_ever
from rootly_assets_tests.warehouse.table import Table
load_for_ever(Table(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
"""


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_before_or_after(tmp_path: Path) -> None:
    table = Table(tmp_path)
    kill_loads(table, LOADING, [str(tmp_path)], rows=4000, kills=4)
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
