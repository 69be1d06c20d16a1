"""What a browser asks stays in the warehouse: its tables are answered, no other file is read, none written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rootly_assets.reader import Dataset, DatasetError
from rootly_assets_tests.warehouse.ducklake.table import LakeTable
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.motherduck.table import AttachedTable
from rootly_assets_tests.warehouse.table import Table, thing

MANY = [
    thing(str(number), name="a") for number in range(100)
]  # a few would stay in a lake's catalog


@pytest.fixture(
    params=[Table, AttachedTable, LakeTable, FilesTable], ids=lambda each: each.__name__
)
def dataset(request: pytest.FixtureRequest, tmp_path: Path) -> Dataset:
    made: Callable[[Path], Table] = request.param
    table = made(tmp_path / "data")
    table.load(MANY)
    return Dataset(table.warehouse.reading())


def test_its_tables_and_its_state_are_answered(dataset: Dataset) -> None:
    confined = dataset.confined()
    (row,) = confined.sql("SELECT count(*) AS n, count(name) AS named FROM rootly.things").records()
    assert row == {"n": 100, "named": 100}
    assert confined.sql("SELECT run_id FROM rootly._rootly_sync").records() == [{"run_id": "run-1"}]
    assert len(confined.sql("DESCRIBE rootly.things").df()) > 1


def test_no_other_file_is_read_and_none_is_written(dataset: Dataset, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("secret\nhunter2\n")
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}
    for statement in (
        f"SELECT * FROM '{mine}'",
        f"SELECT content FROM read_text('{mine}')",
        f"SELECT * FROM glob('{tmp_path}/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:1/a.csv')",
        f"COPY rootly.things TO '{tmp_path}/taken.csv'",
        f"COPY (SELECT 1) TO '{tmp_path}/data/taken.csv'",
        f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{tmp_path}/data/taken.csv'",
        f"ATTACH '{tmp_path}/taken.duckdb'",
        f"PRAGMA profiling_output = '{tmp_path}/taken.json'",
        "SET enable_external_access = true",
        "INSTALL spatial",
        "SELECT 1; DROP TABLE rootly.things",
        "DELETE FROM rootly.things",
        "COMMIT",
        "",
    ):
        with pytest.raises(DatasetError, match="refused") as caught:
            dataset.confined().sql(statement).records()
        assert "hunter2" not in str(caught.value)
    assert before.items() <= {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}.items()
    assert not list(tmp_path.rglob("taken*"))


@pytest.mark.parametrize("dataset", [Table, LakeTable, FilesTable], indirect=True)
def test_what_is_open_meanwhile_is_read_on(dataset: Dataset) -> None:
    """A tab is counted while another browser asks its own question."""
    with dataset.opened() as opened:
        assert len(opened.confined().sql("SELECT id FROM rootly.things").records()) == 100
        assert len(opened.table("rootly.things").records()) == 100
        with dataset.opened() as again:
            assert len(again.table("rootly.things").records()) == 100


def test_only_a_browser_is_confined(dataset: Dataset, tmp_path: Path) -> None:
    """In Python, tables and files of one's own are joined as before."""
    (tmp_path / "mine.csv").write_text("n\n1\n")
    dataset.confined().sql("SELECT 1").records()
    assert dataset.sql(f"SELECT n FROM '{tmp_path}/mine.csv'").records() == [{"n": 1}]
