"""Merges shaped rows into a raw table, inside the caller's transaction."""

import duckdb
import msgspec

from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.columns import (
    DELETED_AT,
    RELATIONSHIPS,
    RESCUED,
    SYNCED_AT,
    constant,
    quoted,
)
from rootly_assets.sync.shaping import Shape
from rootly_assets.warehouse.newest import keep_newest
from rootly_assets.warehouse.tables import existing_columns

STAGE = "temp.main.rootly_stage"
THERE = "temp.main.rootly_there"


def merge(connection: duckdb.DuckDBPyConnection, batch: Batch, shape: Shape) -> Loaded:
    """Upsert the shaped rows by id, mark what is gone, and count."""
    table = quoted(batch.endpoint.table)
    _add_undeclared(connection, batch.endpoint.table, shape)
    is_first = connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    if is_first or batch.is_new:
        counts = _append(connection, table, batch, shape)
    else:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rootly_stage AS {shape.select}")
        counts = _upsert(connection, table, batch, shape)
    return msgspec.structs.replace(counts, undeclared=shape.undeclared)


def _add_undeclared(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> None:
    existing = existing_columns(connection, table)
    for name in shape.undeclared:
        if name not in existing:
            connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} JSON")


def _append(
    connection: duckdb.DuckDBPyConnection, table: str, batch: Batch, shape: Shape
) -> Loaded:
    """Rows that should not be there yet go straight from the landing file into the table.

    Where one of them was there after all, or came twice, all of them take the long way.
    """
    (last,) = _one(connection, f"SELECT coalesce(max(rowid), -1) FROM {table}")
    connection.execute(
        f"INSERT INTO {table} BY NAME "
        f"SELECT *, {constant(batch.state.loaded_at)} AS {SYNCED_AT} FROM ({shape.select})"
    )
    appended = f"FROM {table} WHERE rowid > {last}"
    rows, rescued = _one(connection, f"SELECT count(*), count({RESCUED}) {appended}")
    counts = _counted(
        connection,
        table,
        received=rows,
        new=rows,
        changed=0,
        vanished=0,
        rescued=rescued,
        # Of a long table that is filled piece by piece, not all of it once more for each piece.
        distinct_among=f"WHERE id IN (SELECT id {appended})",
    )
    if not counts.duplicate_ids:
        return counts
    columns = ", ".join(map(quoted, ("id", *shape.columns, RELATIONSHIPS, RESCUED)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE rootly_stage AS SELECT {columns} {appended}")
    connection.execute(f"DELETE {appended}")
    return _upsert(connection, table, batch, shape)


def _upsert(
    connection: duckdb.DuckDBPyConnection, table: str, batch: Batch, shape: Shape
) -> Loaded:
    """Rows of the stage take the place of those that they differ from."""
    keep_newest(connection, STAGE, shape)
    received, rescued = _one(connection, f"SELECT count(*), count({RESCUED}) FROM {STAGE}")
    vanished = _mark_vanished(connection, table, batch)
    if batch.only_missing:
        present = f"SELECT id FROM {table} WHERE {DELETED_AT} IS NULL"
        connection.execute(f"DELETE FROM {STAGE} WHERE id IN ({present})")
    changed = _delete_changed(connection, table, shape)
    connection.execute(f"DELETE FROM {STAGE} WHERE id IN (SELECT id FROM {table})")
    inserted = connection.execute(
        f"INSERT INTO {table} BY NAME "
        f"SELECT *, {constant(batch.state.loaded_at)} AS {SYNCED_AT} FROM {STAGE}"
    ).fetchone()
    counts = _counted(
        connection,
        table,
        received=received,
        new=(inserted[0] if inserted else 0) - changed,
        changed=changed,
        vanished=vanished,
        rescued=rescued,
        # Where everything was read all ids are counted; of a few changes on a long table, theirs.
        distinct_among="" if batch.sees_all else f"WHERE id IN (SELECT id FROM {STAGE})",
    )
    connection.execute(f"DROP TABLE {STAGE}")
    return counts


def _mark_vanished(connection: duckdb.DuckDBPyConnection, table: str, batch: Batch) -> int:
    """Rows that should have been in the batch and were not are gone at the server."""
    if batch.window is not None:
        bounds = batch.window.bounds()
        inside = (f"{column} {sign} {constant(moment)}" for column, sign, moment in bounds)
        condition = " AND ".join(inside) or "true"
    elif batch.parents is not None and batch.endpoint.parent is not None:
        parents = ", ".join(map(constant, batch.parents))
        parameter = quoted(batch.endpoint.parent.parameter)
        condition = f"{parameter} IN (SELECT unnest([{parents}]::VARCHAR[]))"
    elif batch.sees_all:
        condition = "true"
    else:
        return 0
    unseen = (
        f"{DELETED_AT} IS NULL AND {condition} "
        f"AND NOT EXISTS (SELECT 1 FROM {STAGE} AS stage WHERE stage.id = {table}.id)"
    )
    if batch.endpoint.keeps_vanished:
        moment = constant(batch.state.loaded_at)
        query = f"UPDATE {table} SET {DELETED_AT} = {moment} WHERE {unseen}"
    else:
        query = f"DELETE FROM {table} WHERE {unseen}"
    done = connection.execute(query).fetchone()
    return int(done[0]) if done else 0


def _delete_changed(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> int:
    """Rows that differ from what was read, or that came back, make room for their new version.

    Rows are compared by a 64-bit hash of all their columns: a join of the columns themselves would hold one
    side of it in memory, so that memory would grow with the table. Which rows are there is found by their ids
    alone beforehand, so that of a long table only these are read with all their columns.
    """
    columns = ", ".join(map(quoted, (*shape.columns, RELATIONSHIPS, RESCUED)))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rootly_there AS SELECT rowid AS row FROM {table} "
        f"WHERE id IN (SELECT id FROM {STAGE})"
    )
    done = connection.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT present.row FROM "
        f"(SELECT rowid AS row, id, {DELETED_AT} AS gone, hash({columns}) AS content FROM {table} "
        f"WHERE rowid IN (SELECT row FROM {THERE})) AS present "
        f"JOIN (SELECT id, hash({columns}) AS content FROM {STAGE}) AS stage ON present.id = stage.id "
        f"WHERE present.gone IS NOT NULL OR present.content <> stage.content)"
    ).fetchone()
    connection.execute(f"DROP TABLE {THERE}")
    return int(done[0]) if done else 0


def _counted(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    received: int,
    new: int,
    changed: int,
    vanished: int,
    rescued: int,
    distinct_among: str,
) -> Loaded:
    rows, stored, with_id = _one(
        connection,
        f"SELECT count(*) FILTER ({DELETED_AT} IS NULL), count(*), count(id) FROM {table}",
    )
    (duplicates,) = _one(
        connection, f"SELECT count(id) - count(DISTINCT id) FROM {table} {distinct_among}"
    )
    return Loaded(
        rows=rows,
        received=received,
        new=new,
        changed=changed,
        vanished=vanished,
        rescued=rescued,
        duplicate_ids=duplicates,
        null_ids=stored - with_id,
        undeclared=(),
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None, "an aggregate gives one row"
    return row
