"""Second chances for a landing file that DuckDB could not shape at the first try."""

import contextlib
import re
from collections.abc import Generator
from contextlib import contextmanager

import duckdb

# What DuckDB raises over records that are not shaped like records. Its message quotes them and may cut one in
# the middle of a character, which then surfaces as a fault of the message.
MISSHAPEN = (duckdb.InvalidInputException, UnicodeDecodeError)


@contextmanager
def generosity(connection: duckdb.DuckDBPyConnection, memory_limit: str) -> Generator[None]:
    """Allow four times the memory for as long as this lasts."""
    more = re.sub(r"[\d.]+", lambda amount: f"{4 * float(amount[0]):.1f}", memory_limit)
    connection.execute(f"SET memory_limit = '{more}'")
    try:
        yield
    finally:
        with contextlib.suppress(duckdb.Error):  # what is loaded is loaded
            connection.execute(f"SET memory_limit = '{memory_limit}'")
