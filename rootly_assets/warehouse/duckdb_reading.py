"""Reading from the DuckDB file."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rootly_assets.installation import command
from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.ambiguity import database_of, is_ambiguous, qualified
from rootly_assets.warehouse.confinement import ConfinedSource
from rootly_assets.warehouse.errors import is_locked, said_plainly
from rootly_assets.warehouse.reading import DatasetError, Source, UnknownName
from rootly_assets.warehouse.signals import signals_heard
from rootly_assets.warehouse.tables import current_database


@dataclass(frozen=True)
class FileSession:
    """The file, open for reading."""

    connection: duckdb.DuckDBPyConnection

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; parameters are a sequence for `?`, or a mapping for `$name`."""
        try:
            return self._asked(query, parameters)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise UnknownName(f"The query was refused. {error}") from error
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


def not_opened(path: Path, error: duckdb.Error) -> DatasetError:
    """The error for a file that can't be opened: why, and the remedy; most often somebody writes to it."""
    # The second one is what a connection of this very process gets.
    if is_locked(error) or isinstance(error, duckdb.BinderException):
        return DatasetError(
            f"{path} can't be opened: another process may be writing to it. Try again in a moment."
        )
    return DatasetError(str(said_plainly(error, str(path))))


def holds_tables(path: Path) -> bool:
    """Whether a DuckDB file has anything to look at; one that somebody writes to will have.

    Raises:
        DatasetError: it is no DuckDB file.
    """
    if not path.exists():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    except duckdb.IOException as error:
        if is_locked(error):
            return True
        raise not_opened(path, error) from error
    return found != (0,)


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    """A file under the name that its views know: dbt writes it into them, and a copy is called otherwise."""
    connection = duckdb.connect(str(path), read_only=True)
    name = _name_in_views(connection)
    if name is None or name.lower() == current_database(connection).lower():
        return connection
    connection.close()
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS {quoted(name)} (READ_ONLY)")
        connection.execute(f"USE {quoted(name)}")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _name_in_views(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What the database was called when its views were made; None where there are none."""
    views = connection.execute(
        "SELECT sql FROM duckdb_views() WHERE schema_name = 'staging'"
    ).fetchall()
    names = (database_of(connection, sql.partition(" AS ")[2]) for (sql,) in views)
    return next(filter(None, names), None)


@dataclass(frozen=True)
class FileSource(Source):
    """A DuckDB file."""

    path: Path

    @contextmanager
    def open(self) -> Generator[FileSession]:
        """A connection that only reads; it keeps writers out for as long as it is open.

        Raises:
            DatasetError: there is no file, it is in use, or none of DuckDB's.
        """
        if not self.path.exists():
            raise DatasetError(
                f"There is no DuckDB file at {self.path}. `{command('refresh')}` makes it "
                f"(`{command('demo')}` a sample); ROOTLY_DUCKDB_PATH names another."
            )
        try:
            connection = _opened(self.path)
        except (duckdb.IOException, duckdb.BinderException) as error:
            raise not_opened(self.path, error) from error
        with signals_heard(), connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield FileSession(connection)

    def confined(self) -> ConfinedSource:
        """The same, and no other file or address."""
        return ConfinedSource(self)
