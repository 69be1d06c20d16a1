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


# Functions that stand where a table would: all of them give values, or tell of tables. Of others some delete a
# lake's files, run SQL on its catalog's server or write logs, although they are asked by a SELECT.
FUNCTIONS = frozenset(
    {
        *("generate_series", "range", "unnest", "json_each", "json_tree"),
        *(
            "duckdb_columns",
            "duckdb_functions",
            "duckdb_tables",
            "duckdb_views",
            "pragma_table_info",
        ),
        *("ducklake_snapshots", "ducklake_table_changes", "ducklake_table_info"),
        *("ducklake_table_deletions", "ducklake_table_insertions"),
    }
)

# What would say settings: an extension may keep a key or a token among them.
_SETTINGS = frozenset({"current_setting", "pg_settings"})

# The database that DuckLake attaches beside a lake: everything on the catalog's server that its user may read.
_CATALOG = "__ducklake_metadata_"

# What a query names, as DuckDB's parser has it: to bind it would be to run some of its functions.
_NAMED = """
SELECT parsed ->> '$.error_message', json_extract_string(parsed, '$..function.function_name'),
    json_extract_string(parsed, '$..function_name') || json_extract_string(parsed, '$..table_name')
        || json_extract_string(parsed, '$..schema_name') || json_extract_string(parsed, '$..catalog_name')
FROM (SELECT json_serialize_sql($1::VARCHAR) AS parsed)
"""


@dataclass(frozen=True)
class ConfinedSession:
    """A session that answers nothing but a SELECT."""

    session: "FileSession"

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; what is none, or would do more than answer, is refused."""
        connection = self.session.connection
        # A SELECT changes neither tables nor files, nor a setting; COPY, PRAGMA and EXPLAIN ANALYZE can.
        if not _is_one_select(connection, query):
            raise DatasetError("The query was refused. It should be one SELECT.")
        _refuse_more_than_an_answer(connection, query)
        return self.session.execute(query, parameters)


def _is_one_select(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise DatasetError(f"The query was refused. {error}") from error
    return [each.type for each in statements] == [duckdb.StatementType.SELECT]


def _refuse_more_than_an_answer(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    row = connection.execute(_NAMED, [query]).fetchone()
    assert row is not None, "it has no table, and so one row"
    wrong, functions, names = row
    if wrong:
        raise DatasetError(f"The query was refused. {wrong}")
    for name in functions:
        if name.lower() not in FUNCTIONS:
            raise DatasetError(
                f"The query was refused. It asks {name}() for rows. Here they may come from tables, views and "
                f"the functions {', '.join(sorted(FUNCTIONS))}."
            )
    if any(name.lower() in _SETTINGS or name.lower().startswith(_CATALOG) for name in names):
        raise DatasetError(
            "The query was refused. Settings, and the tables of a lake's catalog, are not shown here."
        )


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
