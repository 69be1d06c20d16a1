"""Reading from PostgreSQL: each answer is copied into a DuckDB in memory, which gives it as pandas or Arrow."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sql import quoted
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres.confinement import refusal, refuse_a_script, refuse_power
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
            # Otherwise it could end the transaction that only reads.
            refuse_a_script(self.cursor, looked_at)
            self.cursor.execute(looked_at)
            description = self.cursor.description or ()
            longest = copy_out(self.cursor, f"\n{asked}\n", path)
        except (psycopg2.Error, DatasetError) as error:
            self.cursor.connection.rollback()
            _only_read(self.cursor)  # the next query too
            if isinstance(error, psycopg2.Error):
                raise refusal(error) from error
            raise
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


def _only_read(cursor: Cursor) -> None:
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@dataclass(frozen=True)
class PostgresSource(Source):
    """A PostgreSQL database.

    Attributes:
        warehouse: where it is.
        is_confined: whether it is asked by whoever sits at a browser.
    """

    warehouse: "PostgresWarehouse"
    is_confined: bool = False

    @contextmanager
    def open(self) -> Generator[PostgresSession]:
        """A transaction that only reads.

        Raises:
            DatasetError: the server is not there, or the role has more power than a browser may have.
        """
        try:
            with (
                TemporaryDirectory(prefix="rootly-") as folder,
                scratch(MEMORY, Path(folder)) as memory,
                self.warehouse.transaction() as cursor,
            ):
                memory.execute("SET preserve_insertion_order = true")
                _only_read(cursor)
                if self.is_confined:
                    refuse_power(cursor)
                yield PostgresSession(cursor, memory, Path(folder))
                # Nothing is committed: before PostgreSQL 16 a SELECT makes large objects in spite of all that.
                cursor.connection.rollback()
        except WarehouseError as error:
            raise DatasetError(str(error)) from error

    def confined(self) -> "PostgresSource":
        """The same, unless its role has power over the server."""
        return replace(self, is_confined=True)
