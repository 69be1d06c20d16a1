"""The table of the warehouse's tests in a Snowflake database, told in the words of DuckDB."""

import json
from pathlib import Path

from rootly_assets.catalogue import Endpoint
from rootly_assets.warehouse.cloud.snowflake import SnowflakeWarehouse
from rootly_assets_tests.snowflake_server import SnowflakeDatabase
from rootly_assets_tests.warehouse.cloud_table import CloudTable
from rootly_assets_tests.warehouse.table import THINGS, Row


class SnowflakeTable(CloudTable):
    def __init__(
        self, folder: Path, database: SnowflakeDatabase, endpoint: Endpoint = THINGS
    ) -> None:
        self.snowflake = database
        super().__init__(folder, endpoint)

    def opened(self) -> SnowflakeWarehouse:
        return warehouse(self.snowflake)

    def rows(self) -> dict[str, Row]:
        """Every row by id; JSON as compact text."""
        types = self.types()
        rows = [
            {
                name: json.dumps(json.loads(value), separators=(",", ":"))
                if value is not None and types[name] == "JSON"
                else value
                for name, value in zip(types, row, strict=True)
            }
            for row in self.snowflake.query(f'SELECT * FROM rootly."{self.endpoint.table.upper()}"')
        ]
        assert len({row["id"] for row in rows}) == len(rows)
        return {row["id"]: row for row in rows}

    def comment(self) -> str:
        ((comment,),) = self.snowflake.query(
            "SELECT comment FROM information_schema.tables "
            f"WHERE table_name = '{self.endpoint.table.upper()}'"
        )
        return comment


def warehouse(database: SnowflakeDatabase) -> SnowflakeWarehouse:
    """The warehouse of the project in a database of the tests."""
    return SnowflakeWarehouse(
        account="fakesnow",
        user="tester",
        password="hunter2",
        warehouse="nothing",
        database=database.name,
        host=database.server.host,
        port=str(database.server.port),
        protocol="http",
    )
