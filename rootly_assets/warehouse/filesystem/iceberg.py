"""A raw table as an Iceberg table: rows and the state that belongs to them are one commit of the catalog."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import duckdb
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import CommitFailedException, RESTError
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.table import Table, Transaction
from pyiceberg.table.snapshots import Snapshot
from sqlalchemy.exc import SQLAlchemyError

from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.filesystem.formats import load_format
from rootly_assets.warehouse.filesystem.place import is_rest, models_path, named_catalog
from rootly_assets.warehouse.filesystem.written import KEY, Written, understood
from rootly_assets.warehouse.object_store import iceberg_properties, kind_of

# Rows that are handed over together.
BATCH = 2048

NAMESPACE = "rootly"

# As much of the rows as is held in memory at once: they are collected until there is a file's worth of them.
_PROPERTIES = {"write.target-file-size-bytes": str(32 * 1024 * 1024)}


@dataclass(frozen=True)
class IcebergTables:
    """Tables of a catalog, with their files below a URL."""

    url: str

    def rows(self, table: str) -> str:
        """SQL for a table's rows as they are now; the columns that are JSON are text to Iceberg."""
        with _told():
            found = self._catalog.load_table((NAMESPACE, table))
        columns = understood(found.properties[KEY]).columns
        selected = ", ".join(
            f"{quoted(name)}::{kind} AS {quoted(name)}" for name, kind in columns.items()
        )
        metadata = found.metadata_location.removeprefix("file://")
        return f"SELECT {selected} FROM iceberg_scan({literal(metadata)})"

    def found(
        self, connection: duckdb.DuckDBPyConnection, table: str = "*"
    ) -> Mapping[str, Written]:
        """What is there, by table; of one table or all. Tables of others are none of ours."""
        load_format(connection, "iceberg")
        with _told():
            self._catalog.create_namespace_if_not_exists(NAMESPACE)
            tables = {name: each.properties for name, each in self._loaded(table)}
        return {name: understood(said[KEY]) for name, said in tables.items() if KEY in said}

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, written: Written) -> None:
        """Put the rows of the connection's table in place of those before; older snapshots stay readable.

        Raises:
            WarehouseError: another process wrote the table meanwhile, or the catalog did not take it.
        """
        rows = cast("Any", connection.execute(f"SELECT * FROM {quoted(table)}"))
        reader = rows.to_arrow_reader(BATCH)
        try:
            with _told(), self._transaction(table, reader.schema, written) as transaction:
                transaction.append(reader)
                # Not of the snapshot: it outlives that others compact the table and let old snapshots go.
                transaction.set_properties({KEY: written.said()})
        except CommitFailedException as error:
            raise WarehouseError(
                f"Another process wrote the Iceberg table {NAMESPACE}.{table} meanwhile; what it wrote stands. "
                "Run again."
            ) from error

    def places(self) -> tuple[str, ...]:
        """Folders and buckets in which all of them lie."""
        if not is_rest(catalog_address(self.url)):
            return (self.url,)
        with _told():
            return (self.url, *(each.location() for _, each in self._loaded()))

    def unusable(self, name: str) -> bool:  # noqa: ARG002 - of other formats some are
        """Whether no column can have this name."""
        return False

    @property
    def _catalog(self) -> Catalog:
        properties = {"uri": catalog_address(self.url), **iceberg_properties(self.url)}
        return _opened(tuple(properties.items()))

    def _loaded(self, table: str = "*") -> Iterator[tuple[str, Table]]:
        """What the catalog says of the tables that are there; of one table or all."""
        for *_, name in self._catalog.list_tables(NAMESPACE):
            if table in ("*", name):
                yield name, self._catalog.load_table((NAMESPACE, name))

    def _transaction(self, table: str, schema: Any, written: Written) -> Transaction:
        """One that makes the table, or empties it and gives it the columns that its rows have now."""
        name = (NAMESPACE, table)
        if not self._catalog.table_exists(name):
            # A server that keeps a catalog has its own place for tables, and may refuse others.
            ours = None if is_rest(catalog_address(self.url)) else f"{self.url}/{NAMESPACE}/{table}"
            return self._catalog.create_table_transaction(
                name, schema=schema, location=ours, properties=_PROPERTIES
            )
        found = self._catalog.load_table(name)
        transaction = found.transaction()
        before = understood(found.properties[KEY]).columns
        # No value has to be converted: every row is written anew.
        gone = [each for each in before if written.columns.get(each) != before[each]]
        if gone:
            with transaction.update_schema(allow_incompatible_changes=True) as update:
                for each in gone:
                    update.delete_column(each)
        if gone or written.columns.keys() - before.keys():
            with transaction.update_schema() as update:
                update.union_by_name(schema)
        snapshot = found.current_snapshot()
        if snapshot is not None and _has_rows(snapshot):
            transaction.delete(AlwaysTrue())
        return transaction


def _has_rows(snapshot: Snapshot) -> bool:
    # One that does not say how many it has is another tool's.
    return snapshot.summary is None or snapshot.summary["total-records"] != "0"


@cache
def _opened(properties: tuple[tuple[str, str], ...]) -> Catalog:
    try:
        return load_catalog(NAMESPACE, **dict(properties))
    except Exception as error:  # databases and REST catalogs have many ways to say so
        raise WarehouseError(
            f"Iceberg's catalog can't be opened: {_reason(error)}. Check ROOTLY_ICEBERG_CATALOG, and that its "
            "server is running, if it has one."
        ) from error


@contextmanager
def _told() -> Generator[None]:
    """What a catalog, or the bucket of its tables, has to say against it as a sentence.

    Raises:
        WarehouseError: in place of what the library raises.
    """
    try:
        yield
    # Of the network it is an OSError, whatever library it comes from.
    except (RESTError, SQLAlchemyError, OSError) as error:
        raise WarehouseError(
            f"Iceberg's catalog, or the place of its tables, refused: {_reason(error)}. What was there "
            "stands, or all of the new does."
        ) from error


def _reason(error: Exception) -> str:
    """What a catalog or bucket says, without an address: SQLAlchemy and requests may quote a password in it."""
    told = getattr(error, "orig", None)  # the words of a database's driver
    is_of_requests = hasattr(error, "request")
    if told is None and isinstance(error, (ImportError, RESTError, OSError)) and not is_of_requests:
        told = error
    lines = str(told).splitlines() if told else []
    return (lines[0] if lines else type(error).__name__).rstrip(".")


def catalog_address(url: str) -> str:
    """Where the catalog is: what `ROOTLY_ICEBERG_CATALOG` names.

    By default a file of SQLite's: beside the tables in a folder, beside dbt's models if they are in a bucket.
    """
    if named := named_catalog():
        return named
    folder = Path(url) if kind_of(url) is None else models_path().parent
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'iceberg.db'}"
