"""Shapes a batch in DuckDB, and writes its rows as the CSV that PostgreSQL copies in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType
from rootly_assets.sql import constant, quoted
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.shaping.columns import SYNCED_AT
from rootly_assets.warehouse.leniency import leniently
from rootly_assets.warehouse.postgres.csv_files import write_csv
from rootly_assets.warehouse.postgres.names import is_unusable
from rootly_assets.warehouse.postgres.tables import Column
from rootly_assets.warehouse.scratch import scratch
from rootly_assets.warehouse.shaped import SHAPED, shape_batch
from rootly_assets.warehouse.storable import make_storable


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a batch, one a record, typed and ready to be copied in.

    Attributes:
        csv: the file.
        columns: attributes in the order of its columns, with their types.
        undeclared: those among them that the catalogue does not declare.
        received, rescued: rows, and rows with a value that did not fit its column.
    """

    csv: Path
    columns: Mapping[str, ColumnType]
    undeclared: tuple[str, ...]
    received: int
    rescued: int


def stage(batch: Batch, existing: Sequence[Column], memory_limit: str) -> Staged:
    """Shape a batch; the CSV lies beside its landing file.

    Args:
        batch: the batch.
        existing: columns that the table has.
        memory_limit: how much memory DuckDB may use.

    Raises:
        duckdb.Error: the records can't be shaped.
        SyncError: the disk takes no more.
    """
    path = batch.landing.path
    make_storable(path)
    with scratch(memory_limit, path.parent) as connection:
        return leniently(
            connection,
            memory_limit,
            lambda patient: _staged(connection, batch, existing, patient=patient),
        )


def _staged(
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
    existing: Sequence[Column],
    *,
    patient: bool,
) -> Staged:
    known = {column.attribute: column.kind for column in existing}
    shaped = shape_batch(connection, batch, known, is_unusable, patient=patient)
    columns = {**shaped.columns, SYNCED_AT: ColumnType.TIMESTAMP}
    selected = ", ".join(map(quoted, shaped.columns))
    csv = batch.landing.path.with_suffix(".csv")
    write_csv(
        connection,
        f"SELECT {selected}, {constant(batch.state.loaded_at)} AS {SYNCED_AT} FROM {SHAPED}",
        [name for name, kind in columns.items() if kind in (ColumnType.TEXT, ColumnType.JSON)],
        csv,
    )
    return Staged(
        csv=csv,
        columns=columns,
        undeclared=shaped.undeclared,
        received=shaped.received,
        rescued=shaped.rescued,
    )
