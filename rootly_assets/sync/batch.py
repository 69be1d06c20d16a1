"""What is handed from reading to loading: a landing file, what it means, and the state to commit with it."""

from datetime import datetime

import msgspec

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.planning.plan import Window
from rootly_assets.sync.state import TableState

Placed = tuple[tuple[datetime, int], ...]
"""When some rows were created, in that order, each with its place among all that were read."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one table that belong together: all of them are committed, or none.

    Attributes:
        endpoint: whose rows they are.
        landing: the landing file; a row may stand in it more than once, the newest version counts.
        sees_all: whether a row of the table that is not in the file is gone.
        window: the span of which the same is true: of creation, or, for window lists, of taking place.
        parents: the records of whose children the same is true, for nested lists.
        only_marks: whether nothing is loaded, and only what is gone is marked: what was read shows that records
            exist, but not all that they say.
        state: what the table's state is once the rows are committed.
        is_new: whether the rows are most likely not in the table yet, so that it is cheaper to add them first
            and to look for them afterwards.
    """

    endpoint: Endpoint
    landing: LandingFile
    sees_all: bool
    window: Window | None = None
    parents: tuple[str, ...] | None = None
    only_marks: bool = False
    state: TableState
    is_new: bool = False


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What a committed batch did to its table, in rows.

    Attributes:
        rows: rows in the table now that are not marked as deleted.
        received: distinct rows in the batch.
        new, changed, vanished: rows that came, that differ from what was there, that are gone.
        rescued: rows of the batch with a value that did not fit its column.
        duplicate_ids, null_ids: rows of the table that break its primary key; 0 unless something is wrong. Ids
            that a sync did not touch were counted when they came, and are again where everything is read.
        undeclared: columns of the table that the catalogue does not declare.
        absent: of a batch that only marks: when those records were created that the table lacks, has marked
            as deleted, or holds in an outdated version.
    """

    rows: int
    received: int
    new: int
    changed: int
    vanished: int
    rescued: int
    duplicate_ids: int
    null_ids: int
    undeclared: tuple[str, ...]
    absent: Placed = ()

    def followed_by(self, other: "Loaded") -> "Loaded":
        """Both as one: what came adds up, what is there now is what the later one says."""
        return msgspec.structs.replace(
            other,
            absent=(),
            received=self.received + other.received,
            new=self.new + other.new,
            changed=self.changed + other.changed,
            vanished=self.vanished + other.vanished,
            rescued=self.rescued + other.rescued,
        )
