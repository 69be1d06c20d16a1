"""A load that is killed leaves the rows and the state of before, or those of after, and never a mix."""

from pathlib import Path

import pytest

from rootly_assets.warehouse.filesystem import warehouse as module
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.killed import kill_loads
from rootly_assets_tests.warehouse.table import thing

LOADING = """
import sys
from pathlib import Path
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.killed import load_for_ever
folder, table_format, *numbers = sys.argv[1:]
load_for_ever(FilesTable(Path(folder), table_format=table_format), *map(int, numbers))
"""


def test_a_load_killed_at_any_moment_leaves_before_or_after(
    tmp_path: Path, table_format: str
) -> None:
    table = FilesTable(tmp_path, table_format=table_format)
    kill_loads(table, LOADING, [str(tmp_path), table_format], rows=1000, kills=3)


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
