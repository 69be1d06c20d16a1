"""Reads a numbered list whose deep pages Rootly refuses in windows of time of creation.

The refusal says how many rows can be reached. A window whose first page counts more is cut in two,
until each can be read to its own proven end; the order of the rows does not matter. Whole seconds
are cut at, by `gte` and `lt`, so that a row belongs to exactly one window however exactly Rootly
compares times. In the end as many different rows must have come as the whole list counts: one
without a time of creation would be in no window.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from rootly_assets.api.distinct import DistinctCount
from rootly_assets.api.envelope import identities
from rootly_assets.api.errors import EndOutOfReach, Rejected
from rootly_assets.api.listing import Listing, total
from rootly_assets.api.page import Page

_READINGS = 3
# Rootly is younger than that; what should be older is in the first window all the same.
_BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
_FROM, _BEFORE, _UNTIL = (f"filter[created_at][{name}]" for name in ("gte", "lt", "lte"))


class TooDeep(Exception):  # noqa: N818 - a signal to who follows the list, never seen outside
    """Rootly refuses to count pages of a list that far.

    Attributes:
        number, size: the page that it refused, and the rows of each.
        last: the last page that it gave.
        error: the refusal.
    """

    def __init__(self, number: int, size: int, last: Page, error: Rejected) -> None:
        super().__init__(number)
        self.number = number
        self.size = size
        self.last = last
        self.error = error

    def said_plainly(self, listing: Listing, why: str) -> EndOutOfReach:
        """Return the error for a list that can't be read in windows either."""
        said = f' Rootly says: "{self.error.said}".' if self.error.said else ""
        return EndOutOfReach(
            f"{listing.path} is too long to be read to its end: Rootly refuses page {self.number} of "
            f"{self.size} rows each ({self.error.status}), and {why}.{said} Ask Rootly's support how the "
            "rest of this list can be read.",
            endpoint=listing.path,
            status=self.error.status,
            said=self.error.said,
        )


class _Window(msgspec.Struct, frozen=True):
    """Rows created from `start` on and before `end`; None where the list's own bound is kept."""

    start: datetime | None = None
    end: datetime | None = None


def follow_windows(
    listing: Listing, deep: TooDeep, follow: Callable[[Listing], Iterator[Page]]
) -> Iterator[Page]:
    """Yield the pages of all windows; a row may come more than once.

    Args:
        listing: the list.
        deep: how it was refused.
        follow: reads a list to its proven end; raises TooDeep.

    Raises:
        EndOutOfReach: the list has no filter by time of creation, or too many rows of one second.
        IncompleteRead: a window or the whole could not be read completely.
    """
    if "created_at" not in listing.endpoint.time_filters:
        raise deep.said_plainly(
            listing,
            "the list has no filter by time of creation by which it could be read in parts",
        ) from deep.error
    rows = DistinctCount()
    before = total(deep.last)
    least = 0
    for _ in range(_READINGS):
        for page in _once(listing, deep, follow):
            rows.add(identities(page.records))
            yield page
        after = total(listing.read({**listing.params, "page[size]": "1", "page[number]": "1"}))
        least = min((each for each in (before, after) if each is not None), default=0)
        if rows.count() >= least:
            return
    raise listing.incomplete(
        f"{rows.count()} rows came by their time of creation where the list says it has {least}"
    )


def _once(
    listing: Listing, deep: TooDeep, follow: Callable[[Listing], Iterator[Page]]
) -> Iterator[Page]:
    within_reach = (deep.number - 1) * deep.size
    waiting = [_Window()]  # the oldest last: what is created meanwhile comes with the newest
    while waiting:
        window = waiting.pop()
        pages = follow(_narrowed(listing, window))
        try:
            first = next(pages)
            if (total(first) or 0) <= within_reach:
                yield first
                yield from pages
                continue
        except TooDeep:
            pass
        waiting += reversed(_halves(listing, window, deep))


def _narrowed(listing: Listing, window: _Window) -> Listing:
    params = dict(listing.params)
    if window.start is not None:
        params[_FROM] = window.start.isoformat()
    if window.end is not None:
        params.pop(_UNTIL, None)
        params[_BEFORE] = window.end.isoformat()
    return msgspec.structs.replace(listing, params=params)


def _halves(listing: Listing, window: _Window, deep: TooDeep) -> tuple[_Window, _Window]:
    now = deep.last.server_time or datetime.now(UTC)
    start = window.start or _bound(listing, _FROM) or _BEGINNING
    end = window.end or _bound(listing, _BEFORE) or _bound(listing, _UNTIL) or now
    middle = (start + (end - start) / 2).replace(microsecond=0)
    if not start < middle < end:
        middle += timedelta(seconds=1)
    if not start < middle < end:
        raise deep.said_plainly(
            listing, "more rows than the pages before it hold were created in the same second"
        ) from deep.error
    return _Window(window.start, middle), _Window(middle, window.end)


def _bound(listing: Listing, name: str) -> datetime | None:
    text = listing.params.get(name)
    return None if text is None else datetime.fromisoformat(text)
