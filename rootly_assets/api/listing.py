"""A list about to be read: what the ways of paging have in common."""

from collections.abc import Callable, Mapping

import msgspec

from rootly_assets.api.errors import IncompleteRead
from rootly_assets.api.page import Page
from rootly_assets.catalogue import Endpoint


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

    def incomplete(self, why: str) -> IncompleteRead:
        """Return the error for a list that cannot be read to its proven end."""
        return IncompleteRead(
            f"{self.path} was not read completely: {why}. Nothing of it was taken; "
            "run it again, and "
            "if it stays so, tell Rootly's support.",
            endpoint=self.path,
        )


def total(page: Page) -> int | None:
    """Return the number of rows that the list says it has."""
    return page.meta.total_count if page.meta else None
