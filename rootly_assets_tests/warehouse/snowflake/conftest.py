"""Tables in new databases of a Snowflake that is none, in place of those in DuckDB files."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.snowflake_server import SnowflakeServer, snowflake_server
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.snowflake.table import SnowflakeTable


@pytest.fixture(scope="session")
def snowflake() -> Iterator[SnowflakeServer]:
    with snowflake_server() as server:
        yield server


@pytest.fixture
def things(tmp_path: Path, snowflake: SnowflakeServer) -> SnowflakeTable:
    return SnowflakeTable(tmp_path, snowflake.database())


@pytest.fixture
def new_table(tmp_path: Path, snowflake: SnowflakeServer) -> NewTable:
    """Makes a table of an endpoint, in a database of its own."""
    numbers = count(1)

    def make(endpoint: Endpoint) -> SnowflakeTable:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return SnowflakeTable(folder, snowflake.database(), endpoint)

    return make
