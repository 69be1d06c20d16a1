"""A load into a DuckLake that is killed leaves the rows and the state of before, or those of after."""

from pathlib import Path

from rootly_assets_tests.warehouse.ducklake.table import LakeTable
from rootly_assets_tests.warehouse.killed import kill_loads

LOADING = """
import sys
from pathlib import Path
from rootly_assets_tests.warehouse.ducklake.table import LakeTable
from rootly_assets_tests.warehouse.killed import load_for_ever
folder, catalog, *numbers = sys.argv[1:]
load_for_ever(LakeTable(Path(folder), catalog=catalog), *map(int, numbers))
"""


def test_a_load_killed_at_any_moment_leaves_before_or_after(tmp_path: Path, catalog: str) -> None:
    table = LakeTable(tmp_path, catalog=catalog)
    kill_loads(table, LOADING, [str(tmp_path), catalog], rows=1000, kills=3)
    assert table.load([]).rows == 0
