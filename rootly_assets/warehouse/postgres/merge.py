"""Merges staged rows into a raw table of PostgreSQL, inside the caller's transaction."""

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sql import quoted
from rootly_assets.sync.batch import Batch, Loaded, Placed
from rootly_assets.sync.shaping.columns import DELETED_AT, SYNCED_AT
from rootly_assets.warehouse.postgres.names import SQL_TYPES, folded
from rootly_assets.warehouse.postgres.stage import Staged
from rootly_assets.warehouse.postgres.tables import Column, add_column, qualified

STAGE = "rootly_stage"

# From so many changed rows on the planner's picture of a table is made anew: dbt reads it right afterwards.
MANY = 1000


def merge(cursor: Cursor, batch: Batch, staged: Staged, existing: list[Column]) -> Loaded:
    """Upsert the staged rows by id, mark what is gone, and count."""
    name = batch.endpoint.table
    present = {column.attribute for column in existing}
    for attribute in staged.undeclared:
        if attribute not in present:
            add_column(cursor, name, attribute, staged.columns[attribute])
    table = qualified(name)
    cursor.execute(f"SELECT NOT EXISTS (SELECT 1 FROM {table})")
    absent: Placed = ()
    if cursor.fetchone() == (True,) and not batch.only_marks:
        _copy(cursor, table, staged)
        vanished, changed, new = 0, 0, staged.received
    else:
        kinds = ", ".join(
            f"{quoted(folded(each))} {SQL_TYPES[kind]}" for each, kind in staged.columns.items()
        )
        cursor.execute(f"CREATE TEMP TABLE {STAGE} ({kinds}) ON COMMIT DROP")
        _copy(cursor, STAGE, staged)
        cursor.execute(f"ANALYZE {STAGE} (id)")
        vanished = _mark_vanished(cursor, table, batch)
        if batch.only_marks:
            absent = _left_out(cursor, table, staged)
        changed = _update_changed(cursor, table, staged)
        new = _insert_new(cursor, table, staged)
    if new + changed >= MANY:
        # Not all columns: looking through documents takes as long as loading them.
        cursor.execute(f"ANALYZE {table} (id, {DELETED_AT})")
    cursor.execute(f"SELECT count(*) FROM {table} WHERE {DELETED_AT} IS NULL")
    row = cursor.fetchone()
    assert row is not None, "an aggregate gives one row"
    return Loaded(
        rows=row[0],
        received=staged.received,
        new=new,
        changed=changed,
        vanished=vanished,
        rescued=staged.rescued,
        # The primary key allows neither.
        duplicate_ids=0,
        null_ids=0,
        undeclared=staged.undeclared,
        absent=absent,
    )


def _left_out(cursor: Cursor, table: str, staged: Staged) -> Placed:
    """Empty the stage; returns when those of its rows were created that the table has not as they are."""
    is_absent = f"present.id IS NULL OR present.{DELETED_AT} IS NOT NULL"
    if "updated_at" in staged.columns:
        is_absent += " OR present.updated_at IS DISTINCT FROM stage.updated_at"
    cursor.execute(
        f"SELECT created_at, min(place) FROM (SELECT stage.created_at, {is_absent} AS is_absent, "
        f"row_number() OVER (ORDER BY stage.created_at) AS place FROM {STAGE} AS stage "
        f"LEFT JOIN {table} AS present ON present.id = stage.id) AS placed "
        "WHERE is_absent AND created_at IS NOT NULL GROUP BY created_at ORDER BY created_at"
    )
    absent = tuple((row[0], row[1]) for row in cursor.fetchall())
    cursor.execute(f"TRUNCATE {STAGE}")
    return absent


def _columns(staged: Staged) -> list[str]:
    return [quoted(folded(each)) for each in staged.columns]


def _copy(cursor: Cursor, table: str, staged: Staged) -> None:
    with staged.csv.open("rb") as file:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(_columns(staged))}) FROM STDIN (FORMAT csv)", file
        )


def _mark_vanished(cursor: Cursor, table: str, batch: Batch) -> int:
    """Rows that should have been in the batch and were not are gone at the server."""
    parameters: list[object] = []
    if batch.window is not None:
        bounds = batch.window.bounds()
        inside = (f"present.{column} {sign} %s" for column, sign, _ in bounds)
        condition = " AND ".join(inside) or "true"
        parameters = [moment for _, _, moment in bounds]
    elif batch.parents is not None and batch.endpoint.parent is not None:
        parameter = quoted(folded(batch.endpoint.parent.parameter))
        # Some are whole numbers, as they are in the record; a list without items says no type by itself.
        condition = f"present.{parameter}::text = ANY (%s::text[])"
        parameters = [list(batch.parents)]
    elif batch.sees_all:
        condition = "true"
    else:
        return 0
    unseen = (
        f"present.{DELETED_AT} IS NULL AND {condition} "
        f"AND NOT EXISTS (SELECT 1 FROM {STAGE} AS stage WHERE stage.id = present.id)"
    )
    if batch.endpoint.keeps_vanished:
        query = f"UPDATE {table} AS present SET {DELETED_AT} = %s WHERE {unseen}"
        parameters.insert(0, batch.state.loaded_at)
    else:
        query = f"DELETE FROM {table} AS present WHERE {unseen}"
    cursor.execute(query, parameters)
    return cursor.rowcount


def _update_changed(cursor: Cursor, table: str, staged: Staged) -> int:
    """Rows that differ from what was read, or that came back, take the version that was read."""
    names = _columns(staged)
    values = [name for name in names if name != quoted(SYNCED_AT)]
    before = ", ".join(f"present.{name}" for name in values)
    after = ", ".join(f"stage.{name}" for name in values)
    assigned = ", ".join(f"{name} = stage.{name}" for name in names)
    cursor.execute(
        f"UPDATE {table} AS present SET {assigned}, {DELETED_AT} = NULL FROM {STAGE} AS stage "
        f"WHERE stage.id = present.id AND (present.{DELETED_AT} IS NOT NULL "
        f"OR ROW({before}) IS DISTINCT FROM ROW({after}))"
    )
    return cursor.rowcount


def _insert_new(cursor: Cursor, table: str, staged: Staged) -> int:
    names = ", ".join(_columns(staged))
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {STAGE} AS stage "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} AS present WHERE present.id = stage.id)"
    )
    return cursor.rowcount
