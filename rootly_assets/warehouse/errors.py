"""Errors of the warehouse, in sentences that say what to do."""

import re

import duckdb

from rootly_assets.sync.errors import LoadError


class WarehouseError(LoadError):
    """DuckDB could not do what was asked; what was there before still stands."""


def said_plainly(error: duckdb.Error, database: str) -> WarehouseError:
    """DuckDB's error as a sentence for people: what happened to which file, and the remedy."""
    text = str(error)
    if "lock" in text.lower():
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", text)
        who = f" by process {holder[2]} ({holder[1]})" if holder else ""
        return WarehouseError(
            f"The DuckDB file {database} is locked{who}. Only one process at a time can open it: close "
            "that one (a notebook, the duckdb command line, another run) and run again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseError(
            f"DuckDB ran out of memory while loading into {database}. Raise ROOTLY_DUCKDB_MEMORY "
            "(for example to 1GB) and run again; nothing was changed."
        )
    if "No space left on device" in text or "disk" in text.lower():
        return WarehouseError(
            f"The disk that holds {database} is full. Free some space and run again; nothing was changed."
        )
    if "Permission denied" in text or "Cannot open file" in text:
        return WarehouseError(
            f"The DuckDB file {database} can't be opened: {text.splitlines()[0]}. "
            "Check that its folder exists and is writable, or set ROOTLY_DUCKDB_PATH."
        )
    return WarehouseError(f"DuckDB could not work on {database}: {text.splitlines()[0]}")
