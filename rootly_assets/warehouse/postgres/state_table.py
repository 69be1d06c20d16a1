"""The table `rootly._rootly_sync` in PostgreSQL: one `TableState` a row, written with the rows it speaks of."""

from collections.abc import Iterable

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.postgres.names import SQL_TYPES
from rootly_assets.warehouse.state_table import STATE_COLUMNS

STATE_TABLE = "rootly._rootly_sync"

CREATE = f"""
CREATE TABLE IF NOT EXISTS {STATE_TABLE} (
    {", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in STATE_COLUMNS.items())},
    PRIMARY KEY (table_name)
)
"""

_FIELDS = TableState.__struct_fields__


def read_states(cursor: Cursor) -> dict[str, TableState]:
    """Every table's state, by table name; what an older version did not write yet is left out."""
    cursor.execute(f"SELECT * FROM {STATE_TABLE}")
    names = [column.name for column in cursor.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    states = (TableState(**{name: row[name] for name in _FIELDS if name in row}) for row in rows)
    return {state.table_name: state for state in states}


def forget(cursor: Cursor, tables: Iterable[str]) -> None:
    """Remove the states of some tables."""
    cursor.execute(f"DELETE FROM {STATE_TABLE} WHERE table_name = ANY (%s)", [list(tables)])


def write_state(cursor: Cursor, state: TableState) -> None:
    """Put a table's state in place of the one before."""
    marks = ", ".join("%s" for _ in _FIELDS)
    updates = ", ".join(f"{field} = excluded.{field}" for field in _FIELDS)
    cursor.execute(
        f"INSERT INTO {STATE_TABLE} ({', '.join(_FIELDS)}) VALUES ({marks}) "
        f"ON CONFLICT (table_name) DO UPDATE SET {updates}",
        [getattr(state, field) for field in _FIELDS],
    )
