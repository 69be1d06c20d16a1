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


def test_a_function_that_does_more_than_answer_is_refused_wherever_it_stands(
    dataset: Dataset, tmp_path: Path
) -> None:
    for statement in (
        f"FROM enable_logging(storage => 'file', storage_path => '{tmp_path}/taken')",
        f"FROM enable_profiling(save_location => '{tmp_path}/taken.json')",
        "FROM query('SELECT 1')",
        "FROM query_table(['rootly.things'])",
        "FROM duckdb_settings()",
        "FROM DUCKDB_SECRETS()",
        "SELECT (SELECT count(*) FROM system.main.force_checkpoint())",
        "WITH unused AS (FROM checkpoint()) SELECT 1",
        "SELECT id FROM rootly.things WHERE EXISTS (FROM read_text('/etc/hostname'))",
        "DESCRIBE FROM glob('*')",
        "SELECT current_setting('s3_secret_access_key')",
        "SELECT name FROM pg_catalog.pg_settings",
    ):
        with pytest.raises(DatasetError, match="refused"):
            dataset.confined().sql(statement).records()
    assert not list(tmp_path.rglob("taken*"))


def test_functions_that_give_values_are_answered(dataset: Dataset) -> None:
    for statement in (
        "SELECT n FROM range(3) AS series(n)",
        "SELECT unnest(generate_series(1, 3)) AS n",
        "SELECT json.key FROM json_each('[1, 2, 3]') AS json",
        "SELECT function_name FROM duckdb_functions() LIMIT 3",
    ):
        assert len(dataset.confined().sql(statement).records()) == 3
    # A refused one names them.
    with pytest.raises(DatasetError, match=r"glob\(\).*generate_series, json_each"):
        dataset.confined().sql("FROM glob('*')").records()


@pytest.fixture
def lake(tmp_path: Path) -> Dataset:
    """A lake with files that wait to be merged, and one that waits to be deleted."""
    table = LakeTable(tmp_path / "data")
    for name in "abc":
        table.load([*MANY, *(thing(f"{name}{number}", name=name) for number in range(100))])
    with table.warehouse.get_connection() as connection:
        connection.execute("CREATE TABLE lake.rootly.more AS SELECT * FROM range(1000) AS rows(n)")
        for _ in range(3):
            connection.execute("INSERT INTO lake.rootly.more FROM range(1000)")
        connection.execute("DROP TABLE lake.rootly.things")
        connection.execute("CALL ducklake_expire_snapshots('lake', older_than => now())")
    return Dataset(table.warehouse.reading())


def test_a_lake_s_files_are_neither_merged_nor_deleted(lake: Dataset, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*.parquet"))
    for statement in (
        "FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
        "FROM ducklake_delete_orphaned_files('lake', cleanup_all => true)",
        "FROM ducklake_expire_snapshots('lake', older_than => now())",
        "FROM ducklake_merge_adjacent_files('lake')",
        "FROM ducklake_rewrite_data_files('lake')",
        "FROM ducklake_set_option('lake', 'parquet_compression', 'zstd')",
        "FROM __ducklake_metadata_lake.ducklake_metadata",
        "DESCRIBE __ducklake_metadata_lake.main.ducklake_metadata",
    ):
        with pytest.raises(DatasetError, match="refused"):
            lake.confined().sql(statement).records()
    assert set(tmp_path.rglob("*.parquet")) == before
    assert len(lake.confined().sql("FROM ducklake_snapshots('lake')").records()) == 1
    assert len(lake.confined().sql("FROM rootly.more").records()) == 4000


def test_what_fails_only_at_the_end_of_a_query_is_a_refusal_too(lake: Dataset) -> None:
    with pytest.raises(DatasetError, match=r"(?s)refused.*readonly"):
        lake.sql("FROM ducklake_merge_adjacent_files('lake')").records()


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
