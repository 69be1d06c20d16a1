"""The CSV in which rows travel between DuckDB and PostgreSQL."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

import duckdb
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sql import literal

# An empty field is NULL, a quoted empty one is empty text: both sides read it that way.
CSV = "FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"'"


def write_csv(
    connection: duckdb.DuckDBPyConnection, select: str, texts: Iterable[str], path: Path
) -> None:
    """Write a query's rows.

    Args:
        connection: where the query runs.
        select: the query.
        texts: its columns of text and JSON; they are quoted, so that empty text is not NULL.
        path: the file.
    """
    # Literals: DuckDB would take the identifier "user" for the name of who is asking.
    quotes = ", ".join(map(literal, texts))
    forced = f", FORCE_QUOTE ({quotes})" if quotes else ""
    connection.execute(f"COPY ({select}) TO {literal(str(path))} ({CSV}, NULLSTR ''{forced})")


class _Measured:
    """A file that knows the longest piece written to it; PostgreSQL sends one row a piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.longest = 0

    def write(self, row: bytes) -> int:
        """Write a row."""
        self.longest = max(self.longest, len(row))
        return self._file.write(row)


def copy_out(cursor: Cursor, query: str, path: Path) -> int:
    """Write the rows of a query in PostgreSQL to a CSV file; returns the longest row's length in bytes."""
    with path.open("wb") as file:
        measured = _Measured(file)
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)", measured)
    return measured.longest


def csv_source(path: Path, columns: Mapping[str, str], longest: int) -> str:
    """SQL for the rows of a CSV file that PostgreSQL wrote.

    Args:
        path: the file.
        columns: names and types.
        longest: no row is longer than this, in bytes.
    """
    kinds = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_csv({literal(str(path))}, columns={{{kinds}}}, header=false, auto_detect=false, nullstr='', "
        "allow_quoted_nulls=false, delim=',', quote='\"', escape='\"', parallel=false, "
        f"max_line_size={max(longest, 2_000_000)})"
    )
