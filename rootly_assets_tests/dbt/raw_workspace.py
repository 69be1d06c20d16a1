"""A DuckDB file with the raw tables that the metrics read, filled with rows of a test's choice."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from rootly_assets.catalogue import wired
from rootly_assets.warehouse.duckdb import DuckDBWarehouse


def make_raw_workspace(
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    *,
    loaded_at: datetime | None = None,
) -> Path:
    """Create every raw table with all columns of the catalogue, then insert `rows` by table.

    Lists and dicts are stored as JSON. `loaded_at` is the time of the last sync of incidents;
    without it nothing was ever synced.
    """
    # In a file named rootly.duckdb the database is called as its schema: `rootly.x` is ambiguous.
    schema = f'"{path.stem}".rootly'
    DuckDBWarehouse(database=str(path)).prepare(wired())
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        if loaded_at is not None:
            connection.execute(
                f"INSERT INTO {schema}._rootly_sync (table_name, synced_at) VALUES ('incidents', ?)",
                [loaded_at],
            )
        for table, records in (rows or {}).items():
            for record in records:
                names = ", ".join(f'"{name}"' for name in record)
                marks = ", ".join("?" for _ in record)
                connection.execute(
                    f"INSERT INTO {schema}.{table} ({names}) VALUES ({marks})",
                    [
                        json.dumps(value) if isinstance(value, list | dict) else value
                        for value in record.values()
                    ],
                )
    return path
