"""Writes a query's rows to one file, so that it is there whole or not at all."""

from pathlib import Path

import duckdb

from rootly_assets.sql import literal
from rootly_assets.warehouse.object_store import put_file


def write_file(connection: duckdb.DuckDBPyConnection, select: str, path: str, options: str) -> None:
    """Put a file in place of the one before.

    Object stores show an upload once it is complete; in a folder a file beside it takes its name.

    Args:
        connection: where the query runs.
        select: the query.
        path: file or object.
        options: of DuckDB's COPY.
    """
    if "://" in path:
        put_file(connection, select, path, options)
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(f"{path}.unfinished")
    connection.execute(
        f"COPY ({select}) TO {literal(str(unfinished))} ({options}, USE_TMP_FILE false)"
    )
    unfinished.replace(path)


def listed(connection: duckdb.DuckDBPyConnection, pattern: str) -> list[str]:
    """Files that match a pattern."""
    rows = connection.execute(f"SELECT file FROM glob({literal(pattern)}) ORDER BY file").fetchall()
    return [row[0] for row in rows]
