"""Reading back in Python: tables and SQL results of the warehouse as pandas or Arrow.

import rootly_assets

incidents = rootly_assets.dataset().table("marts.fct_incidents").df()
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import pandas as pd

from rootly_assets.settings import database_path

if TYPE_CHECKING:
    import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]


class DatasetError(Exception):
    """The warehouse can't be read; says what to do about it."""


@dataclass(frozen=True)
class Relation:
    """A table or the result of a query, read when it is asked for.

    Attributes:
        dataset: where it is read.
        query: the SQL that gives it.
        parameters: values for the `?` or `$name` in the query.
    """

    dataset: "Dataset"
    query: str
    parameters: Any = None

    def df(self) -> pd.DataFrame:
        """All rows as a pandas frame; instants are in UTC.

        Raises:
            DatasetError: the file is not there or locked, or the query is refused.
        """
        return self._read(lambda found: found.df())

    def arrow(self) -> "pa.Table":  # pyright: ignore[reportUnknownParameterType] - pyarrow has no types
        """All rows as an Arrow table; instants are in UTC. Needs `pip install 'rootly-assets[arrow]'`.

        Raises:
            DatasetError: the file is not there or locked, or the query is refused.
        """
        try:
            import pyarrow  # noqa: F401  # pyright: ignore
        except ImportError as error:
            raise DatasetError(
                "Arrow tables need pyarrow: pip install 'rootly-assets[arrow]'"
            ) from error
        table: Any = self._read(_arrow)
        return table

    def records(self) -> list[dict[str, Any]]:
        """All rows as dicts of Python values; instants are in UTC, NULL is None.

        Raises:
            DatasetError: the file is not there or locked, or the query is refused.
        """

        def take(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        return self._read(take)

    def _read(self, take: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
        with self.dataset.connect() as connection:
            try:
                return take(connection.execute(self.query, self.parameters))
            except duckdb.Error as error:
                raise DatasetError(f"The query was refused. {error}") from error


def _arrow(found: duckdb.DuckDBPyConnection) -> Any:
    return cast("Any", found).to_arrow_table()


@dataclass(frozen=True)
class Dataset:
    """The warehouse, read only: raw tables in schema `rootly`, models in `staging` … `marts`.

    Attributes:
        path: the DuckDB file.
    """

    path: Path = field(default_factory=database_path)

    def sql(self, query: str, parameters: Any = None) -> Relation:
        """The result of a query.

        Args:
            query: SQL in DuckDB's dialect.
            parameters: a sequence for `?`, a mapping for `$name`.
        """
        return Relation(self, query, parameters)

    def table(self, name: str) -> Relation:
        """All rows of a table, e.g. `marts.fct_incidents` or `rootly.incidents`."""
        parts = [f'"{part.replace(chr(34), chr(34) * 2)}"' for part in name.split(".")]
        return self.sql(f"FROM {'.'.join(parts)}")

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection that only reads; close it, since it keeps writers out.

        Raises:
            DatasetError: there is no such file, or another process is writing to it.
        """
        if not self.path.exists():
            raise DatasetError(
                f"There is no DuckDB file at {self.path}. `make refresh` makes it (`make demo` a sample); "
                "ROOTLY_DUCKDB_PATH names another."
            )
        try:
            connection = duckdb.connect(str(self.path), read_only=True)
        except duckdb.IOException as error:
            raise DatasetError(
                f"{self.path} can't be opened: another process may be writing to it. Try again in a moment."
            ) from error
        connection.execute("SET TimeZone = 'UTC'")
        return connection
