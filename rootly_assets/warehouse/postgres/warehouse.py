"""PostgreSQL as the project's warehouse: rows and state in one transaction."""

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import duckdb
import psycopg2
from psycopg2.errors import NumericValueOutOfRange
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class
from pydantic import Field, PrivateAttr

from rootly_assets.catalogue import Endpoint
from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.shaping.columns import DELETED_AT
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.errors import said_plainly as said_of_shaping
from rootly_assets.warehouse.lookups import Lookups
from rootly_assets.warehouse.newest import newest_first
from rootly_assets.warehouse.postgres.errors import not_connected, said_plainly
from rootly_assets.warehouse.postgres.merge import merge
from rootly_assets.warehouse.postgres.names import folded
from rootly_assets.warehouse.postgres.reading import PostgresSource
from rootly_assets.warehouse.postgres.spelling import PostgresSpelling
from rootly_assets.warehouse.postgres.stage import stage
from rootly_assets.warehouse.postgres.state_table import read_states, write_state
from rootly_assets.warehouse.postgres.tables import (
    Column,
    existing_tables,
    prepare_tables,
    qualified,
)
from rootly_assets.warehouse.storable import quote_endless_numbers

# A server that restarts is back within moments; one that is not there is not worth a long wait.
CONNECT_TRIES = 3


class PostgresWarehouse(Lookups, dg.ConfigurableResource["PostgresWarehouse"]):
    """The warehouse of the project in a PostgreSQL database, as a Dagster resource."""

    host: str = Field(description="Host name, address, or folder of the server's socket.")
    port: int = Field(default=5432, description="Port of the server.")
    database: str = Field(description="The database; best one that nothing else uses.")
    user: str = Field(description="A user that may create schemas in it.")
    password: str = Field(
        default="",
        description="The user's password; without it libpq looks into ~/.pgpass.",
        repr=False,
    )
    sslmode: str = Field(default="prefer", description="As in libpq: disable … verify-full.")
    memory_limit: str = Field(
        default="256MB",
        description="Memory that DuckDB may use while it shapes rows; it spills to disk beyond that.",
    )
    lock_wait: float = Field(
        default=60.0, description="Seconds to wait for another session to let go of a table."
    )

    _held: Connection | None = PrivateAttr(default=None)

    @property
    def place(self) -> str:
        """Host, port and database."""
        return f"{self.host}:{self.port}/{self.database}"

    def reading(self) -> PostgresSource:
        """Where its tables and models are read from."""
        return PostgresSource(self)

    @contextmanager
    def kept_open(self) -> Generator[None]:
        """Use one connection for everything in the block."""
        if self._held is not None:
            yield
            return
        connection = self._connect()
        self._held = connection
        try:
            yield
        finally:
            self._held = None
            connection.close()

    @contextmanager
    def transaction(self) -> Generator[Cursor]:
        """All of the block is committed, or nothing.

        Raises:
            WarehouseError: where the server can't be reached, or a statement fails.
        """
        with self.kept_open():
            connection = self._held
            assert connection is not None, "it is kept open"
            try:
                with connection, connection.cursor() as cursor:
                    yield cursor
            except psycopg2.Error as error:
                raise said_plainly(error, self.place) from error

    def spelling(self) -> PostgresSpelling:
        """How it says names and values."""
        return PostgresSpelling()

    def answer(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.transaction() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        with self.transaction() as cursor:
            prepare_tables(cursor, endpoints, self.memory_limit)

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        with self.transaction() as cursor:
            return read_states(cursor)

    def states_at_once(self) -> Mapping[str, TableState]:
        """The same, without waiting for other sessions and without making what is not there."""
        with self.transaction() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 1000")
            cursor.execute("SELECT to_regclass('rootly._rootly_sync') IS NOT NULL")
            return read_states(cursor) if cursor.fetchone() == (True,) else {}

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing.

        Raises:
            WarehouseError: where nothing could be committed.
        """
        try:
            return self._load(batch)
        except WarehouseError as error:
            if not isinstance(error.__cause__, NumericValueOutOfRange):
                raise
        # Not at first: to look at every number takes a fifth as long as to load them.
        quote_endless_numbers(batch.landing.path)
        return self._load(batch)

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text; a time of the row's own decides, if it has one."""
        with self.transaction() as cursor:
            existing = {column.name for column in _existing(cursor, table)}
            selected = ", ".join(f"{quoted(folded(name))}::text" for name in columns)
            cursor.execute(
                f"SELECT {selected} FROM {qualified(table)} WHERE {DELETED_AT} IS NULL "
                f"ORDER BY {quoted(newest_first(existing))} DESC NULLS LAST LIMIT {int(rows)}"
            )
            return cursor.fetchall()

    def replace_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Put a table of ours (`schema.table`) in place of the one before, in one transaction."""
        schema, table = (quoted(part) for part in name.split("."))
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        marks = ", ".join("%s" for _ in columns)
        with self.transaction() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            cursor.execute(f"DROP TABLE IF EXISTS {schema}.{table}")
            cursor.execute(f"CREATE TABLE {schema}.{table} ({declared})")
            cursor.executemany(f"INSERT INTO {schema}.{table} VALUES ({marks})", list(rows))

    def _load(self, batch: Batch) -> Loaded:
        table = batch.endpoint.table
        csv = None
        try:
            with self.transaction() as cursor:
                # One load of a table at a time; those who read it don't wait.
                cursor.execute(f"LOCK TABLE {qualified(table)} IN SHARE ROW EXCLUSIVE MODE")
                existing = _existing(cursor, table)
                staged = stage(batch, existing, self.memory_limit)
                csv = staged.csv
                loaded = merge(cursor, batch, staged, existing)
                write_state(cursor, batch.state)
        except (duckdb.Error, UnicodeDecodeError) as error:
            shaping = error if isinstance(error, duckdb.Error) else duckdb.Error(str(error))
            raise said_of_shaping(shaping, self.place) from error
        finally:
            if csv is not None:
                csv.unlink(missing_ok=True)
        return loaded

    def _connect(self) -> Connection:
        for tries_left in reversed(range(CONNECT_TRIES)):
            try:
                connection = psycopg2.connect(
                    host=self.host,
                    port=self.port,
                    dbname=self.database,
                    user=self.user,
                    password=self.password or None,
                    sslmode=self.sslmode,
                    client_encoding="UTF8",
                    application_name="rootly-assets",
                    connect_timeout=10,
                )
            except psycopg2.Error as error:
                refused = "authentication" in str(error) or "does not exist" in str(error)
                if refused or not tries_left:
                    raise not_connected(error, self.place) from error
                time.sleep(1)
                continue
            with connection, connection.cursor() as cursor:
                # A time without an offset means UTC, whatever server this is.
                cursor.execute("SET TIME ZONE 'UTC'")
                cursor.execute("SET datestyle = 'ISO, YMD'")
                cursor.execute(f"SET lock_timeout = {int(1000 * self.lock_wait)}")
            return connection
        raise AssertionError("the last try has returned or raised")


def _existing(cursor: Cursor, table: str) -> list[Column]:
    return existing_tables(cursor).get(table, [])
