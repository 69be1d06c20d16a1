"""Creates raw tables, and brings those of an older catalogue up to date without losing a value."""

from collections.abc import Iterable

import duckdb

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sql import literal, quoted
from rootly_assets.sync.shaping.columns import (
    RESCUED,
    RESERVED,
    SQL_TYPES,
    column_type,
    retyped,
    table_columns,
)
from rootly_assets.warehouse.state_table import CREATE, STATE_COLUMNS, STATE_TABLE, forget

SCHEMA = "rootly"


def use_raw_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Make plain table names mean those of the raw schema.

    A qualified name would be ambiguous in a file named rootly.duckdb, whose database has the schema's name.
    """
    schema = f"{quoted(current_database(connection))}.{quoted(SCHEMA)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"USE {schema}")


def current_database(connection: duckdb.DuckDBPyConnection) -> str:
    """The database in which plain names are looked for."""
    row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None, "there always is a current database"
    return row[0]


def existing_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Columns of a table with their SQL types, in order; none where it does not exist."""
    # Of `duckdb_columns()` all tables would be looked at for the one that is asked for.
    try:
        found = connection.execute(
            f"SELECT name, type FROM pragma_table_info({literal(quoted(table))}) ORDER BY cid"
        )
    except duckdb.CatalogException:
        return {}
    return dict(found.fetchall())


def _all_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Columns of all raw tables at once: asking for one table costs as much."""
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() "
        f"AND schema_name = {literal(SCHEMA)} ORDER BY column_index"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def prepare_tables(connection: duckdb.DuckDBPyConnection, endpoints: Iterable[Endpoint]) -> None:
    """Make every table exist with its declared columns, in one transaction."""
    connection.begin()
    connection.execute(CREATE)
    columns = _all_columns(connection)
    for name in STATE_COLUMNS.keys() - columns[STATE_TABLE].keys():  # of an older version
        kind = SQL_TYPES[STATE_COLUMNS[name]]
        connection.execute(f"ALTER TABLE {STATE_TABLE} ADD COLUMN {name} {kind}")
    new: list[str] = []
    for endpoint in endpoints:
        existing = columns.get(endpoint.table)
        if not existing:
            _create(connection, endpoint)
            new.append(endpoint.table)
        else:
            _update(connection, endpoint, existing)
    if new:
        # Somebody may have dropped one that had been read.
        forget(connection, new)
    connection.commit()


def _create(connection: duckdb.DuckDBPyConnection, endpoint: Endpoint) -> None:
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in table_columns(endpoint).items())
    connection.execute(f"CREATE TABLE {quoted(endpoint.table)} ({columns})")
    connection.execute(
        f"COMMENT ON TABLE {quoted(endpoint.table)} IS {literal(endpoint.description)}"
    )


def _update(
    connection: duckdb.DuckDBPyConnection, endpoint: Endpoint, existing: dict[str, str]
) -> None:
    present = {name.lower(): column_type(kind) for name, kind in existing.items()}
    table = quoted(endpoint.table)
    for name, kind in table_columns(endpoint).items():
        if name.lower() not in present:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")
    for name, kind in endpoint.columns.items():
        if name.lower() not in RESERVED and present.get(name.lower(), kind) is not kind:
            _convert(connection, table, name, present[name.lower()], kind)
    for name in existing:
        if name in endpoint.secrets:  # it was stored before anybody knew what it is
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {quoted(name)}")


def _convert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    name: str,
    before: ColumnType,
    after: ColumnType,
) -> None:
    """Give a column another type: what fits moves over, what doesn't goes to `_rescued`."""
    column = quoted(name)
    text, value = retyped(column, before, after)
    rescued = (
        f"CASE WHEN {column} IS NOT NULL AND {value} IS NULL THEN json_merge_patch("
        f"coalesce({RESCUED}, '{{}}'), json_object({literal(name)}, {text}))::JSON ELSE {RESCUED} END"
    )
    if _is_ducklake(connection):
        # It changes types only where every value fits by itself.
        converted = quoted(f"{name}_converted")
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {converted} {SQL_TYPES[after]}")
        connection.execute(f"UPDATE {table} SET {converted} = {value}, {RESCUED} = {rescued}")
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute(f"ALTER TABLE {table} RENAME COLUMN {converted} TO {column}")
        return
    # Not an UPDATE: DuckDB can't commit one together with the change of type.
    connection.execute(
        f"ALTER TABLE {table} ALTER COLUMN {RESCUED} SET DATA TYPE JSON USING {rescued}"
    )
    connection.execute(
        f"ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE {SQL_TYPES[after]} USING {value}"
    )


def _is_ducklake(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(
        "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone() == ("ducklake",)
