"""Creates raw tables, and brings those of an older catalogue up to date without losing a value."""

from collections.abc import Iterable

import duckdb

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.columns import quoted, table_columns, typed
from rootly_assets.warehouse.state_table import CREATE

SCHEMA = "rootly"


def use_raw_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Make plain table names mean those of the raw schema.

    A qualified name would be ambiguous in a file named rootly.duckdb, whose database has the schema's name.
    """
    row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None, "there always is a current database"
    schema = f"{quoted(row[0])}.{quoted(SCHEMA)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"USE {schema}")


def existing_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Columns of a table with their SQL types, in order; none where it does not exist."""
    return dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = current_database() AND schema_name = ? AND table_name = ? "
            "ORDER BY column_index",
            [SCHEMA, table],
        ).fetchall()
    )


def prepare_tables(connection: duckdb.DuckDBPyConnection, endpoints: Iterable[Endpoint]) -> None:
    """Make every table exist with its declared columns, in one transaction."""
    connection.begin()
    connection.execute(CREATE)
    for endpoint in endpoints:
        existing = existing_columns(connection, endpoint.table)
        if not existing:
            _create(connection, endpoint)
        else:
            _update(connection, endpoint, existing)
    connection.commit()


def _create(connection: duckdb.DuckDBPyConnection, endpoint: Endpoint) -> None:
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in table_columns(endpoint).items())
    connection.execute(f"CREATE TABLE {quoted(endpoint.table)} ({columns})")
    connection.execute(
        f"COMMENT ON TABLE {quoted(endpoint.table)} IS "
        f"'{endpoint.description.replace(chr(39), chr(39) * 2)}'"
    )


def _update(
    connection: duckdb.DuckDBPyConnection, endpoint: Endpoint, existing: dict[str, str]
) -> None:
    by_lower = {name.lower(): kind for name, kind in existing.items()}
    table = quoted(endpoint.table)
    for name, kind in table_columns(endpoint).items():
        # DuckDB says "TIMESTAMP WITH TIME ZONE" for what was declared as TIMESTAMPTZ.
        present = by_lower.get(name.lower())
        if present is None:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")
        elif name in endpoint.columns and present == "JSON" and kind != "JSON":
            # The attribute was undeclared so far; what fits its new type moves over.
            value = typed(f"({quoted(name)} ->> '$')", endpoint.columns[name])
            connection.execute(
                f"ALTER TABLE {table} ALTER COLUMN {quoted(name)} SET DATA TYPE {kind} USING {value}"
            )
