"""Shapes a batch in DuckDB, and brings its rows to where they can be merged."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.columns import RELATIONSHIPS, RESCUED, SQL_TYPES, quoted
from rootly_assets.sync.shaping import Shape, shape
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.leniency import leniently
from rootly_assets.warehouse.newest import keep_newest
from rootly_assets.warehouse.storable import make_storable

SHAPED = "rootly_shaped"

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
            lambda patient: _shaped(session, connection, batch, existing, patient=patient),
        )
        row = connection.execute(f"SELECT count(*), count({RESCUED}) FROM {SHAPED}").fetchone()
        assert row is not None, "an aggregate gives one row"
        columns = {
            "id": ColumnType.TEXT,
            **shaped.columns,
            RELATIONSHIPS: ColumnType.JSON,
            RESCUED: ColumnType.JSON,
        }
        table, names = None, dict[str, str]()
        if row[0]:
            selected = ", ".join(map(quoted, columns))
            table, names = brought(session, connection, f"SELECT {selected} FROM {SHAPED}", columns)
    return Staged(
        table=table,
        names=names,
        columns=columns,
        undeclared=shaped.undeclared,
        received=row[0],
        rescued=row[1],
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


@contextmanager
def scratch(memory_limit: str, spill: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """A DuckDB that keeps nothing; what does not fit into memory goes to a folder."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": 1,
        "preserve_insertion_order": False,
        "temp_directory": str(spill / "spilled"),
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def _shaped(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
    existing: Mapping[str, ColumnType],
    *,
    patient: bool,
) -> Shape:
    shaped = shape(
        connection,
        batch.endpoint,
        batch.landing.path,
        longest=batch.landing.longest,
        known={name: SQL_TYPES[kind] for name, kind in existing.items()},
        unusable=session.dialect.is_unusable,
        patient=patient,
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {SHAPED} AS {shaped.select}")
    keep_newest(connection, SHAPED, shaped)
    return shaped
