"""Tables of files, in place of those in DuckDB files; of each format."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pyiceberg.catalog
import pytest
from pyiceberg.utils.config import Config

from rootly_assets.catalogue import Endpoint
from rootly_assets.warehouse.filesystem import iceberg
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets_tests.s3_server import BUCKET, s3_server
from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.filesystem.table import FilesTable


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Names with spaces are no columns in Delta: `test_names.py` says what becomes of them."""
    for item in items:
        if "[delta-odd names]" in item.name:
            item.add_marker(pytest.mark.skip(reason="Delta has no such columns"))


@pytest.fixture(params=["parquet", "delta", "iceberg"])
def table_format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def make_table(table_format: str) -> Iterator[MakeTable]:
    with ExitStack() as kept:

        def make(folder: Path, endpoint: Endpoint) -> FilesTable:
            table = FilesTable(folder, endpoint, table_format=table_format)
            kept.enter_context(table.warehouse.kept_open())
            return table

        yield make


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """What a user sets to have Iceberg tables in a catalog that is a server: SeaweedFS's."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        with duckdb.connect() as connection:
            open_bucket(connection, "s3://")
            # The server makes a bucket with its first object.
            connection.execute(f"COPY (SELECT 1) TO 's3://{BUCKET}/somebody_elses.csv'")
        yield {
            **server.environment,
            **server.serve_catalog(),
            "ROOTLY_DESTINATION": "filesystem",
            "ROOTLY_BUCKET_URL": f"s3://{BUCKET}",
            "ROOTLY_TABLE_FORMAT": "iceberg",
        }


def read_catalog_settings(patch: pytest.MonkeyPatch) -> None:
    """Let pyiceberg read its variables, as it does once a process."""
    patch.setattr(pyiceberg.catalog, "_ENV_CONFIG", Config())
    iceberg._opened.cache_clear()
