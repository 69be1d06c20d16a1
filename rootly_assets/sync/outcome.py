"""What became of a list in a run, and what is told of it on the way."""

from datetime import datetime
from enum import StrEnum

import msgspec

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Loaded
from rootly_assets.sync.part import Reading
from rootly_assets.sync.state import TableState


class Status(StrEnum):
    """How reading one list ended."""

    LOADED = "loaded"
    NOT_PERMITTED = (
        "not permitted"  # the key may not read it: no failure, its table stays as it was
    )
    FAILED = "failed"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one list in this run.

    Attributes:
        endpoint: the list.
        status: how it ended.
        before: the table's state before the run.
        after: its state now; the same as before unless loaded.
        reading, loaded: what it took and what it did; None unless loaded.
        error: what went wrong; None when loaded.
    """

    endpoint: Endpoint
    status: Status
    before: TableState
    after: TableState
    reading: Reading | None = None
    loaded: Loaded | None = None
    error: Exception | None = None

    @property
    def doubt(self) -> str | None:
        """What is not certain of the rows that were loaded, in sentences; None where everything is."""
        if self.reading is None or self.endpoint.parent is None:
            return None
        unread = self.after.unread_parents
        before = dict.fromkeys(unread, "it failed to in a read before")
        doubtful = {**before, **self.reading.doubtful}
        if not doubtful:
            return None
        # One that failed, if any did: it asks for somebody to act.
        example, why = min(doubtful.items(), key=lambda each: (each[0] not in unread, each[0]))
        again = f" Asked again at every sync until it does: {len(unread)}." if unread else ""
        return (
            f"Rootly did not say for certain which {self.endpoint.table} {len(doubtful):,} of the "
            f"{self.endpoint.parent.table} have, e.g. {example or 'one without an id'}: "
            f"{why.rstrip('.')}. What came was loaded, and none of their rows was taken for deleted.{again}"
        )

    @property
    def is_read(self) -> bool:
        """Whether nothing is left that Rootly failed to give."""
        return self.after.unread is None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a long list was committed, which is read backwards through time.

    Attributes:
        endpoint: the list.
        back_to: every row that was created since then has been read.
        rows: rows in the table now.
        is_new: whether it is the list's first read, so that nothing older is there.
    """

    endpoint: Endpoint
    back_to: datetime
    rows: int
    is_new: bool = True
