"""A connection to a cloud warehouse through dlt, and the schema of its own in which rows wait to be merged."""

import contextlib
import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from rootly_assets.catalogue import ColumnType
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.errors import told

# Schemas of this name, and a time and a number, hold rows for as long as a session lasts.
STAGE = "rootly_stage"

_DLT_TYPES = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "double",
    ColumnType.BOOLEAN: "bool",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DATE: "date",
    # Parsed by the warehouse once it is there: not every one takes JSON from a file.
    ColumnType.JSON: "text",
}


class Session:
    """An open connection; `opened` makes one."""

    def __init__(self, dialect: Dialect, place: str, pipeline: Any, client: Any) -> None:
        self.dialect = dialect
        self.schema: str = client.dataset_name
        self._place = place
        self._pipeline = pipeline
        self._client = client
        self._stages = 0
        self._has_schema = False

    @contextmanager
    def told(self) -> Generator[None]:
        """Errors of the block's as sentences.

        Raises:
            WarehouseError: where the warehouse refuses, or is gone.
        """
        with told(self.dialect, self._place):
            yield

    def run(self, statement: str) -> None:
        """Run a statement."""
        with self.told(), self._client.execute_query(statement):
            pass

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        with self.told():
            return [tuple(row) for row in self._client.execute_sql(query) or ()]

    def arrow(self, query: str) -> Any:
        """The answer to a query, as an Arrow table."""
        with self.told(), self._client.execute_query(query) as cursor:
            names = [column[0] for column in cursor.description or ()]
            answer: Any = cursor.arrow()
        if answer is None:  # some clients make no table of nothing
            pa: Any = import_module("pyarrow")
            return pa.table({name: pa.array([], pa.string()) for name in names})
        return answer

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All of the block is committed, or nothing; Databricks commits each statement."""
        with self.told(), self._client.begin_transaction():
            try:
                yield
            except BaseException as error:
                # dlt rolls back by itself, but not where a run is ended: to drop the stage would commit what is
                # half done.
                if not isinstance(error, Exception):
                    self._client.rollback_transaction()
                raise

    def staged(self, rows: Any, columns: Mapping[str, ColumnType]) -> tuple[str, dict[str, str]]:
        """Bring rows into a table that lasts as long as the session.

        Args:
            rows: a reader of Arrow batches, whose columns are in the order of `columns`.
            columns: names and types; JSON comes as text.

        Returns:
            The table, and the column of each name: plain ones, which no rule of the warehouse's can change.
        """
        plain = {name: f"c{at}" for at, name in enumerate(columns)}
        names = {name: self.dialect.name(column) for name, column in plain.items()}
        first = next(rows, None)
        if first is None:  # dlt makes no table of nothing
            table = self.scratch()
            kinds = (f"{names[name]} {self._type(kind)}" for name, kind in columns.items())
            self.run(f"CREATE TABLE {table} ({', '.join(kinds)})")
            return table, names
        table = self.next_stage()
        self._load(table, chain((first,), rows), {plain[name]: columns[name] for name in columns})
        return self.dialect.table(table, self.schema), names

    def _type(self, kind: ColumnType) -> str:
        return self.dialect.types[ColumnType.TEXT if kind is ColumnType.JSON else kind]

    def _load(self, table: str, rows: Iterable[Any], columns: Mapping[str, ColumnType]) -> None:
        import dlt

        formats = self.dialect.capabilities.supported_loader_file_formats
        hints: Any = {
            name: {"data_type": _DLT_TYPES[kind], "nullable": True}
            for name, kind in columns.items()
        }

        def batches() -> Iterator[Any]:
            for batch in rows:
                yield batch.rename_columns(list(columns))

        with self.told():
            self._pipeline.run(
                dlt.resource(batches, name=table, write_disposition="append", columns=hints),
                loader_file_format="parquet" if "parquet" in formats else None,
            )
        self._has_schema = True

    def next_stage(self) -> str:
        """A name for a table that nobody has used yet."""
        self._stages += 1
        return f"t{self._stages}"

    def scratch(self) -> str:
        """The same, in the schema that lasts as long as the session, which is made if need be."""
        if not self._has_schema:
            self.run(f"CREATE SCHEMA IF NOT EXISTS {self.dialect.name(self.schema)}")
            self._has_schema = True
        return self.dialect.table(self.next_stage(), self.schema)

    def close(self) -> None:
        """Drop what the session has left."""
        if self._has_schema:
            with self.told():
                self._client.drop_dataset()


@contextmanager
def opened(dialect: Dialect, place: str, destination: Any) -> Generator[Session]:
    """Connect.

    Args:
        dialect: which warehouse it is.
        place: where it is, for people.
        destination: dlt's destination, with credentials.

    Raises:
        WarehouseError: where the warehouse can't be reached.
    """
    # dlt tells its makers of every run otherwise.
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")
    import dlt

    name = f"{STAGE}_{datetime.now(UTC):%Y%m%d%H%M%S}_{uuid4().hex[:8]}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="rootly-")))
        with told(dialect, place, connecting=True):
            pipeline = dlt.pipeline(
                STAGE, destination=destination, dataset_name=name, pipelines_dir=str(folder)
            )
            pipeline.config.restore_from_destination = False
            opening: Any = pipeline.sql_client()
            client = stack.enter_context(opening)
        session = Session(dialect, place, pipeline, client)
        try:
            yield session
        except BaseException:
            with contextlib.suppress(Exception):  # what went wrong first is what counts
                session.close()
            raise
        session.close()
