"""What people ask in a browser: one SELECT at a time, of the warehouse and of no other file or address."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from rootly_assets.sql import literal
from rootly_assets.warehouse.reading import DatasetError, Source

if TYPE_CHECKING:
    from rootly_assets.warehouse.duckdb_reading import FileSession


class _OfDuckDB(Source, Protocol):
    """A source that DuckDB itself reads."""

    def open(self) -> AbstractContextManager["FileSession"]: ...


@dataclass(frozen=True)
class ConfinedSession:
    """A session that answers nothing but a SELECT."""

    session: "FileSession"

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; a statement that is none is refused."""
        # A SELECT changes neither tables nor files, nor a setting; COPY, PRAGMA and EXPLAIN ANALYZE can.
        if not _is_one_select(self.session.connection, query):
            raise DatasetError("The query was refused. It should be one SELECT.")
        return self.session.execute(query, parameters)


def _is_one_select(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise DatasetError(f"The query was refused. {error}") from error
    return [each.type for each in statements] == [duckdb.StatementType.SELECT]


@dataclass(frozen=True)
class ConfinedSource(Source):
    """A source that shows what it has, and nothing else of this machine.

    Attributes:
        source: what is confined.
        places: folders and buckets in which it reads files while it is asked.
        reads_elsewhere: whether it has to be let read files and addresses: MotherDuck's is its own extension's
            affair, and was not tried.
    """

    source: _OfDuckDB
    places: tuple[str, ...] = ()
    reads_elsewhere: bool = False

    @contextmanager
    def open(self) -> Generator[ConfinedSession]:
        """A session that can't look elsewhere, not even when it is asked to.

        DuckDB keeps this for a database, not for a connection: whoever has the same file open in this process
        is confined too, until all of them have closed it.

        Raises:
            DatasetError: the warehouse is not there, or busy.
        """
        with self.source.open() as session:
            if not self.reads_elsewhere:
                self._keep_in(session.connection)
            yield ConfinedSession(session)

    def _keep_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        if self.places:
            folders = ", ".join(map(literal, self.places))
            connection.execute(f"SET allowed_directories = [{folders}]")
        connection.execute("SET enable_external_access = false")
