"""Which rows are the newest: of one record read more than once, and of a table."""

from collections.abc import Container

import duckdb

from rootly_assets.sync.shaping.typed_rows import Shape


def keep_newest(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> None:
    """Of rows that were read more than once (pages that moved), keep the newest version."""
    newest = (
        "updated_at DESC NULLS LAST, rowid DESC" if "updated_at" in shape.columns else "rowid DESC"
    )
    connection.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER "
        f"(PARTITION BY id ORDER BY {newest}) AS version FROM {table} "
        f"WHERE id IN (SELECT id FROM {table} GROUP BY id HAVING count(*) > 1)) WHERE version > 1)"
    )


def newest_first(columns: Container[str]) -> str:
    """The column by which a table's newest rows are found: a time of the row's own, if it has one."""
    return next((name for name in ("created_at", "starts_at") if name in columns), "id")
