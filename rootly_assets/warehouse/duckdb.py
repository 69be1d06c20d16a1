"""The DuckDB file: rows and state in one transaction, the file held only while something is written."""

import contextlib
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from dagster_duckdb import DuckDBResource
from pydantic import Field

from rootly_assets.catalogue import Endpoint
from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.shaping.typed_rows import shape
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets.warehouse.errors import WarehouseError, is_locked, said_plainly
from rootly_assets.warehouse.idle import Config
from rootly_assets.warehouse.leniency import leniently
from rootly_assets.warehouse.lookups import DuckDBSpelling, Lookups
from rootly_assets.warehouse.merge import merge
from rootly_assets.warehouse.newest import newest_first
from rootly_assets.warehouse.reading import Source
from rootly_assets.warehouse.signals import signals_heard
from rootly_assets.warehouse.state_table import read_states, write_state
from rootly_assets.warehouse.tables import (
    current_database,
    existing_columns,
    prepare_tables,
    use_raw_schema,
)

_waited_in_vain: set[str] = set()

# Connections that `kept_open` holds, by place.
_held: dict[str, duckdb.DuckDBPyConnection] = {}


class DuckDBWarehouse(Lookups, DuckDBResource):
    """The warehouse of the project in one DuckDB file, as a Dagster resource."""

    memory_limit: str = Field(
        default="256MB",
        description="Memory that DuckDB may use while it loads; it spills to disk beyond that. A list with "
        "records of several megabytes gets four times as much.",
    )
    lock_wait: float = Field(
        default=60.0,
        description="Seconds to wait for another process to let go of the file.",
    )

    @property
    def place(self) -> str:
        """The file."""
        return self.database

    def reading(self) -> Source:
        """Where its tables and models are read from."""
        return FileSource(Path(self.database))

    @contextmanager
    def get_connection(self) -> Generator[duckdb.DuckDBPyConnection]:
        """Open the file for writing, in schema `rootly`; waits for other processes, closes whatever happens.

        Inside of `kept_open` it is the connection that is open already.

        Raises:
            WarehouseError: where the file can't be opened, is locked for too long, or a statement fails.
        """
        if (held := _held.get(self.place)) is not None:
            try:
                with signals_heard():
                    yield held
            except BaseException as error:
                # A statement that a signal breaks off leaves its transaction open, with half of its rows.
                with contextlib.suppress(duckdb.Error):
                    held.rollback()
                if isinstance(error, duckdb.Error):
                    raise self._said_plainly(error) from error
                raise
            return
        try:
            if (file := self._file()) is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            connection = self._connect()
        except duckdb.Error as error:
            raise self._said_plainly(error) from error
        except OSError as error:
            raise self._said_plainly(duckdb.IOException(f"Cannot open file: {error}")) from error
        try:
            with signals_heard():
                use_raw_schema(connection)
                yield connection
                self._let_go(connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, duckdb.Error):
                raise self._said_plainly(error) from error
            raise

    @contextmanager
    def kept_open(self) -> Generator[None]:
        """Use one connection for everything in the block: opening the file costs more than a small load.

        Nothing in the block may wait for the network, since other processes are locked out.
        """
        if self.place in _held:
            yield
            return
        with self.get_connection() as connection:
            _held[self.place] = connection
            try:
                yield
            finally:
                _held.pop(self.place, None)

    def _config(self) -> Config:
        # One thread: with more of them wide rows cost much memory and little time is won.
        return {
            "memory_limit": self.memory_limit,
            "threads": 1,
            "preserve_insertion_order": False,
            # A load of that size goes into the file at once, and not into the log beside it before.
            "checkpoint_threshold": "1MB",
            **self.connection_config,
        }

    def _connect(self) -> duckdb.DuckDBPyConnection:
        # A run has several steps that open the file: once one has waited in vain, the others need not.
        wait = 0.0 if self.place in _waited_in_vain else self.lock_wait
        deadline = time.monotonic() + wait
        pause = 0.05
        while True:
            try:
                connection = self._open()
            except duckdb.IOException as error:
                if not is_locked(error):
                    raise
                if time.monotonic() + pause > deadline:
                    _waited_in_vain.add(self.place)
                    raise
                time.sleep(pause)
                pause = min(2 * pause, 2.0)
            else:
                _waited_in_vain.discard(self.place)
                # A time without an offset means UTC, whatever machine this is.
                connection.execute("SET TimeZone = 'UTC'")
                # It would be drawn over whatever a terminal shows, or into a log.
                connection.execute("SET enable_progress_bar = false")
                return connection

    def spelling(self) -> DuckDBSpelling:
        """How it says names and values."""
        return DuckDBSpelling()

    def answer(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.get_connection() as connection:
            return connection.execute(query).fetchall()

    def _file(self) -> Path | None:
        """The file that only one process at a time can open, if there is one."""
        return Path(self.database)

    def _open(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(self.database, config=dict(self._config()))

    def _let_go(self, connection: duckdb.DuckDBPyConnection) -> None:
        """End with a connection that has done its work."""
        connection.close()

    def _said_plainly(self, error: duckdb.Error) -> WarehouseError:
        """DuckDB's error as a sentence for people."""
        return said_plainly(error, self.place)

    def _unusable(self, name: str) -> bool:  # noqa: ARG002 - of other warehouses some are
        """Whether no column can have this name."""
        return False

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        with self.get_connection() as connection:
            prepare_tables(connection, endpoints)

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        with self.get_connection() as connection:
            return read_states(connection)

    def states_at_once(self) -> Mapping[str, TableState]:
        """The same, without waiting for a lock and without making a file that is not there."""
        if (file := self._file()) is not None and not file.exists():
            return {}
        at_once = self.model_copy(update={"lock_wait": 0.0})
        with at_once.kept_open():
            at_once.prepare(())
            return at_once.states()

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing.

        Raises:
            WarehouseError: where nothing could be committed.
        """
        with self.get_connection() as connection:
            return leniently(
                connection,
                self.memory_limit,
                lambda patient: self._load(connection, batch, patient=patient),
            )

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text; a time of the row's own decides, if it has one."""
        with self.get_connection() as connection:
            existing = existing_columns(connection, table)
            selected = ", ".join(f"{quoted(name)}::VARCHAR" for name in columns)
            return connection.execute(
                f"SELECT {selected} FROM {quoted(table)} WHERE _deleted_at IS NULL "
                f"ORDER BY {quoted(newest_first(existing))} DESC NULLS LAST LIMIT {int(rows)}"
            ).fetchall()

    def replace_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Put a table of ours (`schema.table`) in place of the one before, in one transaction."""
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        marks = f"({', '.join('?' for _ in columns)})"
        left = iter(rows)
        with self.get_connection() as connection:
            # The database too: it may have the schema's name.
            table = ".".join(map(quoted, (current_database(connection), *name.split("."))))
            connection.begin()
            connection.execute(f"CREATE OR REPLACE TABLE {table} ({declared})")
            # Many rows a statement: DuckDB plans each one anew.
            while some := list(islice(left, 100)):
                values = ", ".join(marks for _ in some)
                given = [value for row in some for value in row]
                connection.execute(f"INSERT INTO {table} VALUES {values}", given)
            connection.commit()

    def _load(
        self, connection: duckdb.DuckDBPyConnection, batch: Batch, *, patient: bool
    ) -> Loaded:
        connection.begin()
        try:
            shaped = shape(
                connection,
                batch.endpoint,
                batch.landing.path,
                longest=batch.landing.longest,
                known=existing_columns(connection, batch.endpoint.table),
                unusable=self._unusable,
                patient=patient,
            )
            loaded = merge(connection, batch, shaped)
            write_state(connection, batch.state)
            connection.commit()
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # none is left where the commit itself failed
                connection.rollback()
            raise
        return loaded
