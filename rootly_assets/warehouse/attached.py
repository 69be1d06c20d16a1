"""A warehouse that a DuckDB in memory attaches for as long as it is worked on."""

from pathlib import Path

import duckdb

from rootly_assets.sql import quoted
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.idle import Config, in_memory, let_go
from rootly_assets.warehouse.tables import current_database


class AttachedWarehouse(DuckDBWarehouse):
    """The DuckDB file's own loading, on tables of a database that is attached."""

    def _attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach the database, and make it where plain names are looked for."""
        raise NotImplementedError

    def _config(self) -> Config:
        # What does not fit into memory has no file of a database to lie beside.
        spill = (self._file() or Path.cwd() / "lake").parent / "spilled"
        return {"temp_directory": str(spill), **super()._config()}

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = in_memory(self._config())
        try:
            self._attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _let_go(self, connection: duckdb.DuckDBPyConnection) -> None:
        # So that another process can open it.
        attached = current_database(connection)
        connection.execute("USE memory")
        connection.execute(f"DETACH {quoted(attached)}")
        let_go(connection, self._config())
