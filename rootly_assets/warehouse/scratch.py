"""A DuckDB in memory, in which values are typed on their way to warehouses of another kind."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from rootly_assets.warehouse.signals import signals_heard


@contextmanager
def scratch(memory_limit: str, spill: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """A DuckDB that keeps nothing; what does not fit into memory goes to a folder.

    Args:
        memory_limit: how much memory it may use.
        spill: an existing folder; what is put there is removed.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": 1,
        "preserve_insertion_order": False,
        "temp_directory": str(spill / "spilled"),
    }
    with signals_heard(), duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        yield connection
