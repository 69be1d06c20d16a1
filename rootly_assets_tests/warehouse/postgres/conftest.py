"""Tables in new databases of a PostgreSQL server, in place of those in DuckDB files."""

from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.postgres_server import PostgresServer
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.postgres.table import PostgresTable


@pytest.fixture
def things(tmp_path: Path, postgres: PostgresServer) -> PostgresTable:
    return PostgresTable(tmp_path, postgres.database())


@pytest.fixture
def new_table(tmp_path: Path, postgres: PostgresServer) -> NewTable:
    """Makes a table of an endpoint, in a database of its own."""
    numbers = count(1)

    def make(endpoint: Endpoint) -> PostgresTable:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return PostgresTable(folder, postgres.database(), endpoint)

    return make
