"""Shapes a batch in DuckDB, and brings its rows to where they can be merged."""

from collections.abc import Mapping
from typing import Any

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType
from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.leniency import leniently
from rootly_assets.warehouse.scratch import scratch
from rootly_assets.warehouse.shaped import SHAPED, shape_batch
from rootly_assets.warehouse.storable import make_storable

# Rows that are handed over together.
BATCH = 2048


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a batch, one a record, in the warehouse.

    Attributes:
        table: where they are; None where there are none.
        names: columns there, by attribute.
        columns: attributes with their types.
        undeclared: those among them that the catalogue does not declare.
        received, rescued: rows, and rows with a value that did not fit its column.
    """

    table: str | None
    names: Mapping[str, str]
    columns: Mapping[str, ColumnType]
    undeclared: tuple[str, ...]
    received: int
    rescued: int


def stage(
    session: Session, batch: Batch, existing: Mapping[str, ColumnType], memory_limit: str
) -> Staged:
    """Shape a batch and bring it there.

    Args:
        session: the warehouse.
        batch: the batch.
        existing: columns that the table has.
        memory_limit: how much memory DuckDB may use.

    Raises:
        duckdb.Error: the records can't be shaped.
        WarehouseError: the warehouse does not take them.
    """
    if not session.dialect.holds_nul:
        make_storable(batch.landing.path)
    with scratch(memory_limit, batch.landing.path.parent) as connection:
        shaped = leniently(
            connection,
            memory_limit,
            lambda patient: shape_batch(
                connection, batch, existing, session.dialect.is_unusable, patient=patient
            ),
        )
        table, names = None, dict[str, str]()
        if shaped.received:
            selected = ", ".join(map(quoted, shaped.columns))
            select = f"SELECT {selected} FROM {SHAPED}"
            table, names = brought(session, connection, select, shaped.columns)
    return Staged(
        table=table,
        names=names,
        columns=shaped.columns,
        undeclared=shaped.undeclared,
        received=shaped.received,
        rescued=shaped.rescued,
    )


def brought(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    select: str,
    columns: Mapping[str, ColumnType],
) -> tuple[str, dict[str, str]]:
    """The answer to a query of DuckDB's, in a table of the session's; JSON as text."""
    plain = ", ".join(
        f"{quoted(name)}::VARCHAR AS {quoted(name)}" if kind is ColumnType.JSON else quoted(name)
        for name, kind in columns.items()
    )
    found: Any = connection.execute(f"SELECT {plain} FROM ({select})")
    return session.staged(found.to_arrow_reader(BATCH), columns)
