"""The same in a bucket: on a real S3 server, which Google's HMAC protocol is too, and on Azure's emulator."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rootly_assets.errors import NotConfigured
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.filesystem.files import write_file
from rootly_assets.warehouse.filesystem.formats import NOT_SERVED
from rootly_assets.warehouse.filesystem.reading import FilesSource, make_views
from rootly_assets.warehouse.object_store import kind_of, open_bucket
from rootly_assets.warehouse.reading import DatasetError
from rootly_assets_tests.azure_server import CONTAINER, azure_server
from rootly_assets_tests.s3_server import BUCKET, KEY, SECRET, s3_server
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An S3 server, which answers for Google Cloud Storage as well."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setenv("GCS_HMAC_KEY_ID", KEY)
        patch.setenv("GCS_HMAC_SECRET", SECRET)
        patch.setenv("GCS_ENDPOINT_URL", server.environment["AWS_ENDPOINT_URL"])
        with duckdb.connect() as connection:
            open_bucket(connection, "s3://")
            # The server makes a bucket with its first object.
            connection.execute(f"COPY (SELECT 1) TO 's3://{BUCKET}/somebody_elses.csv'")
        yield


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Azure's emulator."""
    folder = tmp_path_factory.mktemp("azure")
    with azure_server(folder) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(
    params=[
        (f"s3://{BUCKET}", "server"),
        (f"gs://{BUCKET}/by-hmac", "server"),
        (f"az://{CONTAINER}", "azure"),
    ],
    ids=["s3", "gcs", "azure"],
)
def bucket(request: pytest.FixtureRequest) -> str:
    """URL of a bucket that is served."""
    url, fixture = request.param
    request.getfixturevalue(fixture)
    return url


def check_reading(source: FilesSource) -> None:
    """Rows and states are read, and what is not there is said."""
    with source.confined().open() as confined:
        assert confined.execute("SELECT count(*) FROM rootly.things").fetchall() == [(3,)]
        with pytest.raises(DatasetError, match="refused"):
            confined.execute("SELECT * FROM 's3://somebody-elses/rows.parquet'")
    with source.open() as session:
        # DuckDB's extension takes keys from the environment into its settings by itself, for everybody to see.
        shown = session.execute("SELECT value FROM duckdb_settings()").fetchall()
        assert (SECRET,) not in shown
        found = session.execute("SELECT id FROM rootly.things ORDER BY id").fetchall()
        assert found == [("1",), ("2",), ("3",)]
        states = session.execute("SELECT run_id FROM rootly._rootly_sync").fetchall()
        assert states == [("run-3",)]
        with pytest.raises(DatasetError, match="nothings does not exist"):
            session.execute("SELECT id FROM rootly.nothings")


def test_rows_and_state_are_in_the_bucket_and_are_read_from_there(
    tmp_path: Path, table_format: str, bucket: str
) -> None:
    url = f"{bucket}/{table_format}"
    if (table_format, kind_of(url)) in NOT_SERVED:
        pytest.skip("not served")
    things = FilesTable(tmp_path, table_format=table_format, url=url)
    things.load([thing("1", name="a"), thing("2")])
    loaded = things.load([thing("1", name="b", surprise=1), thing("3")])
    assert (loaded.new, loaded.changed, loaded.vanished) == (1, 1, 1)
    things.load([thing("1", name="b", surprise=1), thing("3")])
    assert things.state().run_id == "run-3"
    rows = things.rows()
    assert (rows["1"]["name"], rows["1"]["surprise"]) == ("b", "1")
    assert rows["2"]["_deleted_at"] is not None
    source = FilesSource(things.database, url, table_format)
    check_reading(source)
    with duckdb.connect(str(things.database)) as connection:
        make_views(connection, url, table_format)
    check_reading(source)
    assert not (tmp_path / "files").exists()


# Writes more than there is time for.
WRITING = """
import sys
import duckdb
from rootly_assets.warehouse.filesystem.files import write_file
from rootly_assets.warehouse.filesystem.formats import NOT_SERVED
from rootly_assets.warehouse.object_store import kind_of, open_bucket
url = sys.argv[1]
connection = duckdb.connect()
open_bucket(connection, url)
print("writing", flush=True)
rows = "SELECT i, uuid() AS a, uuid() AS b FROM range(1_000_000_000) AS rows(i)"
write_file(connection, rows, url, "FORMAT parquet, ROW_GROUP_SIZE 10000")
"""


def test_what_is_killed_while_it_writes_leaves_what_was_there(tmp_path: Path, bucket: str) -> None:
    url = f"{bucket}/killed.parquet"
    with duckdb.connect() as connection:
        open_bucket(connection, url)
        write_file(connection, "SELECT 1 AS i", url, "FORMAT parquet")
        command = [sys.executable, "-c", WRITING, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"writing\n"
            time.sleep(2)
            assert process.poll() is None
            process.kill()
        assert connection.execute(f"FROM read_parquet('{url}')").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("url", "variable", "value"),
    [
        (f"s3://{BUCKET}/parquet", "AWS_SECRET_ACCESS_KEY", "another"),
        (f"gs://{BUCKET}/parquet", "GCS_HMAC_SECRET", "another"),
        (
            f"az://{CONTAINER}/parquet",
            "AZURE_STORAGE_CONNECTION_STRING",
            "AccountName=devstoreaccount1;AccountKey=YW5vdGhlcg==;BlobEndpoint={blobs}",
        ),
    ],
)
def test_a_wrong_key_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    url: str,
    variable: str,
    value: str,
) -> None:
    request.getfixturevalue("azure" if url.startswith("az:") else "server")
    if "{blobs}" in value:
        given = dict(part.split("=", 1) for part in os.environ[variable].split(";") if part)
        value = value.format(blobs=given["BlobEndpoint"])
    monkeypatch.setenv(variable, value)
    with pytest.raises(WarehouseError, match=rf"{url.partition(':')[0]}://.*{variable}") as caught:
        FilesTable(tmp_path, url=url)
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("s3://bucket", "s3://bucket is in S3: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"),
        (
            "gs://bucket",
            "gs://bucket is in Google Cloud Storage: set GCS_HMAC_KEY_ID, GCS_HMAC_SECRET",
        ),
        ("az://container", "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME"),
    ],
)
def test_missing_credentials_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, named: str
) -> None:
    for name in (
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GCS_HMAC_KEY_ID", "GCS_HMAC_SECRET"),
        "AZURE_STORAGE_CONNECTION_STRING",
    ):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NotConfigured, match=named):
        FilesTable(tmp_path, url=url)
