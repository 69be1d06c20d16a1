"""What the rest of the project asks of a warehouse, whichever it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.loader import Loader
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.reading import Source


class Warehouse(Loader, Protocol):
    """Raw tables with their state, and what is told of them; what a sync needs of it is a `Loader`.

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

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        ...

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        ...

    def states_at_once(self) -> Mapping[str, TableState]:
        """The same, without waiting for other processes and without making what is not there."""
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
