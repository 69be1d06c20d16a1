"""A DuckLake as the project's warehouse: DuckDB's own loading, on tables of the lake."""

from pathlib import Path

import duckdb
from pydantic import Field

from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.ducklake.lake import attach, detach, file_of, is_server
from rootly_assets.warehouse.ducklake.reading import LakeSource
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.idle import Config, in_memory, let_go


class DuckLakeWarehouse(DuckDBWarehouse):
    """The warehouse of the project in a DuckLake, as a Dagster resource; `database` is its catalog."""

    data: str = Field(description="Folder or bucket of its Parquet files.")

    @property
    def place(self) -> str:
        """Where the files are; the catalog's address may hold a password."""
        return self.data

    def reading(self) -> LakeSource:
        """Where its tables and models are read from."""
        return LakeSource(self.database, self.data)

    def _file(self) -> Path | None:
        return file_of(self.database)

    def _config(self) -> Config:
        # What does not fit into memory has no file of a database to lie beside.
        spill = (self._file() or Path.cwd() / "lake").parent / "spilled"
        return {"temp_directory": str(spill), **super()._config()}

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = in_memory(self._config())
        try:
            attach(connection, self.database, self.data)
        except BaseException as error:
            connection.close()
            if isinstance(error, duckdb.Error) and is_server(self.database):
                raise WarehouseError(
                    f"The catalog of the DuckLake at {self.data} can't be opened: "
                    f"{str(error).splitlines()[0]}. Check ROOTLY_DUCKLAKE_CATALOG."
                ) from error
            raise
        return connection

    def _let_go(self, connection: duckdb.DuckDBPyConnection) -> None:
        detach(connection)
        let_go(connection, self._config())
