"""States as files of their own, `_rootly_sync/<table>.json`: where nothing changed, no rows need be written.

A state counts for the version of the rows that it names. Rows come first: where a process ends before the state
is written, the version that the state names is not the one that is there, and the state inside the rows counts.
"""

from collections.abc import Mapping

import duckdb

from rootly_assets.sql import constant, literal
from rootly_assets.sync.shaping.columns import SQL_TYPES
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.filesystem.files import listed, write_file
from rootly_assets.warehouse.filesystem.written import Written
from rootly_assets.warehouse.state_table import STATE_COLUMNS, STATE_TABLE

_KINDS = {name: SQL_TYPES[kind] for name, kind in STATE_COLUMNS.items()}
_FIELDS = TableState.__struct_fields__


def state_rows(connection: duckdb.DuckDBPyConnection, url: str) -> str:
    """SQL for all states, with the version of the rows that each speaks of."""
    columns = {**_KINDS, "version": "VARCHAR"}
    pattern = f"{url}/rootly/{STATE_TABLE}/*.json"
    if not listed(connection, pattern):
        nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items())
        return f"SELECT {nothing} LIMIT 0"
    kinds = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_json({literal(pattern)}, format='newline_delimited', "
        f"columns={{{kinds}}})"
    )


def read_states(
    connection: duckdb.DuckDBPyConnection, url: str, found: Mapping[str, Written]
) -> dict[str, TableState]:
    """The states of the tables that are there."""
    rows = connection.execute(
        f"SELECT version, {', '.join(_FIELDS)} FROM ({state_rows(connection, url)})"
    ).fetchall()
    by_version = {row[0]: TableState(**dict(zip(_FIELDS, row[1:], strict=True))) for row in rows}
    states = {table: by_version.get(each.version, each.state) for table, each in found.items()}
    return {table: state for table, state in states.items() if state is not None}


def write_state(
    connection: duckdb.DuckDBPyConnection, url: str, state: TableState, version: str
) -> None:
    """Put a table's state in place of the one before."""
    values = ", ".join(
        f"{constant(getattr(state, name))}::{kind} AS {name}" for name, kind in _KINDS.items()
    )
    write_file(
        connection,
        f"SELECT {values}, {literal(version)} AS version",
        f"{url}/rootly/{STATE_TABLE}/{state.table_name}.json",
        "FORMAT json",
    )
