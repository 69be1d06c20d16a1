"""Reading back in Python: tables and SQL results of the warehouse as pandas or Arrow.

import rootly_assets

incidents = rootly_assets.dataset().table("marts.fct_incidents").df()
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import duckdb
import pandas as pd

from rootly_assets.installation import adding, command
from rootly_assets.warehouse.destination import configured_source
from rootly_assets.warehouse.reading import DatasetError, Opened, Source, UnknownName

if TYPE_CHECKING:
    import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]

__all__ = ["Dataset", "DatasetError", "Relation"]


@dataclass(frozen=True)
class Relation:
    """A table or the result of a query, read when it is asked for.

    Attributes:
        dataset: where it is read.
        query: the SQL that gives it.
        parameters: values for the placeholders in the query.
        asks_models: whether it is a query of ours: what it names is there once the models are built.
    """

    dataset: "Dataset"
    query: str
    parameters: Any = None
    asks_models: bool = False

    def df(self) -> pd.DataFrame:
        """All rows as a pandas frame; instants are in UTC.

        Raises:
            DatasetError: the warehouse is not there or busy, or the query is refused.
        """
        return self._read(lambda found: found.df())

    def arrow(self) -> "pa.Table":  # pyright: ignore[reportUnknownParameterType] - pyarrow has no types
        """All rows as an Arrow table; instants are in UTC. Needs the extra `arrow`.

        Raises:
            DatasetError: the warehouse is not there or busy, or the query is refused.
        """
        if find_spec("pyarrow") is None:
            raise DatasetError(f"Arrow tables need pyarrow: {adding('arrow')}")
        table: Any = self._read(_arrow)
        return table

    def records(self) -> list[dict[str, Any]]:
        """All rows as dicts of Python values; instants are in UTC, NULL is None.

        Raises:
            DatasetError: the warehouse is not there or busy, or the query is refused.
        """

        def take(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        return self._read(take)

    def _read(self, take: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
        with self.dataset.source.open() as session:
            try:
                found = session.execute(self.query, self.parameters)
                return take(found)
            except UnknownName as error:
                if not self.asks_models:
                    raise
                raise DatasetError(
                    "The models that this reads are not there, or another version of rootly-assets has built "
                    f"them: `{command('metrics')}` builds them. {error}"
                ) from error
            except duckdb.Error as error:  # some fail only once their rows are fetched
                raise DatasetError(f"The query was refused. {error}") from error


def _arrow(found: duckdb.DuckDBPyConnection) -> Any:
    return cast("Any", found).to_arrow_table()


@dataclass(frozen=True)
class Dataset:
    """The warehouse, read only: raw tables in schema `rootly`, models in `staging` … `marts`.

    Attributes:
        source: where it is read from; what the environment names, by default.
    """

    source: Source = field(default_factory=configured_source)

    @contextmanager
    def opened(self) -> Generator["Dataset"]:
        """The same warehouse, opened once for all that is read in the block instead of once a query.

        To connect takes longer than most queries. Where reading is one transaction, as of a DuckDB file or
        PostgreSQL, answers are of one moment too. A sync waits for a DuckDB file to be closed.

        Raises:
            DatasetError: the warehouse is not there or busy.
        """
        with self.source.open() as session:
            yield Dataset(Opened(self.source, session))

    def confined(self) -> "Dataset":
        """The same for SQL that comes from a browser: one SELECT, and no files but those of the warehouse.

        A file of DuckDB's, a lake and files are kept so by DuckDB; see `rootly_assets.warehouse.confinement`.
        """
        return Dataset(self.source.confined())

    def sql(self, query: str, parameters: Any = None) -> Relation:
        """The result of a query.

        Args:
            query: SQL in the dialect of the warehouse.
            parameters: as the warehouse takes them: for DuckDB a sequence for `?` or a mapping for `$name`, for
                PostgreSQL a sequence for `%s` or a mapping for `%(name)s`.
        """
        return Relation(self, query, parameters)

    def portable(self, query: str) -> Relation:
        """The result of a query in words that DuckDB and PostgreSQL share, said in those of the warehouse.

        Report and dashboard ask so, and give the same figures everywhere.
        """
        return Relation(self, self.source.translated(query), asks_models=True)

    def table(self, name: str) -> Relation:
        """All rows of a table, e.g. `marts.fct_incidents` or `rootly.incidents`."""
        return self.sql(f"SELECT * FROM {self.source.named(name)}")
