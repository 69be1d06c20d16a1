"""The table `rootly._rootly_sync`: one `TableState` a row, so that the state lives and moves with the rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType
from rootly_assets.sql import constant
from rootly_assets.sync.shaping.columns import SQL_TYPES
from rootly_assets.sync.state import TableState

STATE_TABLE = "_rootly_sync"

STATE_COLUMNS = {
    each.name: ColumnType.TIMESTAMP if datetime in get_args(each.type) else ColumnType.TEXT
    for each in msgspec.structs.fields(TableState)
}

CREATE = f"""
CREATE TABLE IF NOT EXISTS {STATE_TABLE} (
    {", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in STATE_COLUMNS.items())}
)
"""


def read_states(connection: duckdb.DuckDBPyConnection) -> dict[str, TableState]:
    """Every table's state, by table name."""
    fields = ", ".join(TableState.__struct_fields__)
    rows = connection.execute(f"SELECT {fields} FROM {STATE_TABLE}").fetchall()
    states = (
        TableState(**dict(zip(TableState.__struct_fields__, row, strict=True))) for row in rows
    )
    return {state.table_name: state for state in states}


def forget(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Remove the states of some tables."""
    names = ", ".join(map(constant, tables))
    connection.execute(f"DELETE FROM {STATE_TABLE} WHERE table_name IN ({names})")


def write_state(connection: duckdb.DuckDBPyConnection, state: TableState) -> None:
    """Put a table's state in place of the one before."""
    fields = TableState.__struct_fields__
    # Not INSERT OR REPLACE: a DuckLake has no keys.
    forget(connection, [state.table_name])
    connection.execute(
        f"INSERT INTO {STATE_TABLE} ({', '.join(fields)}) "
        f"VALUES ({', '.join(constant(getattr(state, field)) for field in fields)})"
    )
