"""A cloud warehouse as the project's: rows come by dlt, and are merged with their state."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import duckdb
import msgspec
from pydantic import Field, PrivateAttr

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.shaping.columns import DELETED_AT, column_type
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.merge import absent, apply, changes
from rootly_assets.warehouse.cloud.reading import CloudSource
from rootly_assets.warehouse.cloud.session import Session, opened
from rootly_assets.warehouse.cloud.stage import Staged, brought, stage
from rootly_assets.warehouse.cloud.state_table import read_states, write_state
from rootly_assets.warehouse.cloud.tables import add_column, existing_tables, prepare_tables, put
from rootly_assets.warehouse.errors import WarehouseError, said_plainly
from rootly_assets.warehouse.lookups import Lookups
from rootly_assets.warehouse.newest import newest_first
from rootly_assets.warehouse.scratch import scratch
from rootly_assets.warehouse.state_table import STATE_TABLE


class CloudWarehouse(Lookups, dg.ConfigurableResource["CloudWarehouse"]):
    """The warehouse of the project in a cloud, as a Dagster resource; each cloud has its own class."""

    memory_limit: str = Field(
        default="256MB",
        description="Memory that DuckDB may use while it shapes rows; it spills to disk beyond that.",
    )

    _held: Session | None = PrivateAttr(default=None)
    _tables: dict[str, dict[str, ColumnType]] | None = PrivateAttr(default=None)

    @property
    def place(self) -> str:
        """Where it is, in a word for people."""
        raise NotImplementedError

    def dialect(self) -> Dialect:
        """How it says things."""
        raise NotImplementedError

    def destination(self) -> Any:
        """The same place for dlt."""
        raise NotImplementedError

    def obstacle(self) -> str | None:
        """What keeps it from being opened, where its own client would say so late or unclearly."""
        return None

    def reading(self) -> CloudSource:
        """Where its tables and models are read from."""
        return CloudSource(self)

    @contextmanager
    def session(self) -> Generator[Session]:
        """An open connection: inside of `kept_open` the one that is open already.

        Raises:
            WarehouseError: where the warehouse can't be reached.
        """
        if self._held is not None:
            yield self._held
            return
        if obstacle := self.obstacle():
            raise WarehouseError(obstacle)
        with opened(self.dialect(), self.place, self.destination()) as session:
            yield session

    @contextmanager
    def kept_open(self) -> Generator[None]:
        """Use one connection for everything in the block."""
        if self._held is not None:
            yield
            return
        with self.session() as session:
            self._held = session
            try:
                yield
            finally:
                self._held = None
                self._tables = None

    def spelling(self) -> Dialect:
        """How it says names and values."""
        return self.dialect()

    def answer(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.session() as session:
            return session.rows(query)

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        with self.session() as session:
            prepare_tables(session, endpoints, self.memory_limit)
            self._tables = None

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        with self.session() as session:
            return read_states(session)

    def states_at_once(self) -> Mapping[str, TableState]:
        """The same, without making what is not there, nor what an older version had not."""
        with self.session() as session:
            present = existing_tables(session).get(STATE_TABLE)
            return {} if present is None else read_states(session, present)

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state: in one transaction where the warehouse has any, else the state last.

        Raises:
            WarehouseError: where not all could be committed; loading the batch again then gives the same rows.
        """
        table = batch.endpoint.table
        with self.session() as session:
            present = self._existing(session).get(table, {})
            try:
                staged = stage(session, batch, present, self.memory_limit)
            except (duckdb.Error, UnicodeDecodeError) as error:
                shaping = error if isinstance(error, duckdb.Error) else duckdb.Error(str(error))
                raise said_plainly(shaping, self.place) from error
            for attribute in staged.undeclared:
                if attribute not in present:
                    add_column(session, table, attribute, staged.columns[attribute])
                    present[attribute] = staged.columns[attribute]
            left_out = absent(session, batch, staged) if batch.only_marks else ()
            found = changes(session, batch, staged)
            changed, counts = found or (None, dict[str, int]())
            with session.transaction():
                if changed and counts:
                    apply(session, batch, staged, changed)
                write_state(session, batch.state)
            counted = _counted(session, table, staged, counts)
            return msgspec.structs.replace(counted, absent=left_out)

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text; a time of the row's own decides, if it has one."""
        with self.session() as session:
            dialect = session.dialect
            existing = self._existing(session).get(table, {})
            selected = ", ".join(
                dialect.said.format(dialect.name(name))
                if existing[name] is ColumnType.JSON
                else dialect.as_text(dialect.name(name))
                for name in columns
            )
            order = dialect.name(newest_first(existing))
            found = session.rows(
                f"SELECT {selected} FROM {dialect.table(table)} WHERE {dialect.name(DELETED_AT)} IS NULL "
                f"ORDER BY {order} DESC NULLS LAST LIMIT {int(rows)}"
            )
        return list(found)

    def replace_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Put a table of ours (`schema.table`) in place of the one before."""
        schema, table = name.split(".")
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        marks = ", ".join("?" for _ in columns)
        with (
            self.session() as session,
            TemporaryDirectory(prefix="rootly-") as folder,
            scratch(self.memory_limit, Path(folder)) as memory,
        ):
            memory.execute(f"CREATE TABLE given ({declared})")
            if given := list(rows):
                memory.executemany(f"INSERT INTO given VALUES ({marks})", given)
            found = memory.execute("DESCRIBE given").fetchall()
            kinds = {str(row[0]): column_type(str(row[1])) for row in found}
            staged, names = brought(session, memory, "SELECT * FROM given", kinds)
            dialect = session.dialect
            selected = ", ".join(f"{names[each]} AS {dialect.name(each)}" for each in columns)
            session.run(f"CREATE SCHEMA IF NOT EXISTS {dialect.name(schema)}")
            put(session, dialect.table(table, schema), f"SELECT {selected} FROM {staged}")

    def _existing(self, session: Session) -> dict[str, dict[str, ColumnType]]:
        """Columns of all raw tables; asked once for as long as the connection is kept open."""
        if self._held is None:
            return existing_tables(session)
        if self._tables is None:
            self._tables = existing_tables(session)
        return self._tables


def _counted(session: Session, table: str, staged: Staged, counts: Mapping[str, int]) -> Loaded:
    dialect = session.dialect
    identity, deleted = dialect.name("id"), dialect.name(DELETED_AT)
    ((stored, distinct, with_id, gone),) = session.rows(
        f"SELECT count(*), count(DISTINCT {identity}), count({identity}), count({deleted}) "
        f"FROM {dialect.table(table)}"
    )
    return Loaded(
        rows=int(stored - gone),
        received=staged.received,
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        vanished=counts.get("vanished", 0),
        rescued=staged.rescued,
        duplicate_ids=int(with_id - distinct),
        null_ids=int(stored - with_id),
        undeclared=staged.undeclared,
    )
