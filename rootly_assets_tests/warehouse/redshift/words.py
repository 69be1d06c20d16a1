"""What PostgreSQL has to learn to pass for a Redshift, as far as loading goes.

What it can't show: Redshift's own MERGE, its limits (a text has 65,535 bytes), how it compares, its speed.
"""

import re
from typing import Any

import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets_tests.postgres_server import Database

WORDS = """
CREATE DOMAIN super AS jsonb;
CREATE FUNCTION json_parse(text) RETURNS super LANGUAGE sql IMMUTABLE AS 'SELECT $1::jsonb::super';
CREATE FUNCTION json_serialize(super) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
"""


def taught(database: Database, patch: pytest.MonkeyPatch) -> Database:
    """A database that knows Redshift's JSON, and a client that asks it for texts without a longest length."""
    import dlt.destinations.impl.postgres.sql_client as client

    class Taught(Cursor):
        def execute(self, query: Any, vars: Any = None) -> Any:  # noqa: A002 - psycopg2's own name
            if isinstance(query, str):
                query = re.sub(r"(?i)varchar\((max|65535)\)", "varchar", query)
            return super().execute(query, vars)

    connect = client.psycopg2.connect
    database.query(WORDS)
    patch.setattr(
        client.psycopg2,
        "connect",
        lambda *arguments, **options: connect(*arguments, **{"cursor_factory": Taught, **options}),
    )
    return database
