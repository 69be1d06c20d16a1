"""Reading from the DuckDB file."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rootly_assets.warehouse.ambiguity import is_ambiguous, qualified
from rootly_assets.warehouse.reading import DatasetError, Source
from rootly_assets.warehouse.signals import signals_heard


@dataclass(frozen=True)
class FileSession:
    """The file, open for reading."""

    connection: duckdb.DuckDBPyConnection

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; parameters are a sequence for `?`, or a mapping for `$name`."""
        try:
            return self._asked(query, parameters)
        except duckdb.Error as error:
            raise DatasetError(f"The query was refused. {error}") from error

    def _asked(self, query: str, parameters: Any) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(query, parameters)
        except duckdb.BinderException as error:
            if is_ambiguous(error) and (clear := qualified(self.connection, query)) is not None:
                return self.connection.execute(clear, parameters)
            raise


@contextmanager
def nothing_yet() -> Generator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory, for what is read through it; times are shown in UTC."""
    with signals_heard(), duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def in_use(path: Path) -> DatasetError:
    """The error for a file that somebody keeps to himself."""
    return DatasetError(
        f"{path} can't be opened: another process may be writing to it. Try again in a moment."
    )


@dataclass(frozen=True)
class FileSource(Source):
    """A DuckDB file."""

    path: Path

    @contextmanager
    def open(self) -> Generator[FileSession]:
        """A connection that only reads; it keeps writers out for as long as it is open.

        Raises:
            DatasetError: there is no file, or it is in use.
        """
        if not self.path.exists():
            raise DatasetError(
                f"There is no DuckDB file at {self.path}. `make refresh` makes it (`make demo` a sample); "
                "ROOTLY_DUCKDB_PATH names another."
            )
        try:
            connection = duckdb.connect(str(self.path), read_only=True)
        except duckdb.IOException as error:
            raise in_use(self.path) from error
        with signals_heard(), connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield FileSession(connection)
