"""What a sync needs of a warehouse."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.planning.parents import Parents


class Loader(Protocol):
    """Loads batches, and knows the rows that are there.

    Every method raises a `LoadError` where the warehouse can't be reached or refuses.
    """

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """A block that does several of these things in one go, without waiting for the network."""
        ...

    def parents(self, table: str, since: datetime | None) -> Parents:
        """Records of a table that came, changed or vanished after a time; all present ones for None."""
        ...

    def within(
        self, table: str, column: str, since: datetime | None, until: datetime | None
    ) -> tuple[str, ...]:
        """Ids of the present records of a table whose time in a column lies in a span."""
        ...

    def children(self, endpoint: Endpoint, parents: Sequence[str]) -> Mapping[str, str]:
        """Ids of the present rows of a nested list that are below some parents, each with its parent's."""
        ...

    def orphaned(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of records that are gone while rows of a nested list below them are not marked."""
        ...

    def childless(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of present records below which no row of a nested list is present."""
        ...
