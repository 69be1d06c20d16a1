"""A DuckDB file with a handful of measured records, as the intermediate models would give them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

# id, name, when, resolution time, attributes
RECORDS = [
    (
        *("a", "#1 A", datetime(2026, 3, 1, 7, 30, tzinfo=UTC), 60.0),
        {"kind": ["normal"], "services": ["api", "web"]},
    ),
    (
        *("b", "#2 B", datetime(2026, 3, 1, 23, 0, tzinfo=UTC), 120.0),
        {"kind": ["backfilled"], "services": ["api"]},
    ),
    ("c", "#3 C", datetime(2026, 3, 9, 12, 0, tzinfo=UTC), None, {"kind": ["test"]}),
    (
        "d",
        "#4 D",
        datetime(2026, 3, 10, 12, 0, tzinfo=UTC),
        600.0,
        {"custom_field:7": ["12"], "incident_role:lead": ["Ada", "Bo"]},
    ),
]


def load(connection: duckdb.DuckDBPyConnection, records: list[tuple]) -> None:  # type: ignore[type-arg]
    connection.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
    connection.execute(
        "DROP TABLE IF EXISTS intermediate.int_rootly__panel_measures;"
        " CREATE TABLE intermediate.int_rootly__panel_measures (collection VARCHAR, record_id VARCHAR,"
        " record_name VARCHAR, measured_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ, changed_at TIMESTAMPTZ,"
        " known_at TIMESTAMPTZ, key VARCHAR, value DOUBLE PRECISION)"
    )
    connection.execute(
        "DROP TABLE IF EXISTS intermediate.int_rootly__panel_attributes;"
        " CREATE TABLE intermediate.int_rootly__panel_attributes (collection VARCHAR,"
        " record_id VARCHAR, attribute VARCHAR, member VARCHAR)"
    )
    for record, name, when, seconds, attributes in records:
        measures = {"results": 1.0, "resolution_time": seconds}
        for key, value in measures.items():
            if value is not None:
                connection.execute(
                    "INSERT INTO intermediate.int_rootly__panel_measures VALUES"
                    " (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    ["incidents", record, name, when, when, when, when, key, value],
                )
        for attribute, members in attributes.items():
            for member in members:
                connection.execute(
                    "INSERT INTO intermediate.int_rootly__panel_attributes VALUES (?, ?, ?, ?)",
                    ["incidents", record, attribute, member],
                )


@pytest.fixture
def models() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        load(connection, RECORDS)
        yield connection
