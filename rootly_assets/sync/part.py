"""What reading hands on to loading: batches that can be committed now, and what it took to read them."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from rootly_assets.api import Usage
from rootly_assets.sync.batch import Batch


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run over several lists.

    Attributes:
        id: names it in the state of the tables that it brings up to date.
        began: the server's clock when it began: the watermark of everything that it reads.
        at: this machine's clock when it began: the time that its rows are marked with, later than that of any
            run before.
    """

    id: str
    began: datetime
    at: datetime


class Reading(msgspec.Struct, kw_only=True):
    """What reading a list took.

    Attributes:
        why: what was read, in a few words.
        usage: requests, bytes, retries, seconds waited, rate limit left.
        seconds: wall time.
        total_count: how many rows the list says it has, for what was asked; None where it doesn't say.
        in_all: how many rows the list has, where only its latest changes were read, and so how many rows
            the table is to have.
        doubtful: parents of which it is not certain that all their rows came along, with the reason.
    """

    why: str
    usage: Usage
    seconds: float
    total_count: int | None
    in_all: int | None = None
    doubtful: Mapping[str, str] = {}

    def followed_by(self, other: "Reading") -> "Reading":
        """Both as one."""
        counts = (self.total_count, other.total_count)
        usage = msgspec.structs.replace(self.usage)
        usage.add(other.usage)
        seconds = self.seconds + other.seconds
        if self.in_all is not None:
            # The latest changes did not account for it: what was read then says everything.
            why = f"{self.why}; then {other.why}"
            return msgspec.structs.replace(other, why=why, usage=usage, seconds=seconds)
        return Reading(
            why=self.why,
            usage=usage,
            seconds=seconds,
            total_count=None if None in counts else sum(each or 0 for each in counts),
            doubtful={**self.doubtful, **other.doubtful},
        )


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What can be committed now.

    Attributes:
        batches: one for each table, with what reading it took.
        rows: how many rows of the list that was paged through came with it.
        size: bytes of all that came.
        left: tables that did not come along after all, with the reason: to be read by their own paths.
        failed: tables of which what did not come along could not be read by its own path either.
        sees_all: whether every row of the list is among them.
        back_to: how far back a long list has been read with this; None where nothing is left before it.
        is_new: whether nobody has read that far before.
        of_those_gone: whether the batches are without rows, for the children of records that are gone: which
            these are the warehouse knows.
        together: whether rows of the list are loaded only after all that came along with them: otherwise nobody
            would see that it is wanting.
    """

    batches: tuple[tuple[Batch, Reading], ...]
    rows: int
    size: int
    left: Mapping[str, Exception]
    failed: Mapping[str, Exception] = {}
    sees_all: bool = False
    back_to: datetime | None = None
    is_new: bool = True
    of_those_gone: bool = False
    together: bool = False
