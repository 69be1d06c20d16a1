"""A DuckLake as the project's warehouse: DuckDB's own loading, on tables of the lake."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
from pydantic import Field

from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.ducklake.lake import attach, file_of
from rootly_assets.warehouse.ducklake.reading import LakeSource


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

    def _open(
        self, config: Mapping[str, str | bool | int | float | list[str]]
    ) -> duckdb.DuckDBPyConnection:
        # What does not fit into memory has no file of a database to lie beside.
        spill = (self._file() or Path.cwd() / "lake").parent / "spilled"
        connection = duckdb.connect(":memory:", config={"temp_directory": str(spill), **config})
        try:
            attach(connection, self.database, self.data)
        except BaseException:
            connection.close()
            raise
        return connection
