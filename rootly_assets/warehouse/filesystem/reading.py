"""Reading the files: as views that dbt builds on, and as they are now, each once a query names it."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from rootly_assets.installation import command
from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.confinement import ConfinedSource
from rootly_assets.warehouse.duckdb_reading import FileSession, not_opened, nothing_yet
from rootly_assets.warehouse.filesystem.files import listed
from rootly_assets.warehouse.filesystem.formats import load_format
from rootly_assets.warehouse.filesystem.states import state_rows
from rootly_assets.warehouse.filesystem.tables import Tables, tables_of
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets.warehouse.reading import DatasetError, Source
from rootly_assets.warehouse.state_table import STATE_TABLE
from rootly_assets.warehouse.tables import SCHEMA, current_database


@dataclass(frozen=True)
class FilesSession(FileSession):
    """Dbt's models, and beside them the files that a query names."""

    views: "Views"
    seen: set[str] = field(default_factory=set[str])

    def _asked(self, query: str, parameters: Any) -> duckdb.DuckDBPyConnection:
        try:
            return super()._asked(query, parameters)
        except duckdb.CatalogException as error:
            # To look at all files before each query would take longer than most queries.
            missing = re.match(r"Catalog Error: Table with name (\w+) does not exist", str(error))
            if missing is None or missing[1] in self.seen or not _names_the_schema(query):
                raise
            self.seen.add(missing[1])
            self.views.make(missing[1])
            return self._asked(query, parameters)


def _names_the_schema(query: str) -> bool:
    return re.search(rf'\b{SCHEMA}"?\s*\.', query, re.IGNORECASE) is not None


@dataclass(frozen=True)
class FilesSource(Source):
    """The DuckDB file with dbt's models, if any were built; the folder or bucket, and the format there."""

    path: Path
    url: str
    table_format: str

    @contextmanager
    def open(self) -> Generator[FilesSession]:
        """A connection that only reads; it keeps dbt out for as long as it is open.

        Raises:
            DatasetError: there is nothing yet, or dbt is building.
        """
        with nothing_yet() as connection:
            _make_readable(connection, self.url, self.table_format)
            views = Views(connection, "memory", self.url, self.table_format)
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
            models = self._attach_models(connection) if self.path.exists() else "memory"
            if models == "memory" and not listed(connection, f"{self.url}/{SCHEMA}/**"):
                raise DatasetError(
                    f"There is nothing at {self.url} yet. `{command('refresh')}` brings it; "
                    "ROOTLY_BUCKET_URL names another folder or bucket."
                )
            # What dbt has made is in its file; raw tables are those of the files.
            connection.execute(f"SET search_path = {literal(f'{models}.main,memory.{SCHEMA}')}")
            yield FilesSession(connection, views)

    def confined(self) -> ConfinedSource:
        """The same, and no other file or address."""
        return ConfinedSource(self, tables_of(self.url, self.table_format).places())

    def _attach_models(self, connection: duckdb.DuckDBPyConnection) -> str:
        models = quoted(self.path.stem)  # as it names itself in its views
        try:
            connection.execute(f"ATTACH {literal(str(self.path))} AS {models} (READ_ONLY)")
        except (duckdb.IOException, duckdb.BinderException) as error:
            raise not_opened(self.path, error) from error
        return models


def _make_readable(connection: duckdb.DuckDBPyConnection, url: str, table_format: str) -> None:
    open_bucket(connection, url)
    load_format(connection, table_format)


@dataclass(frozen=True)
class Views:
    """The files as tables of schema `rootly`, with the columns that they have now.

    Attributes:
        connection: which can read them.
        database: where the views are.
        url: the folder or bucket.
        table_format: the format there.
    """

    connection: duckdb.DuckDBPyConnection
    database: str
    url: str
    table_format: str

    @property
    def _tables(self) -> Tables:
        return tables_of(self.url, self.table_format)

    def make(self, table: str = "*") -> None:
        """Make that of a table, if it is there; or all."""
        schema = f"{quoted(self.database)}.{SCHEMA}"
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, written in self._tables.found(self.connection, table).items():
            view = f"{schema}.{quoted(name)}"
            self.connection.execute(f"CREATE OR REPLACE VIEW {view} AS {self._tables.rows(name)}")
            self.connection.execute(f"COMMENT ON VIEW {view} IS {literal(written.description)}")
        if table in ("*", STATE_TABLE):
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {schema}.{STATE_TABLE} AS "
                f"SELECT * EXCLUDE (version) FROM ({state_rows(self.connection, self.url)})"
            )


def make_views(connection: duckdb.DuckDBPyConnection, url: str, table_format: str) -> None:
    """Show all files in dbt's own database.

    A connection that only reads has the views that are there already: dagster-dbt looks at columns through one.
    """
    if _only_reads(connection):
        _make_readable(connection, url, table_format)
        return
    open_bucket(connection, url)
    Views(connection, current_database(connection), url, table_format).make()


def _only_reads(connection: duckdb.DuckDBPyConnection) -> bool:
    query = "SELECT readonly FROM duckdb_databases() WHERE database_name = current_database()"
    return connection.execute(query).fetchone() == (True,)
