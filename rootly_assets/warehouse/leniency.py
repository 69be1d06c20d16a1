"""Second chances for a landing file that DuckDB could not shape at the first try."""

import contextlib
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

import duckdb

T = TypeVar("T")

# What DuckDB raises over records that are not shaped like records. Its message quotes them and may cut one in
# the middle of a character, which then surfaces as a fault of the message.
_MISSHAPEN = (duckdb.InvalidInputException, UnicodeDecodeError)


def leniently(
    connection: duckdb.DuckDBPyConnection, memory_limit: str, attempt: Callable[[bool], T]
) -> T:
    """What an attempt gives: patient where records are misshapen, with more memory where they are huge.

    Args:
        connection: where it shapes.
        memory_limit: how much memory DuckDB may use at first.
        attempt: shapes the file; takes whether to be patient, and leaves nothing behind where it raises.

    Raises:
        duckdb.Error: no attempt served.
        UnicodeDecodeError: the same; DuckDB's message could not be read.
    """
    try:
        return _patiently(attempt)
    except duckdb.OutOfMemoryException:
        # Huge records are rare; one of them must not keep a whole list out.
        with _generosity(connection, memory_limit):
            return _patiently(attempt)


def _patiently(attempt: Callable[[bool], T]) -> T:
    try:
        return attempt(False)
    except _MISSHAPEN:
        return attempt(True)


@contextmanager
def _generosity(connection: duckdb.DuckDBPyConnection, memory_limit: str) -> Generator[None]:
    """Allow four times the memory for as long as this lasts."""
    more = re.sub(r"[\d.]+", lambda amount: f"{4 * float(amount[0]):.1f}", memory_limit)
    connection.execute(f"SET memory_limit = '{more}'")
    try:
        yield
    finally:
        with contextlib.suppress(duckdb.Error):  # what is loaded is loaded
            connection.execute(f"SET memory_limit = '{memory_limit}'")
