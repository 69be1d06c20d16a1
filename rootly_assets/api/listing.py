"""A list about to be read: what the ways of paging have in common."""

from collections.abc import Callable, Mapping
from threading import Lock

import msgspec

from rootly_assets.api.envelope import Envelope
from rootly_assets.api.errors import IncompleteRead
from rootly_assets.api.page import Page
from rootly_assets.catalogue import Endpoint, PageStyle

# What a compound page is cut down to where the server can't answer a larger one in time.
SMALLEST_PAGE = 5


MOST_BARE = 4


class BareAllowance:
    """How many of the smallest compound pages may come without what was to come along, of one reading.

    Where there are more, it is not some records.
    """

    def __init__(self) -> None:
        self._left = MOST_BARE
        self._lock = Lock()  # parts of a list are read side by side

    @property
    def is_left(self) -> bool:
        """Whether there may be another."""
        return self._left > 0

    def take(self) -> bool:
        """Take one; False where none is left."""
        with self._lock:
            self._left -= 1
            return self._left >= 0


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One list with its parameters.

    Attributes:
        endpoint: which list.
        path: its path with the parameters filled in.
        params: what the caller asks for besides paging.
        page_size: rows per page.
        read: sends a request with these query parameters and returns the page.
    """

    endpoint: Endpoint
    path: str
    params: Mapping[str, str]
    page_size: int
    read: Callable[[Mapping[str, str]], Page]

    def smaller_page(self, size: int) -> int | None:
        """Return what to ask for after a compound page of `size` rows failed; None to give up."""
        if "include" not in self.params or size <= SMALLEST_PAGE:
            return None
        return max(size // 4, SMALLEST_PAGE)

    def incomplete(self, why: str) -> IncompleteRead:
        """Return the error for a list that cannot be read to its proven end."""
        return IncompleteRead(
            f"{self.path} was not read completely: {why}. Nothing of it was taken; "
            "run it again, and "
            "if it stays so, tell Rootly's support.",
            endpoint=self.path,
        )


def lack_of(endpoint: Endpoint, size: int, answer: Envelope) -> str | None:
    """Return what an answer of a list lacks to tell whether it is all of it; None if nothing.

    Args:
        endpoint: the list.
        size: how many rows were asked for.
        answer: what came.
    """
    meta = answer.meta
    if not endpoint.has_meta:
        return None
    if meta is None:
        return "a page without the `meta` that says whether more follows"
    if endpoint.pages.style is not PageStyle.CURSOR or len(answer.records) < size:
        return None
    is_told = meta.next_cursor is not None or meta.ends or meta.total_count is not None
    return None if is_told else "a full page that does not say whether more follows"


def total(page: Page) -> int | None:
    """Return the number of rows that the list says it has."""
    return page.meta.total_count if page.meta else None
