"""Tables in what passes for a Redshift, in place of those in DuckDB files."""

import pytest

from rootly_assets_tests.postgres_server import PostgresServer
from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.redshift.table import RedshiftTable
from rootly_assets_tests.warehouse.redshift.words import taught


@pytest.fixture
def make_table(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> MakeTable:
    return lambda folder, endpoint: RedshiftTable(
        folder, taught(postgres.database(), monkeypatch), endpoint
    )
