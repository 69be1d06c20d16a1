"""The table `rootly._rootly_sync` in a cloud warehouse: one `TableState` a row, written with its rows."""

from collections.abc import Container, Iterable
from datetime import UTC, datetime
from typing import Any

from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.state_table import STATE_COLUMNS, STATE_TABLE


def created(dialect: Dialect) -> str:
    """The statement that makes the table."""
    columns = (
        f"{dialect.name(name)} {dialect.types[kind]}" for name, kind in STATE_COLUMNS.items()
    )
    return f"CREATE TABLE IF NOT EXISTS {dialect.table(STATE_TABLE)} ({', '.join(columns)})"


def read_states(
    session: Session, present: Container[str] = frozenset(STATE_COLUMNS)
) -> dict[str, TableState]:
    """Every table's state, by table name; of the columns that are present."""
    dialect = session.dialect
    names = [name for name in STATE_COLUMNS if name in present]
    fields = ", ".join(map(dialect.name, names))
    rows = session.rows(f"SELECT {fields} FROM {dialect.table(STATE_TABLE)}")
    states = (
        TableState(**{name: _instant(value) for name, value in zip(names, row, strict=True)})
        for row in rows
    )
    return {state.table_name: state for state in states}


def forget(session: Session, tables: Iterable[str]) -> None:
    """Remove the states of some tables."""
    dialect = session.dialect
    names = ", ".join(map(dialect.literal, tables))
    own = f"{dialect.name('table_name')} IN ({names})"
    session.run(f"DELETE FROM {dialect.table(STATE_TABLE)} WHERE {own}")


def write_state(session: Session, state: TableState) -> None:
    """Put a table's state in place of the one before; without it the list is read again from its beginning."""
    dialect = session.dialect
    table = dialect.table(STATE_TABLE)
    fields = ", ".join(map(dialect.name, STATE_COLUMNS))
    values = ", ".join(
        dialect.constant(getattr(state, name), kind) for name, kind in STATE_COLUMNS.items()
    )
    forget(session, [state.table_name])
    session.run(f"INSERT INTO {table} ({fields}) SELECT {values}")


def _instant(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
