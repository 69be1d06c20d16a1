"""Compares the tables with what was served: `python -m benchmarks.million.verification`.

A process of its own, with memory of its own. Exits with 1 and says what differs if anything does.
"""

import argparse
import sys
from pathlib import Path

import duckdb

from benchmarks.million.history import WEEK


def main() -> int:
    """Verify; the process's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--incidents", type=int, required=True)
    parser.add_argument("--alerts", type=int, required=True)
    parser.add_argument("--changed", type=int, required=True)
    options = parser.parse_args()
    with duckdb.connect(str(options.database), read_only=True) as connection:
        for table, rows in (("incidents", options.incidents), ("alerts", options.alerts)):
            found = compared(connection, table, options.truth / f"{table}.csv", rows)
            if found != (rows, rows, options.changed):
                sys.stderr.write(
                    f"{table}: {found[0]} rows, of which {found[1]} are as served and {found[2]} "
                    f"changed, where {rows} were served and {options.changed} have changed\n"
                )
                return 1
    return 0


def compared(
    connection: duckdb.DuckDBPyConnection, table: str, week: Path, rows: int
) -> tuple[int, int, int]:
    """Rows of a table, those whose id and time of creation were served, and those that changed."""
    connection.execute("SET TimeZone = 'UTC'")
    size = len(week.read_text().splitlines())
    found = connection.execute(
        f"""
        WITH week AS (
            SELECT row_number() OVER () - 1 AS place, *
            FROM read_csv('{week}', header=false,
                columns={{'id': 'VARCHAR', 'created': 'DOUBLE', 'updated': 'DOUBLE'}})
        ),
        served AS (
            SELECT
                left(id, -12) || printf('%06d', turn) || right(id, 6) AS id,
                round(1000 * (created - turn * {WEEK.total_seconds()}))::BIGINT AS created
            FROM week, range({rows // size + 1}) AS turns (turn)
            WHERE turn * {size} + place < {rows}
        )
        SELECT
            (SELECT count(*) FROM rootly.{table}),
            (SELECT count(*) FROM served
             JOIN rootly.{table} AS loaded
                 ON served.id = loaded.id AND served.created = epoch_ms(loaded.created_at)),
            (SELECT count(*) FROM rootly.{table} WHERE summary = 'Changed')
        """
    ).fetchone()
    assert found is not None, "aggregates give one row"
    return found


if __name__ == "__main__":
    sys.exit(main())
