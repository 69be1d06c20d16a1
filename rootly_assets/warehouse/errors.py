"""Errors of the warehouse, in sentences that say what to do."""

import re

import duckdb

from rootly_assets.sync.errors import LoadError
from rootly_assets.warehouse.object_store import CREDENTIALS, kind_of

# Other errors quote what is in the rows, which may well speak of locks and disks.
ABOUT_FILE = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)


class WarehouseError(LoadError):
    """DuckDB could not do what was asked; what was there before still stands."""


def is_locked(error: duckdb.Error) -> bool:
    """Whether another process has the file open."""
    return isinstance(error, ABOUT_FILE) and "Could not set lock" in str(error)


def said_plainly(error: duckdb.Error, database: str) -> WarehouseError:
    """DuckDB's error as a sentence for people: what happened to which file, and the remedy."""
    text = str(error)
    kind = kind_of(database)
    if kind is not None and isinstance(error, duckdb.HTTPException | duckdb.IOException):
        return WarehouseError(
            f"The bucket {database} can't be read or written: {text.splitlines()[0]}. "
            f"Check {CREDENTIALS[kind]}."
        )
    about_file = isinstance(error, ABOUT_FILE)
    if is_locked(error):
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
    if about_file and ("No space left on device" in text or "Could not write all bytes" in text):
        return WarehouseError(
            f"The disk that holds {database} is full. Free some space and run again; nothing was changed."
        )
    if about_file and "not a valid DuckDB database file" in text:
        return WarehouseError(
            f"{database} is not a DuckDB file (or one written by a newer DuckDB). Move it away, or name "
            "another file in ROOTLY_DUCKDB_PATH."
        )
    if about_file:
        return WarehouseError(
            f"The DuckDB file {database} can't be read or written: {text.splitlines()[0]}. "
            "Check that its folder exists and is writable, or set ROOTLY_DUCKDB_PATH."
        )
    return WarehouseError(f"DuckDB could not work on {database}: {text.splitlines()[0]}")
