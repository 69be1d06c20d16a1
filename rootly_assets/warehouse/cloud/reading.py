"""Reading from a cloud warehouse: each answer comes as Arrow, and DuckDB gives it as pandas or Arrow."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from rootly_assets.sql import quoted
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.cloud.translation import translated
from rootly_assets.warehouse.duckdb_reading import nothing_yet
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.reading import DatasetError, Source

if TYPE_CHECKING:
    from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse


@dataclass(frozen=True)
class CloudSession:
    """An open connection, and the DuckDB in memory that its answers go to."""

    session: Session
    memory: duckdb.DuckDBPyConnection

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """The answer to a query; there are no parameters."""
        if parameters is not None:
            raise DatasetError(f"{self.session.dialect.title} is asked without parameters.")
        try:
            answer = self.session.arrow(query)
        except WarehouseError as error:
            raise DatasetError(str(error)) from error
        self.memory.register("answer", answer)
        described = self.memory.execute("DESCRIBE SELECT * FROM answer").fetchall()
        selected = ", ".join(_column(str(name), str(kind)) for name, kind, *_ in described)
        return self.memory.execute(f"SELECT {selected} FROM answer")


def _column(name: str, kind: str) -> str:
    """A column as the other warehouses give it: named in lower case, numbers as Python's."""
    value = quoted(name)
    if kind.startswith("DECIMAL"):
        value += "::BIGINT" if kind.endswith(",0)") else "::DOUBLE"
    return f"{value} AS {quoted(name.lower() if name.isupper() else name)}"


@dataclass(frozen=True)
class CloudSource(Source):
    """A cloud warehouse."""

    warehouse: "CloudWarehouse"

    def named(self, name: str) -> str:
        """A table with its schema, as a query names it."""
        return ".".join(map(self.warehouse.dialect().name, name.split(".")))

    def translated(self, query: str) -> str:
        """A query in words that DuckDB and PostgreSQL share, in the warehouse's own."""
        return translated(query, self.warehouse.dialect().language)

    @contextmanager
    def open(self) -> Generator[CloudSession]:
        """A connection; it is not kept from writing, which is up to the rights of its user."""
        try:
            with self.warehouse.session() as session, nothing_yet() as memory:
                yield CloudSession(session, memory)
        except WarehouseError as error:
            raise DatasetError(str(error)) from error
