"""What the rest of the project asks of a warehouse, whichever it is."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.parents import Parents
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.reading import Source


class Warehouse(Protocol):
    """Raw tables with their state, and what is told of them.

    Every method raises a `LoadError` where the warehouse can't be reached or refuses; what was there before
    then still stands.
    """

    @property
    def place(self) -> str:
        """Where it is, in a word for people; without credentials."""
        ...

    def reading(self) -> Source:
        """Where its tables and models are read from."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """Use one connection for everything in the block, which must not wait for the network of the API."""
        ...

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        ...

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        ...

    def states_at_once(self) -> Mapping[str, TableState]:
        """The same, without waiting for other processes and without making what is not there."""
        ...

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing."""
        ...

    def parents(self, table: str, since: datetime | None) -> Parents:
        """Records of a table that came, changed or vanished after a time; all present ones for None."""
        ...

    def within(
        self, table: str, column: str, since: datetime | None, until: datetime | None
    ) -> tuple[str, ...]:
        """Ids of the present records of a table whose time in a column lies in a span."""
        ...

    def children(self, endpoint: Endpoint, parents: Sequence[str]) -> frozenset[str]:
        """Ids of the present rows of a nested list that are below some parents."""
        ...

    def orphaned(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of records that are gone while rows of a nested list below them are not marked."""
        ...

    def childless(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of present records below which no row of a nested list is present."""
        ...

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text; a time of the row's own decides, if it has one."""
        ...

    def replace_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Put a table of ours (`schema.table`) in place of the one before, in one transaction.

        Args:
            name: schema and table.
            columns: names and standard SQL types.
            rows: values in the order of the columns.
        """
        ...
