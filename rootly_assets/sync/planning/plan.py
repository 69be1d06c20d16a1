"""What is read this time: passes over the pages of a list, and what may be concluded from them."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Rootly is younger than that.
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One pass over the pages of a list.

    Attributes:
        params: query parameters beside paging and sort.
        after: the cursor to go on from.
        parent: id of the record whose list is read, for nested lists.
        again: whether that failed in the read before.
        until: of a list that is sorted by change, the latest first: what had changed before is known.
        cuts: how often it was cut to become so short.
    """

    params: Mapping[str, str] = {}
    after: str | None = None
    parent: str | None = None
    again: bool = False
    until: datetime | None = None
    cuts: int = 0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A span of time of which every row was read: a row in it that was not seen is gone.

    Attributes:
        start, end: the first instant in it, and the first after it; None for no such bound.
        created: whether it is of rows that were created in it, and not of those that take place in it.
    """

    start: datetime | None
    end: datetime | None
    created: bool = False

    def bounds(self) -> list[tuple[str, str, datetime]]:
        """What is true of a row that lies wholly inside: column, comparison, instant.

        A shift on the edge may be listed by its other half alone.
        """
        first, last = ("created_at", "created_at") if self.created else ("starts_at", "ends_at")
        found = ((first, ">=", self.start), (last, "<" if self.created else "<=", self.end))
        return [(column, sign, moment) for column, sign, moment in found if moment is not None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to read, and what may be concluded when it has been read.

    Attributes:
        reads: passes that together give the rows.
        sees_all: whether every row of the list is among them, so that an unseen row is gone.
        window: a span of time of which every row is among them: of creation, or, for window lists, of taking
            place.
        parents: for nested lists: the records whose every child is among them.
        expected: ids of rows of nested lists, with their parents', that are asked for one by one where they
            don't come.
        unhurried: whether it may wait until others leave it some of the rate limit.
        moves_watermark: whether a complete pass says something about everything up to now.
        why: the plan in a few words, for the log and the asset's page; of a list that is read in parts the same
            for each.
    """

    reads: tuple[Read, ...]
    sees_all: bool = False
    window: Window | None = None
    parents: tuple[str, ...] | None = None
    expected: Mapping[str, str] = {}
    unhurried: bool = False
    moves_watermark: bool = True
    why: str

    @property
    def reads_latest(self) -> bool:
        """Whether a list is read by its latest changes, which it may not give in that order, or not at all."""
        return any(each.until for each in self.reads)


def whole(why: str) -> Plan:
    """A list from end to end."""
    return Plan(reads=(Read(),), sees_all=True, why=why)


def changed_since(attribute: str, start: datetime) -> Plan:
    """Rows whose `attribute` is not before `start`."""
    return Plan(
        reads=(Read(params={f"filter[{attribute}][gte]": as_text(start)}),),
        why=f"{attribute} since {start:%Y-%m-%d %H:%M:%S} UTC",
    )


def created_between(start: datetime | None, end: datetime | None) -> Read:
    """Rows created from `start` on and before `end`; None where there is no such bound."""
    bounds = (("gte", start), ("lt", end))
    return Read(
        params={f"filter[created_at][{name}]": as_text(each) for name, each in bounds if each}
    )


def as_text(moment: datetime) -> str:
    """An instant as the API takes it."""
    return moment.isoformat().replace("+00:00", "Z")
