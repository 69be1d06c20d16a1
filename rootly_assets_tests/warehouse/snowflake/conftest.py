"""Tables in new databases of a Snowflake that is none, in place of those in DuckDB files."""

from collections.abc import Iterator

import pytest

from rootly_assets_tests.snowflake_server import SnowflakeServer, snowflake_server
from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.snowflake.table import SnowflakeTable


@pytest.fixture(scope="session")
def snowflake() -> Iterator[SnowflakeServer]:
    with snowflake_server() as server:
        yield server


@pytest.fixture
def make_table(snowflake: SnowflakeServer) -> MakeTable:
    return lambda folder, endpoint: SnowflakeTable(folder, snowflake.database(), endpoint)
