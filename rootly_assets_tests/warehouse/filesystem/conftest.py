"""Tables of files, in place of those in DuckDB files; of each format."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
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
