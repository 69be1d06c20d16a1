"""Reading a warehouse back: queries in its own dialect, answers as relations of DuckDB."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Translating:
    """A session that is asked in words that DuckDB and PostgreSQL share, whatever the warehouse is."""

    session: Session
    source: "Source"

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer, as of any session."""
        return self.session.execute(self.source.translated(query), parameters)


class Source(Protocol):
    """Where a dataset is read from."""

    def named(self, name: str) -> str:
        """A table with its schema, as a query names it: quoted as the standard has it."""
        return ".".join(map(quoted, name.split(".")))

    def translated(self, query: str) -> str:
        """A query in words that DuckDB and PostgreSQL share, in the warehouse's own."""
        return query

    def open(self) -> AbstractContextManager[Session]:
        """A session that only reads.

        Raises:
            DatasetError: the warehouse is not there, or busy.
        """
        ...
