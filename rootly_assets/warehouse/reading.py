"""Reading a warehouse back: queries in its own dialect, answers as relations of DuckDB."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb

from rootly_assets.sql import quoted


class DatasetError(Exception):
    """The warehouse can't be read; says what to do about it."""


class UnknownName(DatasetError):  # noqa: N818 - said as what it is
    """The query names a table or a column that the warehouse does not have."""


class Session(Protocol):
    """A warehouse that is open for reading."""

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query, to be fetched before the next one is asked.

        Raises:
            UnknownName: it names what is not there.
            DatasetError: the query is refused for another reason.
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

    def confined(self) -> "Source":
        """The same for what is asked in a browser; a database server reads no files of this machine anyway."""
        return self


@dataclass(frozen=True)
class Opened(Source):
    """A source whose session is open already, for all that is read from it."""

    source: Source
    session: Session

    def named(self, name: str) -> str:
        """As the source has it."""
        return self.source.named(name)

    def translated(self, query: str) -> str:
        """As the source has it."""
        return self.source.translated(query)

    def confined(self) -> Source:
        """As the source has it, and opened for itself: what has been opened is not confined."""
        return self.source.confined()

    @contextmanager
    def open(self) -> Generator[Session]:
        """The same session each time; who opened it closes it."""
        yield self.session
