"""A DuckLake as the project's warehouse: DuckDB's own loading, on tables of the lake."""

from pathlib import Path

import duckdb
from pydantic import Field

from rootly_assets.warehouse.attached import AttachedWarehouse
from rootly_assets.warehouse.ducklake.address import is_server
from rootly_assets.warehouse.ducklake.lake import attach, file_of, hide_address
from rootly_assets.warehouse.ducklake.reading import LakeSource
from rootly_assets.warehouse.errors import WarehouseError


class DuckLakeWarehouse(AttachedWarehouse):
    """The warehouse of the project in a DuckLake, as a Dagster resource."""

    database: str = Field(description="Its catalog; the address may hold a password.", repr=False)
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

    def _attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            attach(connection, self.database, self.data)
        except duckdb.Error as error:
            if not is_server(self.database):
                raise
            raise self._out_of_reach(error) from error

    def _said_plainly(self, error: duckdb.Error) -> WarehouseError:
        if hide_address(error, self.database):
            return self._out_of_reach(error)
        return super()._said_plainly(error)

    def _out_of_reach(self, error: duckdb.Error) -> WarehouseError:
        return WarehouseError(
            f"The catalog of the DuckLake at {self.data} can't be reached: {str(error).splitlines()[0]}. "
            "Check ROOTLY_DUCKLAKE_CATALOG."
        )
