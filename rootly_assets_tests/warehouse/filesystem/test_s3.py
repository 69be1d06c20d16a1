"""The same in a bucket, on a real S3 server."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.filesystem.reading import FilesSource, make_views
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets_tests.s3_server import BUCKET, s3_server
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        with duckdb.connect() as connection:
            open_bucket(connection, "s3://")
            # The server makes a bucket with its first object.
            connection.execute(f"COPY (SELECT 1) TO 's3://{BUCKET}/somebody_elses.csv'")
        yield


@pytest.mark.parametrize("table_format", ["parquet", "delta"])
def test_rows_and_state_are_in_the_bucket_and_are_read_from_there(
    tmp_path: Path, table_format: str
) -> None:
    url = f"s3://{BUCKET}/{table_format}"
    things = FilesTable(tmp_path, table_format=table_format, url=url)
    things.load([thing("1", name="a"), thing("2")])
    loaded = things.load([thing("1", name="b", surprise=1), thing("3")])
    assert (loaded.new, loaded.changed, loaded.vanished) == (1, 1, 1)
    things.load([thing("1", name="b", surprise=1), thing("3")])
    assert things.state().run_id == "run-3"
    rows = things.rows()
    assert (rows["1"]["name"], rows["1"]["surprise"]) == ("b", "1")
    assert rows["2"]["_deleted_at"] is not None
    with duckdb.connect(str(things.database)) as connection:
        make_views(connection, url, table_format)
    with FilesSource(things.database, url, table_format).open() as session:
        found = session.execute("SELECT id FROM rootly.things ORDER BY id").fetchall()
        assert found == [("1",), ("2",), ("3",)]
        states = session.execute("SELECT run_id FROM rootly._rootly_sync").fetchall()
        assert states == [("run-3",)]
    assert not (tmp_path / "files").exists()


def test_a_wrong_key_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(WarehouseError, match=r"s3://.*AWS_SECRET_ACCESS_KEY"):
        FilesTable(tmp_path, url=f"s3://{BUCKET}/parquet")
