"""A raw table as a Delta table: rows and the state that belongs to them are one commit of its log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import duckdb
from deltalake import CommitProperties, DeltaTable, write_deltalake

from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.filesystem.files import listed
from rootly_assets.warehouse.filesystem.formats import load_format
from rootly_assets.warehouse.filesystem.written import KEY, Written, understood
from rootly_assets.warehouse.object_store import delta_options

# Rows that are handed over together.
BATCH = 2048


@dataclass(frozen=True)
class DeltaTables:
    """Tables below a URL."""

    url: str

    def rows(self, table: str) -> str:
        """SQL for a table's rows; the columns that are JSON are text to Delta."""
        columns = self._last(table).columns
        selected = ", ".join(
            f"{quoted(name)}::{kind} AS {quoted(name)}" for name, kind in columns.items()
        )
        return f"SELECT {selected} FROM delta_scan({literal(self._path(table))})"

    def found(
        self, connection: duckdb.DuckDBPyConnection, table: str = "*"
    ) -> Mapping[str, Written]:
        """What is there, by table; of one table or all."""
        load_format(connection, "delta")
        logs = listed(connection, f"{self._path(table)}/_delta_log/*.json")
        names = sorted({log.split("/")[-3] for log in logs})
        return {name: self._last(name) for name in names}

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, written: Written) -> None:
        """Put the rows of the connection's table in place of those before; older versions stay readable."""
        rows = cast("Any", connection.execute(f"SELECT * FROM {quoted(table)}"))
        write_deltalake(
            self._path(table),
            rows.to_arrow_reader(BATCH),
            mode="overwrite",
            schema_mode="overwrite",
            storage_options=delta_options(self.url),
            commit_properties=CommitProperties(custom_metadata={KEY: written.said()}),
        )

    def places(self) -> tuple[str, ...]:
        """Folders and buckets in which all of them lie."""
        return (self.url,)

    def unusable(self, name: str) -> bool:
        """Whether no column can have this name."""
        return any(sign in name for sign in " ,;{}()\n\t=")

    def _last(self, table: str) -> Written:
        """Of our last commit; others may have compacted the table since."""
        history = DeltaTable(self._path(table), storage_options=delta_options(self.url)).history()
        return next(understood(commit[KEY]) for commit in history if KEY in commit)

    def _path(self, table: str) -> str:
        return f"{self.url}/rootly/{table}"
