"""What the sandbox knows of a list endpoint: path, rows, paging, filters, order, includes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Paging(StrEnum):
    """How a list is cut into pages."""

    NUMBERED = "numbered"  # page[number], page[size]
    CURSOR = "cursor"  # numbered, or page[after] with the cursor of the page before
    CURSOR_ONLY = "cursor_only"  # page[after] alone; nothing is counted
    PAGE_PER_PAGE = "page_per_page"  # page, per_page
    NONE = "none"  # everything at once


@dataclass(frozen=True, slots=True)
class ListEndpoint:
    """A list endpoint as the API's document describes it.

    Attributes:
        path: template, e.g. `/v1/incidents/{incident_id}/events`.
        type: JSON:API type of the rows.
        single: template of the path that gives one row, where there is one.
        paging: how it is cut into pages.
        max_size: the largest `page[size]`; more is answered with 400.
        default_size: rows in a page when the client asks for no size.
        links: whether answers have `links`.
        meta: whether answers have `meta`.
        typed: whether rows carry their `type`.
        lacks: attributes of the resource that this list does not show.
        where: an attribute and the value that it has in this list's rows.
        sorts: what `sort` accepts, each also with `-` before it.
        times: attributes that `filter[…][gt|gte|lt|lte]` accepts.
        filters: what `filter[…]` accepts.
        operators: what `filter[…][eq|not_eq|in|not_in]` accepts.
        includes: what `include` accepts.
    """

    path: str
    type: str
    single: str | None = None
    paging: Paging = Paging.NUMBERED
    max_size: int = 100
    default_size: int = 20
    links: bool = True
    meta: bool = True
    typed: bool = True
    lacks: frozenset[str] = frozenset()
    where: tuple[str, Any] | None = None
    sorts: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    includes: frozenset[str] = frozenset()


def names(words: str) -> frozenset[str]:
    """A set from words set apart by spaces."""
    return frozenset(words.split())


BY_POSITION = names("created_at updated_at position")
BY_NAME = names("created_at updated_at name position")
