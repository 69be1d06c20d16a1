"""Files as the project's warehouse: a table is changed in a DuckDB in memory, and written anew."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
from pydantic import Field

from rootly_assets.catalogue import Endpoint
from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.shaping.columns import column_type, table_columns
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.filesystem.reading import FilesSource
from rootly_assets.warehouse.filesystem.states import read_states, write_state
from rootly_assets.warehouse.filesystem.tables import Tables, tables_of
from rootly_assets.warehouse.filesystem.written import Written
from rootly_assets.warehouse.idle import Config, in_memory, let_go
from rootly_assets.warehouse.leniency import leniently
from rootly_assets.warehouse.object_store import open_bucket
from rootly_assets.warehouse.tables import existing_columns, prepare_tables


class FilesystemWarehouse(DuckDBWarehouse):
    """The warehouse of the project in a folder or bucket; `database` is the DuckDB file with dbt's models."""

    url: str = Field(description="The folder or bucket.")
    table_format: str = Field(default="parquet", description="parquet, delta or iceberg.")

    @property
    def place(self) -> str:
        """The folder or bucket."""
        return self.url

    @property
    def tables(self) -> Tables:
        """The raw tables."""
        return tables_of(self.url, self.table_format)

    def reading(self) -> FilesSource:
        """Where its tables and models are read from."""
        return FilesSource(Path(self.database), self.url, self.table_format)

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        with self.kept_open(), self.get_connection() as connection:
            found = self.tables.found(connection)
            for endpoint in endpoints:
                present = found.get(endpoint.table)
                if present is None or _is_older(present.columns, endpoint):
                    with self._working_on(connection, endpoint.table, present):
                        prepare_tables(connection, [endpoint])
                        state = read_states(connection, self.url, found).get(endpoint.table)
                        self._write(connection, endpoint, state)

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        with self.get_connection() as connection:
            return read_states(connection, self.url, self.tables.found(connection))

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state: all of it, or nothing.

        Raises:
            WarehouseError: where nothing could be committed.
        """
        table = batch.endpoint.table
        with self.kept_open(), self.get_connection() as connection:
            present = self.tables.found(connection, table).get(table)
            if present is None:
                raise WarehouseError(f"There is no table {table} at {self.place}.")
            with self._working_on(connection, table, present):
                loaded = super().load(batch)
                same_columns = existing_columns(connection, table) == present.columns
                if same_columns and not (loaded.new or loaded.changed or loaded.vanished):
                    write_state(connection, self.url, batch.state, present.version)
                else:
                    self._write(connection, batch.endpoint, batch.state)
        return loaded

    def parents(self, table: str, since: datetime | None) -> Parents:
        """Records of a table that came, changed or vanished after a time; all present ones for None."""
        with self._seen(table):
            return super().parents(table, since)

    def within(
        self, table: str, column: str, since: datetime | None, until: datetime | None
    ) -> tuple[str, ...]:
        """Ids of the present records of a table whose time in a column lies in a span."""
        with self._seen(table):
            return super().within(table, column, since, until)

    def children(self, endpoint: Endpoint, parents: Sequence[str]) -> Mapping[str, str]:
        """Ids of the present rows of a nested list that are below some parents, each with its parent's."""
        with self._seen(endpoint.table):
            return super().children(endpoint, parents)

    def orphaned(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of records that are gone while rows of a nested list below them are not marked."""
        if endpoint.parent is None or endpoint.parent.table is None:
            return ()
        with self._seen(endpoint.table), self._seen(endpoint.parent.table):
            return super().orphaned(endpoint)

    def childless(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of present records below which no row of a nested list is present."""
        if endpoint.parent is None or endpoint.parent.table is None:
            return ()
        with self._seen(endpoint.table), self._seen(endpoint.parent.table):
            return super().childless(endpoint)

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text; a time of the row's own decides, if it has one."""
        with self._seen(table):
            return super().preview(table, columns, rows)

    def replace_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Put a table of ours (`schema.table`) among dbt's models, in place of the one before."""
        DuckDBWarehouse(database=self.database, lock_wait=self.lock_wait).replace_table(
            name, columns, rows
        )

    def _file(self) -> Path | None:
        return None

    def _config(self) -> Config:
        # What does not fit into memory has no file of a database to lie beside.
        spill = Path(self.database).parent / "spilled"
        return {"temp_directory": str(spill), **super()._config()}

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = in_memory(self._config())
        open_bucket(connection, self.url)
        return connection

    def _let_go(self, connection: duckdb.DuckDBPyConnection) -> None:
        let_go(connection, self._config())

    def _unusable(self, name: str) -> bool:
        return self.tables.unusable(name)

    @contextmanager
    def _working_on(
        self, connection: duckdb.DuckDBPyConnection, table: str, present: Written | None
    ) -> Generator[None]:
        """A table in memory, on disk where it is large, for as long as it is worked on."""
        prepare_tables(connection, ())
        try:
            if present is not None:
                connection.execute(f"CREATE TABLE {quoted(table)} AS {self.tables.rows(table)}")
            yield
        finally:
            connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")

    @contextmanager
    def _seen(self, table: str) -> Generator[None]:
        """A table as a view, where it need not be changed."""
        with self.kept_open(), self.get_connection() as connection:
            self.tables.found(connection, table)
            connection.execute(f"CREATE VIEW {quoted(table)} AS {self.tables.rows(table)}")
            try:
                yield
            finally:
                connection.execute(f"DROP VIEW {quoted(table)}")

    def _write(
        self, connection: duckdb.DuckDBPyConnection, endpoint: Endpoint, state: TableState | None
    ) -> None:
        table = endpoint.table
        written = Written(
            description=endpoint.description,
            columns=existing_columns(connection, table),
            state=state,
        )
        leniently(
            connection,
            self.memory_limit,
            lambda _: self.tables.write(connection, table, written),
        )
        if state is not None:
            write_state(connection, self.url, state, written.version)


def _is_older(columns: Mapping[str, str], endpoint: Endpoint) -> bool:
    present = {name.lower(): column_type(kind) for name, kind in columns.items()}
    declared = table_columns(endpoint)
    return any(
        present.get(name.lower()) is not column_type(kind) for name, kind in declared.items()
    ) or any(name in endpoint.secrets for name in columns)
