"""Reading a warehouse back: queries in its own dialect, answers as relations of DuckDB."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

import duckdb

from rootly_assets.sync.columns import quoted


class DatasetError(Exception):
    """The warehouse can't be read; says what to do about it."""


class Session(Protocol):
    """A warehouse that is open for reading."""

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query, to be fetched before the next one is asked.

        Raises:
            DatasetError: the query is refused.
        """
        ...


class Source(Protocol):
    """Where a dataset is read from."""

    def named(self, name: str) -> str:
        """A table with its schema, as a query names it: quoted as the standard has it."""
        return ".".join(map(quoted, name.split(".")))

    def open(self) -> AbstractContextManager[Session]:
        """A session that only reads.

        Raises:
            DatasetError: the warehouse is not there, or busy.
        """
        ...
