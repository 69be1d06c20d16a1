"""Reads a list by page numbers although its rows may move between two requests, and loses none.

Page numbers count rows from the start of the list. A row deleted before the place where we are
moves all later ones back, and one of them slips into a page already read: a hole. What proves that
there is none:

- two pages that share a row leave no row between them, whatever happened meanwhile, because the
  order of the rows that stay is fixed (so a list sorted by creation is read newest first: new rows
  then push old ones forward, which makes pages share rows, and a deletion that a new row makes up
  for shifts nothing);
- two pages that share none lie side by side if `total_count` stayed the same.

A list that counts nothing proves nothing; it is read on until a page is empty, or is the same again.

Where neither holds, a page of another size is read that lies across the boundary; sharing rows
with both sides it closes the gap. Failing that, the list is read again from the start.

Where counts say little, such a page is read too, and what it brings is taken: in a list that counts
nothing, and in one without an order, where a new row at its end may make up for one deleted further
in front. Of the latter only in those that are always read whole, from end to end, since they are
short: in others it would double the requests for two opposite changes within the time of one.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import msgspec

from rootly_assets.api.envelope import created_at, identities
from rootly_assets.api.errors import BrokenBody, NotFound, Rejected, Unavailable
from rootly_assets.api.listing import Listing, total
from rootly_assets.api.page import Page
from rootly_assets.api.windows import TooDeep, follow_windows
from rootly_assets.catalogue import PageStyle, Strategy

_READINGS = 3
_BRIDGES = 3
_MOST_REPEATS = 2
_MOST_WITHOUT_NEW = 10
# Rows on either side of the boundary that a bridging page should reach; more than move in one
# request.
_REACH = 30


def follow_numbers(listing: Listing) -> Iterator[Page]:
    """Yield a list's pages by `meta.next_page`; pages may come again where rows moved.

    Where Rootly refuses pages that deep, the rest is read by time of creation: from the last row
    on, where the list is sorted by it, else in windows.

    A page that counts nothing and names no next one is not taken for the last: the next one is
    asked for, whether it is full or not, since the server may give fewer rows than were asked for.

    Raises:
        IncompleteRead: the list runs in circles, or could not be read without holes.
        EndOutOfReach: it is too long to be read by page numbers, and in no other way.
    """
    try:
        yield from _followed(listing)
    except TooDeep as deep:
        yield from follow_windows(listing, deep, _followed)


def _followed(listing: Listing) -> Iterator[Page]:
    why = ""
    readings = 0
    while readings < _READINGS:
        reading = _Reading(listing)
        try:
            yield from reading.pages()
        except (Unavailable, BrokenBody):
            # Numbers count pages of one size: a list of smaller pages is another walk.
            smaller = listing.smaller_page(listing.page_size)
            if smaller is None:
                raise
            listing = msgspec.structs.replace(listing, page_size=smaller)
            continue
        readings += 1
        if not reading.holes:
            return
        why = reading.holes
    raise listing.incomplete(why)


class _Reading:
    """One walk through the list; `holes` says afterwards what is not proven, if anything."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._params = dict(listing.params)
        self._size = listing.page_size
        self._seen: set[int] = set()
        self._last: list[int] = []  # identities of the last page that had rows
        self._last_page: Page | None = None
        self._last_total: int | None = None
        self._totals: list[int] = []  # of the whole list, as each answer implies
        self._narrowed = False
        self._moved_while_bridging = (
            False  # so that equal counts prove nothing at the next boundary
        )
        self._left_out = 0  # rows of the whole list that the narrowed one does not count
        self.holes = ""
        is_part = any(name.startswith("filter[") for name in listing.params)
        self._counts_suffice = bool(
            listing.endpoint.sort or listing.endpoint.strategy != Strategy.WHOLE or is_part
        )
        per_page = listing.endpoint.pages.style is PageStyle.PAGE_PER_PAGE
        self._names = ("page", "per_page") if per_page else ("page[number]", "page[size]")
        sort = listing.endpoint.sort
        if sort:
            self._params.setdefault("sort", "-created_at" if sort == "created_at" else sort)

    def pages(self) -> Iterator[Page]:
        number = 1
        repeats = without_new = 0
        while True:
            known = len(self._seen)
            try:
                number, page = self._read_or_narrow(number)
            except (NotFound, TooDeep):
                if number == 2 and self._last_total is None and len(self._last) < self._size:
                    return  # a server that knows no page after a first one that is not full
                raise
            ids = list(identities(page.records))
            yield page
            if self._last and not self._side_by_side(page, ids):
                # Past the end, the place to look at is the end.
                start = (number - 1) * self._size
                start = start if ids else min(start, total(page) or 0)
                yield from self._bridge(start, ids, total(page))
                if self.holes:
                    return
            else:
                self._moved_while_bridging = False
                if len(self._last) == self._size and not self._proves(page, ids):
                    yield from self._look_across((number - 1) * self._size)
            # In whatever order: an unpaged list may come in another one each time.
            repeated = bool(ids) and set(ids) == set(self._last)
            repeats = repeats + 1 if repeated else 0
            if repeats >= _MOST_REPEATS:
                raise self._listing.incomplete("it answers the same page again and again")
            self._remember(page, ids)
            # Where it was narrowed, the rows of a second come twice, however many they are.
            is_new = len(self._seen) > known or self._narrowed
            without_new = 0 if is_new else without_new + 1
            if without_new >= _MOST_WITHOUT_NEW:
                raise self._listing.incomplete("it answers with the same rows again and again")
            following = None if not ids else self._following(number, page, repeated=repeated)
            if following is None:
                break
            if following <= number:
                raise self._listing.incomplete("its page numbers go round in circles")
            number = following
        yield from self._settle(number)

    def _read(self, number: int, size: int | None = None) -> Page:
        number_name, size_name = self._names
        params = dict(self._params)
        if self._listing.endpoint.pages.style is not PageStyle.NONE:
            params[size_name] = str(size or self._size)
            params[number_name] = str(number)
        elif number > 1:
            params[number_name] = str(number)
        return self._listing.read(params)

    def _read_or_narrow(self, number: int) -> tuple[int, Page]:
        """Read a page; where Rootly refuses to count that deep, go on from the last row's time.

        Returns:
            The page and its number, which starts again where the list was narrowed.

        Raises:
            TooDeep: the list is not sorted by it, or has more rows of that time than can be read.
        """
        try:
            return number, self._read(number)
        except Rejected as error:
            if number == 1 or self._last_page is None:
                raise
            edge = self._edge(self._last_page)
            if edge is None:
                raise TooDeep(number, self._size, self._last_page, error) from error
        self._params.update(edge)
        page = self._read(1)
        self._narrowed = True
        self._left_out = (self._totals[-1] if self._totals else 0) - (total(page) or 0)
        self._last_total = None  # of another list: proves nothing about this boundary
        return 1, page

    def _edge(self, last: Page) -> dict[str, str] | None:
        """Return the filter for what comes after the last row read, with a second of overlap."""
        sort = self._params.get("sort", "")
        if (
            "created_at" not in self._listing.endpoint.time_filters
            or sort.removeprefix("-") != "created_at"
        ):
            return None
        moment = created_at(last.records[-1])
        if moment is None:
            return None
        # Rootly shows times to the millisecond or second, but compares them in full.
        if sort.startswith("-"):
            name, moment = "filter[created_at][lte]", moment + timedelta(seconds=1)
        else:
            name, moment = "filter[created_at][gte]", moment - timedelta(seconds=1)
        edge = {name: moment.isoformat()}
        return edge if self._params.get(name) != edge[name] else None

    def _side_by_side(self, page: Page, ids: list[int]) -> bool:
        if not self._last:
            return True
        if self._last_total is None and self._narrowed:
            return not self._seen.isdisjoint(ids)
        unmoved = total(page) == self._last_total and not self._moved_while_bridging
        return unmoved or self._shares_a_row(ids)

    def _proves(self, page: Page, ids: list[int]) -> bool:
        """Whether no row can lie between the last page and this one, where none seems to."""
        count = total(page)
        return self._shares_a_row(ids) or (self._counts_suffice and count is not None)

    def _shares_a_row(self, ids: list[int]) -> bool:
        return not set(self._last).isdisjoint(ids)

    def _look_across(self, boundary: int) -> Iterator[Page]:
        """Read across a boundary of which equal counts, or none, say little.

        What is not there for all that is not told from what never was: the list is taken as it came.
        """
        if not (size := self._bridging_size(boundary)):
            return
        with suppress(Rejected):
            across = self._read(boundary // size + 1, size)
            yield across
            self._seen.update(identities(across.records))

    def _bridge(self, boundary: int, ids: list[int], count: int | None) -> Iterator[Page]:
        """Read across the boundary to the last page until no row can lie between the two.

        Rows may move between that page, of a list that had `count` rows, and the bridge: one that
        comes then and one that goes later leave the count of the next page as it was.
        """
        self._moved_while_bridging = False
        before = set(self._last)
        size = self._bridging_size(boundary)
        for _ in range(_BRIDGES):
            if not size or (self._narrowed and self._last_total is None):
                break
            try:
                across = self._read(boundary // size + 1, size)
            except Rejected:
                break  # of smaller pages it is a higher number, which may be refused where ours is not
            yield across
            found = set(identities(across.records))
            self._moved_while_bridging |= total(across) != count
            self._seen |= found
            reaches_on = not found.isdisjoint(ids) or not (ids or _next_page(across))
            if not found.isdisjoint(before) and reaches_on:
                return
            before |= found if not found.isdisjoint(before) else set()
        self.holes = "rows kept moving between its pages while they were read"

    def _bridging_size(self, boundary: int) -> int:
        """Return the page size with which a page reaches furthest to both sides of the boundary."""
        if self._listing.endpoint.pages.style is PageStyle.NONE:
            return 0

        def reach(size: int) -> int:
            return min(boundary % size, size - boundary % size, _REACH)

        largest = max(2, self._listing.endpoint.pages.max_size)
        best = max(range(2, largest + 1), key=reach)
        return best if reach(best) else 0

    def _remember(self, page: Page, ids: list[int]) -> None:
        self._seen.update(ids)
        self._last_total = total(page)
        if self._last_total is not None:
            self._totals.append(self._last_total + self._left_out)
        if ids:
            self._last, self._last_page = ids, page

    def _following(self, number: int, page: Page, *, repeated: bool) -> int | None:
        named = _next_page(page)
        if named is not None:
            return named
        if self._listing.endpoint.pages.style is PageStyle.NONE:
            return None
        count = total(page)
        if repeated and count is None and len(page.records) == self._size:
            raise self._listing.incomplete(
                f"it counts nothing, and answers a full page of {self._size} rows again and again"
            )
        if repeated:
            return None
        if count is None:
            return number + 1
        # A list that forgets to name the next page, though its own count says there is one.
        return number + 1 if number * self._size < count else None

    def _settle(self, number: int) -> Iterator[Page]:
        """Compare what came with what the list says it has."""
        if not self._totals:
            return
        if len(self._seen) < self._totals[-1] and number > 1 and not self._narrowed:
            # Rows that arrived after we began stand on the first page: newest first.
            first = self._read(1)
            yield first
            self._remember(first, list(identities(first.records)))
        if len(self._seen) < min(self._totals):
            self.holes = (
                f"{len(self._seen)} rows came where the list says it has {min(self._totals)}"
            )


def _next_page(page: Page) -> int | None:
    return page.meta.next_page if page.meta else None
