"""Tables in new databases of a PostgreSQL server, in place of those in DuckDB files."""

from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.postgres_server import PostgresServer
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.redshift.table import RedshiftTable
from rootly_assets_tests.warehouse.redshift.words import taught


@pytest.fixture
def things(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> RedshiftTable:
    return RedshiftTable(tmp_path, taught(postgres.database(), monkeypatch))


@pytest.fixture
def new_table(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> NewTable:
    """Makes a table of an endpoint, in a database of its own."""
    numbers = count(1)

    def make(endpoint: Endpoint) -> RedshiftTable:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return RedshiftTable(folder, taught(postgres.database(), monkeypatch), endpoint)

    return make
