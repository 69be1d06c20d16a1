"""A raw table as one Parquet file: rows, and the state that belongs to them, take its place in one step."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.filesystem.files import listed, write_file
from rootly_assets.warehouse.filesystem.written import KEY, Written, understood

# Rows that are compressed together: records of some kilobytes must not fill the memory.
ROW_GROUP = "ROW_GROUP_SIZE 2048, ROW_GROUP_SIZE_BYTES '16MB'"


@dataclass(frozen=True)
class ParquetTables:
    """Tables below a URL."""

    url: str

    def rows(self, table: str) -> str:
        """SQL for a table's rows."""
        return f"SELECT * FROM read_parquet({literal(self._path(table))})"

    def found(
        self, connection: duckdb.DuckDBPyConnection, table: str = "*"
    ) -> Mapping[str, Written]:
        """What is there, by table; of one table or all."""
        # Always by a pattern: an object that is named in full is taken for granted.
        found = listed(connection, f"{self._path(table)}*")
        files = [each for each in found if each.endswith(".parquet")]
        if not files:
            return {}
        names = ", ".join(map(literal, files))
        rows = connection.execute(
            f"SELECT file_name, decode(value) FROM parquet_kv_metadata([{names}]) "
            f"WHERE decode(key) = {literal(KEY)}"
        ).fetchall()
        return {
            file.rpartition("/")[2].removesuffix(".parquet"): understood(text)
            for file, text in rows
        }

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, written: Written) -> None:
        """Put the rows of the connection's table in place of those before."""
        write_file(
            connection,
            f"SELECT * FROM {quoted(table)}",
            self._path(table),
            f"FORMAT parquet, COMPRESSION zstd, {ROW_GROUP}, "
            f"KV_METADATA {{{KEY}: {literal(written.said())}}}",
        )

    def places(self) -> tuple[str, ...]:
        """Folders and buckets in which all of them lie."""
        return (self.url,)

    def unusable(self, name: str) -> bool:  # noqa: ARG002 - of other formats some are
        """Whether no column can have this name."""
        return False

    def _path(self, table: str) -> str:
        return f"{self.url}/rootly/{table}.parquet"
