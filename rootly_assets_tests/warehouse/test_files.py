"""The DuckDB file itself: odd names, locks, full disks, wrong files; each said with its remedy."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from rootly_assets.sync.batch import Batch
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.scratch import scratch
from rootly_assets_tests.sync.small_disk import small_disk, unprivileged
from rootly_assets_tests.warehouse.table import THINGS, Table, thing

HOLDING = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
connection.close()
"""


@contextmanager
def held_by_another_process(database: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()  # it ends then


@pytest.mark.parametrize(
    "name", ["rootly.duckdb", "main.duckdb", "temp.duckdb", "it's my file.db", "no-suffix", "a.b.c"]
)
def test_the_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    table = Table(tmp_path, database=name)
    table.load([thing("1", name="a")])
    loaded = table.load([thing("1", name="b", surprise=1), thing("2")])
    assert (loaded.rows, loaded.new, loaded.changed) == (2, 1, 1)
    assert table.state().run_id == "run-2"


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    database = tmp_path / "not" / "yet" / "there.duckdb"
    DuckDBWarehouse(database=str(database)).prepare([THINGS])
    assert database.exists()


def test_a_locked_file_is_said_quickly_with_the_process_that_holds_it(things: Table) -> None:
    things.load([thing("1")])
    batch = things.batch([thing("2")])
    with held_by_another_process(things.database) as holder:
        began = time.monotonic()
        with pytest.raises(WarehouseError, match="is locked") as caught:
            things.warehouse.load(batch)
        assert time.monotonic() - began < 5
        assert f"process {holder.pid}" in str(caught.value)
        assert str(things.database) in str(caught.value)
        assert "close" in str(caught.value)
    assert set(things.rows()) == {"1"}


def test_a_file_that_is_let_go_in_time_is_waited_for(things: Table) -> None:
    warehouse = DuckDBWarehouse(database=str(things.database), lock_wait=30)
    batch = things.batch([thing("1")])
    with held_by_another_process(things.database) as holder:
        assert holder.stdin is not None
        letting_go = threading.Timer(0.3, holder.stdin.close)
        letting_go.start()
        assert warehouse.load(batch).rows == 1
        letting_go.join()


def test_the_file_is_not_held_between_loads(things: Table) -> None:
    things.load([thing("1")])
    with held_by_another_process(things.database):
        pass
    assert things.load([thing("1"), thing("2")]).rows == 2


@pytest.mark.parametrize("content", [b"name,size\nsomething,5\n" * 500, b"short"])
def test_what_is_no_duckdb_file_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "things.duckdb"
    database.write_bytes(content)
    with pytest.raises(WarehouseError, match=r"not a DuckDB file.*ROOTLY_DUCKDB_PATH"):
        DuckDBWarehouse(database=str(database)).prepare([THINGS])
    assert database.read_bytes() == content


def test_a_folder_given_for_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"can't be read or written.*ROOTLY_DUCKDB_PATH"):
        DuckDBWarehouse(database=str(tmp_path)).prepare([THINGS])


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(WarehouseError, match=r"can't be read or written.*ROOTLY_DUCKDB_PATH"):
        DuckDBWarehouse(database=str(tmp_path / "data" / "x.duckdb")).prepare([THINGS])


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o555)
    with (
        unprivileged(),
        pytest.raises(WarehouseError, match=r"can't be read or written.*ROOTLY_DUCKDB_PATH"),
    ):
        DuckDBWarehouse(database=str(folder / "x.duckdb")).prepare([THINGS])


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    def big(count: int) -> Batch:
        return table.batch(thing(str(i), name=os.urandom(400).hex(), size=i) for i in range(count))

    with small_disk(tmp_path / "disk") as disk:
        others = disk / "of_somebody_else"
        others.write_bytes(bytes(100_000))
        table = Table(tmp_path, database=f"{disk.name}/things.duckdb")
        table.load([thing("1", name="a")])
        state = table.state()
        with pytest.raises(WarehouseError, match=r"is full.*[Ff]ree some space"):
            table.warehouse.load(big(10_000))
        assert [row["name"] for row in table.rows().values()] == ["a"]
        assert table.state() == state
        others.unlink()
        assert table.load([thing("1", name="a"), thing("2")]).new == 1


@pytest.fixture
def ctrl_c() -> Iterator[threading.Timer]:
    """Comes a moment after it was started."""
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a worker of pytest's ignores it
    yield timer
    timer.join()
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_the_middle_of_a_statement_leaves_nothing_of_it_and_is_no_fault_of_the_list(
    things: Table, ctrl_c: threading.Timer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merge_for_long(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
        ctrl_c.start()
        connection.execute("INSERT INTO things (id) SELECT range FROM range(1_000_000_000)")

    with things.warehouse.kept_open():
        things.load([thing("1")])
        with monkeypatch.context() as patch:
            patch.setattr("rootly_assets.warehouse.duckdb.merge", merge_for_long)
            with pytest.raises(KeyboardInterrupt):
                things.load([thing("2")])
        assert things.state().run_id == "run-1"
        assert things.load([thing("1"), thing("3")]).new == 1
        assert set(things.rows()) == {"1", "3"}


def test_so_it_is_where_rows_are_shaped_for_another_warehouse(
    tmp_path: Path, ctrl_c: threading.Timer
) -> None:
    def shape_for_long() -> None:
        with scratch("256MB", tmp_path) as connection:
            ctrl_c.start()
            connection.execute("CREATE TABLE long AS SELECT * FROM range(1_000_000_000)")

    with pytest.raises(KeyboardInterrupt):
        shape_for_long()


def test_an_error_that_speaks_of_locks_and_disks_is_not_taken_for_one(things: Table) -> None:
    with (
        pytest.raises(WarehouseError) as caught,
        things.warehouse.get_connection() as connection,
    ):
        connection.execute("SELECT 'the disk is locked'::INTEGER")
    assert "is locked." not in str(caught.value)
    assert "is full" not in str(caught.value)
