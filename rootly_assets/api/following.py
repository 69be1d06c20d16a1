"""Reads a list by its cursor, `page[after]`, to the end and no further."""

from collections.abc import Iterator

from rootly_assets.api.distinct import DistinctCount
from rootly_assets.api.envelope import identities
from rootly_assets.api.errors import BrokenBody, Rejected, Unavailable
from rootly_assets.api.listing import Listing, total
from rootly_assets.api.page import Page

_READINGS = 3
# Filters may leave whole pages empty; a place further on is named after each of them.
_MOST_EMPTY_PAGES = 100


def follow_cursor(listing: Listing, after: str | None) -> Iterator[Page]:
    """Yield a list's pages by `meta.next_cursor`.

    A cursor names a place between rows, so that rows which come and go elsewhere shift nothing.
    What is left to prove is that the server told the truth about the end: as many different rows
    must have come as `total_count` said at its lowest. A reading that falls short is repeated from
    the start; so is one whose cursor Rootly no longer knows.

    Args:
        listing: what to read.
        after: the cursor to start from; what the list holds in all then proves nothing.

    Raises:
        IncompleteRead: the cursor goes round in circles or leads from one empty page to the next,
        or rows are missing after repeated readings.
    """
    rows = DistinctCount()
    least: int | None = None
    for left in reversed(range(_READINGS)):
        is_first = True
        try:
            for page in _once(listing, after):
                is_first = False
                rows.add(identities(page.records))
                count = total(page)
                if count is not None:
                    least = count if least is None else min(least, count)
                yield page
        except Rejected:
            # A cursor that Rootly has just named, and knows no longer.
            if is_first or not left:
                raise
            continue
        if after is not None or least is None or rows.count() >= least:
            return
    raise listing.incomplete(f"{rows.count()} rows came where the list says it has {least}")


def _once(listing: Listing, after: str | None) -> Iterator[Page]:
    size = listing.page_size
    params = dict(listing.params)
    if listing.endpoint.sort:
        params.setdefault("sort", listing.endpoint.sort)
    cursor = after
    used = {cursor}
    empty = 0
    was_bare = False
    while True:
        params["page[size]"] = str(size)
        try:
            page = listing.read(params if cursor is None else {**params, "page[after]": cursor})
        except (Unavailable, BrokenBody):
            # A cursor names a row: the page after it may be of any size.
            smaller = listing.smaller_page(size)
            if smaller is None:
                raise
            size = smaller
            continue
        if was_bare and page.bare is None:
            size = listing.page_size  # it was those few records
        was_bare = page.bare is not None
        yield page
        following = page.meta.next_cursor if page.meta else None
        if following is None or (following == cursor and not page.records):
            return  # a stream names the same place again until something new comes
        if following in used:
            raise listing.incomplete("its cursor goes round in circles")
        empty = 0 if page.records else empty + 1
        if empty >= _MOST_EMPTY_PAGES:
            raise listing.incomplete(
                f"{empty} pages in a row held no rows, and each named a next one"
            )
        cursor = following
        used.add(cursor)
