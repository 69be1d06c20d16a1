"""Cuts a reading that would take long into pieces that are read side by side.

A list is paged through one request after another: 600 pages that come after 0.2 s each take two minutes,
however many threads there are. Its first page says how many there will be, and how long each takes. Where
that is long, the page is put aside, and the reading is cut into spans of time of creation. A piece that turns
out to be long itself, because rows are spread unevenly, is cut once more: the cuts are guesses, and decide
how soon everything is there, never what is read.
"""

from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from rootly_assets.api import Page, created_at
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.planning.plan import BEGINNING, Read, created_between

# Answers that are here sooner are not waited for: threads would only get into each other's way.
QUICK = 0.05
# A list of fewer pages is there in seconds as it is.
LONG = 40
# Each piece ends with a page that is half empty on average: one request in twenty.
PAGES_A_PIECE = 10
MOST_PIECES = 16
MOST_CUTS = 3

_FROM, _BEFORE, _UNTIL = (f"filter[created_at][{name}]" for name in ("gte", "lt", "lte"))


def pieces(
    read: Read, first: Page, carrier: Endpoint, now: datetime, seconds: float
) -> tuple[Read, ...]:
    """What a reading is cut into; nothing where it is better read as it is.

    Args:
        read: the reading.
        first: its first page.
        carrier: the list.
        now: the present by the server's clock.
        seconds: how long the page took.
    """
    if seconds < QUICK or read.cuts >= MOST_CUTS or not first.goes_on:
        return ()
    if read.after is not None or read.until is not None:
        return ()  # where it ends is not known by its length
    if "created_at" not in carrier.time_filters or not first.records:
        return ()
    here, there = (created_at(first.records[place]) for place in (0, -1))
    if here is None or there is None:
        return ()
    start, before = _bound(read, _FROM), _bound(read, _BEFORE) or _bound(read, _UNTIL)
    end = before or max(now, here, there)
    if max(here, there) > end or (start is not None and min(here, there) < start):
        return ()  # a server that ignores the filter would give the whole list for each piece
    pages = _pages(first, start or here, there, end)
    if pages < LONG:
        return ()
    count = min(MOST_PIECES, int(pages // PAGES_A_PIECE))
    if start is None:
        # Oldest first, its first row is the oldest; newest first, the page says how close rows are.
        start = here if here <= there else max(BEGINNING, end - pages * (here - there))
    steps = (start + (end - start) * number / count for number in range(1, count))
    # Whole seconds: Rootly compares times in full, but shows them to the millisecond or second.
    cuts = [each.replace(microsecond=0) for each in steps]
    edges = [None, *(each for each in dict.fromkeys(cuts) if start < each < end), None]
    return tuple(_between(read, *each) for each in pairwise(edges))


def _pages(first: Page, start: datetime, reached: datetime, end: datetime) -> float:
    """How many pages there will be: by the list's count, or by how far the first one reaches."""
    if first.meta is not None and first.meta.total_count is not None:
        return first.meta.total_count / len(first.records)
    if reached < start:
        return 0.0
    return (end - start) / max(reached - start, timedelta(seconds=1))


def _between(read: Read, start: datetime | None, end: datetime | None) -> Read:
    """The part of a reading between two instants; None leaves the bound that it has."""
    params = {**read.params, **created_between(start, end).params}
    return msgspec.structs.replace(read, params=params, cuts=read.cuts + 1)


def _bound(read: Read, name: str) -> datetime | None:
    text = read.params.get(name)
    return None if text is None else datetime.fromisoformat(text)
