"""What raw tables are asked and told, whatever format they have; each format has a module of its own."""

from collections.abc import Mapping
from typing import Protocol

import duckdb

from rootly_assets.warehouse.filesystem.written import Written


class Tables(Protocol):
    """Tables of one format."""

    def rows(self, table: str) -> str:
        """SQL for a table's rows."""
        ...

    def found(
        self, connection: duckdb.DuckDBPyConnection, table: str = "*"
    ) -> Mapping[str, Written]:
        """What is there, by table; of one table or all."""
        ...

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, written: Written) -> None:
        """Put the rows of the connection's table in place of those before, with what is to be known of them."""
        ...

    def places(self) -> tuple[str, ...]:
        """Folders and buckets in which all of them lie."""
        ...

    def unusable(self, name: str) -> bool:
        """Whether no column can have this name."""
        ...


def tables_of(url: str, table_format: str) -> Tables:
    """The tables below a URL."""
    if table_format == "delta":
        from rootly_assets.warehouse.filesystem.delta import DeltaTables

        return DeltaTables(url)
    if table_format == "iceberg":
        from rootly_assets.warehouse.filesystem.iceberg import IcebergTables

        return IcebergTables(url)
    from rootly_assets.warehouse.filesystem.parquet import ParquetTables

    return ParquetTables(url)
