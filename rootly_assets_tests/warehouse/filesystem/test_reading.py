"""Raw tables are read as they are now, whether or not dbt has built anything from them."""

from pathlib import Path

import duckdb
import pytest

from rootly_assets.catalogue import ColumnType
from rootly_assets.reader import Dataset, DatasetError
from rootly_assets.warehouse.filesystem.reading import FilesSource, make_views
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing, with_columns


@pytest.fixture
def things(tmp_path: Path, table_format: str) -> FilesTable:
    return FilesTable(tmp_path, table_format=table_format)


@pytest.fixture
def dataset(things: FilesTable) -> Dataset:
    return Dataset(things.warehouse.reading())


def build(things: FilesTable) -> None:
    """What dbt does: views of the files, and a model of its own beside them."""
    with duckdb.connect(str(things.database)) as connection:
        make_views(connection, things.url, things.table_format)
        connection.execute("CREATE SCHEMA IF NOT EXISTS marts")
        connection.execute("CREATE OR REPLACE VIEW marts.names AS SELECT name FROM rootly.things")


def test_a_sync_is_all_that_it_takes(things: FilesTable, dataset: Dataset) -> None:
    assert dataset.table("rootly.things").records() == []
    things.load([thing("1", name="a"), thing("2", name="b")])
    assert dataset.sql(
        "SELECT name, run_id FROM rootly.things, rootly._rootly_sync WHERE id = ?", ["2"]
    ).records() == [{"name": "b", "run_id": "run-1"}]
    assert dataset.table("rootly.things").arrow().num_rows == 2
    assert not things.database.exists()


def test_what_was_synced_since_the_last_build_is_there(
    things: FilesTable, dataset: Dataset
) -> None:
    things.load([thing("1", name="a")])
    build(things)
    things.becomes(with_columns(name=ColumnType.TEXT, colour=ColumnType.TEXT))
    things.load([thing("1", name="a"), thing("2", name="b", colour="red", surprise=1)])
    rows = dataset.sql("SELECT id, colour, surprise FROM rootly.things ORDER BY id").records()
    assert rows[1] == {"id": "2", "colour": "red", "surprise": "1"}
    described = dataset.sql('DESCRIBE "rootly"."things"').records()
    assert ("colour", "VARCHAR") in {(row["column_name"], row["column_type"]) for row in described}


def test_models_are_those_of_the_last_build(things: FilesTable, dataset: Dataset) -> None:
    things.load([thing("1", name="a")])
    build(things)
    assert dataset.table("marts.names").records() == [{"name": "a"}]
    # The name of a raw table, but not its schema.
    with pytest.raises(DatasetError, match="things does not exist"):
        dataset.table("marts.things").records()


def test_a_session_reads_side_by_side_with_others(things: FilesTable, dataset: Dataset) -> None:
    things.load([thing("1", name="a")])
    build(things)
    with dataset.source.open() as one, dataset.source.open() as other:
        for session in (one, other):
            assert session.execute("SELECT name FROM rootly.things").fetchall() == [("a",)]
            with pytest.raises(DatasetError, match="refused"):
                session.execute("DELETE FROM rootly.things")


def test_what_is_not_there_is_said(tmp_path: Path, things: FilesTable, dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="nothings does not exist"):
        dataset.table("rootly.nothings").records()
    elsewhere = FilesSource(things.database, str(tmp_path / "elsewhere"), things.table_format)
    with pytest.raises(DatasetError, match=r"nothing at .*elsewhere yet. `make refresh`"):
        Dataset(elsewhere).table("rootly.things").records()


def test_a_build_under_way_is_said(things: FilesTable, dataset: Dataset) -> None:
    build(things)
    with (
        duckdb.connect(str(things.database)),
        pytest.raises(DatasetError, match="another process may be writing"),
    ):
        dataset.table("rootly.things").records()
