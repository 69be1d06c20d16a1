"""Compares what was loaded with what was served: `python -m benchmarks.verification`.

A process of its own, so that its memory is not inherited by those that are measured. Prints the
rows of each table as JSON; exits with 1 and says what differs if anything does.
"""

import argparse
import json
import sys
from pathlib import Path

import duckdb

from benchmarks.server import TABLES
from rootly_assets.catalogue import ColumnType, Endpoint, readable
from rootly_assets.catalogue.sensitive import PHONE_KEYS, SECRET_KEYS
from rootly_assets.sync.shaping.columns import SQL_TYPES

LAYOUTS = ("ours", "columns", "document", "messages")
"""Typed columns of ours; the same made by the generic loader; its single JSON column; messages that
were printed, one a line."""


class WrongResultError(Exception):
    """The tables are not what was served."""


def main() -> int:
    """Verify; the process's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--layout", choices=LAYOUTS, required=True)
    options = parser.parse_args()
    endpoints = {endpoint.table: endpoint for endpoint in readable()}
    with opened(options.output, options.layout) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            rows = {
                table: verify(connection, endpoints[table], options.truth, options.layout)
                for table in TABLES
            }
        except WrongResultError as error:
            sys.stderr.write(f"{options.output}: {error}\n")
            return 1
    sys.stdout.write(json.dumps(rows) + "\n")
    return 0


def opened(output: Path, layout: str) -> duckdb.DuckDBPyConnection:
    """What was loaded, as tables in schema `rootly`."""
    if layout != "messages":
        return duckdb.connect(str(output), read_only=True)
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA rootly")
    for table in TABLES:
        connection.execute(
            f"CREATE TABLE rootly.{table} AS "
            "SELECT data ->> 'id' AS id, data -> 'attributes' AS attributes "
            "FROM (SELECT record -> 'data' AS data, record ->> 'stream' AS stream "
            f"FROM read_json('{output}', format='newline_delimited', ignore_errors=true, "
            "maximum_object_size=16777216, columns={'type': 'VARCHAR', 'record': 'JSON'}) "
            f"WHERE type = 'RECORD') WHERE stream = '{table}'"
        )
    return connection


def verify(
    connection: duckdb.DuckDBPyConnection, endpoint: Endpoint, truth: Path, layout: str
) -> int:
    """Check one table's ids and values; returns its rows.

    Raises:
        WrongResultError: an id is missing, too many or there twice, or a value differs.
    """
    table = f"rootly.{endpoint.table}"
    rows, distinct = _row(connection, f"SELECT count(*), count(DISTINCT id) FROM {table}")
    ids = f"read_csv('{truth / endpoint.table}.ids', header=false, columns={{'id': 'VARCHAR'}})"
    served, missing = _row(
        connection,
        f"SELECT count(*), count(*) FILTER (id NOT IN (SELECT id FROM {table})) FROM {ids}",
    )
    if missing or not rows == distinct == served:
        raise WrongResultError(
            f"{endpoint.table} has {rows} rows of {distinct} ids where {served} were served, and "
            f"lacks {missing} of them"
        )
    if served:
        _compare_values(connection, endpoint, truth, layout)
    return rows


def _compare_values(
    connection: duckdb.DuckDBPyConnection, endpoint: Endpoint, truth: Path, layout: str
) -> None:
    """Compare every column; a column without any value is no column where the loader guesses them."""
    table = f"rootly.{endpoint.table}"
    present = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    compared = {
        name: kind
        for name, kind in endpoint.columns.items()
        if layout != "columns" or kind is not ColumnType.JSON or name in present
    }
    if layout in ("document", "messages"):
        values = [f"loaded.attributes ->> '/{name}'" for name in compared]
    else:
        values = [f'loaded."{name}"' if name in present else "NULL" for name in compared]
    differences = [
        f"count(*) FILTER ({_comparable(f'served[{place}]', kind)} "
        f"IS DISTINCT FROM {_comparable(value, kind)})"
        for place, (value, kind) in enumerate(zip(values, compared.values(), strict=True), 1)
    ]
    pointers = ", ".join(f"'/{name}'" for name in compared)
    # One extraction takes all values out of a record in one go.
    lines = (
        f"(SELECT id, attributes ->> [{pointers}] AS served "
        f"FROM read_json('{truth / endpoint.table}.ndjson', format='newline_delimited', "
        "maximum_object_size=16777216, columns={'id': 'VARCHAR', 'attributes': 'JSON'}))"
    )
    rows, *counts = _row(
        connection,
        f"SELECT count(*), {', '.join(differences)} FROM {lines} JOIN {table} AS loaded USING (id)",
    )
    wrong = [f"{name} ({count})" for name, count in zip(compared, counts, strict=True) if count]
    if wrong or not rows:
        raise WrongResultError(
            f"of {rows} {endpoint.table} values differ in {', '.join(wrong) or 'nothing'}"
        )


def _comparable(value: str, kind: ColumnType) -> str:
    """SQL for a value as it reads in either layout."""
    if kind is ColumnType.JSON:
        return f"nullif({_without_redacted(f'CAST({value} AS VARCHAR)')}, 'null')"
    return f"CAST({value} AS {SQL_TYPES[kind]})"


def _without_redacted(value: str) -> str:
    """Text without the members that redaction turns into null, in what was served and what came."""
    keys = "|".join(sorted(SECRET_KEYS | PHONE_KEYS))
    return f"""regexp_replace({value}, '"({keys})":("[^"]*"|null)', '"\\1":null', 'g')"""


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None, "an aggregate gives one row"
    return row


if __name__ == "__main__":
    sys.exit(main())
