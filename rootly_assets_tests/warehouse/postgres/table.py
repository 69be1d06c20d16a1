"""The table of the warehouse's tests in a PostgreSQL database, told in the words of DuckDB."""

import json
from pathlib import Path

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.shaping.columns import SQL_TYPES
from rootly_assets.warehouse.postgres.names import column_type
from rootly_assets.warehouse.postgres.warehouse import PostgresWarehouse
from rootly_assets.warehouse.state_table import STATE_TABLE
from rootly_assets_tests.postgres_server import PASSWORD, Database
from rootly_assets_tests.warehouse.table import THINGS, Row, Table


class PostgresTable(Table):
    def __init__(self, folder: Path, database: Database, endpoint: Endpoint = THINGS) -> None:
        self.postgres = database
        super().__init__(folder, endpoint)

    def opened(self) -> PostgresWarehouse:
        return warehouse(self.postgres)

    def rows(self) -> dict[str, Row]:
        """Every row by id; JSON as compact text."""
        found = self.postgres.query(f'SELECT * FROM rootly."{self.endpoint.table}"')
        types = self.types()
        rows = [
            {
                name: json.dumps(value, separators=(",", ":"))
                if value is not None and types[name] == "JSON"
                else value
                for name, value in zip(types, row, strict=True)
            }
            for row in found
        ]
        assert len({row["id"] for row in rows}) == len(rows)
        return {row["id"]: row for row in rows}

    def dropped(self) -> None:
        self.postgres.query(f'DROP TABLE rootly."{self.endpoint.table}"')
        self.warehouse.prepare([self.endpoint])

    def ages(self) -> None:
        self.postgres.query(f"ALTER TABLE rootly.{STATE_TABLE} DROP COLUMN unread")
        assert self.warehouse.states_at_once(), "looking does not wait for somebody to prepare it"
        self.warehouse.prepare([self.endpoint])

    def types(self) -> dict[str, str]:
        found = self.postgres.query(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'rootly' AND table_name = %s ORDER BY ordinal_position",
            [self.endpoint.table],
        )
        names = {**SQL_TYPES, column_type("timestamp with time zone"): "TIMESTAMP WITH TIME ZONE"}
        return {name: names[column_type(kind)] for name, kind in found}

    def comment(self) -> str:
        ((comment,),) = self.postgres.query(
            "SELECT obj_description(%s::regclass)", [f'rootly."{self.endpoint.table}"']
        )
        return comment


def warehouse(database: Database) -> PostgresWarehouse:
    """The warehouse of the project in a database of the tests."""
    return PostgresWarehouse(
        host="127.0.0.1",
        port=database.server.port,
        database=database.name,
        user="tester",
        password=PASSWORD,
        lock_wait=0.2,
    )
