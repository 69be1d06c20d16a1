"""Tables in new databases of a PostgreSQL server, in place of those in DuckDB files."""

import pytest

from rootly_assets_tests.postgres_server import PostgresServer
from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.postgres.table import PostgresTable


@pytest.fixture
def make_table(postgres: PostgresServer) -> MakeTable:
    return lambda folder, endpoint: PostgresTable(folder, postgres.database(), endpoint)
