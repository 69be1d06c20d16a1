"""Shapes a batch in a DuckDB, before its rows go to a warehouse of another kind."""

from collections.abc import Callable, Mapping

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.shaping.columns import RELATIONSHIPS, RESCUED, SQL_TYPES
from rootly_assets.sync.shaping.typed_rows import shape
from rootly_assets.warehouse.newest import keep_newest

SHAPED = "rootly_shaped"


class Shaped(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a batch, one a record, in the table `SHAPED` of a DuckDB.

    Attributes:
        columns: attributes in order, with their types; `_rescued` is the last.
        undeclared: those among them that the catalogue does not declare.
        received, rescued: rows, and rows with a value that did not fit its column.
    """

    columns: Mapping[str, ColumnType]
    undeclared: tuple[str, ...]
    received: int
    rescued: int


def shape_batch(
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
    known: Mapping[str, ColumnType],
    unusable: Callable[[str], bool],
    *,
    patient: bool,
) -> Shaped:
    """Shape a batch; of rows with the same id the newest stays.

    Args:
        connection: a scratch.
        batch: the batch.
        known: attributes that have a column already, with its type.
        unusable: whether an attribute can't have a column of its name.
        patient: spend time to save memory.

    Raises:
        duckdb.Error: the records can't be shaped.
    """
    shaped = shape(
        connection,
        batch.endpoint,
        batch.landing.path,
        longest=batch.landing.longest,
        known={name: SQL_TYPES[kind] for name, kind in known.items()},
        unusable=unusable,
        patient=patient,
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {SHAPED} AS {shaped.select}")
    keep_newest(connection, SHAPED, shaped)
    row = connection.execute(f"SELECT count(*), count({RESCUED}) FROM {SHAPED}").fetchone()
    assert row is not None, "an aggregate gives one row"
    return Shaped(
        columns={
            "id": ColumnType.TEXT,
            **shaped.columns,
            RELATIONSHIPS: ColumnType.JSON,
            RESCUED: ColumnType.JSON,
        },
        undeclared=shaped.undeclared,
        received=row[0],
        rescued=row[1],
    )
