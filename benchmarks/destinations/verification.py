"""Compares what is in a destination with what was served: `python -m benchmarks.destinations.verification`.

Value by value in Python, since each destination has types of its own. Prints the rows of each table as JSON;
exits with 1 and says what differs if anything does.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import duckdb
import psycopg2
import psycopg2.extras

from benchmarks.server import TABLES
from rootly_assets.catalogue import ColumnType, Endpoint, readable
from rootly_assets.catalogue.sensitive import PHONE_KEYS, SECRET_KEYS

REDACTED = SECRET_KEYS | PHONE_KEYS

Row = Mapping[str, Any]


def main() -> int:
    """Verify the place that the environment names; the process's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", type=Path, required=True)
    options = parser.parse_args()
    endpoints = {endpoint.table: endpoint for endpoint in readable()}
    counts: dict[str, int] = {}
    for table in TABLES:
        rows = loaded(table)
        counts[table] = len(rows)
        wrong = difference(endpoints[table], rows, options.truth)
        if wrong:
            sys.stderr.write(f"{table}: {wrong}\n")
            return 1
    sys.stdout.write(json.dumps(counts) + "\n")
    return 0


def loaded(table: str) -> list[Row]:
    """All rows of a table; where they are files, our one file or those of the generic loader's folder."""
    if os.environ["ROOTLY_DESTINATION"] == "filesystem":
        place = f"{os.environ['ROOTLY_BUCKET_URL']}/rootly/{table}"
        files = f"{place}.parquet" if Path(f"{place}.parquet").exists() else f"{place}/*.parquet"
        found = duckdb.connect().execute("SELECT * FROM read_parquet($1)", [files])
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    connection = psycopg2.connect(
        host=os.environ["ROOTLY_POSTGRES_HOST"],
        port=os.environ["ROOTLY_POSTGRES_PORT"],
        dbname=os.environ["ROOTLY_POSTGRES_DATABASE"],
        user=os.environ["ROOTLY_POSTGRES_USER"],
        password=os.environ["ROOTLY_POSTGRES_PASSWORD"],
        cursor_factory=psycopg2.extras.RealDictCursor,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM rootly."{table}"')
        rows: list[Any] = cursor.fetchall()  # the cursor's own type is that of tuples
        return rows


def difference(endpoint: Endpoint, rows: Sequence[Row], truth: Path) -> str:
    """What is wrong with the rows; nothing for an empty text."""
    by_id = {row["id"]: row for row in rows}
    served, differing = 0, Counter[str]()
    with (truth / f"{endpoint.table}.ndjson").open() as lines:
        for line in lines:
            record = json.loads(line)
            served += 1
            if (row := by_id.get(record["id"])) is None:
                return f"{record['id']} is missing"
            for name, kind in endpoint.columns.items():
                wanted = comparable(record["attributes"].get(name), kind)
                # A column without any value is no column where the loader guesses them.
                if comparable(row.get(name), kind) != wanted:
                    differing[name] += 1
    if len(rows) != served:
        return f"{len(rows)} rows where {served} were served"
    return ", ".join(f"{name} ({times})" for name, times in differing.items())


def comparable(value: Any, kind: ColumnType) -> Any:
    """A value as it reads whatever type the destination has for it."""
    if value is None:
        return None
    if kind is ColumnType.JSON:
        return without_redacted(json.loads(value) if isinstance(value, str | bytes) else value)
    if kind is ColumnType.TIMESTAMP:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    if kind is ColumnType.DATE:
        if isinstance(value, datetime):
            return value.date()
        return date.fromisoformat(value) if isinstance(value, str) else value
    if kind is ColumnType.NUMBER:
        return float(value)
    if kind is ColumnType.INTEGER:
        return int(value)
    return value


def without_redacted(value: Any) -> Any:
    """A document with null for what redaction turns into null."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {
            key: None if key in REDACTED else without_redacted(each)
            for key, each in members.items()
        }
    if isinstance(value, list):
        return [without_redacted(each) for each in cast("list[Any]", value)]
    return value


if __name__ == "__main__":
    sys.exit(main())
