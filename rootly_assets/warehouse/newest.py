"""Of rows that were read more than once, keeps one."""

import duckdb

from rootly_assets.sync.shaping import Shape


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
