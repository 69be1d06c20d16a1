"""A Snowflake of the tests' own: fakesnow behind HTTP on loopback, asked by Snowflake's real client."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from rootly_assets_tests.snowflake_gaps import fill_gaps


@dataclass(frozen=True)
class SnowflakeDatabase:
    """An empty database."""

    server: "SnowflakeServer"
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """What a user would set to have it as the destination."""
        return {
            "ROOTLY_DESTINATION": "snowflake",
            "SNOWFLAKE_ACCOUNT": "fakesnow",
            "SNOWFLAKE_USER": "tester",
            "SNOWFLAKE_PASSWORD": "hunter2",
            "SNOWFLAKE_WAREHOUSE": "nothing",
            "SNOWFLAKE_DATABASE": self.name,
            "SNOWFLAKE_HOST": self.server.host,
            "SNOWFLAKE_PORT": str(self.server.port),
            "SNOWFLAKE_PROTOCOL": "http",
        }

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement; its rows."""
        import snowflake.connector

        with (
            snowflake.connector.connect(
                **self.server.parameters, database=self.name, timezone="UTC"
            ) as connection,
            connection.cursor() as cursor,
        ):
            return [tuple(row) for row in cursor.execute(sql).fetchall()]


class SnowflakeServer:
    """Attributes: `host` and `port`."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        self.host, self.port = parameters["host"], parameters["port"]
        self._names = count(1)

    def database(self) -> SnowflakeDatabase:
        """A new, empty database."""
        import snowflake.connector

        name = f"TESTS_{next(self._names)}"
        with snowflake.connector.connect(**self.parameters) as connection:
            connection.cursor().execute(f"CREATE DATABASE {name}")
        return SnowflakeDatabase(self, name)


@contextmanager
def snowflake_server() -> Iterator[SnowflakeServer]:
    """Serve for as long as the block lasts; without the group of packages the test is skipped."""
    fakesnow = pytest.importorskip("fakesnow", reason="uv sync --group dialects")
    serve = fakesnow.server  # before anybody imports the module of the same name
    with pytest.MonkeyPatch.context() as patch:
        fill_gaps(patch)
        with serve() as parameters:
            yield SnowflakeServer(parameters)
