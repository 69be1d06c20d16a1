"""Ctrl-C in the middle of a statement: DuckDB breaks it off, and says so by an error of its own."""

from collections.abc import Generator
from contextlib import contextmanager

import duckdb


@contextmanager
def signals_heard() -> Generator[None]:
    """A block of statements, out of which comes what a signal's handler raised, and not DuckDB's word for it.

    Taken for a fault of the statement it would be one list's failure, and the run would go on with the others.

    Raises:
        KeyboardInterrupt: or whatever the handler raises, as Dagster's does.
    """
    try:
        yield
    except (RuntimeError, duckdb.InterruptException) as error:
        if error.__cause__ is None or isinstance(error.__cause__, Exception):
            raise
        raise error.__cause__ from None
