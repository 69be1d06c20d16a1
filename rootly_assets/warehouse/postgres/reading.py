"""Reading from PostgreSQL: each answer is copied into a DuckDB in memory, which gives it as pandas or Arrow."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sql import quoted
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres.csv_files import copy_out, csv_source
from rootly_assets.warehouse.reading import DatasetError, Source
from rootly_assets.warehouse.scratch import scratch

if TYPE_CHECKING:
    from rootly_assets.warehouse.postgres.warehouse import PostgresWarehouse

# Types of PostgreSQL by the numbers that it knows them by; what is not here is read as text.
_TYPES = {
    16: "BOOLEAN",
    20: "BIGINT",
    21: "SMALLINT",
    23: "INTEGER",
    114: "JSON",
    700: "FLOAT",
    701: "DOUBLE",
    1082: "DATE",
    1083: "TIME",
    1114: "TIMESTAMP",
    1184: "TIMESTAMPTZ",
    # Averages and sums of whole numbers; exact ones are not ours.
    1700: "DOUBLE",
    2950: "UUID",
    3802: "JSON",
}

MEMORY = "2GB"


@dataclass(frozen=True)
class PostgresSession:
    """A transaction that only reads: all its answers are of one moment."""

    cursor: Cursor
    memory: duckdb.DuckDBPyConnection
    folder: Path
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; parameters are a sequence for `%s`, or a mapping for `%(name)s`."""
        asked = query.strip().rstrip(";")
        path = self.folder / f"{next(self.numbers)}.csv"
        try:
            if parameters is not None:
                asked = self.cursor.mogrify(asked, parameters).decode()
            # On a line of its own: the query may end in a comment.
            looked_at = f"SELECT * FROM (\n{asked}\n) AS asked LIMIT 0"
            if ";" in asked:
                _refuse_an_end(self.cursor, looked_at)
            self.cursor.execute(looked_at)
            description = self.cursor.description or ()
            longest = copy_out(self.cursor, f"\n{asked}\n", path)
        except psycopg2.Error as error:
            self.cursor.connection.rollback()
            _only_read(self.cursor)  # the next query too
            raise DatasetError(f"The query was refused. {error}") from error
        # Numbered, since an answer may have two columns of one name.
        kinds = {
            f"c{at}": _TYPES.get(column.type_code, "VARCHAR")
            for at, column in enumerate(description)
        }
        names = ", ".join(
            f"c{at} AS {quoted(column.name)}" for at, column in enumerate(description)
        )
        self.memory.execute("DROP TABLE IF EXISTS answer")
        self.memory.execute(
            f"CREATE TEMP TABLE answer AS SELECT * FROM {csv_source(path, kinds, longest)}"
        )
        path.unlink()
        return self.memory.execute(f"SELECT {names} FROM answer")


def _refuse_an_end(cursor: Cursor, looked_at: str) -> None:
    """Refuse what ends the transaction that only reads: a block runs any statement but those that do."""
    body = cursor.mogrify("BEGIN EXECUTE %s; END", (looked_at,)).decode()
    cursor.execute(cursor.mogrify("DO %s", (body,)))


def _only_read(cursor: Cursor) -> None:
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@dataclass(frozen=True)
class PostgresSource(Source):
    """A PostgreSQL database."""

    warehouse: "PostgresWarehouse"

    @contextmanager
    def open(self) -> Generator[PostgresSession]:
        """A transaction that only reads."""
        try:
            with (
                TemporaryDirectory(prefix="rootly-") as folder,
                scratch(MEMORY, Path(folder)) as memory,
                self.warehouse.transaction() as cursor,
            ):
                memory.execute("SET preserve_insertion_order = true")
                _only_read(cursor)
                yield PostgresSession(cursor, memory, Path(folder))
        except WarehouseError as error:
            raise DatasetError(str(error)) from error
