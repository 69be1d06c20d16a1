"""A lake's catalog may be a file of DuckDB's, of SQLite's, or in PostgreSQL; its files may be in a bucket."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import duckdb
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from rootly_assets.errors import NotConfigured
from rootly_assets.reader import Dataset, DatasetError
from rootly_assets.warehouse.ducklake.address import parted
from rootly_assets.warehouse.ducklake.lake import catalog as catalog_of
from rootly_assets.warehouse.ducklake.lake import data_path
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets_tests.postgres_server import PASSWORD, PostgresServer
from rootly_assets_tests.s3_server import BUCKET, S3Server, s3_server
from rootly_assets_tests.warehouse.ducklake.conftest import address
from rootly_assets_tests.warehouse.ducklake.table import LakeTable
from rootly_assets_tests.warehouse.table import thing


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


def check(table: LakeTable) -> None:
    """Rows and state of some loads are there, and are read back."""
    many = [thing(str(i), name="a") for i in range(100)]  # a few would stay in the catalog
    table.load(many)
    loaded = table.load([thing("0", name="b", surprise=1), *many[2:], thing("100")])
    assert (loaded.new, loaded.changed, loaded.vanished) == (1, 1, 1)
    assert table.state().run_id == "run-2"
    dataset = Dataset(table.warehouse.reading())
    rows = dataset.sql("SELECT id, name, surprise FROM rootly.things ORDER BY id").records()
    assert rows[0] == {"id": "0", "name": "b", "surprise": "1"}
    assert len(rows) == 101
    gone = (
        dataset.confined()
        .sql("SELECT id FROM rootly.things WHERE _deleted_at IS NOT NULL")
        .records()
    )
    assert gone == [{"id": "1"}]


def test_rows_and_state_are_there_whatever_the_catalog_is_kept_in(
    tmp_path: Path, catalog: str
) -> None:
    check(LakeTable(tmp_path, catalog=catalog))
    assert list((tmp_path / "lake" / "files").glob("rootly/things/*.parquet"))


def test_files_may_be_in_a_bucket(
    tmp_path: Path, bucket: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    # The server makes a bucket with its first object.
    with duckdb.connect() as connection:
        open_bucket(connection, "s3://")
        connection.execute(f"COPY (SELECT 1) TO 's3://{BUCKET}/somebody_elses.csv'")
    check(LakeTable(tmp_path, data=f"s3://{BUCKET}/lake"))
    assert not (tmp_path / "lake" / "files").exists()


def test_a_catalog_that_can_not_be_reached_is_said_without_its_password(tmp_path: Path) -> None:
    catalog = "postgres:dbname=lake host=127.0.0.1 port=1 user=tester password=hunter2"
    refusing = LakeTable(tmp_path).warehouse.model_copy(update={"database": catalog})
    for look in (refusing.states, Dataset(refusing.reading()).table("rootly.things").records):
        with pytest.raises((WarehouseError, DatasetError), match=r"catalog.*refused") as caught:
            look()
        assert "hunter2" not in str(serializable_error_info_from_exc_info(caught._excinfo))


def test_a_catalog_that_goes_away_is_said_without_its_password(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    database = postgres.database()
    table = LakeTable(tmp_path, catalog=address(database))
    table.load([thing("1", name="a")])
    source = table.warehouse.reading()
    # To let go of it fails as well.
    with suppress(WarehouseError), table.warehouse.kept_open(), source.open() as session:
        # No transaction may be around it.
        with closing(postgres.connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')
        for look in (table.warehouse.states, lambda: session.execute("FROM rootly.things")):
            with pytest.raises((WarehouseError, DatasetError)) as caught:
                look()
            told = str(serializable_error_info_from_exc_info(caught._excinfo))
            assert "ROOTLY_DUCKDB_PATH" not in told
            assert all(part not in told for part in (PASSWORD, "password=", "user=tester"))


def test_no_query_sees_the_password_of_a_catalog(tmp_path: Path, postgres: PostgresServer) -> None:
    table = LakeTable(tmp_path, catalog=address(postgres.database()))
    table.load([thing("1", name="a")])
    source = table.warehouse.reading()
    with source.open() as reading, table.warehouse.get_connection() as loading:
        for look in (reading.execute, loading.execute):
            for query in (
                "FROM duckdb_databases()",
                "PRAGMA database_list",
                "FROM duckdb_settings()",
                "FROM duckdb_secrets()",
                "FROM rootly.things",
            ):
                shown = str(look(query).fetchall())
                assert all(sign not in shown for sign in (PASSWORD, repr(PASSWORD)[1:-1], '"odd"'))
    confined = Dataset(source).confined()
    (row,) = confined.sql("SELECT path FROM duckdb_databases WHERE path IS NOT NULL").records()
    assert row["path"].endswith("user=tester")


@pytest.mark.parametrize(
    "query",
    [
        "FROM __ducklake_metadata_lake.pg_catalog.pg_authid",
        "FROM postgres_query('__ducklake_metadata_lake', 'SELECT * FROM pg_authid')",
        "FROM postgres_execute('__ducklake_metadata_lake', 'COMMIT; CREATE TABLE taken (n int)')",
        "FROM postgres_scan('', 'pg_catalog', 'pg_authid')",
    ],
)
def test_the_catalog_s_server_is_not_asked_by_a_browser(
    tmp_path: Path, postgres: PostgresServer, query: str
) -> None:
    database = postgres.database()
    table = LakeTable(tmp_path, catalog=address(database))
    with pytest.raises(DatasetError, match="refused"):
        Dataset(table.warehouse.reading()).confined().sql(query).records()
    assert database.query("SELECT to_regclass('taken')") == [(None,)]


@pytest.mark.parametrize(
    ("given", "without", "password"),
    [
        ("dbname=lake", "dbname=lake", None),
        ("password=hunter2 dbname=lake  host=h ", "dbname=lake host=h", "hunter2"),
        (r"dbname='a lake' password = 'it\'s \\ odd'", "dbname='a lake'", r"it's \ odd"),
        (r"password=it\'s\ odd host=h", "host=h", "it's odd"),
        ("dbname='x password=no' sslmode=require", "dbname='x password=no' sslmode=require", None),
        ("password=", "", ""),
    ],
)
def test_a_password_is_found_as_libpq_finds_it(
    given: str, without: str, password: str | None
) -> None:
    assert parted(f"postgres:{given}") == (f"postgres:{without}", password)


@pytest.mark.parametrize(
    ("name", "given", "look", "said"),
    [
        (
            "ROOTLY_DUCKLAKE_CATALOG",
            "postgres:postgresql://u:hunter2@h/d",
            catalog_of,
            "postgres:,",
        ),
        ("ROOTLY_DUCKLAKE_CATALOG", "postgres://u:hunter2@h/d", catalog_of, "postgres:,"),
        ("ROOTLY_DUCKLAKE_CATALOG", "postgres:password='hunter2", catalog_of, "postgres:,"),
        ("ROOTLY_DUCKLAKE_CATALOG", "postgresql://u:hunter2@host/db", catalog_of, "postgresql:,"),
        ("ROOTLY_DUCKLAKE_CATALOG", "mysql:hunter2", catalog_of, "mysql:,"),
        ("ROOTLY_DUCKLAKE_DATA", "ftp://hunter2@host/files", data_path, "ftp://,"),
    ],
)
def test_an_address_that_is_none_makes_no_file(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, look: Callable[[], str], said: str
) -> None:
    monkeypatch.setenv(name, given)
    with pytest.raises(NotConfigured, match=f"{name} begins with {said}") as caught:
        look()
    assert "hunter2" not in str(caught.value)
