"""What the rest of the package asks of a warehouse."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.state import TableState


class Warehouse(Protocol):
    """Where tables are kept. Every method opens and closes its own connection."""

    def prepare(self, endpoints: Iterable[Endpoint]) -> None:
        """Make sure that every table exists with all its declared columns."""
        ...

    def states(self) -> Mapping[str, TableState]:
        """How far each table has been read, by table name."""
        ...

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing."""
        ...

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest rows of a table, as text."""
        ...
