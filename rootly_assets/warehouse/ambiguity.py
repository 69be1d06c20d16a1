"""What the name of a DuckDB file, which is its database's, does to queries.

In `rootly.duckdb` both the database and a schema are `rootly`: DuckDB refuses `rootly.incidents` there. It is
read as the table of the schema, as it is in a file of any other name. And a query that names a database holds
in a file of that name alone.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

import duckdb

from rootly_assets.warehouse.tables import current_database


def is_ambiguous(error: duckdb.Error) -> bool:
    """Whether a query was refused since a name might be the database's or the schema's."""
    return isinstance(error, duckdb.BinderException) and "Ambiguous reference" in str(error)


def qualified(connection: duckdb.DuckDBPyConnection, query: str) -> str | None:
    """The query with the database before such a schema; None where it is more than SELECTs."""
    said = json.loads(_one(connection, "json_serialize_sql(?::VARCHAR)", query))
    if said["error"]:
        return None
    _qualify(said, current_database(connection))
    return _one(connection, "json_deserialize_sql(?::JSON)", json.dumps(said))


def database_of(connection: duckdb.DuckDBPyConnection, query: str) -> str | None:
    """The database whose tables a query names; None where it names none, or is more than SELECTs."""
    said = json.loads(_one(connection, "json_serialize_sql(?::VARCHAR)", query))
    return next(_databases(said), None)


def _one(connection: duckdb.DuckDBPyConnection, function: str, text: str) -> str:
    row = connection.execute(f"SELECT {function}", [text]).fetchone()
    assert row is not None, "a SELECT without FROM gives one row"
    return row[0]


def _databases(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in cast("list[Any]", node):
            yield from _databases(each)
    elif isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        if found.get("type") == "BASE_TABLE" and found["catalog_name"]:
            yield found["catalog_name"]
        for each in found.values():
            yield from _databases(each)


def _qualify(node: Any, database: str) -> None:
    if isinstance(node, list):
        for each in cast("list[Any]", node):
            _qualify(each, database)
    elif isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        if (
            found.get("type") == "BASE_TABLE"
            and not found["catalog_name"]
            and found["schema_name"].lower() == database.lower()
        ):
            found["catalog_name"] = database
        for each in found.values():
            _qualify(each, database)
