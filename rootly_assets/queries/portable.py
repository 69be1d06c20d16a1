"""Expressions in SQL that every warehouse takes, where the shorter ones are known to some alone."""


def count_where(condition: str) -> str:
    """How many rows meet a condition; `count(*) FILTER` is not known to every warehouse."""
    return f"count(CASE WHEN {condition} THEN 1 END)"


def total(table: str, condition: str) -> str:
    """How many rows of a table meet a condition, beside the first of them.

    Not `count(*) OVER ()`: with several threads DuckDB 1.5 fails at it now and then, and then at everything
    until its file is closed (duckdb/duckdb#25713).
    """
    return f"(SELECT count(*) FROM {table} WHERE {condition})"


def seconds_since_previous(instant: str, window: str) -> str:
    """Seconds from a row's instant back to the one before it, as double precision; null for the first.

    Not of the difference of two instants, which some warehouses don't have.

    Args:
        instant: SQL of the instant.
        window: how rows follow each other: `ORDER BY` and, if there are several series, `PARTITION BY`.
    """
    seconds = f"extract(epoch FROM {instant})"
    return f"CAST({seconds} - lag({seconds}) OVER ({window}) AS DOUBLE PRECISION)"


def median(column: str) -> str:
    """A median, in words that every warehouse has."""
    return f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})"
