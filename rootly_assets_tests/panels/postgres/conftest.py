"""The records of the panels' tests in a PostgreSQL database."""

from collections.abc import Sequence
from typing import Any

import pytest

from rootly_assets_tests.panels.conftest import RECORDS, load
from rootly_assets_tests.postgres_server import Database, PostgresServer
from rootly_assets_tests.warehouse.postgres.table import warehouse


class Models:
    """What a DuckDB connection is to the tests, for a database on a server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, query: str, parameters: Sequence[Any] | None = None) -> "Models":
        if query.startswith("SELECT"):
            with warehouse(self._database).reading().open() as session:
                self._rows = session.execute(query).fetchall()
        else:
            self._database.query(query.replace("?", "%s"), parameters)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


@pytest.fixture
def models(postgres: PostgresServer) -> Models:
    made = Models(postgres.database())
    load(made, RECORDS)
    return made
