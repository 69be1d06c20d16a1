"""Reading the files: views of them, beside dbt's models, in a DuckDB file."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rootly_assets.sync.columns import literal, quoted
from rootly_assets.warehouse.duckdb_reading import FileSession, FileSource
from rootly_assets.warehouse.filesystem.formats import load_format
from rootly_assets.warehouse.filesystem.states import state_rows
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets.warehouse.reading import standard_name
from rootly_assets.warehouse.state_table import STATE_TABLE


@dataclass(frozen=True)
class FilesSource:
    """The DuckDB file with dbt's models, the folder or bucket that its views read, and the format there."""

    path: Path
    url: str
    table_format: str

    def named(self, name: str) -> str:
        """A table with its schema, as a query names it."""
        return standard_name(name)

    @contextmanager
    def open(self) -> Generator[FileSession]:
        """A connection that only reads; it keeps dbt out for as long as it is open."""
        with FileSource(self.path).open() as session:
            _make_readable(session.connection, self.url, self.table_format)
            yield session


def _make_readable(connection: duckdb.DuckDBPyConnection, url: str, table_format: str) -> None:
    open_bucket(connection, url)
    load_format(connection, table_format)


def make_views(connection: duckdb.DuckDBPyConnection, url: str, table_format: str) -> None:
    """Show the files as tables of schema `rootly`, with the columns that they have now.

    A connection that only reads has the views that are there already: dagster-dbt looks at columns through one.
    """
    from rootly_assets.warehouse.filesystem.warehouse import tables_of

    if _only_reads(connection):
        _make_readable(connection, url, table_format)
        return
    open_bucket(connection, url)
    connection.execute("CREATE SCHEMA IF NOT EXISTS rootly")
    tables = tables_of(url, table_format)
    for table, written in tables.found(connection).items():
        view = f"rootly.{quoted(table)}"
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS {tables.rows(table)}")
        connection.execute(f"COMMENT ON VIEW {view} IS {literal(written.description)}")
    connection.execute(
        f"CREATE OR REPLACE VIEW rootly.{STATE_TABLE} AS "
        f"SELECT * EXCLUDE (version) FROM ({state_rows(connection, url)})"
    )


def _only_reads(connection: duckdb.DuckDBPyConnection) -> bool:
    query = "SELECT readonly FROM duckdb_databases() WHERE database_name = current_database()"
    return connection.execute(query).fetchone() == (True,)
