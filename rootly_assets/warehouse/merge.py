"""Merges shaped rows into a raw table, inside the caller's transaction."""

import duckdb
import msgspec

from rootly_assets.sql import constant, quoted
from rootly_assets.sync.batch import Batch, Loaded, Placed
from rootly_assets.sync.shaping.columns import DELETED_AT, RELATIONSHIPS, RESCUED, SYNCED_AT
from rootly_assets.sync.shaping.typed_rows import Shape
from rootly_assets.warehouse.newest import keep_newest
from rootly_assets.warehouse.tables import existing_columns

STAGE = "temp.main.rootly_stage"
THERE = "temp.main.rootly_there"


def merge(connection: duckdb.DuckDBPyConnection, batch: Batch, shape: Shape) -> Loaded:
    """Upsert the shaped rows by id, mark what is gone, and count."""
    table = quoted(batch.endpoint.table)
    _add_undeclared(connection, batch.endpoint.table, shape)
    if not batch.landing.records:
        # Most lists of most syncs: a dozen statements that would find nothing.
        counts = _mark(connection, table, batch)
    elif _goes_straight_in(connection, table, batch):
        counts = _append(connection, table, batch, shape)
    else:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rootly_stage AS {shape.select}")
        counts = _upsert(connection, table, batch, shape)
    return msgspec.structs.replace(counts, undeclared=shape.undeclared)


def _add_undeclared(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> None:
    if not shape.undeclared:
        return
    existing = existing_columns(connection, table)
    for name in shape.undeclared:
        if name not in existing:
            connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} JSON")


def _goes_straight_in(connection: duckdb.DuckDBPyConnection, table: str, batch: Batch) -> bool:
    if batch.only_marks:
        return False
    return batch.is_new or _one(connection, f"SELECT count(*) FROM {table}") == (0,)


def _mark(connection: duckdb.DuckDBPyConnection, table: str, batch: Batch) -> Loaded:
    """A batch without rows."""
    vanished = _mark_vanished(connection, table, batch, but_for="")
    return _counted(
        connection,
        table,
        received=0,
        new=0,
        vanished=vanished,
        rescued=0,
        broken=_broken(connection, table) if batch.sees_all else (0, 0),
    )


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
    rows, with_id, rescued = _one(
        connection, f"SELECT count(*), count(id), count({RESCUED}) {appended}"
    )
    # Of a long table that is filled piece by piece, not all of it once more for each piece.
    if not _broken(connection, f"{table} WHERE id IN (SELECT id {appended})")[0]:
        return _counted(
            connection,
            table,
            received=rows,
            new=rows,
            rescued=rescued,
            broken=(0, rows - with_id),
        )
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
    staged = f"AND NOT EXISTS (SELECT 1 FROM {STAGE} AS stage WHERE stage.id = {table}.id)"
    vanished = _mark_vanished(connection, table, batch, but_for=staged)
    _find_present(connection, table, batch, shape)
    absent = _left_out(connection) if batch.only_marks else ()
    changed = _done(
        connection,
        f"DELETE FROM {table} WHERE rowid IN (SELECT row FROM {THERE} WHERE differs)",
    )
    same = f"SELECT id FROM {THERE} WHERE NOT differs"
    connection.execute(f"DELETE FROM {STAGE} WHERE id IN ({same})")
    inserted = _done(
        connection,
        f"INSERT INTO {table} BY NAME "
        f"SELECT *, {constant(batch.state.loaded_at)} AS {SYNCED_AT} FROM {STAGE}",
    )
    counts = _counted(
        connection,
        table,
        received=received,
        new=inserted - changed,
        changed=changed,
        vanished=vanished,
        rescued=rescued,
        # Where everything was read all ids are counted; of a few changes on a long table, theirs.
        broken=_broken(
            connection,
            table if batch.sees_all else f"({same} UNION ALL SELECT id FROM {STAGE})",
        ),
    )
    connection.execute(f"DROP TABLE {STAGE}")
    connection.execute(f"DROP TABLE {THERE}")
    return msgspec.structs.replace(counts, absent=absent)


def _mark_vanished(
    connection: duckdb.DuckDBPyConnection, table: str, batch: Batch, *, but_for: str
) -> int:
    """Rows that should have been in the batch and were not are gone at the server."""
    if batch.window is not None:
        bounds = batch.window.bounds()
        inside = (f"{column} {sign} {constant(moment)}" for column, sign, moment in bounds)
        condition = " AND ".join(inside) or "true"
    elif batch.parents is not None and batch.endpoint.parent is not None:
        parents = ", ".join(map(constant, batch.parents))
        parameter = quoted(batch.endpoint.parent.parameter)
        # Some are whole numbers, as they are in the record.
        condition = f"{parameter}::VARCHAR IN (SELECT unnest([{parents}]::VARCHAR[]))"
    elif batch.sees_all:
        condition = "true"
    else:
        return 0
    unseen = f"{DELETED_AT} IS NULL AND {condition} {but_for}"
    if batch.endpoint.keeps_vanished:
        moment = constant(batch.state.loaded_at)
        return _done(connection, f"UPDATE {table} SET {DELETED_AT} = {moment} WHERE {unseen}")
    return _done(connection, f"DELETE FROM {table} WHERE {unseen}")


def _find_present(
    connection: duckdb.DuckDBPyConnection, table: str, batch: Batch, shape: Shape
) -> None:
    """Note which rows of the stage the table has already, and which of those differ from it or came back.

    This is the one time that a long table's ids are looked through. What was changed since it was read says so
    by its `updated_at`; only where that is the same, all columns are read and compared, of these rows alone.
    """
    differs = f"present.{DELETED_AT} IS NOT NULL"
    if "updated_at" in shape.columns:
        differs += " OR present.updated_at IS DISTINCT FROM stage.updated_at"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rootly_there AS "
        f"SELECT present.rowid AS row, present.id AS id, {differs} AS differs "
        f"FROM {table} AS present JOIN {STAGE} AS stage ON present.id = stage.id"
    )
    unclear = f"SELECT row FROM {THERE} WHERE NOT differs"
    if batch.only_marks or _one(connection, f"SELECT count(*) FROM ({unclear})") == (0,):
        return
    # Compared by a 64-bit hash of all columns: a join of the columns themselves would hold one side of it in
    # memory, so that memory would grow with the table.
    columns = ", ".join(map(quoted, (*shape.columns, RELATIONSHIPS, RESCUED)))
    connection.execute(
        f"UPDATE {THERE} SET differs = true WHERE row IN (SELECT present.row FROM "
        f"(SELECT rowid AS row, id, hash({columns}) AS content FROM {table} "
        f"WHERE rowid IN ({unclear})) AS present "
        f"JOIN (SELECT id, hash({columns}) AS content FROM {STAGE}) AS stage ON present.id = stage.id "
        "WHERE present.content <> stage.content)"
    )


def _left_out(connection: duckdb.DuckDBPyConnection) -> Placed:
    """Take out of the stage what the table has not as it is; returns when that was created."""
    absent = f"id NOT IN (SELECT id FROM {THERE} WHERE NOT differs)"
    placed = f"SELECT id, created_at, row_number() OVER (ORDER BY created_at) AS place FROM {STAGE}"
    rows = connection.execute(
        f"SELECT created_at, min(place) FROM ({placed}) "
        f"WHERE {absent} AND created_at IS NOT NULL GROUP BY created_at ORDER BY created_at"
    ).fetchall()
    connection.execute(f"DELETE FROM {STAGE} WHERE {absent}")
    connection.execute(f"DELETE FROM {THERE} WHERE differs")
    return tuple((row[0], row[1]) for row in rows)


def _broken(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[int, int]:
    """How many rows have the id of another one, and how many have none."""
    stored, with_id, ids = _one(
        connection, f"SELECT count(*), count(id), count(DISTINCT id) FROM {rows}"
    )
    return with_id - ids, stored - with_id


def _counted(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    received: int,
    new: int,
    rescued: int,
    broken: tuple[int, int],
    changed: int = 0,
    vanished: int = 0,
) -> Loaded:
    # Two counts, since DuckDB looks into those parts of a long table alone that have any such row.
    (stored,) = _one(connection, f"SELECT count(*) FROM {table}")
    (gone,) = _one(connection, f"SELECT count(*) FROM {table} WHERE {DELETED_AT} IS NOT NULL")
    duplicate_ids, null_ids = broken
    return Loaded(
        rows=stored - gone,
        received=received,
        new=new,
        changed=changed,
        vanished=vanished,
        rescued=rescued,
        duplicate_ids=duplicate_ids,
        null_ids=null_ids,
        undeclared=(),
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None, "an aggregate gives one row"
    return row


def _done(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    """How many rows a statement has inserted, updated or deleted."""
    return _one(connection, statement)[0]
