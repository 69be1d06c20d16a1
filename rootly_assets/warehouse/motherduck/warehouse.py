"""MotherDuck as the project's warehouse: DuckDB's own loading, on tables of a database there."""

from pathlib import Path

import duckdb

from rootly_assets.warehouse.attached import AttachedWarehouse
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.motherduck.database import attach, file_of, is_remote
from rootly_assets.warehouse.motherduck.errors import refused
from rootly_assets.warehouse.motherduck.reading import MotherDuckSource


class MotherDuckWarehouse(AttachedWarehouse):
    """The warehouse of the project in MotherDuck, as a Dagster resource; `database` is its address."""

    def reading(self) -> MotherDuckSource:
        """Where its tables and models are read from."""
        return MotherDuckSource(self.database)

    def _file(self) -> Path | None:
        return file_of(self.database)

    def _attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        attach(connection, self.database)

    def _said_plainly(self, error: duckdb.Error) -> WarehouseError:
        if is_remote(self.database):
            return refused(error, self.database)
        return super()._said_plainly(error)
